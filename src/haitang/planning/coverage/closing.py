"""The last part of a proof: cut off what is fractional, round, and choose exactly among what can still matter."""

from __future__ import annotations

import numpy as np

from haitang.planning.deadline import Deadline

from . import compact, cuts, master, search, sets
from .model import Flags, Floats, Ints
from .pricing import price
from .proof import CLOSE, Proof, charged, generate, reduced, surcharge

CUT_ROUNDS = 12  # what they add dwindles long before
WIDE, POOL = 80_000, 30_000  # sets kept for cutting, whose prices must not stray, and for rounding
NEAR = 30.0  # how far prices may leave the best known ones under cuts, in minute-equivalents
LIMIT = 60_000  # sets an exact choice may have
SHARP = 1e-4  # part of the bound within which cutting has had its effect
FEW = 0.2  # of the cuts, below which new ones are not worth a round
REGION = 150  # stewards decided together while the rest stays
SLACK = 0.5  # part of the gap that a pass of mending must gain for another one
# A set of the best plan that the relaxation chooses to this part stays when the rest is decided.
AGREED, CERTAIN = 0.9, 0.999
FIRST = 0.1  # part of the gap within which sets are first chosen from


def prove(proof: Proof) -> None:
    """Narrow the gap until it is closed, or time is up."""
    if compact.suits(proof.model):
        choice = compact.choose(proof.model, proof.who, proof.deadline.share(0.35))
        proof.offer(choice.who)
        proof.raise_bound(choice.bound)
    if not generate(proof, proof.deadline.share(0.7)):
        return
    for step in (_sharpen, _agree, _mend, _agree_more, _finish):
        if proof.closed or proof.deadline.passed:
            return
        step(proof)


def _relax(proof: Proof, pool: master.Pool) -> master.Relaxed | None:
    assert proof.priced is not None
    prices = proof.priced.prices
    return master.relax(proof.model, pool, (prices - NEAR, prices + NEAR), proof.deadline)


def _sharpen(proof: Proof) -> None:
    """Cut off what is fractional, and price again under the cuts."""
    took = 0.0
    for _ in range(CUT_ROUNDS):
        if proof.closed or proof.deadline.left < 2 * took:
            return
        started = proof.deadline.spent
        pool = proof.pool(WIDE)
        relaxed = _relax(proof, pool)
        if relaxed is None or (new := _price_under_cuts(proof, relaxed)) is None:
            return
        known = set(proof.cuts)
        fresh = cuts.violated(pool.columns, relaxed.values, proof.model.buildings)
        fresh = [cut for cut in fresh if cut not in known]
        settled = relaxed.objective - proof.bound <= SHARP * abs(proof.bound)
        if not (new or fresh) or (settled and len(fresh) < len(known) * FEW):
            return
        proof.cuts += fresh
        took = proof.deadline.spent - started


def _price_under_cuts(proof: Proof, relaxed: master.Relaxed) -> int | None:
    """How many new sets the relaxation's prices and charges bring; None when too many or too late."""
    priced = price(proof.model, relaxed.prices, proof.deadline)
    under = charged(proof, priced, relaxed.charges, LIMIT) if priced else None
    if under is None:
        return None
    proof.accept(under[0], relaxed.charges)
    return proof.learn(under[1])


def _agree_more(proof: Proof) -> None:
    _agree(proof, CERTAIN)


def _agree(proof: Proof, sure: float = AGREED) -> None:
    """Complete what the relaxation is sure of; keep where plan and relaxation agree, and decide the rest."""
    pool = proof.pool(POOL)
    relaxed = _relax(proof, pool)
    if relaxed is None:
        return
    proof.offer(_completed(proof, pool, relaxed))
    held = proof.model.columns_of(proof.who)
    columns = list(dict.fromkeys([*pool.columns, *held]))
    costs = np.array([proof.costs[column] for column in columns])
    mine = set(held)
    kept = [at for at, value in enumerate(relaxed.values.tolist()) if value > sure and columns[at] in mine]
    both, deadline = master.Pool(columns, costs, pool.cuts), proof.deadline.share(0.15)
    proof.offer(master.choose(proof.model, both, np.array(kept, dtype=np.int64), deadline).who)


def _completed(proof: Proof, pool: master.Pool, relaxed: master.Relaxed) -> Ints:
    """The sets chosen for the most part, which can't overlap, and the other buildings as the search does it."""
    who = np.full(proof.model.buildings, proof.model.nobody, dtype=np.int64)
    for at in np.flatnonzero(relaxed.values > 0.5 + CLOSE).tolist():
        row, chosen = pool.columns[at]
        who[list(chosen)] = row
    plan = search.greedy(proof.model, who)
    search.improve(plan, proof.deadline.share(0.1))
    return plan.who


def _mend(proof: Proof) -> None:
    """Decide the stewards around one building exactly, the others kept, as long as a pass over all helps."""
    deadline, before = proof.deadline.share(0.4), np.inf
    while not (proof.closed or deadline.passed) and proof.value < before - proof.gap * SLACK:
        before = proof.value
        _mend_everywhere(proof, deadline)
        if proof.model.nobody <= REGION:
            return


def _mend_everywhere(proof: Proof, deadline: Deadline) -> None:
    model, pool = proof.model, proof.pool(POOL)
    waiting = np.ones(model.buildings, dtype=bool)
    while waiting.any() and not (proof.closed or deadline.passed):
        # The building in the dearest seat shows where there is most to gain.
        seats = model.cost[proof.who, np.arange(model.buildings)]
        centre = int(np.argmax(np.where(waiting, seats, -np.inf)))
        free = np.zeros(len(model.room), dtype=bool)
        free[np.argsort(model.cost[:-1, centre], kind="stable")[:REGION]] = True
        free[-1] = True
        waiting[free[proof.who]] = False
        waiting[centre] = False
        proof.offer(_decide(proof, pool, free, deadline))


def _decide(proof: Proof, pool: master.Pool, free: Flags, deadline: Deadline) -> Ints | None:
    """The cheapest plan in which stewards who are not free (S + 1) keep what they have."""
    mine = free[proof.who]
    held = proof.model.columns_of(proof.who)
    kept = [column for column in held if not free[column[0]]]
    near = [
        column for column in pool.columns if free[column[0]] and all(mine[building] for building in column[1])
    ]
    columns = list(dict.fromkeys(kept + near + held))
    costs = np.array([proof.costs[column] for column in columns])
    inside = master.Pool(columns, costs, pool.cuts)
    return master.choose(proof.model, inside, np.arange(len(kept)), deadline.share(0.3)).who


def _finish(proof: Proof) -> None:
    """Choose among all sets within a distance; a plan with any other set costs that much over the bound.

    So no plan is below both the choice's own bound and the prices' bound plus the distance. Within the whole
    gap that settles it; a part of the gap first finds the plan that makes the gap small.
    """
    assert proof.priced is not None
    start, grown = proof.priced.bound, False
    reach = FIRST * (proof.value - start)
    while not proof.closed and not proof.deadline.passed and reach > CLOSE:
        reach = min(reach, proof.value - start) + CLOSE * max(1.0, abs(proof.value))
        pool = _within(proof, reach)
        if pool is not None:
            choice = master.choose(proof.model, pool, np.zeros(0, dtype=np.int64), proof.deadline)
            proof.offer(choice.who)
            proof.raise_bound(min(choice.bound + float(proof.model.alone.sum()), start + reach))
        elif grown:
            return
        grown = pool is not None
        reach = reach * 3 if grown else reach / 2


def _within(proof: Proof, reach: float) -> master.Pool | None:
    """All sets whose reduced cost is within reach of their steward's best; None when too many or too late."""
    assert proof.priced is not None
    ceiling: Floats = proof.priced.best + reach
    columns = sets.below(proof.model, proof.priced, ceiling, LIMIT, proof.deadline)
    if columns is None:
        return None
    costs = proof.model.column_costs(columns)
    over = reduced(proof.priced, columns, costs) + surcharge(proof, columns, proof.charges)
    near = np.flatnonzero(over <= reach)
    return master.Pool([columns[index] for index in near], costs[near], tuple(proof.cuts))

"""The best plan and the best bound known so far, and column generation, which brings both close together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from haitang.planning.deadline import Deadline

from . import cuts, master, sets
from .model import Column, Floats, Ints, Model
from .pricing import Priced, price

CLOSE = 1e-7  # part of the value below which a gap is rounding
SETTLED = 1e-5  # part of the bound the relaxation may still be above it when column generation ends
BOX = 100.0  # how far prices may leave the best known ones in a round, in minute-equivalents
ROUNDS = 60  # of column generation; it ends by itself unless sets are too large to be combined
HEAVY = 2.5e-7  # seconds a round takes for each steward times building, before one was measured


class Proof:
    """value of the best plan (who), and a bound no plan is below; both only get better."""

    def __init__(self, model: Model, plans: Iterable[Ints], deadline: Deadline) -> None:
        self.model, self.deadline = model, deadline
        self.bound, self.value = model.floor(), np.inf
        self.who: Ints = np.full(model.buildings, model.nobody, dtype=np.int64)
        self.costs: dict[Column, float] = {}
        self.cuts: list[cuts.Cut] = []
        self.priced: Priced | None = None
        self.charges: Floats = np.zeros(0)  # of the first cuts, at the prices that gave the best bound
        for who in plans:
            self.offer(who)

    @staticmethod
    def first_round(model: Model) -> float:
        """Seconds that a round of column generation may take."""
        return HEAVY * model.nobody * model.buildings

    @property
    def gap(self) -> float:
        return self.value - self.bound

    @property
    def closed(self) -> bool:
        return self.gap <= CLOSE * max(1.0, abs(self.value))

    def offer(self, who: Ints | None) -> None:
        """Learn the plan's sets, and keep it if it is the best."""
        if who is None:
            return
        self.learn(self.model.columns_of(who))
        value = self.model.total(who)
        if value < self.value:
            self.value, self.who = value, who
            self.bound = min(self.bound, value)  # above it only by rounding

    def learn(self, columns: Iterable[Column]) -> int:
        """Add the sets not yet known; how many these were."""
        new = [column for column in columns if column not in self.costs]
        self.costs.update(zip(new, self.model.column_costs(new).tolist(), strict=True))
        return len(new)

    def raise_bound(self, bound: float) -> None:
        """No plan costs less than this; the best known plan is the limit."""
        self.bound = max(self.bound, min(bound, self.value))

    def accept(self, priced: Priced, charges: Floats) -> None:
        """Keep the prices if their bound is the best of all prices."""
        if self.priced is None or priced.bound > self.priced.bound:
            self.priced, self.charges = priced, charges
            self.raise_bound(priced.bound)

    def pool(self, most: int | None = None) -> master.Pool:
        """Known sets under the cuts: all, or so many by reduced cost at the best prices."""
        columns, costs = list(self.costs), np.array(list(self.costs.values()))
        if self.priced is not None and most is not None and most < len(columns):
            nearest = np.argsort(reduced(self.priced, columns, costs), kind="stable")[:most]
            columns, costs = [columns[index] for index in nearest], costs[nearest]
        return master.Pool(columns, costs, tuple(self.cuts))


def reduced(priced: Priced, columns: list[Column], costs: Floats) -> Floats:
    """Reduced cost of each set over its steward's best, cuts aside."""
    if not columns:
        return np.zeros(0)
    flat = np.fromiter(chain.from_iterable(chosen for _, chosen in columns), dtype=np.int64)
    starts = np.cumsum([0, *(len(chosen) for _, chosen in columns)])[:-1]
    paid = np.add.reduceat(priced.prices[flat], starts)
    result: Floats = costs - paid - priced.best[[row for row, _ in columns]]
    return result


def charged(proof: Proof, priced: Priced, charges: Floats, limit: int) -> tuple[Priced, list[Column]] | None:
    """The bound with cuts charged, and the sets that are worth adding; None when too many or too late.

    A charge only makes sets dearer, so only those that without it beat the best known one need be looked at.
    """
    if not len(charges):
        return priced, sets.promising(proof.model, priced)
    bare = replace(priced, best=np.zeros_like(priced.best))
    known = proof.pool()
    ceiling = _best_with_charges(proof, bare, list(known.columns), charges)[0]
    columns = sets.below(proof.model, priced, ceiling, limit, proof.deadline)
    if columns is None:
        return None
    best, over = _best_with_charges(proof, bare, columns, charges)
    best = np.minimum(best, ceiling)
    bound = priced.bound - priced.best.sum() + best.sum() - charges.sum()
    rows = np.array([row for row, _ in columns], dtype=np.int64)
    worth = [columns[index] for index in np.flatnonzero(over < ceiling[rows] + sets.ZERO)]
    return replace(priced, best=best, bound=float(bound)), worth


def _best_with_charges(
    proof: Proof, bare: Priced, columns: list[Column], charges: Floats
) -> tuple[Floats, Floats]:
    """(S) least reduced cost under the cuts of each steward's sets, 0 at most; and that of each set."""
    over = reduced(bare, columns, proof.model.column_costs(columns)) + surcharge(proof, columns, charges)
    best = np.zeros(proof.model.nobody)
    np.minimum.at(best, np.array([row for row, _ in columns], dtype=np.int64), over)
    return best, over


def surcharge(proof: Proof, columns: list[Column], charges: Floats) -> Floats:
    """What the first cuts, as many as there are charges, add to each set."""
    counted = cuts.hits(proof.cuts[: len(charges)], columns, proof.model.buildings)
    return np.array([charges[which].sum() if which else 0.0 for which in counted])


def generate(proof: Proof, deadline: Deadline) -> bool:
    """Add sets until none improves the relaxation; false when there was no time to begin."""
    model, width = proof.model, BOX
    cost = proof.first_round(model)
    if deadline.left < 2 * cost or not _reprice(proof, _first_prices(proof), deadline):
        return False
    for _ in range(ROUNDS):
        started = proof.deadline.spent
        if proof.closed or proof.priced is None or deadline.left < 1.3 * cost:
            break
        centre = proof.priced.prices
        relaxed = master.relax(model, proof.pool(), (centre - width, centre + width), deadline)
        if relaxed is None or not (tried := _reprice(proof, relaxed.prices, deadline)):
            break
        settled = SETTLED * max(1.0, abs(tried.bound))
        if not tried.new or relaxed.objective - tried.bound <= settled:
            if relaxed.leaning * width <= settled:
                break
            width *= 2
        cost = proof.deadline.spent - started
    return True


@dataclass(frozen=True)
class Tried:
    """What a set of prices gave: a bound, and so many new sets."""

    bound: float
    new: int


def _reprice(proof: Proof, prices: Floats, deadline: Deadline) -> Tried | None:
    """Bound and sets at these prices; None when out of time."""
    priced = price(proof.model, prices, deadline)
    if priced is None:
        return None
    proof.accept(priced, np.zeros(0))
    return Tried(priced.bound, proof.learn(sets.promising(proof.model, priced)))


def _first_prices(proof: Proof) -> Floats:
    """(B) each building's even share of what the best plan pays for its set."""
    prices = proof.model.left.copy()
    for column in proof.model.columns_of(proof.who):
        prices[list(column[1])] = proof.costs[column] / len(column[1])
    return prices

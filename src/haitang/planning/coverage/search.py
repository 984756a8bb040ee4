"""A good plan quickly: greedy, moves and swaps, then parts of it rebuilt or re-assigned."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.optimize import linear_sum_assignment

from haitang.planning.deadline import Deadline

from .model import Floats, Ints, Model

PAIRS, SETS = 10, 200  # rebuilds in a round at least: with pairs at most, and with larger sets
FEW = (3, 8)  # stewards that a rebuild takes, in turn
PATIENCE = 20  # rounds without a gain that end it
ROUNDS = 100  # later ones gain little, and column generation gains more
NEIGHBOURS = 400  # stewards shuffled together: a dense assignment of this size takes about 10 ms
ENOUGH = 1e-7  # a gain below this is rounding


class Plan:
    """A plan under change: who (B) is the row of each building; load and count (S + 1) are kept in step."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.who: Ints = np.full(model.buildings, model.nobody, dtype=np.int64)
        self.load: Ints = model.loads(self.who)
        self.count: Ints = np.bincount(self.who, minlength=len(model.room))

    def give(self, building: int, row: int) -> None:
        before, households = self.who[building], self.model.households[building]
        self.load[before] -= households
        self.count[before] -= 1
        self.load[row] += households
        self.count[row] += 1
        self.who[building] = row

    def added(self, buildings: Ints | int) -> Floats:
        """What the buildings would add to each row, each on its own; infinite where there is no room."""
        model = self.model
        households = np.atleast_1d(model.households[buildings])
        here = model.uneven(slice(None), self.load)
        weight = model.weight[:, None]
        grown = weight * np.abs(self.load[:, None] + households - model.mean) - here[:, None]
        cost = model.cost[:, np.atleast_1d(buildings)] + grown
        return np.where((self.count < model.room)[:, None], cost, np.inf)


def greedy(model: Model, who: Ints | None = None) -> Plan:
    """Largest building first, to the row where it adds least; those that `who` (B) gives a steward stay."""
    plan = Plan(model)
    if who is not None:
        for building in np.flatnonzero(who < model.nobody).tolist():
            plan.give(building, int(who[building]))
    order = np.argsort(-model.households, kind="stable")
    for building in order[plan.who[order] == model.nobody].tolist():
        plan.give(building, int(np.argmin(plan.added(building))))
    return plan


def improve(plan: Plan, deadline: Deadline) -> None:
    """Moves and swaps until none helps."""
    moved = True
    while moved:
        moved = False
        for building in range(len(plan.who)):
            if deadline.passed:
                return
            moved |= _move(plan, building) or _swap(plan, building)


def _move(plan: Plan, building: int) -> bool:
    here = int(plan.who[building])
    plan.give(building, plan.model.nobody)
    added = plan.added(building)[:, 0]
    best = int(np.argmin(added))
    better = bool(added[best] < added[here] - ENOUGH)
    plan.give(building, best if better else here)
    return better


def _swap(plan: Plan, building: int) -> bool:
    """Change places with the building whose exchange gains most."""
    model, there, here = plan.model, plan.who, int(plan.who[building])
    every = np.arange(len(there))
    seats = model.cost[here, every] - model.cost[there, every] + model.cost[there, building]
    longer = model.households - model.households[building]
    before = model.uneven(here, plan.load[here]) + model.uneven(there, plan.load[there])
    after = model.uneven(here, plan.load[here] + longer) + model.uneven(there, plan.load[there] - longer)
    gain = seats - model.cost[here, building] + after - before
    gain[there == here] = 0.0
    best = int(np.argmin(gain))
    if gain[best] >= -ENOUGH:
        return False
    other = int(there[best])
    plan.give(best, here)
    plan.give(building, other)
    return True


def shuffle(plan: Plan, rng: np.random.Generator) -> None:
    """Take one building from each of many stewards, and buildings left out; hand them out optimally."""
    model = plan.model
    rows = _neighbours(model, rng)
    pool = _one_each(plan, rows, rng)
    for building in pool.tolist():
        plan.give(building, model.nobody)
    # Over being left out, and never worse than that: at zero a building stays out.
    cost = np.minimum(plan.added(pool)[rows] - model.left[pool], 0.0)
    for at, taken in zip(*linear_sum_assignment(cost), strict=True):
        if cost[at, taken] < 0:
            plan.give(int(pool[taken]), int(rows[at]))


def _neighbours(model: Model, rng: np.random.Generator) -> Ints:
    """Rows for whom one random building is cheap."""
    cost = model.cost[:-1, int(rng.integers(model.buildings))]
    if len(cost) <= NEIGHBOURS:
        return np.arange(len(cost))
    return np.sort(np.argpartition(cost, NEIGHBOURS)[:NEIGHBOURS])


def _one_each(plan: Plan, rows: Ints, rng: np.random.Generator) -> Ints:
    """One random building of each row that has any, and as many that are left out."""
    order = rng.permutation(len(plan.who))
    owners = plan.who[order]
    seen, first = np.unique(owners, return_index=True)
    left_out = order[owners == plan.model.nobody][: len(rows)]
    return np.concatenate([order[first[np.isin(seen, rows)]], left_out])


def rebuild(plan: Plan, rng: np.random.Generator, many: int) -> None:
    """Empty a few stewards who live near each other and fill them again, largest first; undo what is worse."""
    model = plan.model
    cost = model.cost[:-1, int(rng.integers(model.buildings))]
    around = min(len(cost), 4 * many)
    rows = np.append(rng.permutation(np.argpartition(cost, around - 1)[:around])[:many], model.nobody)
    touched = np.zeros(len(model.room), dtype=bool)
    touched[rows] = True
    pool = np.flatnonzero(touched[plan.who])
    before, had = _cost_of(plan, rows, pool), plan.who[pool].copy()
    for building in pool.tolist():
        plan.give(building, model.nobody)
    for at in np.argsort(-model.households[pool] * rng.uniform(0.5, 1.5, len(pool))).tolist():
        building = int(pool[at])
        load, grown = plan.load[rows], plan.load[rows] + model.households[building]
        added = model.cost[rows, building] + model.uneven(rows, grown) - model.uneven(rows, load)
        added[plan.count[rows] >= model.room[rows]] = np.inf
        plan.give(building, int(rows[np.argmin(added)]))
    if _cost_of(plan, rows, pool) > before + ENOUGH:
        for building, row in zip(pool.tolist(), had.tolist(), strict=True):
            plan.give(building, row)


def _cost_of(plan: Plan, rows: Ints, pool: Ints) -> float:
    model = plan.model
    return float(model.uneven(rows, plan.load[rows]).sum() + model.cost[plan.who[pool], pool].sum())


def plans(model: Model, rng: np.random.Generator, deadline: Deadline) -> Iterator[Ints]:
    """Ever better plans, each as who (B)."""
    plan = greedy(model)
    yield plan.who.copy()
    improve(plan, deadline)
    yield plan.who.copy()
    yield from varied(plan, rng, deadline, ROUNDS)


def varied(plan: Plan, rng: np.random.Generator, deadline: Deadline, rounds: int) -> Iterator[Ints]:
    """The plan after each round of rebuilding here and there and one shuffle; ends when rounds stop helping."""
    model = plan.model
    turns = max(PAIRS if model.room[:-1].max() <= 2 else SETS, model.nobody // PAIRS)
    values = [model.total(plan.who)]
    for _ in range(rounds):
        for turn in range(turns):
            if deadline.passed:
                return
            rebuild(plan, rng, FEW[turn % len(FEW)])
        shuffle(plan, rng)
        yield plan.who.copy()
        values.append(model.total(plan.who))
        if values[-PATIENCE:][0] - values[-1] < ENOUGH and len(values) > PATIENCE:
            return

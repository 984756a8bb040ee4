"""The question as if teams cost nothing: a cheapest flow, exact to the solver's whole numbers.

Kinds of people flow to lots at their muster point, from there to places. Ways that the network leaves out are
priced, and those that would help are added until none does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from haitang.planning.deadline import Deadline
from haitang.planning.flows import Flow, Network, cheapest

from .model import NOWHERE, Floats, Ints, Model

NEAR = 12  # muster points from which a place is filled at first
TABLE = 4_000_000  # ways that are looked at in one piece
FRESH = 4  # ways added for a lot at a muster point in one round
ARCS_A_SECOND = 150_000  # that a flow can be expected to take, on the slow side
TOLERANCE = 1e-5  # minute-equivalents by which a way must help


@dataclass(frozen=True, eq=False)
class Apart:
    """plan (V) of demand rows or NOWHERE; price (D) of a place; bound: no plan costs less, teams free of charge."""

    plan: Ints
    price: Floats
    bound: float


def solve(model: Model, deadline: Deadline) -> Apart | None:
    """None where time will not do."""
    ways = _nearest(model)
    found = None
    while deadline.left > 0.05 + len(ways) / ARCS_A_SECOND:
        net = _Net(model, ways)
        flow = cheapest(net.network)
        price = net.prices(flow)
        floor = bound(model, price, lots_best(model, price))
        found = Apart(net.plan(flow), price, max(floor, found.bound if found else floor))
        fresh = np.setdiff1d(_helpful(model, price, net.lot_prices(flow)), ways)
        if not len(fresh):
            break
        ways = np.union1d(ways, fresh)
    return found


def _nearest(model: Model) -> Ints:
    """Keys muster x D + demand: each demand from its nearest muster points."""
    musters, demands = len(model.way), len(model.room)
    if musters <= NEAR:
        return np.arange(musters * demands)
    near = np.argpartition(model.way, NEAR, axis=0)[:NEAR]
    post = model.goal_post[model.demand_goal]
    return np.unique((near[:, post] * demands + np.arange(demands)).ravel())


class _Net:
    """Nodes: a sink and source in one, kinds, lots at muster points, demands. Empty places cost what they weigh."""

    def __init__(self, model: Model, ways: Ints) -> None:
        kinds, (musters, lots), demands = len(model.kind_muster), _shape(model), len(model.room)
        self.model = model
        self.number = np.bincount(model.kind, minlength=kinds)
        self.lot_node, self.demand_node = 1 + kinds, 1 + kinds + musters * lots
        kind, lot = np.nonzero(model.fits)
        self.own_kind, self.own_demand = own_pairs(model)
        self.way_muster, self.way_demand = np.divmod(ways, demands)
        away = np.where(model.kept[kind] != NOWHERE, model.change, 0.0)
        stay = np.where(model.kept != NOWHERE, model.change, 0.0)
        at = self.lot_node + self.way_muster * lots + model.demand_lot[self.way_demand]
        # In this order: staying, joining a lot, going where one was to go, ways, filled places.
        tail = [1 + np.arange(kinds), 1 + kind, 1 + self.own_kind, at, self.demand_node + np.arange(demands)]
        head = [
            np.zeros(kinds, dtype=np.int64),
            self.lot_node + model.kind_muster[kind] * lots + lot,
            self.demand_node + self.own_demand,
            self.demand_node + self.way_demand,
            np.zeros(demands, dtype=np.int64),
        ]
        # One more than can come, so that no way is full and its price says all.
        most = self.number + 1
        room = [most, most[kind], most[self.own_kind], model.room[self.way_demand] + 1, model.room]
        cost = [
            stay,
            away,
            model.costs(model.kind_muster[self.own_kind], self.own_demand),
            model.costs(self.way_muster, self.way_demand),
            np.zeros(demands),
        ]
        self.ends = np.cumsum([len(part) for part in tail])
        supply = np.zeros(self.demand_node + demands, dtype=np.int64)
        supply[1 : 1 + kinds], supply[0] = self.number, -self.number.sum()
        self.lot_kind, self.lot_lot = kind, lot
        self.network = Network(supply, *(np.concatenate(part) for part in (tail, head, room, cost)))

    def prices(self, flow: Flow) -> Floats:
        """(D) what one more place of a demand would save."""
        price: Floats = np.maximum(0.0, flow.price[0] - flow.price[self.demand_node :])
        return price

    def lot_prices(self, flow: Flow) -> Floats:
        """(M, L) what one more person in a lot would save; infinite where nobody could join it."""
        price = (flow.price[self.lot_node : self.demand_node] - flow.price[0]).reshape(_shape(self.model))
        idle = np.full(price.shape, np.inf)
        idle[self.model.kind_muster[self.lot_kind], self.lot_lot] = 0.0
        total: Floats = price + idle
        return total

    def plan(self, flow: Flow) -> Ints:
        """(V) demand rows: flows taken apart into persons, in the order of the rows."""
        _, joining, own, ways, _ = np.split(flow.amount, self.ends[:-1])
        lots = self.model.fits.shape[1]
        row = self.model.kind_muster[self.lot_kind] * lots + self.lot_lot
        goes = np.lexsort((self.lot_kind, row))
        kinds = np.repeat(self.lot_kind[goes], joining[goes])
        comes = np.lexsort((self.way_demand, self.way_muster * lots + self.model.demand_lot[self.way_demand]))
        demands = np.repeat(self.way_demand[comes], ways[comes])
        kinds = np.concatenate([kinds, np.repeat(self.own_kind, own)])
        demands = np.concatenate([demands, np.repeat(self.own_demand, own)])
        return _persons(self.model, kinds, demands)


def _persons(model: Model, kinds: Ints, demands: Ints) -> Ints:
    """Hands the places of a kind to its people in their order, by unit, so that neighbours share a unit."""
    plan = np.full(len(model.kind), NOWHERE, dtype=np.int64)
    people = np.lexsort((model.unit, model.kind))
    order = np.lexsort((model.demand_goal[demands], kinds))
    first = np.searchsorted(model.kind[people], kinds[order])
    same = np.arange(len(order)) - np.searchsorted(kinds[order], kinds[order])
    plan[people[first + same]] = demands[order]
    return plan


def _shape(model: Model) -> tuple[int, int]:
    return len(model.way), model.fits.shape[1]


def own_pairs(model: Model) -> tuple[Ints, Ints]:
    """Kinds and the demands of the task they had before, as far as they fit."""
    order = np.argsort(model.demand_task, kind="stable")
    tasks = model.demand_task[order]
    kinds = np.flatnonzero(model.kept != NOWHERE)
    first = np.searchsorted(tasks, model.kept[kinds])
    count = np.searchsorted(tasks, model.kept[kinds], side="right") - first
    kind = np.repeat(kinds, count)
    within = np.arange(len(kind)) - np.repeat(np.cumsum(count) - count, count)
    demand = order[np.repeat(first, count) + within]
    fit = model.fits[kind, model.demand_lot[demand]]
    return kind[fit], demand[fit]


def bound(model: Model, price: Floats, best: Floats) -> float:
    """Below the value of any plan, for any price (D) from 0 of a place: everybody takes what is best for them.

    best (M, L): from `lots_best` at these prices.
    """
    each = best_of_kinds(model, best)
    kind, demand = own_pairs(model)
    np.minimum.at(each, kind, model.costs(model.kind_muster[kind], demand) + price[demand])
    number = np.bincount(model.kind, minlength=len(each))
    return float((number * each).sum() + ((model.weight - price) * model.room).sum())


def best_of_kinds(model: Model, best: Floats) -> Floats:
    """(K) cost of staying or of the cheapest of the lots that fit (M, L), with what a change weighs."""
    away = np.where(model.fits, best[model.kind_muster], np.inf).min(axis=1, initial=np.inf)
    each: Floats = np.minimum(away, 0.0) + np.where(model.kept != NOWHERE, model.change, 0.0)
    return each


def lots_best(model: Model, price: Floats) -> Floats:
    """(M, L) the least of cost plus price over the places of a lot."""
    best = np.full(_shape(model), np.inf)
    for demands, cost in tables(model, price):
        lot = model.demand_lot[demands]
        starts = np.flatnonzero(np.append(True, lot[1:] != lot[:-1]))
        least = np.minimum.reduceat(cost, starts, axis=1)
        best[:, lot[starts]] = np.minimum(best[:, lot[starts]], least)
    return best


def tables(model: Model, price: Floats) -> Iterator[tuple[Ints, Floats]]:
    """Demands sorted by lot, a piece at a time, and (M, piece) what a place costs from each muster point."""
    order = np.argsort(model.demand_lot, kind="stable")
    width = max(1, TABLE // max(1, len(model.way)))
    for start in range(0, len(order), width):
        demands = order[start : start + width]
        post = model.goal_post[model.demand_goal[demands]]
        yield demands, model.way[:, post] + (price - model.weight)[demands]


def _helpful(model: Model, price: Floats, lot_price: Floats) -> Ints:
    """Keys of ways whose cost is below what their ends pay, the few of each lot that help most."""
    found = []
    for demands, cost in tables(model, price):
        lot = model.demand_lot[demands]
        for start, end in _runs(lot):
            gain = cost[:, start:end] + lot_price[:, lot[start], None]
            few = min(FRESH, end - start)
            best = np.argpartition(gain, few - 1, axis=1)[:, :few]
            row, at = np.nonzero(np.take_along_axis(gain, best, axis=1) < -TOLERANCE)
            found.append(row * len(model.room) + demands[start + best[row, at]])
    return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)


def _runs(sorted_values: Ints) -> list[tuple[int, int]]:
    """Where equal values begin and end."""
    starts = np.flatnonzero(np.append(True, sorted_values[1:] != sorted_values[:-1]))
    return list(zip(starts.tolist(), [*starts[1:].tolist(), len(sorted_values)], strict=True))

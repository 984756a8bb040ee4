"""The cheapest match as a flow from helpers through offers to needs, on few pairs; the others are priced.

A helper's next unit costs ever more, so each has a bundle of ways of one unit. Pairs that the network leaves out
are looked at under its prices, and those that would help are added until none does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from haitang.planning.answers import PROVEN
from haitang.planning.deadline import Deadline
from haitang.planning.flows import Flow, Network, cheapest

from .model import Floats, Ints, Model, Pairs

NEAR = 12  # offers of a need that are in the network at first
FRESH = 4  # added for each in one round
TIE = 2e-6  # minute-equivalents by which a way out of the building counts as longer when the rest is equal
TOLERANCE = 1e-5
ARCS_A_SECOND = 60_000  # that a flow can be expected to take, on the slow side


@dataclass(frozen=True, eq=False)
class Matched:
    """given: beside locks; bound: no plan costs less, locks' own cost aside."""

    given: Pairs
    bound: float


def solve(model: Model, deadline: Deadline) -> Matched | None:
    """None where time will not do for a first network."""
    keys, found, took = _nearest(model), None, 0.0
    while deadline.left > max(0.02 + len(keys) / ARCS_A_SECOND if found is None else 1.5 * took, 0.0):
        began = deadline.spent
        net = _Net(model, keys)
        flow = cheapest(net.network)
        need_price, offer_price = net.prices(flow)
        least, fresh = _look(model, need_price, offer_price)
        floor = bound(model, need_price, offer_price, least)
        found = Matched(net.given(flow), max(floor, found.bound if found else floor))
        fresh = np.setdiff1d(fresh, keys)
        cost = net.cost(flow)
        if not len(fresh) or cost - found.bound <= PROVEN / 10 * abs(cost):
            break
        keys, took = np.union1d(keys, fresh), deadline.spent - began
    return found


def bound(model: Model, need_price: Floats, offer_price: Floats, least: Floats) -> float:
    """Below the cost of any plan, for any prices (N) from 0 of one more unit to a need.

    Each helper gives what is cheapest for them; least (O) is an offer's cheapest unit under these prices. What was
    given before counts as cheaper by what a change weighs, for which its own price, from offer_price, makes up.
    """
    kept = kept_left(model)
    cost = model.costs(kept.need, kept.offer) + need_price[kept.need] - model.problem.weights.change
    extra = np.where(np.isfinite(cost), np.maximum(0.0, -(cost + offer_price[kept.offer])), 0.0)
    best = least.copy()
    np.minimum.at(best, kept.offer, cost + extra)
    total = _helpers(model, best) - float((extra * kept.amount).sum())
    lost = model.problem.weights.change * float(kept.amount.sum())
    return total + lost + float(((model.weight - need_price) * model.need_left).sum())


def _helpers(model: Model, unit: Floats) -> float:
    """What helpers cost who give the units (O) that are cheapest for them."""
    order = np.lexsort((unit, model.helper))
    helper, cost, left = model.helper[order], unit[order], model.offer_left[order].astype(np.float64)
    given, total = model.base.astype(np.float64), 0.0
    first = (
        np.flatnonzero(np.append(True, helper[1:] != helper[:-1]))
        if len(order)
        else np.zeros(0, dtype=np.int64)
    )
    size = np.diff(np.append(first, len(order)))
    for rank in range(int(size.max(initial=0))):
        at = first[size > rank] + rank
        whose, price = helper[at], cost[at]
        more = np.minimum(left[at], np.maximum(0.0, _worth(price, model.load) - given[whose]))
        after = given[whose] + more
        total += float((np.where(more > 0, price, 0.0) * more).sum())
        total += model.load * float(
            (np.maximum(after - 1, 0) ** 2 - np.maximum(given[whose] - 1, 0) ** 2).sum()
        )
        given[whose] = after
    return total


def _worth(price: Floats, load: float) -> Floats:
    """Up to which of a helper's units, at such a price, the next costs less than nothing: load x (2 n - 3) + price."""
    if load == 0:
        return np.where(price < 0, np.inf, 0.0)
    finite = np.where(price < 0, price, 0.0)
    return np.where(price < 0, np.maximum(1.0, np.ceil((3.0 - finite / load) / 2.0) - 1.0), 0.0)


def kept_left(model: Model) -> Pairs:
    """What was given before beyond what is locked, as far as both sides still have it."""
    locked = dict(
        zip(
            zip(model.locked.need.tolist(), model.locked.offer.tolist(), strict=True),
            model.locked.amount.tolist(),
            strict=True,
        )
    )
    kept = model.kept
    pairs = zip(kept.need.tolist(), kept.offer.tolist(), strict=True)
    amount = kept.amount - np.fromiter((locked.get(pair, 0) for pair in pairs), dtype=np.int64)
    amount = np.minimum(amount, np.minimum(model.need_left[kept.need], model.offer_left[kept.offer]))
    some = amount > 0
    return Pairs(kept.need[some], kept.offer[some], amount[some])


def _nearest(model: Model) -> Ints:
    """Keys need x O + offer: the nearest offers of each need, as far as they are worth it."""
    found, wide = [np.zeros(0, dtype=np.int64)], len(model.offer_left)
    for needs, offers, cost in model.tables():
        few = min(NEAR, len(offers))
        near = np.argpartition(cost, few - 1, axis=1)[:, :few]
        row, column = np.nonzero(np.take_along_axis(cost, near, axis=1) < 0)
        found.append(needs[row] * wide + offers[near[row, column]])
    return np.unique(np.concatenate(found))


def _look(model: Model, need_price: Floats, offer_price: Floats) -> tuple[Floats, Ints]:
    """(O) the cheapest unit of each offer under prices, and keys of pairs that would help, the best few of each."""
    wide = len(model.offer_left)
    least, found = np.full(wide, np.inf), [np.zeros(0, dtype=np.int64)]
    for needs, offers, unit in model.tables():
        unit += need_price[needs][:, None]
        least[offers] = np.minimum(least[offers], unit.min(axis=0))
        unit += offer_price[offers]
        row, column = np.nonzero(unit < -TOLERANCE)
        if len(row) > FRESH * sum(unit.shape):
            row, column = _best_few(unit)
        found.append(needs[row] * wide + offers[column])
    return least, np.unique(np.concatenate(found))


def _best_few(unit: Floats) -> tuple[Ints, Ints]:
    """Rows and columns of what would help: the best few of each row and of each column."""
    rows, columns = [], []
    for axis in (0, 1):
        few = min(FRESH, unit.shape[axis])
        near = np.argpartition(unit, few - 1, axis=axis).take(range(few), axis=axis)
        beside = np.broadcast_to(np.expand_dims(np.arange(unit.shape[1 - axis]), axis), near.shape)
        row, column = (near, beside) if axis == 0 else (beside, near)
        helps = unit[row, column] < -TOLERANCE
        rows.append(row[helps])
        columns.append(column[helps])
    return np.concatenate(rows), np.concatenate(columns)


class _Net:
    """Nodes: one source and sink, helpers, offers, needs. Ways: loads, offers, kept pairs, pairs, needs."""

    def __init__(self, model: Model, keys: Ints) -> None:
        helpers, offers, needs = model.helpers, len(model.offer_left), len(model.need_left)
        self.model, self.offer_node, self.need_node = model, 2 + helpers, 2 + helpers + offers
        self.need, self.offer = np.divmod(keys, max(1, offers))
        self.kept = kept = kept_left(model)
        whose, nth = self._units()
        after = model.base[whose] + nth
        load = model.load * np.where(after >= 2, 2 * after - 3, 0)
        cost = model.costs(self.need, self.offer)
        kept_cost = model.costs(kept.need, kept.offer) - model.problem.weights.change
        if model.problem.same_building_first:
            cost = cost + TIE * ~model.is_same_building(self.need, self.offer)
        most = np.minimum(model.need_left[self.need], model.offer_left[self.offer]) + 1
        # Node 0 is the source and 1 the sink; the last way joins them, for what nobody gives.
        parts = (
            (np.zeros(len(whose), dtype=np.int64), 2 + whose, np.ones(len(whose), dtype=np.int64), load),
            (2 + model.helper, self.offer_node + np.arange(offers), model.offer_left, np.zeros(offers)),
            (self.offer_node + kept.offer, self.need_node + kept.need, kept.amount, kept_cost),
            (self.offer_node + self.offer, self.need_node + self.need, most, cost),
            (
                self.need_node + np.arange(needs),
                np.ones(needs, dtype=np.int64),
                model.need_left,
                np.zeros(needs),
            ),
            (np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64), np.array([len(whose)]), np.zeros(1)),
        )
        self.ends = np.cumsum([len(part[0]) for part in parts])
        supply = np.zeros(self.need_node + needs, dtype=np.int64)
        supply[0], supply[1] = len(whose), -len(whose)
        tail, head, room, costs = (np.concatenate([part[n] for part in parts]) for n in range(4))
        self.network = Network(supply, tail, head, room, costs.astype(np.float64))

    def _units(self) -> tuple[Ints, Ints]:
        """Helpers and their units, as far as a unit could be worth what it adds to the load."""
        model = self.model
        left = np.bincount(model.helper, model.offer_left, model.helpers).astype(np.int64)
        if model.load > 0:
            dearest = float(model.weight.max(initial=0.0)) + model.problem.weights.change
            left = np.minimum(left, np.maximum(0, int(dearest / model.load / 2) + 3 - model.base))
        left = np.minimum(left, int(model.need_left.sum()))
        whose = np.repeat(np.arange(model.helpers), left)
        return whose, np.arange(len(whose)) - np.repeat(np.cumsum(left) - left, left) + 1

    def prices(self, flow: Flow) -> tuple[Floats, Floats]:
        """What one more unit would save at a need (N), and is worth at an offer (O)."""
        base = flow.price[1]
        need = np.maximum(0.0, base - flow.price[self.need_node :])
        return need, flow.price[self.offer_node : self.need_node] - base

    def cost(self, flow: Flow) -> float:
        """What the flow costs, in the terms of `bound`."""
        empty = float((self.model.weight * self.model.need_left).sum())
        lost = self.model.problem.weights.change * float(self.kept.amount.sum())
        return float((flow.amount * self.network.cost).sum()) + empty + lost

    def given(self, flow: Flow) -> Pairs:
        _, _, kept, pairs, _, _ = np.split(flow.amount, self.ends[:-1])
        need, offer = (
            np.concatenate([self.kept.need, self.need]),
            np.concatenate([self.kept.offer, self.offer]),
        )
        amount = np.concatenate([kept, pairs])
        return Pairs(need[amount > 0], offer[amount > 0], amount[amount > 0])

"""Plans at once: in the order of the input, everybody takes the cheapest place still free that they could take."""

from __future__ import annotations

import numpy as np

from .model import NOWHERE, Floats, Ints, Model


def first_come(model: Model, pull: Floats | None = None) -> Ints:
    """(V) demand rows or NOWHERE. pull (D) is taken off a place's travel; without it people go where it is near.

    Nobody takes a place for which travel costs more than leaving it empty.
    """
    taken = np.zeros(len(model.room), dtype=np.int64)
    shelves = _Shelves(model, np.zeros(len(model.room)) if pull is None else pull)
    plan = np.full(len(model.kind), NOWHERE, dtype=np.int64)
    lots = [np.flatnonzero(fits).tolist() for fits in model.fits]
    for person, kind in enumerate(model.kind.tolist()):
        offers = [shelves.first(int(model.kind_muster[kind]), lot, taken) for lot in lots[kind]]
        _, demand = min((offer for offer in offers if offer), default=(np.inf, NOWHERE))
        if demand != NOWHERE:
            plan[person] = demand
            taken[demand] += 1
    return plan


class _Shelves:
    """For each muster point and lot the demands, cheapest first, and how far down all places are taken."""

    def __init__(self, model: Model, pull: Floats) -> None:
        self.model, self.pull = model, pull
        order = np.argsort(model.demand_lot, kind="stable")
        ends = np.cumsum(np.bincount(model.demand_lot, minlength=model.fits.shape[1]))[:-1]
        self.lots = np.split(order, ends)
        self.sorted: dict[tuple[int, int], list[tuple[float, int]]] = {}

    def first(self, muster: int, lot: int, taken: Ints) -> tuple[float, int] | None:
        shelf = self.sorted.get((muster, lot))
        if shelf is None:
            shelf = self.sorted[muster, lot] = self._shelf(muster, lot)
        while shelf and taken[shelf[-1][1]] >= self.model.room[shelf[-1][1]]:
            shelf.pop()
        return shelf[-1] if shelf else None

    def _shelf(self, muster: int, lot: int) -> list[tuple[float, int]]:
        demands = self.lots[lot]
        way = self.model.way[muster, self.model.goal_post[self.model.demand_goal[demands]]]
        worth = way <= self.model.weight[demands]
        demands, cost = demands[worth], (way - self.pull[demands])[worth]
        order = np.argsort(-cost, kind="stable")
        return list(zip(cost[order].tolist(), demands[order].tolist(), strict=True))

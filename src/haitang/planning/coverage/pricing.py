"""What given prices for buildings leave each steward to gain: exact minima over all sets, and so a true bound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from haitang.planning.deadline import Deadline

from .model import Floats, Ints, Model

CHUNK = 2_000_000  # numbers in a table at once, to bound memory


@dataclass(frozen=True, eq=False)
class Priced:
    """What one price per building (B) leaves each steward.

    bound: no plan costs less; best (S): least reduced cost of any set, 0 at most (the empty set);
    single (S, B): no set that holds the building has a lower reduced cost.
    """

    prices: Floats
    bound: float
    best: Floats
    single: Floats


def price(model: Model, prices: Floats, deadline: Deadline) -> Priced | None:
    """Lagrangian bound at these prices: their sum, plus what stewards and nobody can still gain on them.

    A true bound for any prices, the relaxation's own at its duals. None when the deadline passes first.
    """
    single = np.empty((model.nobody, len(prices)))
    best = np.zeros(model.nobody)
    for rows in chunks(model):
        tables = completions(model, prices, rows, deadline)
        if tables is None:
            return None
        best[rows], single[rows] = _read_off(model, prices, rows, tables)
    left_out = np.minimum(model.left - prices, 0.0).sum()
    bound = model.alone.sum() + prices.sum() + left_out + best.sum()
    return Priced(prices, float(bound), best, single)


def chunks(model: Model) -> Iterator[Ints]:
    """Rows with equal room, few enough for one table."""
    room = model.room[:-1]
    for places in np.unique(room):
        rows = np.flatnonzero(room == places)
        width = max(1, CHUNK // (int(places + 1) * (_top(model) + 1)))
        for start in range(0, len(rows), width):
            yield rows[start : start + width]


def _top(model: Model) -> int:
    """Households beyond which a load costs linearly, so that tables end here."""
    return int(np.ceil(model.mean))


def completions(model: Model, prices: Floats, rows: Ints, deadline: Deadline) -> Floats | None:
    """(places + 1, top + 1, rows): least cost from a load on, with so many buildings still to come.

    Buildings of equal households differ only in cost less price, so the cheapest few of each size suffice.
    """
    places, top = int(model.room[rows[0]]), _top(model)
    slope = model.weight[rows]
    tables = np.repeat((slope * np.abs(np.arange(top + 1)[:, None] - model.mean))[None], places + 1, axis=0)
    for size in np.unique(model.households):
        if deadline.passed:
            return None
        alike = np.flatnonzero(model.households == size)
        net = np.sort(model.cost[np.ix_(rows, alike)] - prices[alike], axis=1)[:, :places]
        # A building that costs more than its households could ever even out is in no best set.
        for item in net.T[(net <= slope[:, None] * size).any(axis=0)]:
            for left in range(places, 0, -1):
                np.minimum(
                    tables[left], _shifted(tables[left - 1], int(size), slope) + item, out=tables[left]
                )
    return tables


def _shifted(table: Floats, size: int, slope: Floats) -> Floats:
    """The table read `size` households further on; past its end it grows by the slope."""
    top = len(table) - 1
    inside = max(0, top + 1 - size)
    beyond = np.arange(inside, top + 1)[:, None] + size - top
    return np.concatenate([table[size:], table[top] + slope * beyond])


def look_up(table: Floats, load: Ints, slope: Floats) -> Floats:
    """Completion cost (rows, n) at loads (rows, n), from a table (top + 1, rows)."""
    top = len(table) - 1
    inside = table[np.minimum(load, top), np.arange(table.shape[1])[:, None]]
    found: Floats = inside + slope[:, None] * np.maximum(load - top, 0)
    return found


def _read_off(model: Model, prices: Floats, rows: Ints, tables: Floats) -> tuple[Floats, Floats]:
    slope, base, alone = model.weight[rows], model.base[rows], model.alone[rows]
    best = look_up(tables[-1], base[:, None], slope)[:, 0] - alone
    then = look_up(tables[-2], base[:, None] + model.households, slope)
    return np.minimum(best, 0.0), model.cost[rows] - prices + then - alone[:, None]

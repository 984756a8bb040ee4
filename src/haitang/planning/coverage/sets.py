"""Finding sets of buildings: the few worth adding at given prices, and all that can still matter."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from haitang.planning.deadline import Deadline

from .model import Column, Floats, Ints, Model
from .pricing import Priced, chunks, completions, look_up

EACH = 4  # sets a steward offers at a time
TAKERS = 5  # stewards a building is offered to at a time; diversity that cuts the rounds by two thirds
TRIES = 3000  # combinations tried around one steward or one building
ZERO = -1e-9


def promising(model: Model, priced: Priced) -> list[Column]:
    """Sets of negative reduced cost: the best of each steward, and the best that holds each building."""
    found: dict[Column, None] = {}
    for places in np.unique(model.room[:-1]):
        ready = np.flatnonzero((model.room[:-1] == places) & (priced.best < ZERO))
        if len(ready):
            found.update(dict.fromkeys(_of_stewards(model, priced, ready, int(places))))
            found.update(dict.fromkeys(_with_buildings(model, priced, ready, int(places))))
    return list(found)


def _width(buildings: int, places: int, most: int) -> int:
    """How many buildings to combine so that the combinations stay few."""
    width = min(most, buildings)
    while width > 1 and sum(1 for _ in _picks(width, places)) > TRIES:
        width -= 1
    return width


def _picks(width: int, places: int) -> Iterator[tuple[int, ...]]:
    for many in range(min(width, places) + 1):
        yield from combinations(range(width), many)


def _near(priced: Priced, rows: Ints, width: int) -> Ints:
    """(rows, width) buildings that promise each steward most."""
    near: Ints = np.argpartition(priced.single[rows], width - 1, axis=1)[:, :width]
    return near


def _of_stewards(model: Model, priced: Priced, rows: Ints, places: int) -> list[Column]:
    width = _width(model.buildings, places, 12)
    near = _near(priced, rows, width)
    sets = list(_picks(width, places))
    reduced = _reduced(model, priced, rows, near, sets)
    kept = np.argpartition(reduced, min(EACH, len(sets) - 1), axis=1)[:, :EACH]
    good = np.take_along_axis(reduced, kept, axis=1) < ZERO
    return [
        (int(rows[line]), tuple(sorted(int(near[line, at]) for at in sets[kept[line, slot]])))
        for line, slot in zip(*np.nonzero(good), strict=True)
    ]


def _with_buildings(model: Model, priced: Priced, ready: Ints, places: int) -> list[Column]:
    takers = min(TAKERS, len(ready))
    closest = np.argpartition(priced.single[ready], takers - 1, axis=0)[:takers]
    lines, held = closest.ravel(), np.tile(np.arange(model.buildings), takers)
    rows = ready[lines]
    width = _width(model.buildings, places - 1, 8)
    near = np.column_stack([_near(priced, ready, width)[lines], held])
    sets = [(*pick, width) for pick in _picks(width, places - 1)]
    doubled = near[:, :width] == held[:, None]
    reduced = _reduced(model, priced, rows, near, sets, np.where(doubled, np.inf, 0.0))
    best = np.argmin(reduced, axis=1)
    good = np.flatnonzero(reduced[np.arange(len(rows)), best] < ZERO)
    return [
        (int(rows[line]), tuple(sorted(int(near[line, at]) for at in sets[best[line]])))
        for line in good.tolist()
    ]


def _reduced(
    model: Model,
    priced: Priced,
    rows: Ints,
    near: Ints,
    sets: list[tuple[int, ...]],
    barred: Floats | None = None,
) -> Floats:
    """(rows, sets) reduced costs of sets that are picks from `near`."""
    net = model.cost[rows[:, None], near] - priced.prices[near]
    if barred is not None:
        net[:, : barred.shape[1]] += barred
    size = model.households[near]
    reduced = np.empty((len(rows), len(sets)))
    for index, pick in enumerate(sets):
        load = model.base[rows] + size[:, pick].sum(axis=1)
        reduced[:, index] = net[:, pick].sum(axis=1) + model.uneven(rows, load)
    return reduced - model.alone[rows][:, None]


def below(
    model: Model, priced: Priced, ceiling: Floats, limit: int, deadline: Deadline
) -> list[Column] | None:
    """Every set whose reduced cost is at most its steward's ceiling (S); None when over `limit` or late."""
    found: list[Column] = []
    for rows in chunks(model):
        open_rows = rows[priced.best[rows] <= ceiling[rows]]
        if not len(open_rows):
            continue
        tables = completions(model, priced.prices, open_rows, deadline)
        if tables is None:
            return None
        for at, row in enumerate(open_rows.tolist()):
            more = _grown(model, priced, row, float(ceiling[row]), tables[:, :, at], limit - len(found))
            if more is None or deadline.passed:
                return None
            found += more
    return found


def _grown(
    model: Model, priced: Priced, row: int, ceiling: float, tables: Floats, limit: int
) -> list[Column] | None:
    """Sets in ascending order of building; a prefix is kept while it can still end below the ceiling."""
    candidates = np.flatnonzero(priced.single[row] <= ceiling)
    allowed, slope = ceiling + model.alone[row], model.weight[[row]]
    net, size = model.cost[row, candidates] - priced.prices[candidates], model.households[candidates]
    sets, last = np.empty((1, 0), dtype=np.int64), np.array([-1])
    cost, load = np.zeros(1), model.base[[row]]
    found: list[Column] = []
    for left in range(len(tables) - 2, -1, -1):
        total, loads = cost[:, None] + net, load[:, None] + size
        ends = total + look_up(tables[left][:, None], loads.reshape(1, -1), slope).reshape(loads.shape)
        line, item = np.nonzero((ends <= allowed) & (np.arange(len(candidates)) > last[:, None]))
        sets, last = np.column_stack([sets[line], item]), item
        cost, load = total[line, item], loads[line, item]
        good = cost + model.uneven(row, load) <= allowed
        found += [(row, tuple(candidates[chosen].tolist())) for chosen in sets[good]]
        if max(len(found), len(sets)) > limit:
            return None
    return found

"""A run around slots that stand already: others join them, or come before or after."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from haitang.planning.places import Floats

from .booking import LITTLE, Part, backlog
from .draws import Draws
from .layouts import Layout
from .plan import Run, Slot
from .problem import Problem
from .shaping import Shaped, closed, room

BUSY = (0.85, 0.92, 1.0)  # parts of what lanes can serve up to which slots are filled


def extend(
    draws: Draws,
    station: int,
    lanes: Layout,
    kept: Sequence[Slot],
    parts: Sequence[Part],
    price: float = 1.0,
) -> Shaped | None:
    """The cheapest run found that has the kept slots and all of the parts; None if there is none."""
    problem = draws.problem
    limit = float(problem.close[station])
    tried = []
    for busy in BUSY:
        slots = _filled(problem, station, lanes, kept, parts, busy)
        if slots is None or backlog(problem, lanes, slots) > problem.max_wait + LITTLE:
            continue
        start, end = min(slot.start for slot in slots), max(slot.end for slot in slots)
        tried.append(closed(draws, Run(station, lanes, start, end, slots, True), limit, price))
        if not parts:
            break
    return min(tried, key=lambda shaped: shaped.cost, default=None)


def _filled(
    problem: Problem, station: int, lanes: Layout, kept: Sequence[Slot], parts: Sequence[Part], busy: float
) -> tuple[Slot, ...] | None:
    """The kept slots and the parts in cells of the shortest slot; None where these don't all fit."""
    slots, queue = list(kept), [part for part in reversed(parts) if part.people]
    for start in _cells(problem, station, kept):
        free = int(room(problem, lanes, problem.width) * busy - _load(kept, start, problem.width))
        few = free // 20
        while queue and free > few:
            part = queue.pop()
            take = part.people if part.people <= free + few else free
            slots.append(Slot(part.building, station, start, start + problem.width, take, part.first))
            free -= take
            if take < part.people:
                queue.append(Part(part.building, part.first + take, part.people - take))
    return None if queue else tuple(slots)


def _cells(problem: Problem, station: int, kept: Sequence[Slot]) -> Floats:
    """Starts of cells: within the kept slots, then after them, then before them, nearest first."""
    width = problem.width
    first, last = min(slot.start for slot in kept), max(slot.end for slot in kept)
    opens, closes = float(problem.open[station]), float(problem.close[station])
    later = int((closes - first + LITTLE) / width)
    earlier = int((first - opens + LITTLE) / width)
    inside = max(0, int((last - first + LITTLE) / width))
    after = last if inside * width < last - first - LITTLE else first + inside * width
    more = max(0, int((closes - after + LITTLE) / width))
    return np.concatenate(
        [
            first + np.arange(min(inside, later)) * width,
            after + np.arange(more) * width,
            first - np.arange(1, earlier + 1) * width,
        ]
    )


def _load(kept: Sequence[Slot], start: float, width: float) -> float:
    """People of kept slots who are expected between start and start + width."""
    return sum(
        slot.people
        * max(0.0, min(slot.end, start + width) - max(slot.start, start))
        / (slot.end - slot.start)
        for slot in kept
    )

"""The best run of so many lanes for given people: how long, how many in each slot, when it closes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from haitang.planning.deadline import Deadline

from .booking import LITTLE, Part, backlog, book
from .draws import Draws
from .layouts import Layout
from .plan import Run
from .problem import Problem
from .queueing import Days, simulate

STRETCH = 1.08  # of the shortest time in which lanes could serve those expected: where looking begins
LONGEST = 6.0  # times that, beyond which it is not looked
STAY = 240  # minutes after the last slot that lanes may stay open


@dataclass(frozen=True)
class Shaped:
    """A run from minute 0; cost: staff, waiting and who is missed, in minute-equivalents."""

    run: Run
    cost: float
    missed: float


def step_of(problem: Problem) -> float:
    """Minutes of which slots begin at multiples."""
    if problem.width % 5.0 == 0:
        return 5.0
    return 1.0 if problem.width % 1.0 == 0 else problem.width


def shortest(problem: Problem, lanes: Layout, people: int) -> float:
    """Minutes in which the lanes could serve those expected, working without a stop."""
    return people * (1.0 - problem.habits.no_show) / problem.rate(lanes)


def room(problem: Problem, lanes: Layout, minutes: float) -> int:
    """People who can be booked in slots of so many minutes together."""
    if minutes < problem.width - LITTLE:
        return 0
    comes = max(1.0 - problem.habits.no_show, 1e-3)
    return int(problem.rate(lanes) * minutes / comes + LITTLE)


def per_minute(problem: Problem, lanes: Layout) -> float:
    """What the lanes' staff weigh per minute."""
    return float(problem.staff_of(lanes).sum()) * problem.minute_of_staff


def shape(
    draws: Draws,
    station: int,
    lanes: Layout,
    parts: Sequence[Part],
    limit: float,
    price: float = 1.0,
    until: Deadline | None = None,
) -> Shaped | None:
    """The cheapest found within `limit` minutes; None if nobody comes or not all of them fit.

    price: times which staff weigh what they do in the value, where they are scarce; until: when to be content
    with what there is.
    """
    problem, people = draws.problem, sum(part.people for part in parts)
    if people == 0:
        return None
    step, least = step_of(problem), max(shortest(problem, lanes, people), problem.width)
    first, last = np.ceil((least - LITTLE) / step), np.floor((min(limit, LONGEST * least) + LITTLE) / step)
    known: dict[int, Shaped | None] = {}

    def at(count: int) -> float:
        if not first <= count <= last:
            return np.inf
        if count not in known:
            if until is not None and until.passed and any(known.values()):
                return np.inf
            known[count] = _tried(draws, station, lanes, parts, count * step, limit, price)
        found = known[count]
        return np.inf if found is None else found.cost

    best = _lowest(at, int(first), int(min(last, np.ceil(least * STRETCH / step))), int(last))
    return known.get(best)


def _lowest(at, first: int, start: int, last: int) -> int:  # type: ignore[no-untyped-def]
    """A count from which neither neighbour is cheaper; the next one that can be, where start can't."""
    here = max(start, first)
    while at(here) == np.inf and here < last:
        here += 1
    stride = max(1, (here - first) // 2)
    while stride:
        near = min((here - stride, here + stride), key=at)
        if at(near) < at(here):
            here = near
        else:
            stride //= 2
    return here


def _tried(
    draws: Draws,
    station: int,
    lanes: Layout,
    parts: Sequence[Part],
    minutes: float,
    limit: float,
    price: float,
) -> Shaped | None:
    problem = draws.problem
    slots = book(problem, station, parts, minutes, step_of(problem))
    if backlog(problem, lanes, slots) > problem.max_wait + LITTLE or slots[-1].end > limit + LITTLE:
        return None
    return closed(draws, Run(station, lanes, 0.0, slots[-1].end, slots), limit, price)


def closed(draws: Draws, run: Run, limit: float, price: float = 1.0) -> Shaped:
    """The run, closing when it is best to, at `limit` at the latest (a moment, as run.start is)."""
    problem, days = draws.problem, simulate(draws, run)
    run = replace(run, end=_best_end(problem, days, run, limit))
    missed = days.missed(run.end)
    cost = (
        price * per_minute(problem, run.lanes) * run.minutes
        + problem.weights.waiting * days.waiting(run.end)
        + problem.weights.missed * missed
    )
    return Shaped(run, cost, missed)


def _best_end(problem: Problem, days: Days, run: Run, limit: float) -> float:
    """Minute at which staying longer costs more than those who would still be served weigh."""
    last = max(slot.end for slot in run.slots)
    ends = days.ends()
    stay = min(limit, max(last, float(ends[-1]) if len(ends) else last) + 1.0, last + STAY)
    moments = np.append(np.arange(last, max(stay, last) + LITTLE, 1.0), stay)
    there = (len(ends) - np.searchsorted(ends, moments, side="right")) / days.days
    cost = problem.weights.missed * there + per_minute(problem, run.lanes) * (moments - last)
    return float(max(moments[int(np.argmin(cost))], last))

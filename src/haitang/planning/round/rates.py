"""What a run of a layout costs and lasts, as straight lines over the people it serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from haitang.planning.deadline import Deadline

from .booking import Part
from .draws import Draws, value_days
from .layouts import Layout
from .problem import Problem
from .shaping import per_minute, room, shape, shortest

DAYS = 12  # fewer than the value's: these are estimates
FEWEST, MOST = 100, 6_000  # people of the longer run
PART = 0.3  # of the time for choosing
SHORT, LONG = 60.0, 240.0  # minutes of the two runs that a line goes through


@dataclass(frozen=True)
class Rate:
    """cost = fixed + each x people in minute-equivalents, minutes likewise; least: minutes at full speed."""

    lanes: Layout
    fixed: float
    each: float
    fixed_minutes: float
    each_minutes: float
    least_minutes: float

    def cost(self, people: float) -> float:
        return self.fixed + self.each * people if people > 0 else 0.0


class Rates:
    """By simulation; out of time by rule of thumb. Kept for each price (see `shape`)."""

    def __init__(self, draws: Draws, layouts: Sequence[Layout]) -> None:
        self.draws, self.layouts = draws, layouts
        self._known: dict[float, Mapping[Layout, Rate]] = {}

    def at(self, price: float, deadline: Deadline) -> Mapping[Layout, Rate]:
        if price not in self._known:
            problem, until = self.draws.problem, deadline.share(PART)
            few = value_days(problem, DAYS, self.draws.compiled)
            window = float((problem.close - problem.open).max(initial=0.0))
            self._known[price] = {
                lanes: _guessed(problem, lanes, price)
                if until.passed
                else _measured(few, lanes, window, price, until)
                for lanes in self.layouts
            }
        return self._known[price]


def _measured(draws: Draws, lanes: Layout, window: float, price: float, until: Deadline) -> Rate:
    problem, nobody = draws.problem, len(draws.problem.buildings)
    long = min(LONG, max(window * 0.75, problem.width))
    # More than all there are is no use, and lanes may be so quick that an hour's people would be millions.
    most = min(MOST, max(int(problem.walkers.sum()), FEWEST))
    sizes = [min(room(problem, lanes, minutes), most) for minutes in (min(SHORT, long / 4), long)]
    sizes[0] = min(sizes[0], sizes[1] // 2)
    found = [
        shape(draws, 0, lanes, [Part(nobody, 0, size)], np.inf, price, until) if size else None
        for size in sizes
    ]
    if found[0] is None or found[1] is None or sizes[1] <= sizes[0]:
        return _guessed(problem, lanes, price)
    between = sizes[1] - sizes[0]
    each = max(0.0, (found[1].cost - found[0].cost) / between)
    each_minutes = max(0.0, (found[1].run.minutes - found[0].run.minutes) / between)
    return Rate(
        lanes,
        max(0.0, found[1].cost - each * sizes[1]),
        each,
        max(0.0, found[1].run.minutes - each_minutes * sizes[1]),
        each_minutes,
        shortest(problem, lanes, 1),
    )


def _guessed(problem: Problem, lanes: Layout, price: float) -> Rate:
    """Lanes nine tenths busy, half a minute's wait for each lane's share, and open until the late have come."""
    minutes = shortest(problem, lanes, 1) / 0.9
    stay = problem.habits.late_minutes + 1.0 if problem.habits.late else 1.0
    wait = problem.weights.waiting * min(0.8, 0.5 + 0.5 / lanes[-1]) * (1.0 - problem.habits.no_show)
    staff = price * per_minute(problem, lanes)
    return Rate(lanes, staff * stay, staff * minutes + wait, stay, minutes, shortest(problem, lanes, 1))

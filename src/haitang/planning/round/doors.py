"""Teams on their way from door to door: one long way past all of them, cut where a team has to be back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from haitang.planning.places import Floats

from .plan import Tour, Visit
from .problem import Ints, Problem

PASSES = 6  # of straightening a way
WINDOW = 60  # buildings along the way within which a part of it is turned round


@dataclass(frozen=True, eq=False)
class Doors:
    """rows (n) of buildings with somebody at home; minutes on foot, in whole seconds: legs (n, n) between
    them, out (n) from and back (n) to the nearest station."""

    rows: Ints
    legs: Floats
    out: Floats
    back: Floats


@dataclass(frozen=True)
class Unit:
    """A stay at one door that is not divided: position in `Doors`, people, minutes."""

    at: int
    people: int
    minutes: float


class Rounds:
    """The way past everybody at home, found once, and tours cut from it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        rows = np.flatnonzero(problem.homebound) if problem.stations else np.zeros(0, dtype=np.int64)
        homes = [problem.homes[row] for row in rows]
        self.doors = Doors(
            rows,
            _seconds(problem.travel.minutes(homes, homes)),
            _seconds(problem.back[:, rows].min(axis=0, initial=np.inf)),
            _seconds(problem.walk[rows].min(axis=1, initial=np.inf)),
        )
        self.way = _way(self.doors)

    def tours(self, longest: float) -> list[Tour]:
        """None longer than so many minutes, each from minute 0; who is too far for that has none."""
        doors = self.doors
        units = [unit for at in self.way for unit in _units(self.problem, doors, at, longest)]
        return [_tour(doors, units[first:last]) for first, last in _cuts(doors, units, longest)]


def _seconds(minutes: Floats) -> Floats:
    """Up to the next whole second."""
    up: Floats = np.ceil(minutes * 60.0 - 1e-6) / 60.0
    return up


def _way(doors: Doors) -> list[int]:
    """Past all buildings: the nearest next, then parts turned round while that is shorter."""
    if not len(doors.rows):
        return []
    both = (doors.legs + doors.legs.T) / 2.0
    way = [int(np.argmin(doors.out))]
    left = np.ones(len(both), dtype=bool)
    left[way[0]] = False
    while left.any():
        here = np.where(left, both[way[-1]], np.inf)
        way.append(int(np.argmin(here)))
        left[way[-1]] = False
    order = np.array(way, dtype=np.int64)
    for _ in range(PASSES):
        if not _straighten(both, order):
            break
    return [int(at) for at in order]


def _straighten(both: Floats, order: Ints) -> bool:
    """One pass of turning parts round (2-opt); both ends of the way are free."""
    turned = False
    for first in range(len(order) - 1):
        lasts = np.arange(first + 1, min(len(order), first + WINDOW))
        before = both[order[first - 1], order[first]] if first else 0.0
        joined = both[order[first - 1], order[lasts]] if first else np.zeros(len(lasts))
        after = order[np.minimum(lasts + 1, len(order) - 1)]
        inner = lasts + 1 < len(order)
        old = before + np.where(inner, both[order[lasts], after], 0.0)
        new = joined + np.where(inner, both[order[first], after], 0.0)
        best = int(np.argmin(new - old))
        if new[best] < old[best] - 1e-9:
            last = int(lasts[best])
            order[first : last + 1] = order[first : last + 1][::-1].copy()
            turned = True
    return turned


def _units(problem: Problem, doors: Doors, at: int, longest: float) -> Iterator[Unit]:
    """A building's people at home, as many at a time as one tour can visit."""
    row = int(doors.rows[at])
    left, each = int(problem.homebound[row]), float(problem.visit_minutes[row])
    time = longest - float(doors.out[at]) - float(doors.back[at])
    most = left if each == 0 and time >= 0 else int((time + 1e-6) / each) if each else 0
    while left > 0 and most > 0:
        people = min(left, most)
        yield Unit(at, people, float(_seconds(np.array(people * each))))
        left -= people


def _cuts(doors: Doors, units: Sequence[Unit], longest: float) -> list[tuple[int, int]]:
    """Where to cut the way so that all tours together are shortest (route first, cluster second: Beasley 1983)."""
    best, come = [0.0] + [np.inf] * len(units), [0] * (len(units) + 1)
    for first in range(len(units)):
        time = float(doors.out[units[first].at])
        for last in range(first, len(units)):
            unit = units[last]
            time += unit.minutes + (float(doors.legs[units[last - 1].at, unit.at]) if last > first else 0.0)
            whole = time + float(doors.back[unit.at])
            if whole > longest + 1e-6:
                break
            if best[first] + whole < best[last + 1]:
                best[last + 1], come[last + 1] = best[first] + whole, first
    cuts, end = [], len(units)
    while end:
        cuts.append((come[end], end))
        end = come[end]
    return cuts[::-1]


def _tour(doors: Doors, units: Sequence[Unit]) -> Tour:
    now, visits = float(doors.out[units[0].at]), []
    for number, unit in enumerate(units):
        if number:
            now += float(doors.legs[units[number - 1].at, unit.at])
        visits.append(Visit(int(doors.rows[unit.at]), now, now + unit.minutes, unit.people))
        now += unit.minutes
    return Tour(0.0, now + float(doors.back[units[-1].at]), tuple(visits))

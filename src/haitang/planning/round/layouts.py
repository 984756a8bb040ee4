"""How many lanes of each stage stand together, and what of that staff and a station's space allow."""

from __future__ import annotations

import math

import numpy as np

from .problem import Ints, Problem

Layout = tuple[int, ...]  # lanes of each stage
EVERY = 12  # up to so many lanes each number is considered, above it about every eighth part


def layout(problem: Problem, lanes: int) -> Layout:
    """So many lanes of the last stage, and of each stage before it as few as keep up."""
    last = problem.stages[-1].seconds
    before = [max(1, math.ceil(lanes * stage.seconds / last - 1e-9)) for stage in problem.stages[:-1]]
    return (*before, lanes)


def staffed(problem: Problem, lanes: Layout) -> bool:
    """Whether there are staff for it, if nobody else needs them."""
    return bool(np.all(problem.staff_of(lanes) <= problem.limits))


def most_lanes(problem: Problem, station: int) -> int:
    """Lanes of the last stage the station can have: what is decided, else by space and staff."""
    for lock in problem.locked:
        if lock.lanes is not None and problem.station_rows[lock.station] == station:
            return lock.lanes
    least, most = 0, problem.stations[station].max_lanes
    while least < most:  # staff grow with lanes
        middle = (least + most + 1) // 2
        least, most = (middle, most) if staffed(problem, layout(problem, middle)) else (least, middle - 1)
    return least


def choices(problem: Problem, station: int) -> list[Layout]:
    """Layouts worth trying at a station, smallest first; none where it can't or mustn't have a lane."""
    most = most_lanes(problem, station)
    fixed = any(
        one.lanes is not None and one.station == problem.stations[station].id for one in problem.locked
    )
    if fixed:
        return [layout(problem, most)] if most else []
    counts, lanes = [], 1
    while lanes <= most:
        counts.append(lanes)
        lanes = lanes + max(1, lanes // 8) if lanes >= EVERY else lanes + 1
    counts += [most] if counts and counts[-1] != most else []
    return [layout(problem, count) for count in counts]


def peak(intervals: list[tuple[float, float, Ints]], roles: int) -> Ints:
    """(R) the most staff of each role at work at one time; intervals (from, to, staff (R)) are half open."""
    most = np.zeros(roles, dtype=np.int64)
    marks = [(start, 1, staff) for start, _, staff in intervals]
    marks += [(end, 0, -staff) for _, end, staff in intervals]
    now = np.zeros(roles, dtype=np.int64)
    for _, _, change in sorted(marks, key=lambda mark: mark[:2]):
        now = now + change
        most = np.maximum(most, now)
    return most

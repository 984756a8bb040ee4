"""From the question to the small programme that chooses stations, and from its choice to a board."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from haitang.planning.deadline import Deadline

from .areas import areas
from .board import Board, Shaper
from .choosing import NEAREST, Choice, Task, choose
from .layouts import Layout, choices
from .packing import Block
from .problem import Ints, Problem
from .rates import Rate

TIGHTER = 0.85  # of the staff-minutes, for a second try where runs did not fit in one after the other
SHARE = 0.35  # of the time left, for one choice of stations


def layouts_of(problem: Problem) -> list[Layout]:
    """All that any station may have, and the same with one lane more at a stage before the last."""
    found: dict[Layout, None] = {}
    for station in range(len(problem.stations)):
        for lanes in choices(problem, station):
            found[lanes] = None
            for stage in range(len(lanes) - 1):
                found[(*lanes[:stage], lanes[stage] + 1, *lanes[stage + 1 :])] = None
    return list(found)


def choose_board(
    shaper: Shaper,
    options: Sequence[Sequence[Layout]],
    rate: Mapping[Layout, Rate],
    teams: Sequence[Block],
    deadline: Deadline,
) -> Iterator[Board]:
    """Boards, the most promising first: each way of sharing the staff that there are."""
    problem = shaper.problem
    doors = sum((team.minutes * team.staff for team in teams), np.zeros(len(problem.roles)))
    ends = problem.close.max(initial=problem.begin)
    day = max(float(ends) - problem.begin, 0.0)
    minutes = np.maximum(problem.limits * day - doors, 0.0)
    beside = np.maximum(problem.limits - np.ceil(doors / max(day, 1.0)), 0.0)
    whole = _task(shaper, options, minutes)
    tasks = (
        whole,
        replace(whole, budget=minutes * TIGHTER, full_speed=True),
        replace(whole, budget=beside, side_by_side=True, full_speed=True),
        replace(whole, budget=problem.limits.astype(np.float64), side_by_side=True, full_speed=True),
    )
    for task in tasks:
        yield _board(problem, task, rate, deadline.share(SHARE))


def _task(shaper: Shaper, options: Sequence[Sequence[Layout]], budget: np.ndarray) -> Task:  # type: ignore[type-arg]
    problem = shaper.problem
    stations = np.arange(len(problem.stations))
    base = np.array([sum(slot.people for slot in shaper.kept.get(row, ())) for row in stations], dtype=np.int64)
    return Task(
        np.arange(len(problem.buildings)),
        stations,
        problem.walkers - shaper.base,
        options,
        _allowed(problem, options),
        problem.close - problem.open,
        base,
        budget,
    )


def _allowed(problem: Problem, options: Sequence[Sequence[Layout]]):  # type: ignore[no-untyped-def]
    """(B, S) the nearest stations that can have lanes, or the one that is locked."""
    able = np.array([bool(found) for found in options], dtype=bool)
    allowed = np.zeros((len(problem.buildings), len(options)), dtype=bool)
    if not able.any() or not len(allowed):
        return allowed
    walk = np.where(able, problem.walk, np.inf)
    near = np.argsort(walk, axis=1, kind="stable")[:, :NEAREST]
    np.put_along_axis(allowed, near, True, axis=1)
    allowed &= able
    for lock in problem.locked:
        if lock.building is not None and lock.span is None:
            row, station = problem.building_rows[lock.building], problem.station_rows[lock.station]
            allowed[row] = False
            allowed[row, station] = able[station]
    return allowed


def _board(problem: Problem, task: Task, rate: Mapping[Layout, Rate], deadline: Deadline) -> Board:
    lanes: list[Layout | None] = [None] * len(problem.stations)
    people = np.zeros((len(problem.buildings), len(problem.stations)), dtype=np.int64)
    groups = areas(problem, task)
    for at, group in enumerate(groups):
        choice = choose(problem, group, rate, deadline.left / (len(groups) - at))
        choice = choice or _nearest(problem, group)
        for position, station in enumerate(group.stations.tolist()):
            lanes[station] = choice.lanes[position]
        people[np.ix_(group.buildings, group.stations)] = choice.people
    return Board(tuple(lanes), people)


def _nearest(problem: Problem, task: Task) -> Choice:
    """Where there was no time to choose: everybody to the nearest station, as many lanes as that takes."""
    walk = np.where(task.allowed, problem.walk[np.ix_(task.buildings, task.stations)], np.inf)
    people = np.zeros(task.allowed.shape, dtype=np.int64)
    for row in np.flatnonzero(task.allowed.any(axis=1)).tolist():
        people[row, int(np.argmin(walk[row]))] = task.people[row]
    return Choice([_enough(problem, task, at, people) for at in range(len(task.stations))], people)


def _enough(problem: Problem, task: Task, station: int, people: Ints) -> Layout | None:
    """The fewest lanes that serve a station's people in half of its time."""
    many = int(people[:, station].sum()) + int(task.base[station])
    options = task.options[station]
    if not many or not options:
        return None
    comes, half = 1.0 - problem.habits.no_show, float(task.minutes[station]) / 2.0
    return next((one for one in options if problem.rate(one) * half >= many * comes), options[-1])

"""From the question to the small programme that chooses stations, and from its choice to a board."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from haitang.planning.deadline import Deadline
from haitang.planning.places import Floats

from .areas import areas
from .board import Board
from .choosing import NEAREST, Choice, Task, choose, roughly
from .layouts import Layout, choices
from .packing import Block
from .problem import Ints, Problem
from .rates import Rate, Rates
from .standing import Grounds

TIGHTER = 0.85  # of the staff-minutes, where runs did not fit in one after the other
SCARCE = 4.0  # times which staff weigh what they do, where not everybody can be reached
FIRST, SHARE = 0.5, 0.35  # of the time left, for one choice of stations
SHORTEST = 0.03  # seconds that are worth choosing in
Flags = npt.NDArray[np.bool_]


def layouts_of(problem: Problem) -> list[Layout]:
    """All that any station may have, and the same with one lane more at a stage before the last."""
    found: dict[Layout, None] = {}
    for station in range(len(problem.stations)):
        for lanes in choices(problem, station):
            found[lanes] = None
            for stage in range(len(lanes) - 1):
                found[(*lanes[:stage], lanes[stage] + 1, *lanes[stage + 1 :])] = None
    return list(found)


@dataclass(frozen=True, eq=False)
class Mode:
    """A way of sharing out the staff. budget (R): staff-minutes, or staff if stations work side by side; price:
    times which staff weigh what they do in the value; full_speed: lanes may be booked to the brim."""

    price: float
    budget: Floats
    side_by_side: bool = False
    full_speed: bool = False


def modes(problem: Problem, teams: Sequence[Block]) -> Sequence[Mode]:
    """The first for when there are staff enough; the others for when there are not."""
    doors = sum((team.minutes * team.staff for team in teams), np.zeros(len(problem.roles)))
    day = max(float(problem.close.max(initial=problem.begin)) - problem.begin, 0.0)
    minutes = np.maximum(problem.limits * day - doors, 0.0)
    beside = np.maximum(problem.limits - np.ceil(doors / max(day, 1.0)), 0.0)
    return (
        Mode(1.0, minutes),
        Mode(SCARCE, minutes),
        Mode(SCARCE, minutes * TIGHTER, full_speed=True),
        Mode(SCARCE, beside, side_by_side=True, full_speed=True),
        Mode(SCARCE, problem.limits.astype(np.float64), side_by_side=True, full_speed=True),
    )


def boards(
    problem: Problem, base: Grounds, rates: Rates, ways: Sequence[Mode], deadline: Deadline
) -> Iterator[tuple[Mode, Board]]:
    """A board for each mode, asked for one after the other."""
    whole = _task(problem, base)
    for at, mode in enumerate(ways):
        rate = rates.at(mode.price, deadline)
        task = replace(whole, budget=mode.budget, side_by_side=mode.side_by_side, full_speed=mode.full_speed)
        yield mode, _board(problem, task, rate, deadline.share(SHARE if at else FIRST))


def _task(problem: Problem, base: Grounds) -> Task:
    stations = np.arange(len(problem.stations))
    standing = np.zeros(len(problem.buildings), dtype=np.int64)
    there = np.zeros(len(stations), dtype=np.int64)
    for station, slots in base.kept.items():
        for slot in slots:
            standing[slot.building] += slot.people
            there[station] += slot.people
    return Task(
        np.arange(len(problem.buildings)),
        stations,
        problem.walkers - standing,
        base.options,
        _allowed(problem, base.options),
        problem.close - problem.open,
        there,
        np.zeros(len(problem.roles)),
    )


def _allowed(problem: Problem, options: Sequence[Sequence[Layout]]) -> Flags:
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
        left = deadline.left / (len(groups) - at)
        choice: Choice | None = choose(problem, group, rate, left) if left > SHORTEST else None
        if choice is None or choice.cut_off:
            plain = _nearest(problem, group)
            both = [plain, choice] if choice is not None else [plain]
            choice = min(both, key=lambda one: roughly(problem, group, one, rate))
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
    """The fewest lanes that serve a station's people in half of its time, but no more than its part of the staff,
    so that all stations can work side by side."""
    many = int(people[:, station].sum()) + int(task.base[station])
    options = task.options[station]
    if not many or not options:
        return None
    comes, half = 1.0 - problem.habits.no_show, float(task.minutes[station]) / 2.0
    part = (problem.limits - problem.team_staff) * many / max(1, int(problem.walkers.sum()))
    fair = [one for one in options if np.all(problem.staff_of(one) <= part)] or options[:1]
    return next((one for one in fair if problem.rate(one) * half >= many * comes), fair[-1])

"""Which stations open with how many lanes, and who goes where: a small integer programme over straight lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array

from haitang.planning.places import Floats

from .layouts import Layout
from .problem import Ints, Problem
from .rates import Rate
from .shaping import room

NEAREST = 8  # stations a building considers
GOOD = 1e-3  # part of its value to which the programme is solved: its lines are no better
OUT_OF_TIME = 1  # status of scipy's milp
SPARE = 1.0  # minutes a full run leaves


@dataclass(frozen=True, eq=False)
class Task:
    """Some buildings and stations, by their rows.

    people (b): who is to have a slot; options: layouts (s); allowed (b, s); minutes (s): longest run; base (s):
    people who are there anyhow; budget (R): staff-minutes there are, or staff if stations work side by side;
    full_speed: whether lanes may be booked to the brim.
    """

    buildings: Ints
    stations: Ints
    people: Ints
    options: Sequence[Sequence[Layout]]
    allowed: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
    minutes: Floats
    base: Ints
    budget: Floats
    side_by_side: bool = False
    full_speed: bool = False


@dataclass(frozen=True, eq=False)
class Choice:
    """lanes (s): layout, None where closed; people (b, s): who goes where, whole; cut_off: for want of time."""

    lanes: Sequence[Layout | None]
    people: Ints
    cut_off: bool = False


@dataclass(frozen=True, eq=False)
class _Columns:
    """Columns of the programme: y and n of each (station, layout), x of each allowed pair, m of each building."""

    station: Ints  # of each y
    lanes: Sequence[Layout]
    rows: Ints  # building of each x
    sites: Ints  # station of each x
    buildings: int

    @property
    def count(self) -> int:
        return 2 * len(self.lanes) + len(self.rows) + self.buildings

    @property
    def first_x(self) -> int:
        return 2 * len(self.lanes)


def choose(problem: Problem, task: Task, rate: Mapping[Layout, Rate], seconds: float) -> Choice | None:
    """The cheapest choice found in so many seconds; None if none was, or there is nothing to choose."""
    pairs = [(at, lanes) for at, options in enumerate(task.options) for lanes in options]
    rows, sites = np.nonzero(task.allowed)
    columns = _Columns(
        np.array([at for at, _ in pairs], dtype=np.int64),
        [lanes for _, lanes in pairs],
        rows,
        sites,
        len(task.buildings),
    )
    if not pairs or not len(rows):
        return None
    whole = np.zeros(columns.count, dtype=np.int64)
    whole[: len(pairs)] = 1
    caps = np.full(columns.count, np.inf)
    caps[: len(pairs)] = 1
    found = milp(
        _costs(problem, task, columns, rate),
        integrality=whole,
        bounds=Bounds(0, caps),
        constraints=_rules(problem, task, columns, rate),
        options={"time_limit": max(seconds, 0.05), "mip_rel_gap": GOOD},
    )
    return (
        None
        if found.x is None
        else replace(_whole(task, columns, found.x), cut_off=found.status == OUT_OF_TIME)
    )


def roughly(problem: Problem, task: Task, choice: Choice, rate: Mapping[Layout, Rate]) -> float:
    """What a choice costs by the straight lines."""
    there = choice.people.sum(axis=0) + task.base
    runs = sum(
        rate[lanes].cost(int(people)) for lanes, people in zip(choice.lanes, there, strict=True) if lanes
    )
    walk = problem.walk[np.ix_(task.buildings, task.stations)] * choice.people
    missed = int(task.people.sum() - choice.people.sum())
    comes = problem.weights.walking * (1.0 - problem.habits.no_show)
    return runs + comes * float(walk.sum()) + problem.weights.missed * missed


def _costs(problem: Problem, task: Task, columns: _Columns, rate: Mapping[Layout, Rate]) -> Floats:
    comes = 1.0 - problem.habits.no_show
    walk = problem.walk[task.buildings[columns.rows], task.stations[columns.sites]]
    return np.concatenate(
        [
            [rate[lanes].fixed for lanes in columns.lanes],
            [rate[lanes].each for lanes in columns.lanes],
            problem.weights.walking * comes * walk,
            np.full(columns.buildings, problem.weights.missed),
        ]
    )


def _rules(
    problem: Problem, task: Task, columns: _Columns, rate: Mapping[Layout, Rate]
) -> list[LinearConstraint]:
    many, pairs = len(columns.lanes), len(columns.rows)
    y, n, x = np.arange(many), np.arange(many, 2 * many), np.arange(pairs) + columns.first_x
    m = np.arange(columns.buildings) + columns.first_x + pairs
    ones = np.ones(columns.count)
    stations = len(task.stations)

    def matrix(blocks: Sequence[tuple[Ints, Ints, Floats]], height: int) -> csr_array:
        at, on, of = (np.concatenate([block[part] for block in blocks]) for part in range(3))
        return coo_array((of, (at, on)), shape=(height, columns.count)).tocsr()

    each = matrix([(columns.rows, x, ones[x]), (m - m[0], m, ones[m])], columns.buildings)
    flow = matrix([(columns.sites, x, ones[x]), (columns.station, n, -ones[n])], stations)
    caps = np.array(
        [
            _cap(problem, task, at, rate[lanes])
            for at, lanes in zip(columns.station, columns.lanes, strict=True)
        ]
    )
    fits = matrix([(y, n, ones[n]), (y, y, -caps)], many)
    once = matrix([(columns.station, y, ones[y])], stations)
    # An open station for every building that goes there: far tighter than capacity alone.
    open_at = [np.flatnonzero(columns.sites[at] == columns.station) for at in range(pairs)]
    link_rows = np.repeat(np.arange(pairs), [len(found) for found in open_at])
    link_on = np.concatenate(open_at)
    weight = -np.maximum(1.0, task.people[columns.rows[link_rows]].astype(np.float64))
    linked = matrix([(np.arange(pairs), x, ones[x]), (link_rows, link_on, weight)], pairs)
    rules = [
        LinearConstraint(each, task.people, task.people),
        LinearConstraint(flow, -task.base, -task.base),
        LinearConstraint(fits, -np.inf, 0),
        LinearConstraint(once, -np.inf, 1),
        LinearConstraint(linked, -np.inf, 0),
    ]
    staff = _staff_rule(problem, task, columns, rate)
    return [*rules, staff] if staff is not None else rules


def _cap(problem: Problem, task: Task, station: int, rate: Rate) -> float:
    """People a run of the layout can serve at the station."""
    left = float(task.minutes[station]) - rate.fixed_minutes
    if task.full_speed:
        found = float(room(problem, rate.lanes, left - SPARE))
    else:
        found = max(0.0, left / rate.each_minutes) if rate.each_minutes > 0 else 1e6
    # Who is there anyhow has been found to fit, maybe more tightly than these lines would have it.
    return max(found, float(task.base[station]))


def _staff_rule(
    problem: Problem, task: Task, columns: _Columns, rate: Mapping[Layout, Rate]
) -> LinearConstraint | None:
    roles = len(problem.roles)
    if not roles:
        return None
    staff = np.stack([problem.staff_of(lanes) for lanes in columns.lanes], axis=1).astype(np.float64)
    table = np.zeros((roles, columns.count))
    many = len(columns.lanes)
    if task.side_by_side:
        table[:, :many] = staff
    else:
        each = [
            rate[lanes].least_minutes if task.full_speed else rate[lanes].each_minutes
            for lanes in columns.lanes
        ]
        table[:, :many] = staff * np.array([rate[lanes].fixed_minutes for lanes in columns.lanes])
        table[:, many : 2 * many] = staff * np.array(each)
    return LinearConstraint(table, -np.inf, task.budget)


def _whole(task: Task, columns: _Columns, solution: Floats) -> Choice:
    """Layouts chosen, and whole people: each building's by largest remainder, few of them where most go."""
    lanes: list[Layout | None] = [None] * len(task.stations)
    for at in np.flatnonzero(solution[: len(columns.lanes)] > 0.5).tolist():
        lanes[int(columns.station[at])] = columns.lanes[at]
    going = np.zeros(task.allowed.shape)
    part = solution[columns.first_x : columns.first_x + len(columns.rows)]
    going[columns.rows, columns.sites] = np.maximum(part, 0.0)
    people = np.floor(going + 1e-6).astype(np.int64)
    for row in np.flatnonzero(going.sum(axis=1) > 0.5).tolist():
        over = min(round(float(going[row].sum())), int(task.people[row])) - int(people[row].sum())
        most = int(np.argmax(going[row]))
        few = (people[row] > 0) & (people[row] < max(2, task.people[row] // 20))
        few[most] = False
        over += int(people[row][few].sum())
        people[row][few] = 0
        people[row, most] += over
    people[:, [at for at, chosen in enumerate(lanes) if chosen is None]] = 0
    return Choice(lanes, people)

"""Cutting a plan into jobs: neighbouring routes, their parts and some unused vehicles, each searched on its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .kernels.town import Floats, Ints
from .model import Part
from .problem import Problem

JOB = 500  # parts of a job at most, unless they have to stay together
SHARED = 3  # nearest jobs among which unused vehicles of a depot are dealt out

Routes = dict[int, list[int]]  # for each used vehicle its nodes: p gets on, parts + p gets off


@dataclass(frozen=True)
class Job:
    """Rows of parts and of vehicles, of the whole problem."""

    parts: tuple[int, ...]
    vehicles: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Map:
    """Where everything is, as minutes from two places far apart: that needs no coordinates. (n, 2) each."""

    musters: Floats
    posts: Floats
    depots: Floats

    @classmethod
    def of(cls, problem: Problem) -> Map:
        points = [*problem.musters, *problem.posts, *problem.depots]
        if not points:
            return cls(*(np.zeros((0, 2)) for _ in range(3)))
        first = points[int(np.argmax(problem.travel.minutes([points[0]], points)[0]))]
        away = problem.travel.minutes([first], points)[0]
        second = points[int(np.argmax(away))]
        place = np.stack([away, problem.travel.minutes([second], points)[0]], axis=1)
        musters = len(problem.musters)
        posts = musters + len(problem.posts)
        return cls(place[:musters], place[musters:posts], place[posts:])


def middles(problem: Problem, here: Map, parts: Sequence[Part]) -> Floats:
    """(n, 2) the middle of each part's way."""
    muster = {point.id: row for row, point in enumerate(problem.musters)}
    post = {point.id: row for row, point in enumerate(problem.posts)}
    groups = [problem.groups[part.group] for part in parts]
    starts = here.musters[[muster[group.muster] for group in groups]].reshape(-1, 2)
    middle: Floats = (starts + here.posts[[post[group.post] for group in groups]].reshape(-1, 2)) / 2
    return middle


def split(problem: Problem, here: Map, parts: Sequence[Part], routes: Routes, turn: float) -> list[Job]:
    """Jobs of about equal size; turn: of the cuts, in radians."""
    if not parts:
        return []
    middle = middles(problem, here, parts)
    units = _units(problem, parts, routes)
    centre = np.array([middle[unit[1]].mean(axis=0) for unit in units]).reshape(-1, 2)
    size = np.array([len(unit[1]) for unit in units], dtype=np.int64)
    groups = _halve(np.arange(len(units)), centre, size, JOB, turn)
    members = [np.concatenate([units[unit][1] for unit in group]) for group in groups]
    used = [[units[unit][0] for unit in group if units[unit][0] >= 0] for group in groups]
    centres = np.array([middle[member].mean(axis=0) for member in members]).reshape(-1, 2)
    spare = _deal(problem, here, {unit[0] for unit in units}, centres)
    return [
        Job(tuple(map(int, member)), tuple(sorted([*mine, *more])))
        for member, mine, more in zip(members, used, spare, strict=True)
    ]


def _units(problem: Problem, parts: Sequence[Part], routes: Routes) -> list[tuple[int, Ints]]:
    """What stays together: the parts of a route, by its vehicle, and those pinned to it; each other part alone (-1)."""
    riding = {node: vehicle for vehicle, nodes in routes.items() for node in nodes if node < len(parts)}
    together: dict[int, list[int]] = {vehicle: [] for vehicle, nodes in routes.items() if nodes}
    alone: list[tuple[int, Ints]] = []
    for row, part in enumerate(parts):
        pinned = problem.pinned.get(problem.groups[part.group].id)
        vehicle = riding.get(row, -1 if pinned is None else problem.vehicle_rows[pinned])
        if vehicle < 0:
            alone.append((-1, np.array([row])))
        else:
            together.setdefault(vehicle, []).append(row)
    return [(vehicle, np.array(rows)) for vehicle, rows in together.items()] + alone


def _halve(units: Ints, centre: Floats, size: Ints, most: int, turn: float) -> list[Ints]:
    """Cut across, again and again, until no group has many more than `most` parts."""
    if len(units) < 2 or size[units].sum() <= most:
        return [units] if len(units) else []
    along = centre[units] @ np.array([np.cos(turn), np.sin(turn)])
    order = units[np.argsort(along, kind="stable")]
    heaped = np.cumsum(size[order])
    cut = int(np.clip(np.searchsorted(heaped, heaped[-1] / 2), 0, len(order) - 2)) + 1
    onward = turn + np.pi / 2
    return _halve(order[:cut], centre, size, most, onward) + _halve(order[cut:], centre, size, most, onward)


def _deal(problem: Problem, here: Map, taken: set[int], centres: Floats) -> list[list[int]]:
    """Unused vehicles for each job: those of a depot go round among the jobs nearest to it."""
    dealt: list[list[int]] = [[] for _ in centres]
    depot = {point.id: row for row, point in enumerate(problem.depots)}
    near = [np.argsort(((centres - place) ** 2).sum(axis=1), kind="stable")[:SHARED] for place in here.depots]
    given: dict[tuple[str, int], int] = {}
    for row, vehicle in enumerate(problem.vehicles):
        if row in taken:
            continue
        jobs = near[depot[vehicle.depot]]
        alike = (vehicle.depot, vehicle.seats)
        if len(jobs):
            turn = given[alike] = given.get(alike, -1) + 1
            dealt[jobs[turn % len(jobs)]].append(row)
    return dealt

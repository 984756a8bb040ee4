"""The problem as the kernels see it: groups cut into parts that fit a coach, all places, all vehicles, as arrays."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from haitang.planning.places import Point

from .kernels.town import Floats, Ints, Plan, Town, empty_plan
from .problem import Problem

NEAR = 100  # parts most alike that a part knows
APART = 0.25  # how much a minute between two groups' `ready` counts against a minute's drive
MOST_NODES = 1_024  # of a route


@dataclass(frozen=True)
class Part:
    """So many of a group, by its row."""

    group: int
    count: int


@dataclass(frozen=True, eq=False)
class Model:
    """vehicles: rows in the problem. minutes: (P, P) as driven; ids of the P places."""

    problem: Problem
    parts: tuple[Part, ...]
    vehicles: tuple[int, ...]
    ids: tuple[str, ...]
    minutes: Floats
    town: Town

    def plan(self) -> Plan:
        most = min(MOST_NODES, 2 * len(self.parts) + 2)
        return empty_plan(len(self.parts), len(self.vehicles), most)


def whole_parts(problem: Problem, groups: Sequence[int], vehicles: Sequence[int]) -> tuple[Part, ...]:
    """Each group in as few parts as the largest coach it may take allows; none where no coach has a seat."""
    seats = {problem.vehicles[row].id: problem.vehicles[row].seats for row in vehicles}
    largest = max(seats.values(), default=0)
    found: list[Part] = []
    for row in groups:
        group = problem.groups[row]
        most = seats.get(problem.pinned[group.id], 0) if group.id in problem.pinned else largest
        found += [Part(row, count) for count in pieces(group.count, most)]
    return tuple(found)


def pieces(count: int, most: int) -> Iterator[int]:
    """Full ones first, and the rest."""
    if most > 0:
        yield from [most] * (count // most)
        if count % most:
            yield count % most


def build(problem: Problem, parts: Sequence[Part], vehicles: Sequence[int]) -> Model:
    """Only places that these parts and vehicles use."""
    groups = [problem.groups[part.group] for part in parts]
    fleet = [problem.vehicles[row] for row in vehicles]
    stops = list(dict.fromkeys([g.muster for g in groups] + [g.post for g in groups]))
    depots = list(dict.fromkeys(vehicle.depot for vehicle in fleet))
    by_id = {point.id: point for point in problem.depots}
    points: list[Point] = [problem.points[name] for name in stops] + [by_id[name] for name in depots]
    row = {name: index for index, name in enumerate(stops)}
    depot_row = {name: len(stops) + index for index, name in enumerate(depots)}
    minutes = problem.travel.minutes(points, points) if points else np.zeros((0, 0))
    town = _town(
        problem,
        parts,
        vehicles,
        minutes,
        _ints([row[g.muster] for g in groups] + [row[g.post] for g in groups]),
        _ints([depot_row[vehicle.depot] for vehicle in fleet]),
    )
    return Model(problem, tuple(parts), tuple(vehicles), tuple(point.id for point in points), minutes, town)


def _town(
    problem: Problem,
    parts: Sequence[Part],
    vehicles: Sequence[int],
    minutes: Floats,
    place: Ints,
    depot: Ints,
) -> Town:
    groups = [problem.groups[part.group] for part in parts]
    fleet = [problem.vehicles[row] for row in vehicles]
    count = _ints([part.count for part in parts])
    ready = _ints([upward(group.ready) for group in groups])
    seats = _ints([vehicle.seats for vehicle in fleet])
    opens = _ints([upward(vehicle.opens) for vehicle in fleet])
    closes = _ints([math.floor(vehicle.closes * 60 + 1e-6) for vehicle in fleet])
    extra, weights = _extra(problem, parts, vehicles), problem.weights
    told = np.array([bool(_earlier(problem, part, vehicles)) for part in parts], dtype=np.float64)
    return Town(
        drive=np.ceil(minutes * 60 - 1e-6).astype(np.int64),
        cost=np.ascontiguousarray(minutes * weights.driving),
        place=place,
        people=count,
        ready=ready,
        due=np.array([group.due * 60 for group in groups], dtype=np.float64),
        service=_ints([math.ceil(problem.boarding * part.count - 1e-6) for part in parts]),
        near=_near(minutes, place, ready / 60),
        extra=extra,
        seats=seats,
        depot=depot,
        opens=opens,
        closes=closes,
        twin=_twins(seats, depot, opens, closes, extra),
        left=count * (weights.left + weights.change * told),
        late=weights.late / 60,
        trip=weights.trips,
        vehicle=weights.vehicles,
        ride=math.floor(problem.ride * 60 + 1e-6),
    )


def upward(minute: float) -> int:
    """The first whole second not before."""
    return math.ceil(minute * 60 - 1e-6)


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def _near(minutes: Floats, place: Ints, ready: Floats) -> Ints:
    """(n, K) parts by how far apart their musters, posts and times are."""
    parts = len(ready)
    both = (minutes + minutes.T) / 2
    musters, posts = place[:parts], place[parts:]
    known = min(NEAR, max(0, parts - 1))
    near = np.empty((parts, known), dtype=np.int64)
    for part in range(parts):
        apart = both[musters[part], musters] + both[posts[part], posts] + APART * np.abs(ready - ready[part])
        apart[part] = np.inf
        near[part] = np.argsort(apart, kind="stable")[:known]
    return near


def _earlier(problem: Problem, part: Part, vehicles: Sequence[int]) -> set[str]:
    """Vehicles still here with which the part's group rode before."""
    if problem.previous is None:
        return set()
    rode = problem.previous.rode.get(problem.groups[part.group].id, {})
    return {vehicle for vehicle in rode if vehicle in problem.vehicle_rows}


def _extra(problem: Problem, parts: Sequence[Part], vehicles: Sequence[int]) -> Floats:
    """(n, V) what it costs that people were told another vehicle; inf where somebody decided otherwise."""
    extra = np.zeros((len(parts), len(vehicles)))
    names = [problem.vehicles[row].id for row in vehicles]
    for index, part in enumerate(parts):
        rode = _earlier(problem, part, vehicles)
        if rode:
            extra[index] = [0.0 if name in rode else problem.weights.change * part.count for name in names]
        pinned = problem.pinned.get(problem.groups[part.group].id)
        if pinned is not None:
            extra[index, [name != pinned for name in names]] = np.inf
    return extra


def _twins(seats: Ints, depot: Ints, opens: Ints, closes: Ints, extra: Floats) -> Ints:
    first: dict[tuple[object, ...], int] = {}
    about = zip(seats.tolist(), depot.tolist(), opens.tolist(), closes.tolist(), strict=True)
    return _ints([first.setdefault((*each, extra[:, row].tobytes()), row) for row, each in enumerate(about)])

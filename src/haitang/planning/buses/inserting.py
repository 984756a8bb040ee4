"""What each vehicle would cost for one group if all else stays as it is."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from haitang.planning import compiled
from haitang.planning.chance import generator

from . import kernels
from .model import Model, Part, build
from .problem import Problem, Trip
from .reaching import Reach


@dataclass(frozen=True)
class Option:
    """The whole group with one vehicle: minute-equivalents more than without the group, and when it arrives."""

    vehicle: str
    cost: float
    arrive: float


def options(problem: Problem, trips: Sequence[Trip], name: str) -> list[Option]:
    """Cheapest first; vehicles that can't take the whole group are not among them."""
    row = problem.group_rows[name]
    group = problem.groups[row]
    if group.count == 0 or Reach(problem).too_far[row]:
        return []
    compiled.prepare(kernels.GROUP)
    parts, routes = parts_and_routes(problem, trips, name)
    model = build(problem, [*parts, Part(row, group.count)], range(len(problem.vehicles)))
    found: list[Option] = []
    unused: set[int] = set()
    for vehicle in range(len(problem.vehicles)):
        twin = int(model.town.twin[vehicle])
        if not routes.get(vehicle) and twin in unused:
            continue
        if not routes.get(vehicle):
            unused.add(twin)
        option = _option(model, routes, vehicle)
        found += [option] if option else []
    return sorted(found, key=lambda option: (option.cost, option.vehicle))


def _option(model: Model, routes: dict[int, list[int]], vehicle: int) -> Option | None:
    """The last part's cheapest place in the route of one vehicle."""
    plan, part, nodes = model.plan(), len(model.parts) - 1, routes.get(vehicle, [])
    plan.nodes[vehicle, : len(nodes)] = nodes
    plan.length[vehicle] = len(nodes)
    kernels.retrace(model.town, plan)
    before = float(plan.value[vehicle])
    arrive = kernels.place(model.town, plan, vehicle, part, generator(0))
    if arrive < 0:
        return None
    name = model.problem.vehicles[model.vehicles[vehicle]].id
    return Option(name, float(plan.value[vehicle]) - before, arrive / 60)


def parts_and_routes(
    problem: Problem, trips: Sequence[Trip], without: str
) -> tuple[list[Part], dict[int, list[int]]]:
    """The plan as parts, and nodes by vehicle row; len(parts) + 1 higher to get off, as one part is to come."""
    parts: list[Part] = []
    marks: dict[int, list[tuple[int, bool]]] = {}
    for trip in trips:
        marks.setdefault(problem.vehicle_rows[trip.vehicle], []).extend(_marks(problem, trip, without, parts))
    shift = len(parts) + 1
    return parts, {
        vehicle: [part if is_on else shift + part for part, is_on in found]
        for vehicle, found in marks.items()
    }


def _marks(problem: Problem, trip: Trip, without: str, parts: list[Part]) -> list[tuple[int, bool]]:
    """Who gets on and off in order; of a group that gets on or off in pieces, as many parts as that takes."""
    off: dict[str, deque[int]] = {}
    for load in (load for stop in trip.stops for load in stop.off):
        off.setdefault(load.group, deque()).append(load.count)
    aboard: dict[str, deque[tuple[int, int]]] = {}
    marks: list[tuple[int, bool]] = []
    for stop in trip.stops:
        for load in (load for load in stop.off if load.group != without):
            rest = load.count
            while rest > 0:
                part, count = aboard[load.group].popleft()
                marks.append((part, False))
                rest -= count
        for load in (load for load in stop.on if load.group != without):
            for count in _cut(load.count, off[load.group]):
                aboard.setdefault(load.group, deque()).append((len(parts), count))
                marks.append((len(parts), True))
                parts.append(Part(problem.group_rows[load.group], count))
    return marks


def _cut(count: int, off: deque[int]) -> list[int]:
    """Pieces such that each gets off as a whole."""
    found: list[int] = []
    while count > 0:
        piece = min(count, off[0])
        found.append(piece)
        count -= piece
        off[0] -= piece
        if off[0] == 0:
            off.popleft()
    return found

"""What a search starts from: nothing, or the routes of an earlier answer as far as they still make sense."""

from __future__ import annotations

from collections.abc import Sequence

from .model import Part, pieces
from .problem import Problem, Trip
from .reaching import Reach
from .splitting import Routes


def parts_of(problem: Problem, reach: Reach) -> list[Part]:
    """Groups that can be taken at all, in as few parts as the coaches allow, or as they rode before."""
    largest = max((vehicle.seats for vehicle in problem.vehicles), default=0)
    found: list[Part] = []
    for row, group in enumerate(problem.groups):
        if group.count == 0 or not reach.reachable[row]:
            continue
        pinned = problem.pinned.get(group.id)
        most = largest if pinned is None else problem.vehicles[problem.vehicle_rows[pinned]].seats
        found += [Part(row, count) for count in _as_before(problem, row, most)]
    return found


def _as_before(problem: Problem, row: int, most: int) -> list[int]:
    """Sizes of the parts of a group: those of the earlier plan if they add up, else as few as possible."""
    group, sizes = problem.groups[row], list[int]()
    for trip in problem.previous.trips if problem.previous is not None else ():
        sizes += [
            load.count for stop in trip.stops for load in stop.on if load.group == group.id and load.count
        ]
    if sizes and sum(sizes) == group.count and max(sizes) <= most:
        return sizes
    return list(pieces(group.count, most))


def routes_of(problem: Problem, parts: Sequence[Part]) -> Routes:
    """Routes of the earlier plan: vehicles and groups that are gone are left out, and so is a load that differs now."""
    waiting: dict[tuple[str, int], list[int]] = {}
    for row in range(len(parts) - 1, -1, -1):
        part = parts[row]
        waiting.setdefault((problem.groups[part.group].id, part.count), []).append(row)
    routes: Routes = {}
    for trip in problem.previous.trips if problem.previous is not None else ():
        vehicle = problem.vehicle_rows.get(trip.vehicle)
        if vehicle is not None:
            routes.setdefault(vehicle, []).extend(_nodes(problem, trip, len(parts), waiting))
    return routes


def _nodes(problem: Problem, trip: Trip, parts: int, waiting: dict[tuple[str, int], list[int]]) -> list[int]:
    """Nodes of a trip; whoever would never get off does not get on, and nobody gets on against a lock."""
    nodes: list[int] = []
    aboard: dict[tuple[str, int], list[int]] = {}
    for stop in trip.stops:
        for load in stop.off:
            riding = aboard.get((load.group, load.count))
            nodes += [parts + riding.pop(0)] if riding else []
        for load in stop.on:
            key = (load.group, load.count)
            if waiting.get(key) and problem.pinned.get(load.group, trip.vehicle) == trip.vehicle:
                row = waiting[key].pop()
                aboard.setdefault(key, []).append(row)
                nodes.append(row)
    stays = {row for rows in aboard.values() for row in rows}
    return [node for node in nodes if node not in stays]

"""From routes of nodes to trips with stops and times, and what they cost: worked out anew, not believed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from haitang.planning.answers import Value
from haitang.planning.places import Point

from .problem import Duty, Load, Problem, Stop, Trip

Route = Sequence[tuple[str, int, bool]]  # group, how many, whether they get on: in order
Hop = tuple[str, list[Load], list[Load]]  # a place, who gets on, who gets off


def hops(problem: Problem, route: Route) -> list[Hop]:
    """Nodes in a row at one place are one stop; parts of one group count together."""
    found: list[Hop] = []
    for group_id, count, is_on in route:
        group = problem.groups[problem.group_rows[group_id]]
        place = group.muster if is_on else group.post
        if not found or found[-1][0] != place:
            found.append((place, [], []))
        loads = found[-1][1] if is_on else found[-1][2]
        had = next((load for load in loads if load.group == group_id), None)
        if had is not None:
            loads.remove(had)
        loads.append(Load(group_id, count + (had.count if had else 0)))
    return found


def drive(problem: Problem, start: Point, ends: Point) -> float:
    """Minutes as they count in the value."""
    return float(problem.travel.minutes([start], [ends])[0, 0])


def upward(minutes: float) -> int:
    """Whole seconds, rounded up: what the timetable allows for a way."""
    return math.ceil(minutes * 60 - 1e-6)


def trips_of(problem: Problem, vehicle: str, route: Route) -> tuple[list[Trip], Duty | None]:
    """The trips of one vehicle: it goes on as soon as it can, and comes for the first people of a trip in time."""
    bus = problem.vehicles[problem.vehicle_rows[vehicle]]
    depot = next(point for point in problem.depots if point.id == bus.depot)
    here, now, load, driving = depot, upward(bus.opens), 0, 0.0
    trips: list[Trip] = []
    stops: list[Stop] = []
    leaves = now
    for place, on, off in hops(problem, route):
        minutes = drive(problem, here, problem.points[place])
        driving += minutes
        arrive = now + upward(minutes)
        begin = max([arrive, *(upward(_group_ready(problem, each)) for each in on)])
        arrive = begin if not stops else arrive
        leaves = begin - upward(minutes) if here is depot and not trips and not stops else leaves
        now = begin + sum(math.ceil(problem.boarding * each.count - 1e-6) for each in (*on, *off))
        stops.append(Stop(place, arrive / 60, now / 60, tuple(on), tuple(off)))
        load += sum(each.count for each in on) - sum(each.count for each in off)
        here = problem.points[place]
        if load == 0:
            trips.append(Trip(f"{vehicle}-{len(trips) + 1}", vehicle, tuple(stops)))
            stops = []
    if not trips:
        return [], None
    home = drive(problem, here, depot)
    people = sum(trip.people for trip in trips)
    back = (now + upward(home)) / 60
    return trips, Duty(vehicle, leaves / 60, back, len(trips), people, driving + home)


def _group_ready(problem: Problem, load: Load) -> float:
    return problem.groups[problem.group_rows[load.group]].ready


def left_behind(problem: Problem, trips: Iterable[Trip]) -> dict[str, int]:
    """People of each group whom nobody takes; groups without any are not named."""
    rides = Counter({group.id: 0 for group in problem.groups})
    for load in (load for trip in trips for stop in trip.stops for load in stop.on):
        rides[load.group] += load.count
    return {
        group.id: group.count - rides[group.id] for group in problem.groups if group.count > rides[group.id]
    }


def value_of(problem: Problem, trips: Sequence[Trip], duties: Sequence[Duty]) -> Value:
    """The objective's terms, from the timetable as it is told."""
    weights = problem.weights
    due = {group.id: group.due for group in problem.groups}
    late = math.fsum(
        max(0.0, stop.arrive - due[load.group]) * load.count
        for trip in trips
        for stop in trip.stops
        for load in stop.off
    )
    terms = {
        "left": weights.left * sum(left_behind(problem, trips).values()),
        "late": weights.late * late,
        "driving": weights.driving * math.fsum(duty.driving for duty in duties),
        "trips": weights.trips * len(trips),
        "vehicles": weights.vehicles * len(duties),
    }
    if problem.previous is not None:
        terms["changes"] = weights.change * sum(moved_people(problem, trips).values())
    return Value(terms)


def rode(trips: Iterable[Trip]) -> dict[str, dict[str, int]]:
    """People of each group by vehicle."""
    found: dict[str, dict[str, int]] = {}
    for trip in trips:
        for load in (load for stop in trip.stops for load in stop.on):
            vehicles = found.setdefault(load.group, {})
            vehicles[trip.vehicle] = vehicles.get(trip.vehicle, 0) + load.count
    return found


def moved_people(problem: Problem, trips: Sequence[Trip]) -> Mapping[tuple[str, str], int]:
    """People who rode with a vehicle that is still here, and now don't: by group and that vehicle.

    Of a group that has shrunk only those who are still there can have been moved.
    """
    if problem.previous is None:
        return {}
    now, found = rode(trips), {}
    for group in problem.groups:
        before = problem.previous.rode.get(group.id, {})
        still = {vehicle: count for vehicle, count in before.items() if vehicle in problem.vehicle_rows}
        gone = sum(before.values()) - sum(still.values())
        kept = sum(min(count, now.get(group.id, {}).get(vehicle, 0)) for vehicle, count in still.items())
        rest = max(0, min(sum(still.values()), group.count - gone) - kept)
        for vehicle, count in still.items():
            missing = min(rest, count - min(count, now.get(group.id, {}).get(vehicle, 0)))
            rest -= missing
            if missing:
                found[group.id, vehicle] = missing
    return found

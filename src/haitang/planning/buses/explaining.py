"""Why this vehicle, this trip, these people: what it costs, what would come next, and what rules out the rest."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from haitang.planning.reading import BadInput

from .inserting import Option, options
from .problem import Answer, Problem, Trip
from .reaching import Reach
from .timetable import rode

MOST = 5  # alternatives that are named


def explain(problem: Problem, answer: Answer, name: str) -> dict[str, Any]:
    """A group, a trip or a vehicle by its id. Costs in minute-equivalents, texts in English, each with a code.

    BadInput for an id that is none of these.
    """
    if name in problem.group_rows:
        return _group(problem, answer, name)
    trip = next((trip for trip in answer.trips if trip.id == name), None)
    if trip is not None:
        return _trip(problem, trip)
    if name in problem.vehicle_rows:
        return _vehicle(problem, answer, name)
    raise BadInput(f"$: no group, trip or vehicle has the id {name!r}")


def _group(problem: Problem, answer: Answer, name: str) -> dict[str, Any]:
    reach, row = Reach(problem), problem.group_rows[name]
    mine = rode(answer.trips).get(name, {})
    left = answer.left.get(name, 0)
    found = options(problem, answer.trips, name)
    own = next((option for option in found if option.vehicle in mine), None)
    others = [option for option in found if option.vehicle not in mine]
    now = own.cost if own else problem.weights.left * left
    named = [_tell(problem, option, now) for option in others[:MOST]]
    return {
        "group": name,
        "vehicles": [{"vehicle": vehicle, "count": count} for vehicle, count in mine.items()],
        "trips": [trip.id for trip in answer.trips if _carries(trip, name)],
        "left": left,
        **_why(problem, reach, row, bool(mine), left),
        "cost": round(now, 6),
        "next_best": named[0] if named else None,
        "others": named[1:],
        "excluded": _excluded(problem, reach, row, {option.vehicle for option in found} | mine.keys()),
    }


def _carries(trip: Trip, name: str) -> bool:
    return any(load.group == name for stop in trip.stops for load in stop.on)


def _tell(problem: Problem, option: Option, cost: float) -> dict[str, Any]:
    extra = option.cost - cost
    text = f"{option.vehicle}: {abs(extra):.1f} {'more' if extra >= 0 else 'less'}"
    return {
        "vehicle": option.vehicle,
        "extra": round(extra, 6),
        "arrive": problem.clock.write(option.arrive),
        "text": text,
    }


def _why(problem: Problem, reach: Reach, row: int, rides: bool, left: int) -> dict[str, str]:
    group = problem.groups[row]
    if group.count == 0:
        return {"why_code": "nobody", "why": "there is nobody in it"}
    if group.id in problem.pinned:
        return {"why_code": "locked", "why": "somebody decided so"}
    if reach.too_far[row]:
        return {"why_code": "too_far", "why": "the direct way is longer than anybody may ride"}
    if left and not rides:
        return {"why_code": "left_behind", "why": "no vehicle has room and time, or every one costs more"}
    if left:
        return {"why_code": "partly_left", "why": "there is room and time for some of them only"}
    return {"why_code": "cheapest", "why": "in the whole plan this costs least"}


def _excluded(problem: Problem, reach: Reach, row: int, possible: set[str]) -> list[dict[str, Any]]:
    """Vehicles that could not take the group as things stand, by rule."""
    group = problem.groups[row]
    pinned = problem.pinned.get(group.id)
    rules: dict[str, list[str]] = {}
    for vehicle in problem.vehicles:
        if vehicle.id in possible:
            continue
        if pinned is not None and vehicle.id != pinned:
            code = "locked"
        elif vehicle.seats < group.count:
            code = "too_small"
        elif not reach.takes(vehicle)[row]:
            code = "out_of_time"
        else:
            code = "full"
        rules.setdefault(code, []).append(vehicle.id)
    return [
        {"code": code, "text": TEXTS[code], "how_many": len(ids), "vehicles": ids}
        for code, ids in sorted(rules.items())
    ]


TEXTS = {
    "locked": "a person decided for another vehicle",
    "too_small": "have fewer seats than the group has people; they could only take a part",
    "out_of_time": "could not be back at their depot in time, or nobody may ride so long",
    "full": "have no room in time beside those they carry",
}


def _trip(problem: Problem, trip: Trip) -> dict[str, Any]:
    due = {group.id: group.due for group in problem.groups}
    late = sum(
        max(0.0, stop.arrive - due[load.group]) * load.count for stop in trip.stops for load in stop.off
    )
    return {
        "trip": trip.id,
        "vehicle": trip.vehicle,
        "people": trip.people,
        "stops": [stop.as_dict(problem.clock) for stop in trip.stops],
        "most_on_board": most_on_board(trip),
        "cost": {
            "late": round(problem.weights.late * late, 6),
            "driving": round(problem.weights.driving * _minutes(problem, trip), 6),
            "trips": problem.weights.trips,
        },
        "why_code": "together",
        "why": "the coach is empty before and after, and these people share its way",
    }


def most_on_board(trip: Trip) -> int:
    """People on board at once, at most."""
    load = most = 0
    for stop in trip.stops:
        load += sum(each.count for each in stop.on) - sum(each.count for each in stop.off)
        most = max(most, load)
    return most


def _minutes(problem: Problem, trip: Trip) -> float:
    """Driven between its stops, without the empty way to the first."""
    points = [problem.points[stop.at] for stop in trip.stops]
    return sum(_way(problem, [start], [end]) for start, end in itertools.pairwise(points))


def _way(problem: Problem, start: Iterable[Any], end: Iterable[Any]) -> float:
    return float(problem.travel.minutes(list(start), list(end))[0, 0])


def _vehicle(problem: Problem, answer: Answer, name: str) -> dict[str, Any]:
    duty = next((duty for duty in answer.duties if duty.vehicle == name), None)
    weights = problem.weights
    if duty is None:
        vehicle = problem.vehicles[problem.vehicle_rows[name]]
        why = ("no_seats", "it has no seats") if vehicle.seats == 0 else ("spare", "the others do without it")
        return {"vehicle": name, "trips": [], "why_code": why[0], "why": why[1], "cost": {"total": 0.0}}
    cost = {
        "driving": round(weights.driving * duty.driving, 6),
        "trips": weights.trips * duty.trips,
        "vehicles": weights.vehicles,
    }
    return {
        **duty.as_dict(problem.clock),
        "trips": [trip.id for trip in answer.trips if trip.vehicle == name],
        "why_code": "used",
        "why": "its trips would cost more on the other vehicles",
        "cost": {"total": round(sum(cost.values()), 6), **cost},
    }

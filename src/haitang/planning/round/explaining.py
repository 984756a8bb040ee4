"""Why a building comes where and when it does, and why a station has the lanes it has."""

from __future__ import annotations

from typing import Any

import numpy as np

from haitang.planning.reading import BadInput

from .answer import Answer
from .booking import Part
from .draws import value_days
from .layouts import Layout, choices, most_lanes
from .plan import Plan, Run, Slot
from .problem import Problem
from .queueing import simulate
from .shaping import per_minute, shape
from .telling import staff_of
from .value import walking

MOST = 5  # alternatives that are named


def explain(problem: Problem, answer: Answer, name: str) -> dict[str, Any]:
    """Costs in minute-equivalents; texts in English, each with a code. BadInput for an unknown id.

    An id that is a building's and a station's is taken for the building's.
    """
    if name in problem.building_rows:
        return _building(problem, answer.plan, problem.building_rows[name])
    if name in problem.station_rows:
        return _station(problem, answer.plan, problem.station_rows[name])
    raise BadInput(f"$: no building or station has the id {name!r}")


def _building(problem: Problem, plan: Plan, row: int) -> dict[str, Any]:
    building = problem.buildings[row]
    slots = sorted(
        (slot for run in plan.runs for slot in run.slots if slot.building == row), key=lambda slot: slot.start
    )
    visits = [visit for tour in plan.tours for visit in tour.visits if visit.building == row]
    others = _other_stations(problem, plan, row, slots)
    booked = sum(slot.people for slot in slots)
    return {
        "building": building.id,
        "people": building.people,
        "homebound": building.homebound,
        "slots": [_slot(problem, slot) for slot in slots],
        "visited": sum(visit.people for visit in visits),
        **_why_building(problem, row, slots),
        "cost": {
            "walking": round(problem.weights.walking * walking(problem, slots), 6),
            "missed": problem.weights.missed * (building.walkers - booked),
        },
        "next_best": others[0] if others else None,
        "others": others[1:MOST],
        "excluded": _excluded_stations(problem, row),
    }


def _slot(problem: Problem, slot: Slot) -> dict[str, Any]:
    return {
        "station": problem.stations[slot.station].id,
        "start": problem.clock.write(slot.start),
        "end": problem.clock.write(slot.end),
        "people": slot.people,
    }


def _why_building(problem: Problem, row: int, slots: list[Slot]) -> dict[str, str]:
    name = problem.buildings[row].id
    if any(one.building == name for one in problem.locked):
        return {"why_code": "locked", "why": "somebody decided so"}
    if problem.walkers[row] == 0:
        return {"why_code": "nobody_comes", "why": "nobody of it can come to a station"}
    if not slots:
        return {"why_code": "missed", "why": "no lane has room for it before the deadline"}
    if len({slot.station for slot in slots}) > 1:
        return {"why_code": "split", "why": "no one station near it has room for all"}
    nearest = int(np.argmin(problem.walk[row]))
    if slots[0].station == nearest:
        return {"why_code": "nearest", "why": f"{problem.stations[nearest].id} is nearest"}
    return {"why_code": "cheapest", "why": "in the whole plan this costs least"}


def _other_stations(problem: Problem, plan: Plan, row: int, slots: list[Slot]) -> list[dict[str, Any]]:
    """Each other station, by what more walking or a lane of its own would cost."""
    name = problem.buildings[row].id
    if any(one.building == name for one in problem.locked) or not slots:
        return []
    here = {slot.station for slot in slots}
    working = {run.station for run in plan.runs}
    people = sum(slot.people for slot in slots)
    found = []
    for station, layouts in ((at, choices(problem, at)) for at in range(len(problem.stations))):
        if station in here or not layouts:
            continue
        moved = [Slot(row, station, slot.start, slot.end, slot.people, slot.first) for slot in slots]
        walk = problem.weights.walking * (walking(problem, moved) - walking(problem, slots))
        opens = 0.0 if station in working else _alone(problem, layouts, row, people)
        text = f"{problem.stations[station].id}: {walk:+.1f} for walking"
        text += f", {opens:.1f} for lanes that are not open now" if opens else ", if its lanes had room"
        found.append(
            {
                "station": problem.stations[station].id,
                "code": "open" if opens else "join",
                "extra": round(walk + opens, 6),
                "text": text,
            }
        )
    return sorted(found, key=lambda each: (each["extra"], each["station"]))


def _alone(problem: Problem, layouts: list[Layout], row: int, people: int) -> float:
    """Staff and waiting of one lane for the building by itself."""
    shaped = shape(value_days(problem, 8), 0, layouts[0], [Part(row, 0, people)], np.inf)
    return shaped.cost if shaped else problem.weights.missed * people


def _excluded_stations(problem: Problem, row: int) -> list[dict[str, Any]]:
    name = problem.buildings[row].id
    locks = [one.station for one in problem.locked if one.building == name and one.span is None]
    rules = (
        ("locked", "a person's decision stands", lambda at: locks and problem.stations[at].id not in locks),
        ("no_lane", "can have no lane", lambda at: most_lanes(problem, at) == 0),
        (
            "closed",
            "not open for one slot before the deadline",
            lambda at: problem.close[at] - problem.open[at] < problem.width - 1e-6,
        ),
    )
    found = []
    for code, text, breaks in rules:
        ids = [station.id for at, station in enumerate(problem.stations) if breaks(at)]
        if ids:
            found.append({"code": code, "text": text, "how_many": len(ids), "stations": ids})
    return found


def _station(problem: Problem, plan: Plan, row: int) -> dict[str, Any]:
    station = problem.stations[row]
    run = next((run for run in plan.runs if run.station == row), None)
    told: dict[str, Any] = {
        "station": station.id,
        "lanes": run.lanes[-1] if run else 0,
        "max_lanes": station.max_lanes,
        "most_with_staff": most_lanes(problem, row),
        **_why_station(problem, row, run),
    }
    if run is None:
        return told
    options = choices(problem, row)
    at = options.index(run.lanes) if run.lanes in options else 0
    near = [options[other] for other in (at - 1, at + 1) if 0 <= other < len(options)]
    return told | {
        "staff": staff_of(problem, problem.staff_of(run.lanes)),
        "from": problem.clock.write(run.start),
        "to": problem.clock.write(run.end),
        "people": run.people,
        "cost": _cost(problem, run),
        "others": [_with_lanes(problem, run, lanes) for lanes in near],
    }


def _why_station(problem: Problem, row: int, run: Run | None) -> dict[str, str]:
    name = problem.stations[row].id
    if any(one.station == name and one.lanes is not None for one in problem.locked):
        return {"why_code": "locked", "why": "somebody decided so"}
    if run is None and most_lanes(problem, row) == 0:
        return {"why_code": "no_lane", "why": "it has no room for a lane, or there are no staff for one"}
    if run is None:
        return {"why_code": "not_needed", "why": "what its nearness saves is less than its lanes would cost"}
    return {"why_code": "cheapest", "why": "of the numbers of lanes tried this costs least in the whole plan"}


def _cost(problem: Problem, run: Run) -> dict[str, float]:
    days = simulate(value_days(problem), run)
    terms = {
        "staff": per_minute(problem, run.lanes) * run.minutes,
        "waiting": problem.weights.waiting * days.waiting(run.end),
        "missed": problem.weights.missed * days.missed(run.end),
        "walking": problem.weights.walking * walking(problem, run.slots),
    }
    return {"total": round(sum(terms.values()), 6), **{name: round(term, 6) for name, term in terms.items()}}


def _with_lanes(problem: Problem, run: Run, lanes: Layout) -> dict[str, Any]:
    """The same people with other lanes, in the best run of these."""
    parts = _parts(run)
    window = float(problem.close[run.station] - problem.open[run.station])
    shaped = shape(value_days(problem), run.station, lanes, parts, window)
    if shaped is None:
        return {"lanes": lanes[-1], "code": "too_few", "extra": None, "text": "not all people would fit"}
    cost = _cost(problem, run)
    extra = shaped.cost - (cost["total"] - cost["walking"])
    text = f"{abs(extra):.1f} {'more' if extra >= 0 else 'less'} for staff and waiting"
    return {"lanes": lanes[-1], "code": "lanes", "extra": round(extra, 6), "text": text}


def _parts(run: Run) -> list[Part]:
    slots = sorted(run.slots, key=lambda slot: (slot.building, slot.first))
    return [Part(slot.building, slot.first, slot.people) for slot in slots]

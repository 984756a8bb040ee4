"""An independent reading of the roster question, in plain Python, and the best plan by trying all."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from tests.planning.oracle import kilometres

Data = dict[str, Any]
Plan = dict[tuple[str, str], tuple[str, str]]  # person and shift to post and skill
RULES = {"min_rest_hours": 11, "max_shifts_7_days": 5, "max_nights_in_row": 2, "max_hours_day": 8}


def plan_of(answer: Data) -> Plan:
    entries = answer["assignments"]
    plan = {(e["person"], e["shift"]): (e["post"], e["skill"]) for e in entries}
    assert len(plan) == len(entries), "somebody works twice in a shift"
    return plan


def is_fit(data: Data, names: set[str]) -> bool:
    """Whether one person may work these shifts."""
    rules = {**RULES, **data.get("rules", {})}
    shifts = [shift for shift in data["shifts"] if shift["id"] in names]
    times = [(datetime.fromisoformat(s["start"]), datetime.fromisoformat(s["end"])) for s in shifts]
    for one, other in itertools.combinations(times, 2):
        first, last = sorted([one, other])
        if last[0] - first[1] < timedelta(hours=rules["min_rest_hours"]):
            return False
    for begin, _ in times:
        if (
            sum(begin <= other < begin + timedelta(hours=168) for other, _ in times)
            > rules["max_shifts_7_days"]
        ):
            return False
    nights = {begin.date() for (begin, _), s in zip(times, shifts, strict=True) if s.get("night")}
    row = rules["max_nights_in_row"]
    if any(all(night + timedelta(days=n) in nights for n in range(row + 1)) for night in nights):
        return False
    hours: Counter[Any] = Counter()
    for begin, end in times:
        while begin < end:
            hours[begin.date()] += 0.25
            begin += timedelta(minutes=15)
    return max(hours.values(), default=0) <= rules["max_hours_day"]


def is_allowed(data: Data, plan: Plan) -> bool:
    people = {person["id"]: person for person in data["people"]}
    for (name, shift), (_, skill) in plan.items():
        able = skill == "any" or skill in people[name].get("skills", [])
        if not able or shift in people[name].get("unavailable", []):
            return False
    served = Counter((post, shift, skill) for (_, shift), (post, skill) in plan.items())
    asked: Counter[tuple[str, str, str]] = Counter()
    for d in data["demands"]:
        asked[d["post"], d["shift"], d["skill"]] += d["count"]
    kept = all(plan.get((k["person"], k["shift"])) == (k["post"], k["skill"]) for k in data.get("locked", []))
    whole = all(is_fit(data, {shift for name, shift in plan if name == person}) for person in people)
    return kept and whole and all(count <= asked[place] for place, count in served.items())


def terms(data: Data, plan: Plan) -> dict[str, float]:
    """The objective's terms as the contract states them."""
    weights = {"unmet": [400, 200, 100], "travel": 1, "uneven": 1, "change": 30, **data.get("weights", {})}
    people, posts = ({entry["id"]: entry for entry in data[kind]} for kind in ("people", "posts"))
    nights = {shift["id"] for shift in data["shifts"] if shift.get("night")}
    served = Counter((post, shift, skill) for (_, shift), (post, skill) in plan.items())
    unmet = travel = uneven = 0.0
    for demand in sorted(data["demands"], key=lambda demand: demand.get("priority", 2)):
        place = demand["post"], demand["shift"], demand["skill"]
        filled = min(served[place], demand["count"])
        served[place] -= filled
        unmet += weights["unmet"][demand.get("priority", 2) - 1] * (demand["count"] - filled)
    for (name, _), (post, _) in plan.items():
        way = kilometres({"buildings": [], "detour": data.get("detour", 1.35)}, people[name], posts[post])
        travel += way / data.get("speed_kmh", 30) * 60
    for name in people:
        mine = [shift for person, shift in plan if person == name]
        uneven += 4 * sum(shift in nights for shift in mine) ** 2 + 3 * max(0, len(mine) - 4) ** 2
    found = {"unmet": unmet, "travel": weights["travel"] * travel, "uneven": weights["uneven"] * uneven}
    if "previous" in data:
        found["changes"] = weights["change"] * float(len(lost(data, plan)))
    return found


def lost(data: Data, plan: Plan) -> list[Data]:
    """What of the earlier plan could have stayed and has not."""
    people = {person["id"]: person for person in data["people"]}
    asked = {(d["post"], d["shift"], d["skill"]) for d in data["demands"] if d["count"]}
    found = []
    for entry in data["previous"]["assignments"]:
        person, skill = people.get(entry["person"], {"unavailable": [entry["shift"]]}), entry["skill"]
        able = skill == "any" or skill in person.get("skills", [])
        possible = able and entry["shift"] not in person.get("unavailable", [])
        still_asked = (entry["post"], entry["shift"], skill) in asked
        if possible and still_asked and plan.get((entry["person"], entry["shift"])) != (entry["post"], skill):
            found.append(entry)
    return found


def total(data: Data, plan: Plan) -> float:
    return math.fsum(terms(data, plan).values())


def best(data: Data) -> float:
    """The least total over every plan there is."""
    places: dict[str, list[tuple[str, str]]] = {shift["id"]: [] for shift in data["shifts"]}
    for d in data["demands"]:
        if (d["post"], d["skill"]) not in places[d["shift"]]:
            places[d["shift"]].append((d["post"], d["skill"]))
    options = []
    for person in data["people"]:
        mine = []
        for pick in itertools.product(*[[None, *seats] for seats in places.values()]):
            part = {(person["id"], shift): seat for shift, seat in zip(places, pick, strict=True) if seat}
            if is_allowed({**data, "people": [person], "locked": []}, part):
                mine.append(part)
        options.append(mine)
    least = math.inf
    for parts in itertools.product(*options):
        plan = {key: seat for part in parts for key, seat in part.items()}
        if is_allowed(data, plan):
            least = min(least, total(data, plan))
    return least

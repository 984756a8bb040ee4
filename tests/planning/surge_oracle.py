"""An independent reading of the surge objective, in plain Python, and the best plan by trying all."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from datetime import datetime
from typing import Any

Plan = dict[str, tuple[str, str, str]]  # volunteer to post, slot, skill; who stays is missing
UNMET = {1: 600.0, 2: 300.0, 3: 150.0}


def minutes(data: dict[str, Any], muster: dict[str, Any], post: dict[str, Any]) -> float:
    """By the spherical law of cosines in its stable form, times the detour, at the speed."""
    lat, end = math.radians(muster["lat"]), math.radians(post["lat"])
    turn = math.radians(post["lon"] - muster["lon"])
    across = math.hypot(
        math.cos(end) * math.sin(turn),
        math.cos(lat) * math.sin(end) - math.sin(lat) * math.cos(end) * math.cos(turn),
    )
    along = math.sin(lat) * math.sin(end) + math.cos(lat) * math.cos(end) * math.cos(turn)
    km = 6371.0088 * math.atan2(across, along) * float(data.get("detour", 1.35))
    return km / float(data.get("speed_kmh", 30)) * 60


def terms(data: dict[str, Any], plan: Plan) -> dict[str, float]:
    weights = {"unmet": [600, 300, 150], "travel": 1, "split": 20, "change": 30, **data.get("weights", {})}
    people = {v["id"]: v for v in data["volunteers"]}
    musters = {m["id"]: m for m in data["musters"]}
    posts = {p["id"]: p for p in data["posts"]}
    left = Counter(plan.values())
    unmet = 0.0
    for demand in sorted(data["demands"], key=lambda d: int(d["priority"])):
        place = demand["post"], demand["slot"], demand["skill"]
        met = min(left[place], demand["count"])
        left[place] -= met
        unmet += weights["unmet"][demand["priority"] - 1] * (demand["count"] - met)
    assert not +left, "more people than places"
    travel = sum(
        minutes(data, musters[people[name]["muster"]], posts[place[0]]) for name, place in plan.items()
    )
    teams = {(people[name]["unit"], place[0], place[1]) for name, place in plan.items()}
    found = {
        "unmet": unmet,
        "travel": weights["travel"] * travel,
        "split": float(weights["split"] * len(teams)),
    }
    if "previous" in data:
        found["changes"] = float(weights["change"] * _moved(data, plan))
    return found


def _moved(data: dict[str, Any], plan: Plan) -> int:
    """People whose place before is still asked of them, and who are now elsewhere or nowhere."""
    people = {v["id"]: v for v in data["volunteers"]}
    asked = {(d["post"], d["slot"], d["skill"]) for d in data["demands"] if d["count"]}
    moved = 0
    for entry in data["previous"]["assignments"]:
        place, person = (entry["post"], entry["slot"], entry["skill"]), people.get(entry["volunteer"])
        if person and place in asked and can(data, person, place):
            moved += plan.get(entry["volunteer"]) != place
    return moved


def can(data: dict[str, Any], person: dict[str, Any], place: tuple[str, str, str]) -> bool:
    slot = next(slot for slot in data["slots"] if slot["id"] == place[1])
    start, end, first, last = (
        instant(data, t) for t in (slot["start"], slot["end"], person["from"], person["to"])
    )
    there = first <= start and end <= last
    return there and (place[2] == "any" or place[2] in person.get("skills", []))


def instant(data: dict[str, Any], time: str | float) -> float:
    if isinstance(time, str):
        return datetime.fromisoformat(time).timestamp() / 60
    return time + (instant(data, data["start"]) if "start" in data else 0)


def total(data: dict[str, Any], plan: Plan) -> float:
    return sum(terms(data, plan).values())


def plan_of(answer: dict[str, Any]) -> Plan:
    return {a["volunteer"]: (a["post"], a["slot"], a["skill"]) for a in answer["assignments"]}


def check(data: dict[str, Any], answer: dict[str, Any]) -> None:
    """Every rule and every number of an answer; AssertionError if one is wrong."""
    plan = plan_of(answer)
    assert len(plan) == len(answer["assignments"]), "somebody is sent twice"
    people = {v["id"]: v for v in data["volunteers"]}
    assert all(can(data, people[name], place) for name, place in plan.items())
    for lock in data.get("locked", []):
        assert plan[lock["volunteer"]] == (lock["post"], lock["slot"], lock["skill"])
    expected = terms(data, plan)
    value = answer["value"]
    assert set(value) == {"total", *expected}
    for name, term in expected.items():
        assert abs(value[name] - term) <= 1e-6 * max(1.0, term), name
    assert answer["bound"] <= value["total"] + 1e-6
    wanted = sum(d["count"] for d in data["demands"])
    assert sum(entry["how_many"] for entry in answer["unmet"]) == wanted - len(plan)
    assert all(entry["reason"] and entry["would_help"] and entry["how_many"] for entry in answer["unmet"])


def best(data: dict[str, Any]) -> float:
    """The least total over every plan there is."""
    places = [(d["post"], d["slot"], d["skill"]) for d in data["demands"]]
    room: Counter[tuple[str, str, str]] = Counter()
    for demand, place in zip(data["demands"], places, strict=True):
        room[place] += demand["count"]
    locked = {
        lock["volunteer"]: (lock["post"], lock["slot"], lock["skill"]) for lock in data.get("locked", [])
    }
    choices = [
        [locked[v["id"]]] if v["id"] in locked else [None, *(p for p in room if can(data, v, p))]
        for v in data["volunteers"]
    ]
    least = math.inf
    for pick in itertools.product(*choices):
        plan = {v["id"]: place for v, place in zip(data["volunteers"], pick, strict=True) if place}
        if all(count <= room[place] for place, count in Counter(plan.values()).items()):
            least = min(least, total(data, plan))
    return least

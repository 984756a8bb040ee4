"""An independent reading of a round's rules and value, person by person, in plain Python."""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from datetime import datetime
from typing import Any

from tests.planning.oracle import kilometres

Data = dict[str, Any]
WORD = 2**64
ORIGIN = datetime.fromisoformat("2022-02-20T00:00+08:00")
DEFAULTS = {
    "no_show": 0.0,
    "late": 0.05,
    "late_minutes": 15,
    "service_spread": 0.5,
    "slot_minutes": 15,
    "max_wait_minutes": 15,
    "door_visit_minutes": 4,
}


def mix(x: int) -> int:
    x = (x + 0x9E3779B97F4A7C15) % WORD
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) % WORD
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) % WORD
    return x ^ (x >> 31)


def u(day: int, building: int, person: int, draw: int) -> float:
    return (mix(mix(mix(64 * day + draw) ^ building) ^ person) >> 11) / 2**53


def minute(moment: str | float) -> float:
    if not isinstance(moment, str):
        return float(moment)
    return (datetime.fromisoformat(moment) - ORIGIN).total_seconds() / 60


def given(data: Data, key: str) -> float:
    return float(data.get(key, DEFAULTS[key]))


def stages(data: Data) -> list[Data]:
    return data.get("stages") or [
        {"id": None, "service_seconds": data["service_seconds"], "staff_per_lane": data["staff_per_lane"]}
    ]


def team(data: Data) -> Counter[str]:
    if "staff_per_team" in data:
        return Counter(data["staff_per_team"])
    return sum((Counter(stage["staff_per_lane"]) for stage in stages(data)), Counter())


def on_foot(data: Data, start: Data, end: Data) -> float:
    return kilometres({**data, "buildings": []}, start, end) / float(data.get("speed_kmh", 4.5)) * 60


def lanes_of(data: Data, station: Data) -> list[int]:
    return [
        station["stages"][stage["id"]] if "stages" in data else station["lanes"] for stage in stages(data)
    ]


def of(things: list[Data], name: str) -> Data:
    return next(thing for thing in things if thing["id"] == name)


def terms(data: Data, answer: Data) -> dict[str, float]:
    """The value's terms as docs/planning/round.md states them, weights left at their defaults."""
    missed = float(sum(building["people"] for building in data["buildings"]))
    missed -= sum(entry["people"] for entry in [*answer["slots"], *answer["door_to_door"]])
    waiting = staff = walking = 0.0
    for station in answer["stations"]:
        late, waited = queue(data, answer, station)
        missed, waiting = missed + late, waiting + waited
        staff += sum(station["staff"].values()) * (minute(station["to"]) - minute(station["from"]))
    for out in answer["teams"]:
        staff += sum(out["staff"].values()) * (minute(out["to"]) - minute(out["from"]))
    for slot in answer["slots"]:
        way = on_foot(data, of(data["buildings"], slot["building"]), of(data["stations"], slot["station"]))
        walking += slot["people"] * (1 - given(data, "no_show")) * way
    found = {"missed": 1000 * missed, "staff": staff, "waiting": waiting, "walking": walking}
    return found | ({"changes": 2.0 * moved(data, answer)} if "previous" in data else {})


def queue(data: Data, answer: Data, station: Data) -> tuple[float, float]:
    """(people, person-minutes) on a mean day: who is not done at the end, who waits."""
    rows = [building["id"] for building in data["buildings"]]
    spread, late, waited = given(data, "service_spread"), 0, 0.0
    opens, closes = minute(station["from"]), minute(station["to"])
    for day in range(32):
        people, numbers = [], Counter[str]()
        for slot in answer["slots"]:
            first = numbers[slot["building"]]
            numbers[slot["building"]] += slot["people"]
            row = rows.index(slot["building"])
            if slot["station"] == station["id"]:
                people += [
                    (arrival(data, slot, day, row, p), row, p) for p in range(first, first + slot["people"])
                ]
        coming = [(at, row, p) for at, row, p in people if at is not None]
        for stage, lanes in enumerate(lanes_of(data, station)):
            seconds, free, then = stages(data)[stage]["service_seconds"], [opens] * lanes, []
            for at, row, p in sorted(coming):
                begin = max(at, heapq.heappop(free))
                need = seconds / 60 * (1 + spread * (2 * u(day, row, p, 3 + stage) - 1))
                heapq.heappush(free, begin + need)
                waited += max(0.0, min(begin, closes) - at)
                then.append((begin + need, row, p))
            coming = then
        late += sum(end > closes for end, _, _ in coming)
    return late / 32, waited / 32


def arrival(data: Data, slot: Data, day: int, row: int, p: int) -> float | None:
    if u(day, row, p, 0) < given(data, "no_show"):
        return None
    start, end, place = minute(slot["start"]), minute(slot["end"]), u(day, row, p, 2)
    if u(day, row, p, 1) < given(data, "late"):
        return end + place * given(data, "late_minutes")
    return start + place * (end - start)


def moved(data: Data, answer: Data) -> int:
    def by_slot(slots: list[Data], name: str) -> Counter[tuple[Any, ...]]:
        found = Counter[tuple[Any, ...]]()
        for slot in slots:
            if slot["building"] == name:
                found[slot["station"], minute(slot["start"]), minute(slot["end"])] += slot["people"]
        return found

    total = 0
    for building in data["buildings"]:
        old = by_slot(data["previous"]["slots"], building["id"])
        kept = (old & by_slot(answer["slots"], building["id"])).total()
        total += max(0, min(old.total(), building["people"] - building["homebound"]) - kept)
    return total


def broken(data: Data, answer: Data) -> list[str]:
    """Rules of docs/planning/round.md that the plan breaks, in words."""
    found = [] if len({one["id"] for one in answer["stations"]}) == len(answer["stations"]) else ["twice"]
    at_work = []
    for station in answer["stations"]:
        found += _station(data, answer, station)
        at_work.append((minute(station["from"]), minute(station["to"]), Counter(station["staff"])))
    for out in answer["teams"]:
        found += _team(data, answer, out)
        at_work.append((minute(out["from"]), minute(out["to"]), Counter(out["staff"])))
    for moment, _, _ in at_work:
        now = sum((staff for start, end, staff in at_work if start <= moment < end - 1e-6), Counter())
        found += [f"{moment}: {role}" for role in now if now[role] > data["staff"][role]]
    for building in data["buildings"]:
        name = building["id"]
        booked = sum(slot["people"] for slot in answer["slots"] if slot["building"] == name)
        visited = sum(visit["people"] for visit in answer["door_to_door"] if visit["building"] == name)
        found += [f"{name}: slots"] if booked > building["people"] - building["homebound"] else []
        found += [f"{name}: visits"] if visited > building["homebound"] else []
    return found


def _station(data: Data, answer: Data, station: Data) -> list[str]:
    there, name, lanes = of(data["stations"], station["id"]), station["id"], lanes_of(data, station)
    start, end = minute(station["from"]), minute(station["to"])
    closes = min(minute(there["close"]), minute(data["deadline"]))
    found = [] if minute(there["open"]) - 0.02 <= start < end <= closes + 0.02 else [f"{name}: hours"]
    found += [] if min(lanes) >= 1 and lanes[-1] <= there["max_lanes"] else [f"{name}: lanes"]
    staff = Counter[str]()
    for stage, count in zip(stages(data), lanes, strict=True):
        for role, each in stage["staff_per_lane"].items():
            staff[role] += each * count
    found += [] if +staff == Counter(station["staff"]) else [f"{name}: staff"]
    slots = [slot for slot in answer["slots"] if slot["station"] == name]
    for slot in slots:
        first, last = minute(slot["start"]), minute(slot["end"])
        held = start - 0.02 <= first and last <= end + 0.02 and slot["people"] >= 1
        found += [] if held and last - first >= given(data, "slot_minutes") - 0.02 else [f"{name}: slot"]
    wait = backlog(data, lanes, slots)
    return found + ([f"{name}: {wait} minutes"] if wait > given(data, "max_wait_minutes") + 0.02 else [])


def backlog(data: Data, lanes: list[int], slots: list[Data]) -> float:
    """Longest wait in minutes if all goes as expected."""
    rate = min(n * 60 / stage["service_seconds"] for n, stage in zip(lanes, stages(data), strict=True))
    marks = sorted({minute(slot[key]) for slot in slots for key in ("start", "end")})
    behind = longest = 0.0
    for first, last in itertools.pairwise(marks):
        comes = sum(
            slot["people"] * (1 - given(data, "no_show")) / (minute(slot["end"]) - minute(slot["start"]))
            for slot in slots
            if minute(slot["start"]) <= first and last <= minute(slot["end"])
        )
        behind = max(0.0, behind + (comes - rate) * (last - first))
        longest = max(longest, behind)
    return longest / rate


def _team(data: Data, answer: Data, out: Data) -> list[str]:
    visits = [visit for visit in answer["door_to_door"] if visit["team"] == out["id"]]
    found = [] if Counter(out["staff"]) == +team(data) else [f"{out['id']}: staff"]
    opens = min(minute(station["open"]) for station in data["stations"])
    found += [f"{out['id']}: early"] if minute(out["from"]) < opens - 0.02 else []
    ways = [min(on_foot(data, one, of(data["buildings"], visits[0]["building"])) for one in data["stations"])]
    ways += [
        0.0
        if one["building"] == two["building"]
        else on_foot(data, *(of(data["buildings"], each["building"]) for each in (one, two)))
        for one, two in itertools.pairwise(visits)
    ]
    ways.append(
        min(on_foot(data, of(data["buildings"], visits[-1]["building"]), one) for one in data["stations"])
    )
    leaves = [minute(out["from"]), *[minute(visit["end"]) for visit in visits]]
    comes = [*[minute(visit["start"]) for visit in visits], minute(out["to"])]
    for way, leave, come in zip(ways, leaves, comes, strict=True):
        found += [f"{out['id']}: way"] if come - leave < way - 0.02 else []
    for visit in visits:
        building = of(data["buildings"], visit["building"])
        each = min(building["homebound"], max(building["households"], 1)) / building["homebound"]
        least = visit["people"] * given(data, "door_visit_minutes") * each
        long = minute(visit["end"]) - minute(visit["start"]) >= least - 0.02
        in_time = minute(visit["end"]) <= minute(data["deadline"]) + 0.02
        found += [] if long and in_time else [f"{visit['building']}: visit"]
    return found

"""Random inputs of each kind for Hypothesis: small, awkward, and one in four with something broken in it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Data = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

SKILLS = ("medic", "register")
NOTHING: list[Any] = [None, True, "", [], {}, "x", [1], {"id": "b1"}]
NUMBERS: list[Any] = [-1, 0.5, 10**9, 10**400, float("nan")]
NONSENSE = st.sampled_from([*NOTHING, *NUMBERS, "b1", "2022-02-20T25:00+08:00"])


def at(minutes: int) -> str:
    """Minutes after midnight, over a few days."""
    day, minute = divmod(minutes, 1440)
    return f"2022-02-{20 + day:02d}T{minute // 60:02d}:{minute % 60:02d}+08:00"


def some(least: int, most: int) -> st.SearchStrategy[int]:
    return st.integers(least, most)


def place(draw: Draw) -> Data:
    """On a grid of a few places, so that many coincide."""
    return {"lon": 120.9 + 0.01 * draw(some(0, 4)), "lat": 31.3 + 0.01 * draw(some(0, 2))}


def named(draw: Draw, prefix: str, most: int, make: Callable[[], Data], least: int = 0) -> list[Data]:
    return [{"id": f"{prefix}{n + 1}", **make()} for n in range(draw(some(least, most)))]


def one_of(draw: Draw, things: list[Data]) -> str:
    return str(draw(st.sampled_from(things))["id"])


def span(draw: Draw, first: str, last: str, days: int = 1) -> Data:
    start = 30 * draw(some(0, 47 * days))
    return {first: at(start), last: at(start + 30 * draw(some(0, 24)))}


def skills(draw: Draw) -> list[str]:
    return sorted(draw(st.sets(st.sampled_from(SKILLS))))


def coverage(draw: Draw) -> Data:
    buildings = named(draw, "b", 6, lambda: {"households": draw(some(0, 90)), **place(draw)})
    data: Data = {"kind": "coverage", "buildings": buildings}
    data["stewards"] = named(
        draw, "s", 4, lambda: {"max_buildings": draw(some(0, 3)), **_home(draw, buildings)}
    )
    if buildings and data["stewards"] and draw(st.booleans()):
        lock = {"building": one_of(draw, buildings), "steward": one_of(draw, data["stewards"])}
        data["locked"] = [lock]
    return data


def _home(draw: Draw, buildings: list[Data]) -> Data:
    if buildings and draw(st.booleans()):
        return {"home_building": one_of(draw, buildings)}
    return place(draw) if draw(st.booleans()) else {}


def surge(draw: Draw) -> Data:
    musters, posts = (named(draw, prefix, 2, lambda: place(draw), least=1) for prefix in "mp")
    slots = named(draw, "t", 3, lambda: span(draw, "start", "end"), least=1)
    people = named(
        draw,
        "v",
        7,
        lambda: {
            "unit": draw(st.sampled_from(["u1", "u2"])),
            "muster": one_of(draw, musters),
            "skills": skills(draw),
            **({"from": at(0), "to": at(2880)} if draw(st.booleans()) else span(draw, "from", "to")),
        },
    )
    data = {"kind": "surge", "musters": musters, "posts": posts, "slots": slots, "volunteers": people}
    return data | {"demands": _demands(draw, posts, slots, "slot")}


def _demands(draw: Draw, posts: list[Data], times: list[Data], when: str) -> list[Data]:
    """No two of one place."""
    places = [
        (post["id"], time["id"], skill) for post in posts for time in times for skill in ("any", *SKILLS)
    ]
    chosen = draw(st.lists(st.sampled_from(places), max_size=6, unique=True))
    return [
        {"post": post, when: time, "skill": skill, "count": draw(some(0, 3)), "priority": draw(some(1, 3))}
        for post, time, skill in chosen
    ]


def roster(draw: Draw) -> Data:
    posts = named(draw, "p", 2, lambda: place(draw), least=1)
    shifts = named(
        draw, "t", 7, lambda: {**span(draw, "start", "end", days=4), "night": draw(st.booleans())}, least=1
    )
    ids = [shift["id"] for shift in shifts]
    people = named(
        draw,
        "v",
        4,
        lambda: {
            "skills": skills(draw),
            **place(draw),
            "unavailable": sorted(draw(st.sets(st.sampled_from(ids), max_size=2))),
        },
    )
    rules = {
        "min_rest_hours": draw(some(0, 16)),
        "max_shifts_7_days": draw(some(0, 6)),
        "max_nights_in_row": draw(some(0, 3)),
        "max_hours_day": draw(some(4, 24)),
    }
    data: Data = {"kind": "roster", "posts": posts, "shifts": shifts, "people": people}
    return data | {"demands": _demands(draw, posts, shifts, "shift"), "rules": rules}


def buses(draw: Draw) -> Data:
    musters, posts, depots = (named(draw, prefix, 2, lambda: place(draw), least=1) for prefix in "mpd")
    groups = named(
        draw,
        "g",
        5,
        lambda: {
            "muster": one_of(draw, musters),
            "post": one_of(draw, posts),
            "count": draw(some(0, 40)),
            **span(draw, "ready", "due"),
        },
    )
    vehicles = named(
        draw,
        "c",
        3,
        lambda: {
            "seats": draw(some(0, 30)),
            "depot": one_of(draw, depots),
            **(
                {"available_from": at(0), "available_to": at(2880)}
                if draw(st.booleans())
                else span(draw, "available_from", "available_to")
            ),
        },
    )
    data: Data = {"kind": "buses", "musters": musters, "posts": posts, "depots": depots}
    return data | {"groups": groups, "vehicles": vehicles}


def round(draw: Draw) -> Data:
    buildings = named(
        draw,
        "b",
        3,
        lambda: {
            "households": draw(some(0, 20)),
            "people": (people := draw(some(0, 60))),
            "homebound": draw(some(0, min(people, 3))),
            **place(draw),
        },
    )
    stations = named(
        draw, "s", 2, lambda: {**place(draw), "max_lanes": draw(some(1, 3)), **span(draw, "open", "close")}
    )
    data: Data = {"kind": "round", "buildings": buildings, "stations": stations}
    data |= {
        "staff": {"swab": draw(some(0, 5)), "scan": draw(some(0, 3))},
        "deadline": at(30 * draw(some(0, 60))),
    }
    data["no_show"] = draw(st.sampled_from([0, 0.1, 0.5]))
    if draw(st.booleans()):
        stages = (
            {"id": role, "service_seconds": draw(some(10, 90)), "staff_per_lane": {role: 1}}
            for role in ("scan", "swab")
        )
        return data | {"stages": list(stages)}
    return data | {
        "service_seconds": draw(some(10, 90)),
        "staff_per_lane": {"swab": 1, "scan": draw(some(0, 1))},
    }


def match(draw: Draw) -> Data:
    return {
        "kind": "match",
        "needs": named(
            draw,
            "n",
            6,
            lambda: _side(draw) | {"urgency": draw(some(1, 3)), "since": at(60 * draw(some(0, 9)))},
        ),
        "offers": named(
            draw,
            "o",
            6,
            lambda: (
                _side(draw)
                | {"until": at(60 * draw(some(5, 20))), "helper": draw(st.sampled_from(["li", "wu"]))}
            ),
        ),
        "same_building_first": draw(st.booleans()),
    }


def _side(draw: Draw) -> Data:
    building = draw(some(0, 3))
    return {
        "category": draw(st.sampled_from(["food", "medicine"])),
        "quantity": draw(some(0, 4)),
        "building": f"b{building}",
        "floor": draw(some(1, 20)),
        "lon": 120.9 + 0.002 * building,
        "lat": 31.3,
    }


MAKERS: dict[str, Callable[[Draw], Data]] = {
    "coverage": coverage,
    "surge": surge,
    "roster": roster,
    "buses": buses,
    "round": round,
    "match": match,
}


def spots(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a JSON value where something can be put: (list or object, index or key)."""
    if not isinstance(value, dict | list):
        return []
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    return [(value, key) for key in keys] + [spot for key in keys for spot in spots(value[key])]


# What locks name, and what weights there are beside "unmet" (three numbers) and "change".
LOCKS = {
    "coverage": {"building": "buildings", "steward": "stewards"},
    "surge": {"volunteer": "volunteers", "demand": "demands"},
    "roster": {"person": "people", "demand": "demands"},
    "buses": {"group": "groups", "vehicle": "vehicles"},
    "round": {"building": "buildings", "station": "stations"},
    "match": {"need": "needs", "offer": "offers"},
}
WEIGHTS = {
    "coverage": ("uncovered", "uneven", "walking"),
    "surge": ("unmet", "travel", "split"),
    "roster": ("unmet", "travel", "uneven"),
    "buses": ("left", "late", "driving", "trips", "vehicles"),
    "round": ("missed", "staff", "waiting", "walking"),
    "match": ("unmet", "distance", "load"),
}


def lock(draw: Draw, data: Data) -> Data:
    """Something that exists with something else that exists; often not allowed together."""
    found: Data = {}
    for key, things in LOCKS[data["kind"]].items():
        chosen = draw(st.sampled_from(data[things]))
        names = ("post", "slot", "shift", "skill")
        found |= (
            {name: chosen[name] for name in names if name in chosen}
            if key == "demand"
            else {key: chosen["id"]}
        )
    return found | ({"quantity": draw(some(1, 3))} if data["kind"] == "match" else {})


def weights(draw: Draw, kind: str) -> Data:
    chosen = draw(st.sets(st.sampled_from((*WEIGHTS[kind], "change"))))
    numbers = {name: draw(st.sampled_from([0, 0.5, 7, 300])) for name in sorted(chosen)}
    return numbers | ({"unmet": [500, 250.5, draw(some(0, 90))]} if "unmet" in chosen else {})


def matrix(draw: Draw, data: Data) -> Data:
    """Ways that nobody could draw: shorter by a detour, and longer there than back (but between two homes)."""
    things = (one for key in data for one in (data[key] if isinstance(data[key], list) else ()))
    ids = sorted({one["id"] for one in things if "lon" in one or "max_buildings" in one} | {"b1", "b2"})
    rows, columns = range(len(ids)), range(len(ids))
    back = 7 if data["kind"] == "match" else 3
    km = [[(7 * row + back * column) % 11 / 2 for column in columns] for row in rows]
    minutes = [[(7 * row + back * column) % 13 for column in columns] for row in rows]
    return {"ids": ids, "km": km, **({"minutes": minutes} if draw(st.booleans()) else {})}


def in_minutes(value: Any) -> Any:
    """The same with bare minutes for times."""
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        parts = {key: in_minutes(part) for key, part in pairs}
        return parts if isinstance(value, dict) else list(parts.values())
    if isinstance(value, str) and value.startswith("2022-02-"):
        return 1440 * (int(value[8:10]) - 20) + 60 * int(value[11:13]) + int(value[14:16])
    return value


@st.composite
def inputs(draw: Draw, kind: str, *, hostile: bool = True) -> Data:
    """An input of this kind; one hostile in four has a value of another type, out of range, or from elsewhere in it."""
    data = MAKERS[kind](draw)
    if draw(some(0, 2)) == 2 and all(data[things] for things in LOCKS[kind].values()):
        data["locked"] = [lock(draw, data) for _ in range(draw(some(1, 2)))]
    if draw(some(0, 2)) == 2:
        data["weights"] = weights(draw, kind)
    if draw(some(0, 3)) == 3:
        data["matrix"] = matrix(draw, data)
    if draw(some(0, 3)) == 3:
        data = in_minutes(data) | draw(st.sampled_from([{}, {"start": "2022-02-20T06:00+08:00"}]))
    if hostile and draw(some(0, 3)) == 3:
        target, key = draw(st.sampled_from(spots(data)))
        target[key] = copy.deepcopy(draw(NONSENSE))
    return data


@st.composite
def changed(draw: Draw, data: Data) -> Data:
    """What may have become of an input overnight: one thing less in some of its lists, and other weights."""
    after = copy.deepcopy(data)
    for value in after.values():
        if isinstance(value, list) and value and draw(st.booleans()):
            value.pop(draw(some(0, len(value) - 1)))
    kind = str(after["kind"])
    return after | ({"weights": weights(draw, kind)} if draw(st.booleans()) else {})

"""An invented city of volunteers, at once, ten or a hundred times the size of the night in Kunshan.

Eleven towns stand where Kunshan's are; people, units, posts and coaches are invented. The same seed and size
give the same city, and `surge`, `roster` and `buses` are three questions about it, as JSON-like input.
Ten times the size is ten such cities side by side (56 km apart, ten in a row), not one ten times as dense: towns and
cities are independent, and how a planner grows with their number is what a benchmark of size asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Town centres (WGS84, rounded to 100 m) and their part of the city's people.
TOWNS: dict[str, tuple[float, float, float]] = {
    "玉山": (120.958, 31.386, 0.27),
    "开发区": (121.003, 31.379, 0.19),
    "周市": (120.983, 31.455, 0.11),
    "花桥": (121.094, 31.300, 0.10),
    "张浦": (120.932, 31.277, 0.09),
    "巴城": (120.873, 31.452, 0.07),
    "陆家": (121.047, 31.318, 0.06),
    "千灯": (121.003, 31.263, 0.05),
    "淀山湖": (121.023, 31.181, 0.03),
    "锦溪": (120.925, 31.166, 0.02),
    "周庄": (120.847, 31.118, 0.01),
}
PEOPLE, UNITS, POSTS, GROUPS, COACHES = 2_639, 310, 120, 350, 60
SKILLS = ("medic", "register", "order", "supplies")
SHARE_OF_SKILL = (0.12, 0.55, 0.75, 0.40)  # of people who have it
NEED_OF_SKILL = (0.10, 0.35, 0.38, 0.17)  # of places that ask for it
DEGREE = np.array([1 / 95.0, 1 / 111.0])  # of longitude and latitude, for a kilometre near Kunshan
APART, ROW = 0.6, 10  # degrees between one city and its copy; cities side by side before the next row begins


@dataclass(frozen=True, eq=False)
class City:
    """Places (n, 2) in degrees; `town` rows say to which town (of cities x 11) each belongs."""

    cities: int
    homes: Floats
    home_town: npt.NDArray[np.int64]
    unit: npt.NDArray[np.int64]
    skills: npt.NDArray[np.bool_]
    unit_town: npt.NDArray[np.int64]
    posts: Floats
    post_town: npt.NDArray[np.int64]

    @property
    def towns(self) -> list[str]:
        names = list(TOWNS)
        return [f"{name}{copy + 1 if copy else ''}" for copy in range(self.cities) for name in names]


def city(cities: int = 1, seed: int = 0) -> City:
    rng = np.random.default_rng(seed)
    parts = [_one_city(rng, copy) for copy in range(cities)]
    return City(cities, *(np.concatenate([part[n] for part in parts]) for n in range(7)))


def _one_city(rng: np.random.Generator, copy: int) -> tuple[npt.NDArray[Any], ...]:
    share = np.array([town[2] for town in TOWNS.values()])
    sizes = rng.pareto(1.6, UNITS) + 0.25  # a few large units, many small ones
    unit = np.concatenate([np.arange(UNITS), rng.choice(UNITS, PEOPLE - UNITS, p=sizes / sizes.sum())])
    unit_town = rng.choice(len(TOWNS), UNITS, p=share)
    near = rng.random(PEOPLE) < 0.7  # live in the town where their unit is
    home_town = np.where(near, unit_town[unit], rng.choice(len(TOWNS), PEOPLE, p=share))
    post_town = np.concatenate([np.arange(len(TOWNS)), rng.choice(len(TOWNS), POSTS - len(TOWNS), p=share)])
    skills = rng.random((PEOPLE, len(SKILLS))) < np.array(SHARE_OF_SKILL)
    skills[~skills.any(axis=1), 2] = True
    offset = copy * len(TOWNS)
    return (
        _around(rng, home_town, copy),
        home_town + offset,
        unit + copy * UNITS,
        skills,
        unit_town + offset,
        _around(rng, post_town, copy),
        post_town + offset,
    )


def _around(rng: np.random.Generator, town: npt.NDArray[np.int64], copy: int) -> Floats:
    """Places strewn about the towns' centres: two thirds within 2 km."""
    centres = np.array([(lon, lat) for lon, lat, _ in TOWNS.values()]) + _offset(copy)
    return np.round(centres[town] + rng.normal(0, 1.3, (len(town), 2)) * DEGREE, 6)


def surge(cities: int = 1, seed: int = 0, **more: Any) -> dict[str, Any]:
    """2,639 people of 310 units, 120 posts, 6 slots of one night and day, 4 roles; about as many places as people.

    `more` goes into the input as it is.
    """
    here, rng = city(cities, seed), np.random.default_rng(seed + 1)
    hours = rng.choice(6, len(here.homes)) * 4
    spans = 4 + 4 * rng.integers(0, 4, len(here.homes))
    return {
        "kind": "surge",
        "musters": _musters(here),
        "posts": _posts(here, with_area=True),
        "slots": [{"id": f"s{n + 1}", "start": _at(4 * n), "end": _at(4 * n + 4)} for n in range(6)],
        "volunteers": [
            {
                "id": f"v{row + 1}",
                "unit": f"u{here.unit[row] + 1}",
                "muster": f"m{here.unit_town[here.unit[row]] + 1}",
                "skills": _skills(here, row),
                "from": _at(int(hours[row])),
                "to": _at(int(hours[row] + spans[row])),
            }
            for row in range(len(here.homes))
        ],
        "demands": _surge_demands(here, rng),
        **more,
    }


def _surge_demands(here: City, rng: np.random.Generator) -> list[dict[str, Any]]:
    demands = []
    size = rng.uniform(0.5, 1.6, len(here.posts))
    for post in range(len(here.posts)):
        for slot in range(6):
            for skill, part in zip(SKILLS, NEED_OF_SKILL, strict=True):
                count = int(rng.poisson(size[post] * part * 3.5))
                if count:
                    priority = int(rng.choice([1, 2, 3], p=[0.3, 0.5, 0.2]))
                    demands.append(_demand(post, "slot", f"s{slot + 1}", skill, count, priority))
    return demands


def roster(cities: int = 1, seed: int = 0, **more: Any) -> dict[str, Any]:
    """The same people over 7 days of 3 shifts (00, 08, 16 o'clock) at 120 posts; one in eight shifts they can't."""
    here, rng = city(cities, seed), np.random.default_rng(seed + 2)
    absent = rng.random((len(here.homes), 21)) < 0.125
    names = [f"d{day + 1}{part}" for day in range(7) for part in ("n", "d", "e")]
    return {
        "kind": "roster",
        "posts": _posts(here, with_area=False),
        "shifts": [
            {"id": name, "start": _at(8 * n), "end": _at(8 * n + 8), "night": n % 3 == 0}
            for n, name in enumerate(names)
        ],
        "people": [
            {
                "id": f"v{row + 1}",
                "skills": _skills(here, row),
                **_place(here.homes[row]),
                "unavailable": [names[n] for n in np.flatnonzero(absent[row])],
            }
            for row in range(len(here.homes))
        ],
        "demands": _roster_demands(here, rng, names),
        "rules": {"min_rest_hours": 11, "max_shifts_7_days": 5, "max_nights_in_row": 2, "max_hours_day": 8},
        **more,
    }


def _roster_demands(here: City, rng: np.random.Generator, names: Sequence[str]) -> list[dict[str, Any]]:
    demands = []
    size = rng.uniform(0.5, 1.6, len(here.posts))
    for post in range(len(here.posts)):
        for n, name in enumerate(names):
            busy = 0.5 if n % 3 == 0 else 1.1
            for skill, part in zip(SKILLS, NEED_OF_SKILL, strict=True):
                count = int(rng.poisson(size[post] * part * busy * 4.4))
                if count:
                    priority = int(rng.choice([1, 2, 3], p=[0.3, 0.5, 0.2]))
                    demands.append(_demand(post, "shift", name, skill, count, priority))
    return demands


def buses(cities: int = 1, seed: int = 0, **more: Any) -> dict[str, Any]:
    """350 groups (2,639 people) ready at 11 muster points through one night, 60 coaches of 3 depots."""
    here, rng = city(cities, seed), np.random.default_rng(seed + 3)
    return {
        "kind": "buses",
        "boarding_seconds": 6,
        "musters": _musters(here),
        "posts": _posts(here, with_area=False),
        "depots": [
            {"id": f"d{copy * 3 + n + 1}", **_place(np.array([lon, lat]) + _offset(copy))}
            for copy in range(cities)
            for n, (lon, lat) in enumerate(((120.94, 31.37), (121.05, 31.33), (120.93, 31.26)))
        ],
        "groups": [group for copy in range(cities) for group in _groups(here, rng, copy)],
        "vehicles": [
            {
                "id": f"bus{copy * COACHES + n + 1}",
                "seats": int((33, 39, 45, 50)[n % 4]),
                "depot": f"d{copy * 3 + n % 3 + 1}",
                "available_from": _at(0),
                "available_to": _at(9),
            }
            for copy in range(cities)
            for n in range(COACHES)
        ],
        **more,
    }


def _groups(here: City, rng: np.random.Generator, copy: int) -> list[dict[str, Any]]:
    """Most people go to a post in their own town or a neighbouring one, some across the city."""
    mine = np.flatnonzero(here.post_town // len(TOWNS) == copy)
    share = np.array([town[2] for town in TOWNS.values()])
    counts = np.ones(GROUPS, dtype=np.int64) + rng.multinomial(
        PEOPLE - GROUPS, rng.dirichlet(np.full(GROUPS, 2.0))
    )
    found = []
    for n in range(GROUPS):
        muster = int(rng.choice(len(TOWNS), p=share))
        centre = np.array([list(TOWNS.values())[muster][:2]]) + _offset(copy)
        near = np.exp(-np.abs((here.posts[mine] - centre) / DEGREE).sum(axis=1) / 12.0)
        ready = 15 * int(rng.integers(0, 17))  # minutes from midnight
        found.append(
            {
                "id": f"g{copy * GROUPS + n + 1}",
                "muster": f"m{copy * len(TOWNS) + muster + 1}",
                "post": f"p{int(rng.choice(mine, p=near / near.sum())) + 1}",
                "count": int(min(counts[n], 50)),
                "ready": _at(ready / 60),
                "due": _at(ready / 60 + 2),
            }
        )
    return found


def _offset(copy: int) -> Floats:
    """Degrees by which a copy stands east and north of the first city."""
    return np.array([copy % ROW * APART, copy // ROW * APART])


def _musters(here: City) -> list[dict[str, Any]]:
    towns = np.array([(lon, lat) for lon, lat, _ in TOWNS.values()])
    places = np.concatenate([towns + _offset(copy) for copy in range(here.cities)])
    return [{"id": f"m{row + 1}", **_place(place)} for row, place in enumerate(places)]


def _posts(here: City, *, with_area: bool) -> list[dict[str, Any]]:
    towns = here.towns
    return [
        {"id": f"p{row + 1}", **_place(place)} | ({"area": towns[here.post_town[row]]} if with_area else {})
        for row, place in enumerate(here.posts)
    ]


def _skills(here: City, row: int) -> list[str]:
    return [skill for skill, has in zip(SKILLS, here.skills[row], strict=True) if has]


def _demand(post: int, when: str, name: str, skill: str, count: int, priority: int) -> dict[str, Any]:
    return {"post": f"p{post + 1}", when: name, "skill": skill, "count": count, "priority": priority}


def _place(place: Floats) -> dict[str, float]:
    return {"lon": round(float(place[0]), 6), "lat": round(float(place[1]), 6)}


def _at(hours: float) -> str:
    """Hours after the first midnight, as local time of Kunshan."""
    minutes = round(hours * 60)
    day, minute = divmod(minutes, 24 * 60)
    return f"2022-02-{20 + day:02d}T{minute // 60:02d}:{minute % 60:02d}+08:00"

"""A compound like Tianchen Garden, and three questions about it, as JSON-like input: `coverage`, `sampling`, `relief`.

Its 25 buildings, 1,472 households and 17 officials are the demonstration's, all invented; nobody's name is in it.
Django must be set up before they can be drawn.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib import import_module
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from haitang.jobs.demonstration.neighbourhood import Compound, Household

DAY = "2022-02-20"
IN_NEED, OFFERS = ("22", "1403"), ("22", "1702")  # doors of the story
STATIONS = 4  # in the open between the rows of buildings
# Lanes that a station of Wuzhong district had on 14 February 2022, and how long one sample takes there: 995 lanes at
# 249 stations; one lane running smoothly samples 100 people an hour (the norms table, Beijing 2020).
LANES, SERVICE_SECONDS = 4, 36
CATEGORIES = ("food", "medicine", "errand", "repair")
# Per cent of needs by urgency. Of a city's 12,724 requests 62 per cent claimed the highest; researchers judged 12 so.
URGENCY = (12, 38, 50)


@cache
def garden() -> Compound:
    made: Compound = import_module("haitang.jobs.demonstration.neighbourhood").neighbourhood().garden
    return made


def coverage() -> dict[str, Any]:
    """Scene B4: the officials who live there take one or two buildings each."""
    here = garden()
    homes = Counter(home.building for home in here.households)
    officials = [home for home, person in here.helpers if person.unit]
    return {
        "kind": "coverage",
        "buildings": [
            {"id": f"b{one.number}", "households": homes[one.number], "lon": one.lon, "lat": one.lat}
            for one in here.buildings
        ],
        "stewards": [
            {"id": f"s{n}", "home_building": f"b{home.building}"} for n, home in enumerate(officials, 1)
        ],
    }


def sampling() -> dict[str, Any]:
    """Scene B2: everybody is sampled once, between seven in the morning and three in the afternoon."""
    here = garden()
    homes, people, homebound = Counter[str](), Counter[str](), Counter[str]()
    for home in here.households:
        homes[home.building] += 1
        people[home.building] += len(home.people)
        homebound[home.building] += sum("homebound" in person.flags for person in home.people)
    return {
        "kind": "round",
        "buildings": [
            {
                "id": f"b{one.number}",
                "households": homes[one.number],
                "people": people[one.number],
                "homebound": homebound[one.number],
                "lon": one.lon,
                "lat": one.lat,
            }
            for one in here.buildings
        ],
        "stations": [_station(n) for n in range(STATIONS)],
        "service_seconds": SERVICE_SECONDS,
        "staff": {"sampler": 20, "register": 12, "order": 12},
        "staff_per_lane": {"sampler": 1, "register": 1, "order": 1},
        "staff_per_team": {"sampler": 1, "register": 1},
        "deadline": f"{DAY}T15:00+08:00",
        "max_wait_minutes": 15,
        "no_show": 0.1,
        "door_visit_minutes": 4,
    }


def _station(n: int) -> dict[str, Any]:
    """A station in the middle of a quarter of the compound's buildings."""
    quarter = garden().buildings[n * 6 : n * 6 + 6] if n < STATIONS - 1 else garden().buildings[n * 6 :]
    return {
        "id": f"st{n + 1}",
        "lon": round(sum(one.lon for one in quarter) / len(quarter), 6),
        "lat": round(sum(one.lat for one in quarter) / len(quarter), 6),
        "max_lanes": LANES,
        "open": f"{DAY}T07:00+08:00",
        "close": f"{DAY}T19:00+08:00",
    }


def relief() -> dict[str, Any]:
    """Scene B6 among a day's others: vegetables run out on the 14th floor, and three floors up there are some."""
    rng, here = Random("relief"), garden()
    others = [home for home in here.households if (home.building, home.room) not in (IN_NEED, OFFERS)]
    asking, giving = rng.sample(others, 60), rng.sample(others, 45)
    needs = [_need("n1", here.household(*IN_NEED), "food", 1, 1, 9)]
    offers = [_offer("o1", here.household(*OFFERS), "food", 2)]
    for n, home in enumerate(asking, 2):
        urgency = rng.choices((1, 2, 3), URGENCY)[0]
        needs.append(
            _need(f"n{n}", home, _category(rng), rng.choice((1, 1, 1, 2, 3)), urgency, rng.randint(8, 16))
        )
    for n, home in enumerate(giving, 2):
        offers.append(_offer(f"o{n}", home, _category(rng), rng.choice((1, 1, 2, 2, 4))))
    return {"kind": "match", "needs": needs, "offers": offers, "same_building_first": True}


def _category(rng: Random) -> str:
    return rng.choices(CATEGORIES, (50, 20, 20, 10))[0]


def _where(home: Household) -> dict[str, Any]:
    place = next(one for one in garden().buildings if one.number == home.building)
    return {"lon": place.lon, "lat": place.lat, "building": f"b{home.building}", "floor": home.floor}


def _need(
    name: str, home: Household, category: str, quantity: int, urgency: int, hour: int
) -> dict[str, Any]:
    said = {"id": name, "category": category, "quantity": quantity, "urgency": urgency}
    return {**said, **_where(home), "since": f"{DAY}T{hour:02d}:00+08:00"}


def _offer(name: str, home: Household, category: str, quantity: int) -> dict[str, Any]:
    said = {"id": name, "category": category, "quantity": quantity}
    return {**said, **_where(home), "helper": f"h{name[1:]}", "until": f"{DAY}T20:00+08:00"}

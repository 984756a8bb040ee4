"""An independent reading of the coverage objective, in plain Python, and the best plan by trying all."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array

Plan = dict[str, str]  # building to steward; who is left out is missing


def kilometres(data: dict[str, Any], steward: dict[str, Any], building: dict[str, Any]) -> float:
    """Great circle by the spherical law of cosines in its stable form, times the detour."""
    if steward.get("home_building") == building["id"]:
        return 0.0
    home = next((b for b in data["buildings"] if b["id"] == steward.get("home_building")), steward)
    if "lon" not in home:
        count = len(data["buildings"])
        home = {axis: sum(b[axis] for b in data["buildings"]) / count for axis in ("lon", "lat")}
    lat, end = math.radians(home["lat"]), math.radians(building["lat"])
    turn = math.radians(building["lon"] - home["lon"])
    across = math.hypot(
        math.cos(end) * math.sin(turn),
        math.cos(lat) * math.sin(end) - math.sin(lat) * math.cos(end) * math.cos(turn),
    )
    along = math.sin(lat) * math.sin(end) + math.cos(lat) * math.cos(end) * math.cos(turn)
    return 6371.0088 * math.atan2(across, along) * float(data.get("detour", 1.35))


def terms(data: dict[str, Any], plan: Plan) -> dict[str, float]:
    """The objective's terms as the contract states them."""
    weights = {"uncovered": 10_000, "uneven": 1, "walking": 30, "change": 60, **data.get("weights", {})}
    buildings = {b["id"]: b for b in data["buildings"]}
    mean = sum(b["households"] for b in data["buildings"]) / len(data["stewards"])
    care = {s["id"]: 0 for s in data["stewards"]}
    walking = 0.0
    for building, steward in plan.items():
        care[steward] += buildings[building]["households"]
        person = next(s for s in data["stewards"] if s["id"] == steward)
        walking += kilometres(data, person, buildings[building])
    found = {
        "uncovered": weights["uncovered"] * float(len(buildings) - len(plan)),
        "uneven": weights["uneven"] * sum(abs(load - mean) for load in care.values()),
        "walking": weights["walking"] * walking,
    }
    if "previous" in data:
        before = {a["building"]: a["steward"] for a in data["previous"]["assignments"]}
        moved = [b for b, s in before.items() if b in buildings and s in care and plan.get(b) != s]
        found["changes"] = weights["change"] * float(len(moved))
    return found


def total(data: dict[str, Any], plan: Plan) -> float:
    return sum(terms(data, plan).values())


def is_allowed(data: dict[str, Any], plan: Plan) -> bool:
    counts = [list(plan.values()).count(s["id"]) <= s.get("max_buildings", 2) for s in data["stewards"]]
    return all(counts) and all(
        plan.get(lock["building"]) == lock["steward"] for lock in data.get("locked", [])
    )


def best(data: dict[str, Any]) -> float:
    """The least total over every plan there is."""
    names = [b["id"] for b in data["buildings"]]
    choices = [None, *(s["id"] for s in data["stewards"])]
    least = math.inf
    for pick in itertools.product(choices, repeat=len(names)):
        plan = {name: steward for name, steward in zip(names, pick, strict=True) if steward is not None}
        if is_allowed(data, plan):
            least = min(least, total(data, plan))
    return least


def plan_of(answer: dict[str, Any]) -> Plan:
    return {entry["building"]: entry["steward"] for entry in answer["assignments"]}


def best_of_pairs(data: dict[str, Any]) -> float:
    """The least total where each steward may have two buildings: every set of none, one or two, and one choice.

    An integer programme over all of them, so that nothing of the planner's own pricing is believed.
    """
    buildings, stewards = data["buildings"], data["stewards"]
    mean = sum(b["households"] for b in buildings) / len(stewards)
    rows = range(len(buildings))
    sets = [(), *((one,) for one in rows), *itertools.combinations(rows, 2)]
    loads = [sum(buildings[row]["households"] for row in chosen) for chosen in sets]
    costs = [10_000.0] * len(buildings)  # first a column for each building left out
    for steward in stewards:
        walks = [30 * kilometres(data, steward, b) for b in buildings]
        costs += [
            abs(load - mean) + sum(walks[row] for row in chosen)
            for chosen, load in zip(sets, loads, strict=True)
        ]
    columns = [(row,) for row in rows] + [
        (*chosen, len(buildings) + number) for number in range(len(stewards)) for chosen in sets
    ]
    at = np.repeat(np.arange(len(columns)), [len(column) for column in columns])
    line = np.fromiter(itertools.chain.from_iterable(columns), dtype=np.int64)
    once = csr_array((np.ones(len(line)), (line, at)), shape=(len(buildings) + len(stewards), len(columns)))
    found = milp(
        costs, integrality=np.ones(len(costs)), constraints=LinearConstraint(once, 1, 1), bounds=(0, 1)
    )
    assert found.success
    return float(found.fun)

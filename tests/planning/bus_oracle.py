"""An independent reading of the buses question in plain Python: rules, value, and the best plan by trying all."""

from __future__ import annotations

import itertools
import math
from datetime import datetime
from typing import Any

Data = dict[str, Any]
SLACK = 1e-6


def minutes_of(data: Data, moment: str | float) -> float:
    """Minutes of an instant; only differences between two of them mean anything."""
    if isinstance(moment, str):
        return datetime.fromisoformat(moment).timestamp() / 60
    if "start" in data:
        return moment + datetime.fromisoformat(data["start"]).timestamp() / 60
    return float(moment)


def drive(data: Data, start: str, end: str) -> float:
    """Minutes by the matrix, else by the great circle (spherical law of cosines in its stable form)."""
    if "matrix" in data:
        ids = data["matrix"]["ids"]
        return float(data["matrix"]["minutes"][ids.index(start)][ids.index(end)])
    places = {p["id"]: p for kind in ("musters", "posts", "depots") for p in data[kind]}
    here, there = places[start], places[end]
    lat, to = math.radians(here["lat"]), math.radians(there["lat"])
    turn = math.radians(there["lon"] - here["lon"])
    across = math.hypot(
        math.cos(to) * math.sin(turn),
        math.cos(lat) * math.sin(to) - math.sin(lat) * math.cos(to) * math.cos(turn),
    )
    along = math.sin(lat) * math.sin(to) + math.cos(lat) * math.cos(to) * math.cos(turn)
    km = 6371.0088 * math.atan2(across, along) * float(data.get("detour", 1.35))
    return km / float(data.get("speed_kmh", 30)) * 60


def weights_of(data: Data) -> dict[str, float]:
    usual = {"left": 1_000, "late": 2, "driving": 1, "trips": 15, "vehicles": 60, "change": 2}
    return {**usual, **data.get("weights", {})}


def broken(data: Data, answer: Data) -> list[str]:
    """What the plan does against the rules."""
    groups = {g["id"]: g for g in data["groups"]}
    found = []
    for vehicle in data["vehicles"]:
        trips = [t for t in answer["trips"] if t["vehicle"] == vehicle["id"]]
        found += _broken_vehicle(data, vehicle, trips, groups)
    for name, group in groups.items():
        if _boarded(answer, name) > group["count"]:
            found.append(f"{name}: more people ride than there are")
    for lock in data.get("locked", []):
        others = [
            t["id"] for t in answer["trips"] if t["vehicle"] != lock["vehicle"] and _on(t, lock["group"])
        ]
        found += [f"{lock['group']} is locked and rides in {other}" for other in others]
    return found


def _on(trip: Data, group: str) -> int:
    return sum(load["count"] for s in trip["stops"] for load in s["on"] if load["group"] == group)


def _boarded(answer: Data, group: str) -> int:
    return sum(_on(trip, group) for trip in answer["trips"])


def _broken_vehicle(data: Data, vehicle: Data, trips: list[Data], groups: Data) -> list[str]:
    found: list[str] = []
    here, now = vehicle["depot"], minutes_of(data, vehicle["available_from"])
    for trip in trips:
        aboard: dict[str, list[list[float]]] = {}
        for number, stop in enumerate(trip["stops"]):
            arrive, depart = minutes_of(data, stop["arrive"]), minutes_of(data, stop["depart"])
            if arrive + SLACK < now + drive(data, here, stop["at"]):
                found.append(f"{trip['id']} stop {number}: arrives too early")
            found += _broken_stop(data, trip["id"], stop, arrive, depart, aboard, groups)
            load = sum(count for pieces in aboard.values() for count, _ in pieces)
            if load > vehicle["seats"]:
                found.append(f"{trip['id']} stop {number}: {load} people in {vehicle['seats']} seats")
            if (load == 0) != (number == len(trip["stops"]) - 1):
                found.append(f"{trip['id']} stop {number}: a trip ends when the coach is empty")
            here, now = stop["at"], depart
        if sum(load["count"] for stop in trip["stops"] for load in stop["on"]) != trip["people"]:
            found.append(f"{trip['id']}: people")
    if (
        trips
        and now + drive(data, here, vehicle["depot"]) > minutes_of(data, vehicle["available_to"]) + SLACK
    ):
        found.append(f"{vehicle['id']}: back too late")
    return found


def _broken_stop(
    data: Data, trip: str, stop: Data, arrive: float, depart: float, aboard: Data, groups: Data
) -> list[str]:
    found = []
    begin = max([arrive, *(minutes_of(data, groups[load["group"]]["ready"]) for load in stop["on"])])
    people = sum(load["count"] for load in [*stop["on"], *stop["off"]])
    if depart + SLACK < begin + people * data.get("boarding_seconds", 6) / 60:
        found.append(f"{trip} at {stop['at']}: leaves before all are on or off")
    for load in stop["off"]:
        if groups[load["group"]]["post"] != stop["at"]:
            found.append(f"{trip}: {load['group']} gets off at {stop['at']}")
        longest = _get_off(load, arrive, aboard.setdefault(load["group"], []))
        if longest > data.get("max_ride_minutes", 90) + SLACK:
            found.append(f"{trip}: {load['group']} rides {longest:.1f} minutes")
    for load in stop["on"]:
        if groups[load["group"]]["muster"] != stop["at"] or load["count"] < 1:
            found.append(f"{trip}: {load['group']} gets on at {stop['at']}")
        aboard.setdefault(load["group"], []).append([load["count"], depart])
    return found


def _get_off(load: Data, arrive: float, pieces: list[list[float]]) -> float:
    """The longest ride among them: who got on first gets off first; inf if they never got on."""
    rest, longest = load["count"], 0.0
    while rest > 0 and pieces:
        longest = max(longest, arrive - pieces[0][1])
        taken = min(rest, pieces[0][0])
        rest -= taken
        pieces[0][0] -= taken
        if pieces[0][0] == 0:
            pieces.pop(0)
    return math.inf if rest else longest


def value(data: Data, answer: Data) -> dict[str, float]:
    """The objective's terms as the contract states them."""
    weights, groups = weights_of(data), {g["id"]: g for g in data["groups"]}
    driving = late = 0.0
    for vehicle in data["vehicles"]:
        stops = [s["at"] for t in answer["trips"] if t["vehicle"] == vehicle["id"] for s in t["stops"]]
        route = [vehicle["depot"], *stops, vehicle["depot"]] if stops else []
        driving += sum(drive(data, a, b) for a, b in itertools.pairwise(route) if a != b)
    for stop in (stop for trip in answer["trips"] for stop in trip["stops"]):
        for load in stop["off"]:
            over = minutes_of(data, stop["arrive"]) - minutes_of(data, groups[load["group"]]["due"])
            late += max(0.0, over) * load["count"]
    left = sum(group["count"] - _boarded(answer, name) for name, group in groups.items())
    used = {trip["vehicle"] for trip in answer["trips"]}
    found = {
        "left": weights["left"] * left,
        "late": weights["late"] * late,
        "driving": weights["driving"] * driving,
        "trips": weights["trips"] * len(answer["trips"]),
        "vehicles": weights["vehicles"] * len(used),
    }
    if "previous" in data:
        found["changes"] = weights["change"] * _moved(data, answer)
    return {**found, "total": sum(found.values())}


def _moved(data: Data, answer: Data) -> int:
    """People who rode with a vehicle that is still here, and now don't."""
    here, moved = {v["id"] for v in data["vehicles"]}, 0
    for group in data["groups"]:
        before: dict[str, int] = {}
        now: dict[str, int] = {}
        for trips, rides in ((data["previous"]["trips"], before), (answer["trips"], now)):
            for trip in trips:
                count = _on(trip, group["id"])
                rides[trip["vehicle"]] = rides.get(trip["vehicle"], 0) + count
        still = sum(count for vehicle, count in before.items() if vehicle in here)
        gone = sum(before.values()) - still
        kept = sum(min(count, now.get(vehicle, 0)) for vehicle, count in before.items() if vehicle in here)
        moved += max(0, min(still, group["count"] - gone) - kept)
    return moved


def best(data: Data) -> float:
    """The least total of all plans in which no group is split and nobody waits on purpose."""
    vehicles, groups = data["vehicles"], [g for g in data["groups"] if g["count"]]
    weights, least = weights_of(data), math.inf
    table: dict[tuple[int, frozenset[str]], float] = {}
    for row, vehicle in enumerate(vehicles):
        for size in range(len(groups) + 1):
            for chosen in itertools.combinations(groups, size):
                table[row, frozenset(g["id"] for g in chosen)] = _best_route(data, vehicle, chosen, weights)
    for pick in itertools.product(range(len(vehicles) + 1), repeat=len(groups)):
        cost = sum(
            weights["left"] * g["count"] for g, at in zip(groups, pick, strict=True) if at == len(vehicles)
        )
        for row in range(len(vehicles)):
            cost += table[row, frozenset(g["id"] for g, at in zip(groups, pick, strict=True) if at == row)]
        least = min(least, cost)
    return least


def _best_route(data: Data, vehicle: Data, groups: tuple[Data, ...], weights: dict[str, float]) -> float:
    """The least that one vehicle costs with exactly these groups; inf if it can't."""
    if not groups:
        return 0.0
    pinned = {lock["group"]: lock["vehicle"] for lock in data.get("locked", [])}
    if any(pinned.get(g["id"], vehicle["id"]) != vehicle["id"] for g in groups):
        return math.inf
    nodes, least = [(g, True) for g in groups] + [(g, False) for g in groups], math.inf
    for order in itertools.permutations(range(len(nodes))):
        if all(order.index(i) < order.index(i + len(groups)) for i in range(len(groups))):
            least = min(least, _cost(data, vehicle, [nodes[i] for i in order], weights))
    return least


def _cost(data: Data, vehicle: Data, nodes: list[tuple[Data, bool]], weights: dict[str, float]) -> float:
    cost, left_at, load = weights["vehicles"], dict[str, float](), 0
    here, now = vehicle["depot"], minutes_of(data, vehicle["available_from"])
    for at, stop in itertools.groupby(nodes, key=lambda node: node[0]["muster" if node[1] else "post"]):
        events = list(stop)
        way = drive(data, here, at)
        arrive = now + way
        ready = [minutes_of(data, group["ready"]) for group, is_on in events if is_on]
        people = sum(group["count"] for group, _ in events)
        here, now = at, max([arrive, *ready]) + people * data.get("boarding_seconds", 6) / 60
        cost += weights["driving"] * way
        for group, is_on in events:
            load += group["count"] if is_on else -group["count"]
            if is_on:
                left_at[group["id"]] = now
            else:
                cost += _arrival(data, group, arrive, left_at, weights)
                cost += weights["trips"] if load == 0 else 0.0
            cost = math.inf if load > vehicle["seats"] else cost
    home = drive(data, here, vehicle["depot"])
    is_back = now + home <= minutes_of(data, vehicle["available_to"]) + SLACK
    return cost + weights["driving"] * home if is_back else math.inf


def _arrival(
    data: Data, group: Data, arrive: float, left_at: dict[str, float], weights: dict[str, float]
) -> float:
    if arrive - left_at[group["id"]] > data.get("max_ride_minutes", 90) + SLACK:
        return math.inf
    return weights["late"] * max(0.0, arrive - minutes_of(data, group["due"])) * group["count"]

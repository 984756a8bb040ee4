"""A coverage question from JSON-like data, or a refusal that names the path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from haitang.planning.places import WALKING_KMH, Point, Travel
from haitang.planning.reading import (
    TRAVEL_KEYS,
    Fields,
    Node,
    check_kind,
    check_reachable,
    read_travel,
    unique,
)

from .problem import BACKUPS, Assignment, Building, Lock, Problem, Steward, Weights

ANSWER_KEYS = ("status", "value", "bound", "gap", "seconds", "seed", "mean_households", "unmet", "changes")
MOST_HOUSEHOLDS = 5_000  # a building with more is a slip of the keyboard
MOST_WEIGHT = 1_000_000.0  # a hundred buildings left out; with more, sums lose what tells plans apart


def read(data: Mapping[str, Any]) -> Problem:
    """A problem that makes sense; BadInput with the JSON path if the data don't."""
    known = ["kind", *TRAVEL_KEYS, "weights", "locked", "previous"]
    root = Node(data).fields(["buildings", "stewards"], known)
    check_kind(root, "coverage")
    travel = read_travel(root, WALKING_KMH)
    buildings = {
        name: _building(node, name, travel)
        for name, node in unique(root["buildings"].items(), "building").items()
    }
    stewards = {
        name: _steward(node, name, buildings)
        for name, node in unique(root["stewards"].items(), "steward").items()
    }
    previous = root.get("previous")
    return Problem(
        tuple(buildings.values()),
        tuple(stewards.values()),
        travel,
        _weights(root.get("weights")),
        _locks(root, buildings, stewards),
        None if previous is None else _previous(previous),
    )


def _building(node: Node, name: str, travel: Travel) -> Building:
    fields = node.fields(["id", "households"], ["lon", "lat"])
    building = Building(name, fields["households"].count(most=MOST_HOUSEHOLDS), fields.place())
    check_reachable(Point(building.id, building.place), travel, node)
    return building


def _steward(node: Node, name: str, buildings: Mapping[str, Building]) -> Steward:
    fields = node.fields(["id"], ["home_building", "lon", "lat", "max_buildings"])
    home, most = fields.get("home_building"), fields.get("max_buildings")
    return Steward(
        name,
        home.one_of(buildings, "building") if home else None,
        fields.place(),
        2 if most is None else most.count(),
    )


def _weights(node: Node | None) -> Weights:
    if node is None:
        return Weights()
    standard = Weights()
    fields = node.fields([], ["uncovered", "uneven", "walking", "change"])
    return Weights(
        fields.number("uncovered", standard.uncovered, most=MOST_WEIGHT),
        fields.number("uneven", standard.uneven, most=MOST_WEIGHT),
        fields.number("walking", standard.walking, most=MOST_WEIGHT),
        fields.number("change", standard.change, most=MOST_WEIGHT),
    )


def _locks(
    root: Fields, buildings: Mapping[str, Building], stewards: Mapping[str, Steward]
) -> tuple[Lock, ...]:
    locks: dict[str, Lock] = {}
    cares: Counter[str] = Counter()
    backs: Counter[str] = Counter()
    for node in root.list("locked"):
        lock = _lock(node, buildings, stewards)
        if lock.building in locks:
            raise node.refuse(f"building {lock.building!r} is locked twice")
        locks[lock.building] = lock
        cares[lock.steward] += 1
        backs.update([lock.backup] if lock.backup else [])
        most = stewards[lock.steward].max_buildings
        if cares[lock.steward] > most:
            raise node.refuse(f"steward {lock.steward!r} may have {most} buildings, this would be one more")
        if lock.backup and backs[lock.backup] > BACKUPS:
            raise node.refuse(f"{lock.backup!r} may back {BACKUPS} buildings, this would be one more")
    return tuple(locks.values())


def _lock(node: Node, buildings: Mapping[str, Building], stewards: Mapping[str, Steward]) -> Lock:
    fields = node.fields(["building", "steward"], ["backup"])
    building = fields["building"].one_of(buildings, "building")
    steward, backup = fields["steward"].one_of(stewards, "steward"), fields.get("backup")
    if backup is None:
        return Lock(building, steward)
    if backup.one_of(stewards, "steward") == steward:
        raise backup.refuse("must be another than the steward")
    return Lock(building, steward, backup.value)


def _previous(node: Node) -> tuple[Assignment, ...]:
    """Only the assignments count; buildings and stewards may be gone by now.

    A building that nobody had leaves nothing to keep, nor does its backup.
    """
    fields = node.fields(["assignments"], ["kind", *ANSWER_KEYS])
    check_kind(fields, "coverage")
    found: dict[str, Assignment | None] = {}
    for entry in fields["assignments"].items():
        members = entry.fields(["building"], ["steward", "backup"])
        building, steward, backup = members["building"].text(), members.get("steward"), members.get("backup")
        if building in found:
            raise entry.refuse(f"building {building!r} is there twice")
        second = backup.text() if backup else None
        found[building] = Assignment(building, steward.text(), second) if steward else None
    return tuple(entry for entry in found.values() if entry is not None)

"""A buses question from JSON-like data, or a refusal that names the path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from haitang.planning.places import Point, Travel
from haitang.planning.reading import (
    TRAVEL_KEYS,
    Fields,
    Node,
    check_kind,
    check_reachable,
    read_travel,
    unique,
)
from haitang.planning.times import TIME_KEYS, Clock, read_clock

from .earlier import read_before
from .problem import COACH_KMH, Group, Lock, Problem, Vehicle, Weights
from .reaching import Reach

MOST_PEOPLE = 10_000  # in one group: more is a slip of the keyboard
MOST_SEATS = 1_000
MOST_WEIGHT = 1_000_000.0
MOST_BOARDING = 600.0  # seconds for one person
MOST_RIDE = 100_000.0  # minutes
NEEDED = ("musters", "posts", "groups", "depots", "vehicles")
LIMITS = ("boarding_seconds", "max_ride_minutes")


def read(data: Mapping[str, Any]) -> Problem:
    """A problem that makes sense; BadInput with the JSON path if the data don't."""
    known = ["kind", *TRAVEL_KEYS, *TIME_KEYS, *LIMITS, "weights", "locked", "previous"]
    root = Node(data).fields(NEEDED, known)
    check_kind(root, "buses")
    travel = read_travel(root, COACH_KMH)
    musters = unique(root["musters"].items(), "muster")
    posts = unique(root["posts"].items(), "post")
    depots = unique(root["depots"].items(), "depot")
    for name, node in posts.items():
        if name in musters:
            raise node.refuse(f"{name!r} is a muster as well, and a stop could not say which it is")
    groups = unique(root["groups"].items(), "group")
    vehicles = unique(root["vehicles"].items(), "vehicle")
    clock = read_clock(root, _times(groups, vehicles))
    found = {name: _group(node, name, musters, posts, clock) for name, node in groups.items()}
    fleet = {name: _vehicle(node, name, depots, clock) for name, node in vehicles.items()}
    previous = root.get("previous")
    problem = Problem(
        _points(musters, travel, ["area"]),
        _points(posts, travel, ["area"]),
        _points(depots, travel, []),
        tuple(found.values()),
        tuple(fleet.values()),
        travel,
        clock,
        root.number("boarding_seconds", 6.0, most=MOST_BOARDING),
        root.number("max_ride_minutes", 90.0, most=MOST_RIDE),
        _weights(root.get("weights")),
        _locks(root, found, fleet),
        None if previous is None else read_before(previous),
    )
    _check_locks(root, problem)
    return problem


def _times(groups: Mapping[str, Node], vehicles: Mapping[str, Node]) -> Iterable[Node | None]:
    for nodes, keys in ((groups, ("ready", "due")), (vehicles, ("available_from", "available_to"))):
        for node in nodes.values():
            yield from (Fields(node).get(key) for key in keys)


def _points(nodes: Mapping[str, Node], travel: Travel, more: list[str]) -> tuple[Point, ...]:
    points = []
    for name, node in nodes.items():
        point = Point(name, node.fields(["id"], ["lon", "lat", *more]).place())
        check_reachable(point, travel, node)
        points.append(point)
    return tuple(points)


def _group(
    node: Node, name: str, musters: Mapping[str, Any], posts: Mapping[str, Any], clock: Clock
) -> Group:
    fields = node.fields(["id", "muster", "post", "count", "ready", "due"])
    span = clock.span(fields, "ready", "due")
    return Group(
        name,
        fields["muster"].one_of(musters, "muster"),
        fields["post"].one_of(posts, "post"),
        fields["count"].count(most=MOST_PEOPLE),
        span.start,
        span.end,
    )


def _vehicle(node: Node, name: str, depots: Mapping[str, Any], clock: Clock) -> Vehicle:
    fields = node.fields(["id", "seats", "depot", "available_from", "available_to"])
    span = clock.span(fields, "available_from", "available_to")
    seats = fields["seats"].count(most=MOST_SEATS)
    return Vehicle(name, seats, fields["depot"].one_of(depots, "depot"), span.start, span.end)


def _weights(node: Node | None) -> Weights:
    if node is None:
        return Weights()
    standard = vars(Weights())
    fields = node.fields([], standard)
    return Weights(**{key: fields.number(key, usual, most=MOST_WEIGHT) for key, usual in standard.items()})


def _locks(root: Fields, groups: Mapping[str, Group], vehicles: Mapping[str, Vehicle]) -> tuple[Lock, ...]:
    locks: dict[str, Lock] = {}
    for node in root.list("locked"):
        fields = node.fields(["group", "vehicle"])
        group = fields["group"].one_of(groups, "group")
        vehicle = vehicles[fields["vehicle"].one_of(vehicles, "vehicle")]
        if group in locks:
            raise node.refuse(f"group {group!r} is locked twice")
        if vehicle.seats == 0 and groups[group].count:
            raise node.refuse(f"vehicle {vehicle.id!r} has no seats")
        locks[group] = Lock(group, vehicle.id)
    return tuple(locks.values())


def _check_locks(root: Fields, problem: Problem) -> None:
    """A lock that no plan could keep is no wish but a mistake."""
    reach = Reach(problem)
    for node, lock in zip(root.list("locked"), problem.locked, strict=True):
        row, vehicle = problem.group_rows[lock.group], problem.vehicles[problem.vehicle_rows[lock.vehicle]]
        if problem.groups[row].count and not reach.takes(vehicle)[row]:
            why = "within the time anybody may ride" if reach.too_far[row] else "and be back in time"
            raise node.refuse(f"vehicle {vehicle.id!r} could not take group {lock.group!r} to its post {why}")

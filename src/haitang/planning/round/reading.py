"""A round question from JSON-like data, or a refusal that names the path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from haitang.planning.times import Clock, read_clock

from .locking import read_locks
from .problem import Building, Earlier, Habits, Previous, Problem, Stage, Station, Weights

MOST_PEOPLE = 10_000  # a building with more is a slip of the keyboard
MOST_LANES = 500
MOST_SECONDS = 3_600.0  # of a service
MOST_MINUTES = 1_440.0  # of a visit, a slot, a wait
MOST_WEIGHT = 1_000_000.0
ANSWER_KEYS = ("kind", "status", "value", "bound", "gap", "seconds", "seed", "unmet", "changes")
PLAN_KEYS = ("stations", "door_to_door", "teams", "forecast")
OPTIONAL = (
    *("kind", "start", "service_seconds", "staff_per_lane", "stages", "max_wait_minutes", "no_show"),
    *("door_visit_minutes", "staff_per_team", "slot_minutes", "late", "late_minutes", "service_spread"),
    *("weights", "locked", "previous", *TRAVEL_KEYS),
)


def read(data: Mapping[str, Any]) -> Problem:
    """A problem that makes sense; BadInput with the JSON path if the data don't."""
    root = Node(data).fields(["buildings", "stations", "staff", "deadline"], OPTIONAL)
    check_kind(root, "round")
    travel, clock = read_travel(root, WALKING_KMH), read_clock(root, _times(root))
    buildings = unique(root["buildings"].items(), "building")
    stations = unique(root["stations"].items(), "station")
    staff = _staff(root["staff"], None)
    roles = tuple(staff)
    stages = tuple(_stages(root, roles))
    team = root.get("staff_per_team")
    previous = root.get("previous")
    problem = Problem(
        tuple(_building(node, name, travel) for name, node in buildings.items()),
        tuple(_station(node, name, travel, clock) for name, node in stations.items()),
        stages,
        roles,
        tuple(staff.values()),
        _by_role(_staff(team, roles), roles) if team else tuple(map(sum, zip(*_each(stages), strict=True))),
        clock.minute(root["deadline"]),
        root.number("max_wait_minutes", 15.0, most=MOST_MINUTES),
        root.number("door_visit_minutes", 4.0, most=MOST_MINUTES),
        root.number("slot_minutes", 15.0, least=1.0, most=MOST_MINUTES),
        _habits(root),
        _weights(root.get("weights")),
        travel,
        clock,
        previous=None if previous is None else _previous(previous, clock),
        staged=root.get("stages") is not None,
    )
    return read_locks(root, problem)


def _times(root: Fields) -> Iterator[Node]:
    yield root["deadline"]


def _building(node: Node, name: str, travel: Travel) -> Building:
    fields = node.fields(["id", "households", "people", "homebound"], ["lon", "lat"])
    people = fields["people"].count(most=MOST_PEOPLE)
    homebound = fields["homebound"].count()
    if homebound > people:
        raise fields["homebound"].refuse(f"must be at most 'people' ({people}), is {homebound}")
    building = Building(name, fields["households"].count(most=MOST_PEOPLE), people, homebound, fields.place())
    check_reachable(Point(building.id, building.place), travel, node)
    return building


def _station(node: Node, name: str, travel: Travel, clock: Clock) -> Station:
    fields = node.fields(["id", "max_lanes", "open", "close"], ["lon", "lat"])
    hours = clock.span(fields, "open", "close")
    station = Station(name, fields["max_lanes"].count(most=MOST_LANES), hours, fields.place())
    check_reachable(Point(station.id, station.place), travel, node)
    return station


def _staff(node: Node, known: tuple[str, ...] | None) -> dict[str, int]:
    """Counts by role; of known roles only, where these are given."""
    if not isinstance(node.value, Mapping):
        raise node.refuse("must be an object")
    found: dict[str, int] = {}
    for role, count in node.value.items():
        entry = Node(count, f"{node.path}.{role}")
        if not str(role).strip():
            raise node.refuse("has a role without a name")
        Node(role, node.path).text()
        if known is not None and role not in known:
            raise entry.refuse(f"no role {role!r} in $.staff")
        found[role] = entry.count()
    return found


def _by_role(staff: Mapping[str, int], roles: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(staff.get(role, 0) for role in roles)


def _each(stages: tuple[Stage, ...]) -> list[tuple[int, ...]]:
    return [stage.staff for stage in stages]


def _stages(root: Fields, roles: tuple[str, ...]) -> Iterator[Stage]:
    stages = root.get("stages")
    if stages is None:
        for key in ("service_seconds", "staff_per_lane"):
            if root.get(key) is None:
                raise root.node.refuse(f"needs {key!r}, or 'stages'")
        yield _stage("", root, roles)
        return
    for key in ("service_seconds", "staff_per_lane"):
        if root.get(key) is not None:
            raise root[key].refuse("is given stage by stage in $.stages")
    found = unique(stages.items(), "stage")
    if not found:
        raise stages.refuse("needs at least one stage")
    for name, node in found.items():
        yield _stage(name, node.fields(["id", "service_seconds", "staff_per_lane"]), roles)


def _stage(name: str, fields: Fields, roles: tuple[str, ...]) -> Stage:
    seconds = fields["service_seconds"].number(1.0, MOST_SECONDS)
    return Stage(name, seconds, _by_role(_staff(fields["staff_per_lane"], roles), roles))


def _habits(root: Fields) -> Habits:
    standard = Habits()
    return Habits(
        root.number("no_show", standard.no_show, most=1.0),
        root.number("late", standard.late, most=1.0),
        root.number("late_minutes", standard.late_minutes, most=MOST_MINUTES),
        root.number("service_spread", standard.spread, most=1.0),
    )


def _weights(node: Node | None) -> Weights:
    if node is None:
        return Weights()
    standard = Weights()
    names = ("missed", "staff", "waiting", "walking", "change")
    fields = node.fields([], names)
    return Weights(*(fields.number(name, getattr(standard, name), most=MOST_WEIGHT) for name in names))


def _previous(node: Node, clock: Clock) -> Previous:
    """Only slots and lanes count; buildings and stations may be gone by now."""
    fields = node.fields(["slots"], [*ANSWER_KEYS, *PLAN_KEYS])
    check_kind(fields, "round")
    slots = []
    for entry in fields["slots"].items():
        members = entry.fields(["building", "station", "start", "end", "people"], ["households"])
        slots.append(
            Earlier(
                members["building"].text(),
                members["station"].text(),
                clock.span(members),
                members["people"].count(most=MOST_PEOPLE),
            )
        )
    lanes = {}
    for name, entry in unique(fields.list("stations"), "station").items():
        members = entry.fields(["id", "lanes"], ["staff", "from", "to", "people", "stages"])
        lanes[name] = members["lanes"].count(most=MOST_LANES)
    return Previous(tuple(slots), lanes)

"""What the input of a round says: buildings, stations, stages, staff, hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from haitang.planning.places import WALKING_KMH, Point, Travel
from haitang.planning.reading import Fields, Node, read_travel, unique
from haitang.planning.times import Clock, read_clock

from .given import members, minutes, weight

SECOND = 1 / 60 + 1e-6  # minutes by which times in an answer may be rounded
Staff = Mapping[str, int]


@dataclass(frozen=True)
class Building:
    row: int  # position in the input
    households: int
    people: int
    homebound: int
    point: Point

    @property
    def walkers(self) -> int:
        """People who can come."""
        return max(0, self.people - self.homebound)

    def visit(self, each: float) -> float:
        """Minutes at the door for each homebound person: those of one household are visited together."""
        doors = min(self.homebound, max(self.households, 1))
        return each * doors / self.homebound if self.homebound else 0.0


@dataclass(frozen=True)
class Station:
    """open, close: minutes of the clock."""

    point: Point
    max_lanes: int
    open: float
    close: float


@dataclass(frozen=True)
class Stage:
    id: str
    seconds: float
    staff: Staff  # of one lane


@dataclass(frozen=True)
class Given:
    root: Fields
    clock: Clock
    travel: Travel
    buildings: Mapping[str, Building]
    stations: Mapping[str, Station]
    stages: Sequence[Stage]
    has_stages: bool
    staff: Staff
    team: Staff
    deadline: float

    def number(self, key: str, standard: float) -> float:
        return self.root.number(key, standard)

    def weight(self, name: str, standard: float) -> float:
        return weight(self.root, name, standard)

    @cached_property
    def visit_minutes(self) -> float:
        return self.number("door_visit_minutes", 4)

    @cached_property
    def no_show(self) -> float:
        return self.number("no_show", 0)

    def walk(self, start: Point, end: Point) -> float:
        return float(minutes(self.travel, [start], [end])[0])

    def to_a_station(self, building: str, *, there: bool) -> float:
        """Minutes to the station nearest on foot (there), or from it; 0 where there are no stations."""
        stations = [station.point for station in self.stations.values()]
        here = [self.buildings[building].point] * len(stations)
        if not stations:
            return 0.0
        ways = minutes(self.travel, here, stations) if there else minutes(self.travel, stations, here)
        return float(np.min(ways))


def read(data: Node) -> Given:
    root = members(data, "buildings", "stations", "staff", "deadline")
    buildings = unique(root["buildings"].items(), "building")
    stations = {
        name: members(node, "max_lanes", "open", "close")
        for name, node in unique(root["stations"].items(), "station").items()
    }
    times = [fields[key] for fields in stations.values() for key in ("open", "close")]
    clock = read_clock(root, [*times, root["deadline"]])
    stages = _stages(root)
    team = root.get("staff_per_team")
    return Given(
        root,
        clock,
        read_travel(root, WALKING_KMH),
        {name: _building(row, name, node) for row, (name, node) in enumerate(buildings.items())},
        {name: _station(name, fields, clock) for name, fields in stations.items()},
        stages,
        root.get("stages") is not None,
        _staff(root["staff"]),
        _added(stages) if team is None else _staff(team),
        clock.minute(root["deadline"]),
    )


def _building(row: int, name: str, node: Node) -> Building:
    fields = members(node, "people")
    homebound, households = fields.get("homebound"), fields.get("households")
    return Building(
        row,
        households.count() if households else 0,
        fields["people"].count(),
        homebound.count() if homebound else 0,
        Point(name, fields.place()),
    )


def _station(name: str, fields: Fields, clock: Clock) -> Station:
    place = Point(name, fields.place())
    return Station(
        place, fields["max_lanes"].count(), clock.minute(fields["open"]), clock.minute(fields["close"])
    )


def _stages(root: Fields) -> list[Stage]:
    nodes = unique(root.list("stages"), "stage")
    if not nodes:
        one = members(root.node, "service_seconds", "staff_per_lane")
        return [Stage("", one["service_seconds"].number(1e-6), _staff(one["staff_per_lane"]))]
    found = []
    for name, node in nodes.items():
        fields = members(node, "service_seconds", "staff_per_lane")
        found.append(Stage(name, fields["service_seconds"].number(1e-6), _staff(fields["staff_per_lane"])))
    return found


def _staff(node: Node) -> dict[str, int]:
    fields = members(node)
    return {role: fields[role].count() for role in node.value if fields.get(role) is not None}


def _added(stages: Sequence[Stage]) -> dict[str, int]:
    """Who makes up a team by default: one lane of each stage."""
    found: dict[str, int] = {}
    for stage in stages:
        for role, count in stage.staff.items():
            found[role] = found.get(role, 0) + count
    return found

"""The buses question and its answer as values: groups, coaches, and who rides where, when and with which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from haitang.planning.answers import Said, Standing, Unmet
from haitang.planning.places import Point, Travel
from haitang.planning.times import Clock

COACH_KMH = 30.0


@dataclass(frozen=True)
class Group:
    """People who ride from muster to post: minutes from the clock's origin; nobody boards before ready."""

    id: str
    muster: str
    post: str
    count: int
    ready: float
    due: float


@dataclass(frozen=True)
class Vehicle:
    """Away from its depot between opens and closes, in minutes, and no longer."""

    id: str
    seats: int
    depot: str
    opens: float
    closes: float


@dataclass(frozen=True)
class Lock:
    """A person has decided that this group rides with this vehicle, or not at all."""

    group: str
    vehicle: str


@dataclass(frozen=True)
class Weights:
    """Minute-equivalents: a person left behind, a person-minute late, a minute driven, a trip, a vehicle used,
    and a person who was told another vehicle before."""

    left: float = 1_000.0
    late: float = 2.0
    driving: float = 1.0
    trips: float = 15.0
    vehicles: float = 60.0
    change: float = 2.0


@dataclass(frozen=True)
class Load:
    """So many of a group, getting on or off."""

    group: str
    count: int

    def as_dict(self) -> dict[str, Any]:
        return {"group": self.group, "count": self.count}


@dataclass(frozen=True)
class Stop:
    """Minutes from the clock's origin; people get on or off in between."""

    at: str
    arrive: float
    depart: float
    on: tuple[Load, ...] = ()
    off: tuple[Load, ...] = ()

    def as_dict(self, clock: Clock) -> dict[str, Any]:
        return {
            "at": self.at,
            "arrive": clock.write(self.arrive),
            "depart": clock.write(self.depart),
            "on": [load.as_dict() for load in self.on],
            "off": [load.as_dict() for load in self.off],
        }


@dataclass(frozen=True)
class Trip:
    """From the first person on to the last one off."""

    id: str
    vehicle: str
    stops: tuple[Stop, ...]

    @property
    def people(self) -> int:
        return sum(load.count for stop in self.stops for load in stop.on)

    def as_dict(self, clock: Clock) -> dict[str, Any]:
        stops = [stop.as_dict(clock) for stop in self.stops]
        return {"id": self.id, "vehicle": self.vehicle, "stops": stops, "people": self.people}


@dataclass(frozen=True)
class Duty:
    """What one used vehicle does: leaves and is back at its depot, in minutes from the origin; minutes driven."""

    vehicle: str
    leaves: float
    returns: float
    trips: int
    people: int
    driving: float

    def as_dict(self, clock: Clock) -> dict[str, Any]:
        return {
            "vehicle": self.vehicle,
            "leaves": clock.write(self.leaves),
            "returns": clock.write(self.returns),
            "trips": self.trips,
            "people": self.people,
            "driving": round(self.driving, 3),
        }


@dataclass(frozen=True)
class Before:
    """An earlier answer: trips in order for each vehicle, stops without times but who got on and off."""

    trips: tuple[Trip, ...]

    @cached_property
    def rode(self) -> Mapping[str, Mapping[str, int]]:
        """People of each group by vehicle."""
        found: dict[str, dict[str, int]] = {}
        for trip in self.trips:
            for load in (load for stop in trip.stops for load in stop.on):
                vehicles = found.setdefault(load.group, {})
                vehicles[trip.vehicle] = vehicles.get(trip.vehicle, 0) + load.count
        return found


@dataclass(frozen=True)
class Problem:
    """Made by `read`, which has checked it. ride: minutes on board at most; boarding: seconds per person."""

    musters: tuple[Point, ...]
    posts: tuple[Point, ...]
    depots: tuple[Point, ...]
    groups: tuple[Group, ...]
    vehicles: tuple[Vehicle, ...]
    travel: Travel = field(default_factory=lambda: Travel(speed_kmh=COACH_KMH))
    clock: Clock = field(default_factory=Clock)
    boarding: float = 6.0
    ride: float = 90.0
    weights: Weights = field(default_factory=Weights)
    locked: tuple[Lock, ...] = ()
    previous: Before | None = None

    @cached_property
    def group_rows(self) -> Mapping[str, int]:
        return {group.id: row for row, group in enumerate(self.groups)}

    @cached_property
    def vehicle_rows(self) -> Mapping[str, int]:
        return {vehicle.id: row for row, vehicle in enumerate(self.vehicles)}

    @cached_property
    def points(self) -> Mapping[str, Point]:
        """Musters and posts by id; both share one set of ids, as stops name them."""
        return {point.id: point for point in (*self.musters, *self.posts)}

    @cached_property
    def pinned(self) -> Mapping[str, str]:
        """Vehicle of each locked group."""
        return {lock.group: lock.vehicle for lock in self.locked}

    @property
    def people(self) -> int:
        return sum(group.count for group in self.groups)


@dataclass(frozen=True)
class Change:
    """People of a group who were told one vehicle before, and now ride with another or with none (after)."""

    group: str
    count: int
    before: str
    after: str | None
    why: Said

    def as_dict(self) -> dict[str, Any]:
        return {
            "group": self.group,
            "count": self.count,
            "from": self.before,
            "to": self.after,
            "why": self.why.text,
            "why_code": self.why.code,
        }


@dataclass(frozen=True)
class Answer:
    """Trips in order for each vehicle. left: people left behind, by group. changes: None unless it is a re-plan."""

    standing: Standing
    trips: tuple[Trip, ...]
    duties: tuple[Duty, ...]
    left: Mapping[str, int]
    unmet: tuple[Unmet, ...]
    clock: Clock
    changes: tuple[Change, ...] | None = None

    def as_dict(self) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "kind": "buses",
            **self.standing.as_dict(),
            "trips": [trip.as_dict(self.clock) for trip in self.trips],
            "vehicles": [duty.as_dict(self.clock) for duty in self.duties],
            "left": [Load(group, count).as_dict() for group, count in self.left.items()],
            "unmet": [entry.as_dict() for entry in self.unmet],
        }
        if self.changes is not None:
            answer["changes"] = [change.as_dict() for change in self.changes]
        return answer

"""The round question as values: who is to be reached, where lanes can stand, who is there to work them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from haitang.planning.places import Floats, Point, Travel
from haitang.planning.times import Clock, Span

Ints = npt.NDArray[np.int64]
SECOND = 1 / 60  # of a minute: no plan is finer


@dataclass(frozen=True)
class Building:
    """people of whom homebound can't come; place: lon and lat in degrees, None only where a matrix has it."""

    id: str
    households: int
    people: int
    homebound: int
    place: tuple[float, float] | None = None

    @property
    def walkers(self) -> int:
        return self.people - self.homebound


@dataclass(frozen=True)
class Station:
    """hours: minutes of the clock from `open` to `close`."""

    id: str
    max_lanes: int
    hours: Span
    place: tuple[float, float] | None = None


@dataclass(frozen=True)
class Stage:
    """What happens to a person in one lane, in seconds, and how many of each role (R) work that lane."""

    id: str
    seconds: float
    staff: tuple[int, ...]


@dataclass(frozen=True)
class Weights:
    """Minute-equivalents per person missed, staff-hour, person-minute waiting and walking, and person moved."""

    missed: float = 1_000.0
    staff: float = 60.0
    waiting: float = 1.0
    walking: float = 1.0
    change: float = 2.0


@dataclass(frozen=True)
class Habits:
    """How people come and how long they take, as `docs/planning/round.md` defines it; times in minutes."""

    no_show: float = 0.0
    late: float = 0.05
    late_minutes: float = 15.0
    spread: float = 0.5


@dataclass(frozen=True)
class Lock:
    """A person's decision: building at station; with a span, a slot of so many people; or a station's lanes."""

    station: str
    building: str | None = None
    span: Span | None = None
    people: int = 0
    lanes: int | None = None


@dataclass(frozen=True)
class Earlier:
    """A slot of an earlier plan."""

    building: str
    station: str
    span: Span
    people: int


@dataclass(frozen=True)
class Previous:
    """lanes: of the last stage, by station; either may name what is gone."""

    slots: tuple[Earlier, ...]
    lanes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Problem:
    """Made by `read`, which has checked it. roles and available go together; team: of each role in a team."""

    buildings: tuple[Building, ...]
    stations: tuple[Station, ...]
    stages: tuple[Stage, ...]
    roles: tuple[str, ...]
    available: tuple[int, ...]
    team: tuple[int, ...]
    deadline: float
    max_wait: float = 15.0
    door_minutes: float = 4.0
    slot_minutes: float = 15.0
    habits: Habits = field(default_factory=Habits)
    weights: Weights = field(default_factory=Weights)
    travel: Travel = field(default_factory=Travel)
    clock: Clock = field(default_factory=Clock)
    locked: tuple[Lock, ...] = ()
    previous: Previous | None = None
    staged: bool = False  # whether the input itself names stages

    @cached_property
    def building_rows(self) -> Mapping[str, int]:
        return {building.id: row for row, building in enumerate(self.buildings)}

    @cached_property
    def station_rows(self) -> Mapping[str, int]:
        return {station.id: row for row, station in enumerate(self.stations)}

    @cached_property
    def walkers(self) -> Ints:
        """(B) who can come."""
        return np.array([building.walkers for building in self.buildings], dtype=np.int64)

    @cached_property
    def homebound(self) -> Ints:
        """(B)"""
        return np.array([building.homebound for building in self.buildings], dtype=np.int64)

    @cached_property
    def visit_minutes(self) -> Floats:
        """(B) at the door for each homebound person: those of one household are visited together."""
        per = [
            self.door_minutes * min(one.homebound, max(one.households, 1)) / max(one.homebound, 1)
            for one in self.buildings
        ]
        return np.array(per, dtype=np.float64)

    @cached_property
    def homes(self) -> list[Point]:
        return [Point(building.id, building.place) for building in self.buildings]

    @cached_property
    def sites(self) -> list[Point]:
        return [Point(station.id, station.place) for station in self.stations]

    @cached_property
    def walk(self) -> Floats:
        """(B, S) minutes on foot to each station."""
        return self.travel.minutes(self.homes, self.sites)

    @cached_property
    def back(self) -> Floats:
        """(S, B) minutes on foot from each station."""
        return self.travel.minutes(self.sites, self.homes)

    @cached_property
    def open(self) -> Floats:
        """(S) first whole second a lane can work."""
        return np.array([math.ceil(one.hours.start * 60 - 1e-6) / 60 for one in self.stations])

    @cached_property
    def close(self) -> Floats:
        """(S) last whole second, the deadline included."""
        ends = [min(one.hours.end, self.deadline) for one in self.stations]
        return np.array([math.floor(end * 60 + 1e-6) / 60 for end in ends])

    @property
    def width(self) -> float:
        """Minutes of the shortest slot, in whole seconds."""
        return math.ceil(self.slot_minutes * 60 - 1e-6) / 60

    @property
    def begin(self) -> float:
        """When the round begins: as the first station opens."""
        return float(self.open.min()) if self.stations else self.deadline

    @cached_property
    def stage_staff(self) -> Ints:
        """(stages, R)"""
        return np.array([stage.staff for stage in self.stages], dtype=np.int64)

    @cached_property
    def limits(self) -> Ints:
        """(R) staff there are."""
        return np.array(self.available, dtype=np.int64)

    @cached_property
    def team_staff(self) -> Ints:
        """(R)"""
        return np.array(self.team, dtype=np.int64)

    @property
    def minute_of_staff(self) -> float:
        """What a person at work weighs per minute."""
        return self.weights.staff / 60.0

    def rate(self, lanes: tuple[int, ...]) -> float:
        """People a minute that so many lanes of each stage can serve."""
        return min(count * 60.0 / stage.seconds for count, stage in zip(lanes, self.stages, strict=True))

    def staff_of(self, lanes: tuple[int, ...]) -> Ints:
        """(R) who works so many lanes of each stage."""
        staff: Ints = np.array(lanes, dtype=np.int64) @ self.stage_staff
        return staff

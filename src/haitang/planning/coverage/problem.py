"""The coverage question and its answer as values: buildings, stewards, who looks after which."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from haitang.planning.answers import Said, Standing, Unmet
from haitang.planning.places import Point, Travel

from .model import Floats, Ints

BACKUPS = 4  # buildings one steward backs at most
NOBODY = -1
Measure = Callable[[Sequence[Point], Sequence[Point]], Floats]  # (starts, ends) how far it is, or how long


@dataclass(frozen=True)
class Building:
    """place: lon and lat in degrees, None only where a matrix has the distances."""

    id: str
    households: int
    place: tuple[float, float] | None = None


@dataclass(frozen=True)
class Steward:
    """Lives in home_building, else at place, else (unknown) as far as the middle of all buildings."""

    id: str
    home_building: str | None = None
    place: tuple[float, float] | None = None
    max_buildings: int = 2


@dataclass(frozen=True)
class Lock:
    """What a person has decided."""

    building: str
    steward: str
    backup: str | None = None


@dataclass(frozen=True)
class Assignment:
    building: str
    steward: str
    backup: str | None

    def as_dict(self) -> dict[str, str | None]:
        return {"building": self.building, "steward": self.steward, "backup": self.backup}


@dataclass(frozen=True)
class Weights:
    """Minute-equivalents per building left out, household off the mean, kilometre, and building moved."""

    uncovered: float = 10_000.0
    uneven: float = 1.0
    walking: float = 30.0
    change: float = 60.0


@dataclass(frozen=True)
class Problem:
    """Made by `read`, which has checked it. previous: assignments of an earlier answer, None without one."""

    buildings: tuple[Building, ...]
    stewards: tuple[Steward, ...]
    travel: Travel = field(default_factory=Travel)
    weights: Weights = field(default_factory=Weights)
    locked: tuple[Lock, ...] = ()
    previous: tuple[Assignment, ...] | None = None

    @cached_property
    def building_rows(self) -> Mapping[str, int]:
        return {building.id: row for row, building in enumerate(self.buildings)}

    @cached_property
    def steward_rows(self) -> Mapping[str, int]:
        return {steward.id: row for row, steward in enumerate(self.stewards)}

    @cached_property
    def households(self) -> Ints:
        """(B)"""
        return np.array([building.households for building in self.buildings], dtype=np.int64)

    @property
    def mean(self) -> float:
        """Households per steward if all buildings had one: of the input, so that no plan moves it."""
        return float(self.households.sum()) / len(self.stewards) if self.stewards else 0.0

    @cached_property
    def places(self) -> Ints:
        """(S) buildings each steward may have."""
        return np.array([steward.max_buildings for steward in self.stewards], dtype=np.int64)

    @cached_property
    def km(self) -> Floats:
        """(S, B) kilometres from home to each building, 0 for the home building."""
        return self._from_home(self.travel.km)

    @cached_property
    def minutes(self) -> Floats:
        """(S, B) minutes likewise."""
        return self._from_home(self.travel.minutes)

    def _from_home(self, measure: Measure) -> Floats:
        ends = [Point(building.id, building.place) for building in self.buildings]
        homes = [self._home(steward) for steward in self.stewards]
        known = [row for row, home in enumerate(homes) if home is not None]
        way = np.empty((len(homes), len(ends)))
        if len(known) < len(homes):
            way[:] = self._from_the_middle(ends, measure)
        way[known] = measure([home for home in homes if home is not None], ends)
        for row, steward in enumerate(self.stewards):
            if steward.home_building is not None:
                way[row, self.building_rows[steward.home_building]] = 0.0
        return way

    def _home(self, steward: Steward) -> Point | None:
        if steward.home_building is not None:
            home = self.buildings[self.building_rows[steward.home_building]]
            return Point(home.id, home.place)
        if self.travel.matrix is not None:
            return Point(steward.id) if steward.id in self.travel.matrix.ids else None
        return Point(steward.id, steward.place) if steward.place is not None else None

    def _from_the_middle(self, ends: list[Point], measure: Measure) -> Floats:
        """(B) the way of a steward whose home nobody knows."""
        if self.travel.matrix is not None or not ends:
            middle: Floats = measure(ends, ends).mean(axis=0) if ends else np.zeros(0)
            return middle
        lon, lat = np.array([end.place for end in ends], dtype=np.float64).mean(axis=0)
        away: Floats = measure([Point("", (float(lon), float(lat)))], ends)[0]
        return away

    @cached_property
    def kept(self) -> Ints:
        """(B) who had the building before and is still here, by row, else NOBODY."""
        return self._earlier({entry.building: entry.steward for entry in self.previous or ()})

    @cached_property
    def kept_backups(self) -> Ints:
        """(B) likewise for the backup."""
        return self._earlier({entry.building: entry.backup for entry in self.previous or ()})

    def _earlier(self, had: Mapping[str, str | None]) -> Ints:
        rows = [self.steward_rows.get(had.get(building.id) or "", NOBODY) for building in self.buildings]
        return np.array(rows, dtype=np.int64)


@dataclass(frozen=True)
class Change:
    """A building whose steward or backup (role) is another than before."""

    building: str
    role: str
    before: str | None
    after: str | None
    why: Said

    def as_dict(self) -> dict[str, Any]:
        return {
            "building": self.building,
            "role": self.role,
            "from": self.before,
            "to": self.after,
            "why": self.why.text,
            "why_code": self.why.code,
        }


@dataclass(frozen=True)
class Answer:
    """Who looks after what; buildings left out are in unmet. changes is None unless it is a re-plan."""

    standing: Standing
    assignments: tuple[Assignment, ...]
    unmet: tuple[Unmet, ...]
    mean: float
    changes: tuple[Change, ...] | None = None

    def as_dict(self) -> dict[str, Any]:
        answer = {
            "kind": "coverage",
            **self.standing.as_dict(),
            "mean_households": round(self.mean, 6),
            "assignments": [assignment.as_dict() for assignment in self.assignments],
            "unmet": [entry.as_dict() for entry in self.unmet],
        }
        if self.changes is not None:
            answer["changes"] = [change.as_dict() for change in self.changes]
        return answer

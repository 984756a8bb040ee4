"""The roster question and its answer as values: people, shifts, places asked for, who works where and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from haitang.planning.answers import Said, Standing, Unmet
from haitang.planning.places import Point, Travel

from .calendar import Calendar, Rules, Shift

ANY = "any"  # the skill everybody has
COACH_KMH = 30.0


@dataclass(frozen=True)
class Person:
    """home: lon and lat in degrees, None only where a matrix has the distances; unavailable: ids of shifts."""

    id: str
    skills: frozenset[str]
    home: tuple[float, float] | None = None
    unavailable: frozenset[str] = frozenset()

    def can(self, skill: str) -> bool:
        return skill == ANY or skill in self.skills


@dataclass(frozen=True)
class Place:
    """Where, when and as what somebody serves."""

    post: str
    shift: str
    skill: str

    def as_dict(self) -> dict[str, str]:
        return {"post": self.post, "shift": self.shift, "skill": self.skill}


@dataclass(frozen=True)
class Demand:
    """So many people in a place; priority 1 (highest) to 3."""

    place: Place
    count: int
    priority: int


@dataclass(frozen=True)
class Assignment:
    person: str
    place: Place

    def as_dict(self) -> dict[str, str]:
        return {"person": self.person, **self.place.as_dict()}


@dataclass(frozen=True)
class Weights:
    """Minute-equivalents per place unmet of priority 1, 2, 3, minute of travel, unit of uneven load, and change."""

    unmet: tuple[float, float, float] = (400.0, 200.0, 100.0)
    travel: float = 1.0
    uneven: float = 1.0
    change: float = 30.0


@dataclass(frozen=True)
class Problem:
    """Made by `read`, which has checked it; shifts in the order of the input.

    previous: assignments of an earlier answer, None without one.
    """

    people: tuple[Person, ...]
    posts: tuple[Point, ...]
    shifts: tuple[Shift, ...]
    demands: tuple[Demand, ...]
    rules: Rules = field(default_factory=Rules)
    travel: Travel = field(default_factory=lambda: Travel(speed_kmh=COACH_KMH))
    weights: Weights = field(default_factory=Weights)
    locked: tuple[Assignment, ...] = ()
    previous: tuple[Assignment, ...] | None = None

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar(self.shifts, self.rules)

    @cached_property
    def person_rows(self) -> Mapping[str, int]:
        return {person.id: row for row, person in enumerate(self.people)}

    @cached_property
    def post_rows(self) -> Mapping[str, int]:
        return {post.id: row for row, post in enumerate(self.posts)}

    @cached_property
    def shift_rows(self) -> Mapping[str, int]:
        """Positions in order of start, as the calendar has them."""
        return {shift.id: row for row, shift in enumerate(self.calendar.shifts)}

    @cached_property
    def room(self) -> Mapping[Place, int]:
        """How many are asked for in each place, of any priority."""
        found: dict[Place, int] = {}
        for demand in self.demands:
            found[demand.place] = found.get(demand.place, 0) + demand.count
        return found

    @cached_property
    def kept(self) -> frozenset[Assignment]:
        """What of the earlier plan could stay: people who still can, in places still asked for."""
        return frozenset(entry for entry in self.previous or () if self._can_stay(entry))

    def _can_stay(self, entry: Assignment) -> bool:
        row = self.person_rows.get(entry.person)
        if row is None or entry.place.shift in self.people[row].unavailable:
            return False
        return self.people[row].can(entry.place.skill) and self.room.get(entry.place, 0) > 0


@dataclass(frozen=True)
class Load:
    """What one person has; suits: protective suits used up if every shift is in one."""

    person: str
    shifts: int
    nights: int
    minutes: float
    travel: float
    suits: int

    def as_dict(self) -> dict[str, Any]:
        return {
            "person": self.person,
            "shifts": self.shifts,
            "nights": self.nights,
            "hours": round(self.minutes / 60.0, 3),
            "travel_minutes": round(self.travel, 1),
            "suits": self.suits,
        }


@dataclass(frozen=True)
class Fairness:
    """How evenly shifts and nights lie; deviation: standard deviation over all people."""

    shifts: tuple[int, float, int]  # least, mean, most
    nights: tuple[int, float, int]
    deviation: tuple[float, float]  # of shifts, of nights

    def as_dict(self) -> dict[str, Any]:
        named = zip(("shifts", "nights"), (self.shifts, self.nights), self.deviation, strict=True)
        return {
            name: {"least": low, "mean": round(mean, 3), "most": high, "deviation": round(spread, 3)}
            for name, (low, mean, high), spread in named
        }


@dataclass(frozen=True)
class Relief:
    """A shift in protective suits: so many suits one after the other each, so a relief between any two."""

    shift: str
    people: int
    suits_each: int

    def as_dict(self) -> dict[str, Any]:
        return {
            "shift": self.shift,
            "people": self.people,
            "suits_each": self.suits_each,
            "reliefs_each": self.suits_each - 1,
            "suits": self.people * self.suits_each,
        }


@dataclass(frozen=True)
class Change:
    """A person who in a shift serves elsewhere, or as something else, than before."""

    person: str
    shift: str
    before: Place | None
    after: Place | None
    why: Said

    def as_dict(self) -> dict[str, Any]:
        return {
            "person": self.person,
            "shift": self.shift,
            "from": self.before.as_dict() if self.before else None,
            "to": self.after.as_dict() if self.after else None,
            "why": self.why.text,
            "why_code": self.why.code,
        }


@dataclass(frozen=True)
class Answer:
    """Who works where and when; changes is None unless it is a re-plan."""

    standing: Standing
    assignments: tuple[Assignment, ...]
    load: tuple[Load, ...]
    fairness: Fairness
    reliefs: tuple[Relief, ...]
    unmet: tuple[Unmet, ...]
    changes: tuple[Change, ...] | None = None

    def as_dict(self) -> dict[str, Any]:
        answer = {
            "kind": "roster",
            **self.standing.as_dict(),
            "assignments": [entry.as_dict() for entry in self.assignments],
            "load": [entry.as_dict() for entry in self.load],
            "fairness": self.fairness.as_dict(),
            "reliefs": [entry.as_dict() for entry in self.reliefs],
            "unmet": [entry.as_dict() for entry in self.unmet],
        }
        if self.changes is not None:
            answer["changes"] = [change.as_dict() for change in self.changes]
        return answer

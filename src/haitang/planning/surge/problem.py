"""The surge question and its answer as values: volunteers, posts, slots, places, who goes where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from haitang.planning.answers import Said, Standing, Unmet
from haitang.planning.places import Point, Travel
from haitang.planning.times import Clock, Span

COACH_KMH = 30.0
ANY = "any"  # the skill of a place that asks for none


@dataclass(frozen=True)
class Volunteer:
    """Sets out from a muster point with their unit; can work in slots that lie within `there`."""

    id: str
    unit: str
    muster: str
    skills: frozenset[str]
    there: Span

    def may(self, skill: str) -> bool:
        return skill == ANY or skill in self.skills


@dataclass(frozen=True)
class Post:
    """area: a town's name, told and not reckoned with."""

    id: str
    place: tuple[float, float] | None = None
    area: str | None = None


@dataclass(frozen=True)
class Slot:
    id: str
    span: Span


@dataclass(frozen=True)
class Place:
    """Where, when and as what somebody works: what an assignment and a demand have in common."""

    post: str
    slot: str
    skill: str


@dataclass(frozen=True)
class Demand:
    """So many places; priority 1 (highest) to 3."""

    place: Place
    count: int
    priority: int


@dataclass(frozen=True)
class Assignment:
    volunteer: str
    place: Place

    def as_dict(self) -> dict[str, str]:
        place = self.place
        return {
            "volunteer": self.volunteer,
            "post": place.post,
            "slot": place.slot,
            "skill": place.skill,
        }


@dataclass(frozen=True)
class Weights:
    """Minute-equivalents per place unmet of priority 1, 2, 3, minute of travel, team, and person moved."""

    unmet: tuple[float, float, float] = (600.0, 300.0, 150.0)
    travel: float = 1.0
    split: float = 20.0
    change: float = 30.0


@dataclass(frozen=True)
class Problem:
    """Made by `read`, which has checked it. previous: assignments of an earlier answer, None without one."""

    volunteers: tuple[Volunteer, ...]
    musters: tuple[Point, ...]
    posts: tuple[Post, ...]
    slots: tuple[Slot, ...]
    demands: tuple[Demand, ...]
    travel: Travel = field(default_factory=lambda: Travel(speed_kmh=COACH_KMH))
    weights: Weights = field(default_factory=Weights)
    locked: tuple[Assignment, ...] = ()
    previous: tuple[Assignment, ...] | None = None
    clock: Clock = field(default_factory=Clock)

    @cached_property
    def volunteer_rows(self) -> Mapping[str, int]:
        return {volunteer.id: row for row, volunteer in enumerate(self.volunteers)}

    @cached_property
    def post_rows(self) -> Mapping[str, int]:
        return {post.id: row for row, post in enumerate(self.posts)}

    @cached_property
    def slot_rows(self) -> Mapping[str, int]:
        return {slot.id: row for row, slot in enumerate(self.slots)}

    def can(self, volunteer: Volunteer, place: Place) -> bool:
        """Whether skill and times allow it."""
        span = self.slots[self.slot_rows[place.slot]].span
        return volunteer.may(place.skill) and volunteer.there.covers(span)


@dataclass(frozen=True)
class Change:
    """A volunteer who is sent elsewhere, or as something else, than before."""

    volunteer: str
    before: Place | None
    after: Place | None
    why: Said

    def as_dict(self) -> dict[str, Any]:
        return {
            "volunteer": self.volunteer,
            "from": vars(self.before) if self.before else None,
            "to": vars(self.after) if self.after else None,
            "why": self.why.text,
            "why_code": self.why.code,
        }


@dataclass(frozen=True)
class Answer:
    """Who is sent where; who is not in assignments stays on standby. changes is None unless it is a re-plan."""

    standing: Standing
    assignments: tuple[Assignment, ...]
    unmet: tuple[Unmet, ...]
    changes: tuple[Change, ...] | None = None

    def as_dict(self) -> dict[str, Any]:
        answer = {
            "kind": "surge",
            **self.standing.as_dict(),
            "assignments": [assignment.as_dict() for assignment in self.assignments],
            "unmet": [entry.as_dict() for entry in self.unmet],
        }
        if self.changes is not None:
            answer["changes"] = [change.as_dict() for change in self.changes]
        return answer

"""What the input of a roster says: shifts with their dates, people, places asked for, rules of rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from haitang.planning.places import Point, Travel
from haitang.planning.reading import Fields, Node, read_travel, unique
from haitang.planning.times import DAY, Clock, Span, read_clock, read_moment

from .given import members
from .posting import Demands, Place, read_demands

COACH_KMH = 30.0


@dataclass(frozen=True)
class Shift:
    """date: a day's number, that of the start in its own offset; since: minutes from that midnight to the start."""

    span: Span
    night: bool
    date: int
    since: float

    @cached_property
    def hours(self) -> Mapping[int, float]:
        """Hours on each date."""
        found: dict[int, float] = {}
        first, last, date = self.since, self.since + self.span.minutes, 0
        while date * DAY < last:
            part = min(last, (date + 1) * DAY) - max(first, date * DAY)
            found[self.date + date] = part / 60.0
            date += 1
        return found


@dataclass(frozen=True)
class Person:
    point: Point
    skills: frozenset[str]
    unavailable: frozenset[str]


@dataclass(frozen=True)
class Rules:
    """rest and hours (in a calendar day) in hours."""

    rest: float
    shifts: float
    nights: float
    hours: float


@dataclass(frozen=True)
class Given:
    root: Fields
    travel: Travel
    posts: Mapping[str, Point]
    shifts: Mapping[str, Shift]
    people: Mapping[str, Person]
    demands: Demands
    rules: Rules
    before: Mapping[tuple[str, str], Place] | None


def read(data: Node) -> Given:
    root = members(data, "people", "posts", "shifts", "demands")
    shifts = {
        name: members(node, "start", "end") for name, node in unique(root["shifts"].items(), "shift").items()
    }
    clock = read_clock(root, [fields["start"] for fields in shifts.values()])
    posts = {
        name: Point(name, members(node).place())
        for name, node in unique(root["posts"].items(), "post").items()
    }
    found = {name: _shift(fields, clock) for name, fields in shifts.items()}
    return Given(
        root,
        read_travel(root, COACH_KMH),
        posts,
        found,
        {name: _person(name, node, found) for name, node in unique(root["people"].items(), "person").items()},
        read_demands(root, posts, found, "shift"),
        _rules(root.get("rules")),
        _before(root.get("previous")),
    )


def _shift(fields: Fields, clock: Clock) -> Shift:
    span, night = clock.span(fields), fields.get("night")
    start = fields["start"]
    if isinstance(start.value, str):
        moment = read_moment(start)
    elif clock.origin is not None:
        moment = clock.origin + timedelta(minutes=span.start)
    else:
        return Shift(span, bool(night and night.value), int(span.start // DAY), span.start % DAY)
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    since = (moment - midnight) / timedelta(minutes=1)
    return Shift(span, bool(night and night.value), moment.date().toordinal(), since)


def _person(name: str, node: Node, shifts: Mapping[str, Shift]) -> Person:
    fields = members(node)
    away = frozenset(one.one_of(shifts, "shift") for one in fields.list("unavailable"))
    return Person(
        Point(name, fields.place()), frozenset(skill.text() for skill in fields.list("skills")), away
    )


def _rules(node: Node | None) -> Rules:
    fields = members(Node({}) if node is None else node)
    return Rules(
        fields.number("min_rest_hours", 11),
        fields.number("max_shifts_7_days", 5),
        fields.number("max_nights_in_row", 2),
        fields.number("max_hours_day", 8),
    )


def _before(previous: Node | None) -> dict[tuple[str, str], Place] | None:
    if previous is None:
        return None
    found = {}
    for node in members(previous, "assignments")["assignments"].items():
        fields = members(node, "person", "post", "shift", "skill")
        shift = fields["shift"].text()
        found[fields["person"].text(), shift] = (fields["post"].text(), shift, fields["skill"].text())
    return found

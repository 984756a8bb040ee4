"""A roster question from JSON-like data, or a refusal that names the path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from haitang.planning.places import Point, Travel
from haitang.planning.reading import (
    TRAVEL_KEYS,
    Fields,
    Node,
    by_rank,
    check_kind,
    check_reachable,
    read_travel,
    unique,
)
from haitang.planning.times import DAY, TIME_KEYS, Clock, read_clock, read_moment

from .calendar import Rules, Shift
from .earlier import read_locks, read_previous
from .problem import COACH_KMH, Demand, Person, Place, Problem, Weights

NEEDED = ("people", "posts", "shifts", "demands")
MOST_PLACES = 100_000  # in one demand
MOST_WEIGHT = 1_000_000.0
MOST_HOURS = 1_000.0
MOST_SHIFTS = 4_000  # a year of eleven a day
LONGEST = 31 * DAY  # a shift of more than a month is a slip of the keyboard


def read(data: Mapping[str, Any]) -> Problem:
    """A problem that makes sense; BadInput with the JSON path if the data don't."""
    root = Node(data).fields(
        NEEDED, ["kind", *TRAVEL_KEYS, *TIME_KEYS, "rules", "weights", "locked", "previous"]
    )
    check_kind(root, "roster")
    travel, clock = read_travel(root, COACH_KMH), read_clock(root, _times(root))
    posts = {name: _post(node, name, travel) for name, node in unique(root["posts"].items(), "post").items()}
    shifts = _shifts(root["shifts"], clock)
    people = {
        name: _person(node, name, shifts, travel)
        for name, node in unique(root["people"].items(), "person").items()
    }
    previous = root.get("previous")
    problem = Problem(
        tuple(people.values()),
        tuple(posts.values()),
        tuple(shifts.values()),
        tuple(_demand(node, posts, shifts) for node in root["demands"].items()),
        _rules(root.get("rules")),
        travel,
        _weights(root.get("weights")),
        previous=None if previous is None else read_previous(previous),
    )
    return read_locks(root, problem)


def _times(root: Fields) -> Iterator[Node | None]:
    for node in root["shifts"].items():
        if isinstance(node.value, Mapping) and "start" in node.value:
            yield Node(node.value["start"], f"{node.path}.start")


def _post(node: Node, name: str, travel: Travel) -> Point:
    # An area is told of posts elsewhere; here it means nothing.
    post = Point(name, node.fields(["id"], ["lon", "lat", "area"]).place())
    check_reachable(post, travel, node)
    return post


def _shifts(node: Node, clock: Clock) -> dict[str, Shift]:
    found = {name: _shift(entry, name, clock) for name, entry in unique(node.items(), "shift").items()}
    if len(found) > MOST_SHIFTS:
        raise node.refuse(f"must be {MOST_SHIFTS} shifts or fewer, are {len(found)}")
    return found


def _shift(node: Node, name: str, clock: Clock) -> Shift:
    fields = node.fields(["id", "start", "end"], ["night"])
    span, night = clock.span(fields), fields.get("night")
    if span.minutes > LONGEST:
        raise fields["end"].refuse("is more than 31 days after 'start'")
    if night is not None and not isinstance(night.value, bool):
        raise night.refuse("must be true or false")
    return Shift(
        name, span.start, span.end, bool(night and night.value), _local(fields["start"], span.start, clock)
    )


def _local(start: Node, minute: float, clock: Clock) -> float:
    """Minutes from the midnight of day 0 in the time's own offset; a bare minute has that of `start`, if any."""
    if isinstance(start.value, str):
        moment = read_moment(start)
    elif clock.origin is not None:
        moment = clock.origin + timedelta(minutes=minute)
    else:
        return minute
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return moment.toordinal() * DAY + (moment - midnight) / timedelta(minutes=1)


def _person(node: Node, name: str, shifts: Mapping[str, Shift], travel: Travel) -> Person:
    fields = node.fields(["id"], ["skills", "lon", "lat", "unavailable"])
    person = Person(
        name,
        frozenset(skill.text() for skill in fields.list("skills")),
        fields.place(),
        frozenset(shift.one_of(shifts, "shift") for shift in fields.list("unavailable")),
    )
    check_reachable(Point(name, person.home), travel, node)
    return person


def _demand(node: Node, posts: Mapping[str, Point], shifts: Mapping[str, Shift]) -> Demand:
    fields = node.fields(["post", "shift", "skill", "count"], ["priority"])
    post, shift = fields["post"].one_of(posts, "post"), fields["shift"].one_of(shifts, "shift")
    priority = fields.get("priority")
    return Demand(
        Place(post, shift, fields["skill"].text()),
        fields["count"].count(most=MOST_PLACES),
        2 if priority is None else priority.count(1, 3),
    )


def _rules(node: Node | None) -> Rules:
    if node is None:
        return Rules()
    standard = Rules()
    names = (
        "min_rest_hours",
        "max_shifts_7_days",
        "max_nights_in_row",
        "max_hours_day",
        "protective_suit_hours",
    )
    fields = node.fields([], names)
    shifts, nights = fields.get(names[1]), fields.get(names[2])
    return Rules(
        fields.number(names[0], standard.min_rest_hours, most=MOST_HOURS),
        standard.max_shifts_7_days if shifts is None else shifts.count(),
        standard.max_nights_in_row if nights is None else nights.count(),
        fields.number(names[3], standard.max_hours_day, most=MOST_HOURS),
        fields.number(names[4], standard.protective_suit_hours, least=0.1, most=MOST_HOURS),
    )


def _weights(node: Node | None) -> Weights:
    if node is None:
        return Weights()
    standard = Weights()
    fields = node.fields([], ["unmet", "travel", "uneven", "change"])
    unmet = fields.get("unmet")
    return Weights(
        by_rank(unmet, "priority", MOST_WEIGHT) if unmet else standard.unmet,
        fields.number("travel", standard.travel, most=MOST_WEIGHT),
        fields.number("uneven", standard.uneven, most=MOST_WEIGHT),
        fields.number("change", standard.change, most=MOST_WEIGHT),
    )

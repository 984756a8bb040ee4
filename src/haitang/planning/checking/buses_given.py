"""What the input of buses says: places, groups, coaches, hours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from haitang.planning.places import Point, Travel
from haitang.planning.reading import Fields, Node, read_travel, unique
from haitang.planning.times import Clock, Span, read_clock

from .given import members, minutes, weight

COACH_KMH = 30.0
SECOND = 1 / 60 + 1e-6  # minutes by which times in an answer may be rounded


@dataclass(frozen=True)
class Group:
    """due: minutes of the clock, as is ready."""

    muster: str
    post: str
    count: int
    ready: float
    due: float


@dataclass(frozen=True)
class Vehicle:
    seats: int
    depot: str
    there: Span


@dataclass(frozen=True)
class Given:
    root: Fields
    clock: Clock
    travel: Travel
    musters: Mapping[str, Point]
    posts: Mapping[str, Point]
    depots: Mapping[str, Point]
    groups: Mapping[str, Group]
    vehicles: Mapping[str, Vehicle]
    before: Mapping[str, Counter[str]] | None  # of the earlier plan: people of each group by coach

    @cached_property
    def places(self) -> Mapping[str, Point]:
        """Where a coach may stop."""
        return {**self.musters, **self.posts}

    @cached_property
    def boarding(self) -> float:
        """Minutes for each person."""
        return self.root.number("boarding_seconds", 6) / 60.0

    @cached_property
    def longest_ride(self) -> float:
        return self.root.number("max_ride_minutes", 90)

    def weight(self, name: str, standard: float) -> float:
        return weight(self.root, name, standard)

    @cached_property
    def _known(self) -> dict[tuple[Point, Point], float]:
        return {}

    def drive(self, start: Point, end: Point) -> float:
        """Minutes; looked up once for each pair of places."""
        if (start, end) not in self._known:
            self._known[start, end] = float(minutes(self.travel, [start], [end])[0])
        return self._known[start, end]


def read(data: Node) -> Given:
    root = members(data, "musters", "posts", "groups", "depots", "vehicles")
    musters, posts, depots = (_points(root[f"{kind}s"], kind) for kind in ("muster", "post", "depot"))
    groups = {
        name: members(node, "muster", "post", "count", "ready", "due")
        for name, node in unique(root["groups"].items(), "group").items()
    }
    fleet = {
        name: members(node, "seats", "depot", "available_from", "available_to")
        for name, node in unique(root["vehicles"].items(), "vehicle").items()
    }
    times = [fields["ready"] for fields in groups.values()]
    clock = read_clock(root, times + [fields["available_from"] for fields in fleet.values()])
    return Given(
        root,
        clock,
        read_travel(root, COACH_KMH),
        musters,
        posts,
        depots,
        {name: _group(fields, musters, posts, clock) for name, fields in groups.items()},
        {name: _vehicle(fields, depots, clock) for name, fields in fleet.items()},
        _before(root.get("previous")),
    )


def _before(previous: Node | None) -> dict[str, Counter[str]] | None:
    if previous is None:
        return None
    found: dict[str, Counter[str]] = {}
    for trip in members(previous, "trips")["trips"].items():
        vehicle = members(trip, "vehicle", "stops")["vehicle"].text()
        for stop in members(trip)["stops"].items():
            for node in members(stop).list("on"):
                load = members(node, "group", "count")
                found.setdefault(load["group"].text(), Counter())[vehicle] += load["count"].count()
    return found


def _points(node: Node, kind: str) -> dict[str, Point]:
    return {name: Point(name, members(one).place()) for name, one in unique(node.items(), kind).items()}


def _group(fields: Fields, musters: Mapping[str, Point], posts: Mapping[str, Point], clock: Clock) -> Group:
    span = clock.span(fields, "ready", "due")
    muster, post = fields["muster"].one_of(musters, "muster"), fields["post"].one_of(posts, "post")
    return Group(muster, post, fields["count"].count(), span.start, span.end)


def _vehicle(fields: Fields, depots: Mapping[str, Point], clock: Clock) -> Vehicle:
    span = clock.span(fields, "available_from", "available_to")
    return Vehicle(fields["seats"].count(), fields["depot"].one_of(depots, "depot"), span)

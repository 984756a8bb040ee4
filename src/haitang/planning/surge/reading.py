"""A surge question from JSON-like data, or a refusal that names the path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
from haitang.planning.times import TIME_KEYS, Clock, read_clock

from .problem import COACH_KMH, Assignment, Demand, Place, Post, Problem, Slot, Volunteer, Weights

ANSWER_KEYS = ("status", "value", "bound", "gap", "seconds", "seed", "unmet", "changes")
NEEDED = ("volunteers", "musters", "posts", "slots", "demands")
MOST_WEIGHT = 1_000_000.0
MOST_PLACES = 100_000  # of one demand: more is a slip of the keyboard


def read(data: Mapping[str, Any]) -> Problem:
    """A problem that makes sense; BadInput with the JSON path if the data don't."""
    root = Node(data).fields(NEEDED, ["kind", *TRAVEL_KEYS, *TIME_KEYS, "weights", "locked", "previous"])
    check_kind(root, "surge")
    travel = read_travel(root, COACH_KMH)
    clock = read_clock(root, _times(root))
    musters = {
        name: _muster(node, name, travel) for name, node in unique(root["musters"].items(), "muster").items()
    }
    posts = {name: _post(node, name, travel) for name, node in unique(root["posts"].items(), "post").items()}
    slots = {name: _slot(node, name, clock) for name, node in unique(root["slots"].items(), "slot").items()}
    volunteers = {
        name: _volunteer(node, name, musters, clock)
        for name, node in unique(root["volunteers"].items(), "volunteer").items()
    }
    known = _Known(posts, slots, volunteers)
    demands = tuple(known.demand(node) for node in root["demands"].items())
    previous = root.get("previous")
    return Problem(
        tuple(volunteers.values()),
        tuple(musters.values()),
        tuple(posts.values()),
        tuple(slots.values()),
        demands,
        travel,
        _weights(root.get("weights")),
        known.locks(root, demands),
        None if previous is None else _previous(previous),
        clock,
    )


def _times(root: Fields) -> Iterator[Node]:
    """Times in the order in which the first decides whether all are ISO 8601 or minutes."""
    for key, name in (("slots", "start"), ("volunteers", "from")):
        for node in root[key].items():
            if isinstance(node.value, Mapping) and node.value.get(name) is not None:
                yield Node(node.value[name], f"{node.path}.{name}")


def _muster(node: Node, name: str, travel: Travel) -> Point:
    point = Point(name, node.fields(["id"], ["lon", "lat"]).place())
    check_reachable(point, travel, node)
    return point


def _post(node: Node, name: str, travel: Travel) -> Post:
    fields = node.fields(["id"], ["lon", "lat", "area"])
    area = fields.get("area")
    post = Post(name, fields.place(), area.text() if area else None)
    check_reachable(Point(name, post.place), travel, node)
    return post


def _slot(node: Node, name: str, clock: Clock) -> Slot:
    return Slot(name, clock.span(node.fields(["id", "start", "end"])))


def _volunteer(node: Node, name: str, musters: Mapping[str, Point], clock: Clock) -> Volunteer:
    fields = node.fields(["id", "unit", "muster", "from", "to"], ["skills"])
    return Volunteer(
        name,
        fields["unit"].text(),
        fields["muster"].one_of(musters, "muster"),
        frozenset(skill.text() for skill in fields.list("skills")),
        clock.span(fields, "from", "to"),
    )


@dataclass(frozen=True)
class _Known:
    """What demands and locks may refer to."""

    posts: Mapping[str, Post]
    slots: Mapping[str, Slot]
    volunteers: Mapping[str, Volunteer]

    def demand(self, node: Node) -> Demand:
        fields = node.fields(["post", "slot", "skill", "count", "priority"])
        return Demand(
            self._place(fields), fields["count"].count(most=MOST_PLACES), fields["priority"].count(1, 3)
        )

    def _place(self, fields: Fields) -> Place:
        post, slot = fields["post"].one_of(self.posts, "post"), fields["slot"].one_of(self.slots, "slot")
        return Place(post, slot, fields["skill"].text())

    def locks(self, root: Fields, demands: tuple[Demand, ...]) -> tuple[Assignment, ...]:
        room: Counter[Place] = Counter()
        for demand in demands:
            room[demand.place] += demand.count
        locks: dict[str, Assignment] = {}
        for node in root.list("locked"):
            lock = self._lock(node)
            if lock.volunteer in locks:
                raise node.refuse(f"volunteer {lock.volunteer!r} is locked twice")
            if room[lock.place] == 0:
                raise node.refuse("no place is asked for there, or all are locked already")
            room[lock.place] -= 1
            locks[lock.volunteer] = lock
        return tuple(locks.values())

    def _lock(self, node: Node) -> Assignment:
        fields = node.fields(["volunteer", "post", "slot", "skill"])
        volunteer = self.volunteers[fields["volunteer"].one_of(self.volunteers, "volunteer")]
        place = self._place(fields)
        if not volunteer.may(place.skill):
            raise fields["skill"].refuse(f"{volunteer.id!r} does not have it")
        if not volunteer.there.covers(self.slots[place.slot].span):
            raise fields["slot"].refuse(f"{volunteer.id!r} is not there all that time")
        return Assignment(volunteer.id, place)


def _weights(node: Node | None) -> Weights:
    if node is None:
        return Weights()
    standard = Weights()
    fields = node.fields([], ["unmet", "travel", "split", "change"])
    unmet = fields.get("unmet")
    return Weights(
        by_rank(unmet, "priority", MOST_WEIGHT) if unmet else standard.unmet,
        fields.number("travel", standard.travel, most=MOST_WEIGHT),
        fields.number("split", standard.split, most=MOST_WEIGHT),
        fields.number("change", standard.change, most=MOST_WEIGHT),
    )


def _previous(node: Node) -> tuple[Assignment, ...]:
    """Only the assignments count; people, posts and slots may be gone by now."""
    fields = node.fields(["assignments"], ["kind", *ANSWER_KEYS])
    check_kind(fields, "surge")
    found: dict[str, Assignment] = {}
    for entry in fields["assignments"].items():
        members = entry.fields(["volunteer", "post", "slot", "skill"])
        volunteer = members["volunteer"].text()
        if volunteer in found:
            raise entry.refuse(f"volunteer {volunteer!r} is there twice")
        place = Place(members["post"].text(), members["slot"].text(), members["skill"].text())
        found[volunteer] = Assignment(volunteer, place)
    return tuple(found.values())

"""What surge and roster have in common: places at posts that ask for a skill, and how many of them are filled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from haitang.planning.reading import Fields, Node

from .finding import Entry
from .given import members

ANY = "any"  # skill that everybody has
PRIORITIES = (1, 2, 3)
Place = tuple[str, str, str]  # post, slot or shift, skill


@dataclass(frozen=True)
class Demands:
    """Places asked for, by priority from 1 (highest)."""

    asked: Mapping[Place, Mapping[int, int]]

    def room(self, place: Place) -> int:
        return sum(self.asked.get(place, {}).values())

    def missing(self, filled: Mapping[Place, int]) -> Counter[int]:
        """Unmet places by priority: whoever comes fills the highest priority first."""
        found: Counter[int] = Counter()
        for place, counts in self.asked.items():
            left = filled.get(place, 0)
            for priority in PRIORITIES:
                count = counts.get(priority, 0)
                found[priority] += max(0, count - left)
                left = max(0, left - count)
        return found


def read_demands(root: Fields, posts: Collection[str], times: Collection[str], when: str) -> Demands:
    """`when`: 'slot' or 'shift'."""
    asked: dict[Place, Counter[int]] = {}
    for node in root.list("demands"):
        fields = members(node, "count")
        given = fields.get("priority")
        priority = 2 if given is None else given.count(1, 3)
        asked.setdefault(read_place(node, posts, times, when), Counter())[priority] += fields["count"].count()
    return Demands(asked)


def read_place(node: Node, posts: Collection[str], times: Collection[str], when: str) -> Place:
    fields = members(node, "post", when, "skill")
    post = fields["post"].one_of(dict.fromkeys(posts), "post")
    return post, fields[when].one_of(dict.fromkeys(times), when), fields["skill"].text()


def place_of(entry: Entry, posts: Collection[str], times: Collection[str], when: str) -> Place | None:
    """Where an assignment of the answer puts somebody."""
    post, time = entry.get("post").one_of(posts, "post"), entry.get(when).one_of(times, when)
    skill = entry.get("skill").text()
    return (post, time, skill) if post is not None and time is not None and skill is not None else None


def check_filled(entry: Entry, place: Place, filled: Mapping[Place, int], demands: Demands) -> None:
    """Whether anybody asked for this one more."""
    room = demands.room(place)
    if room == 0:
        entry.note("no_demand", f"nobody asked for {place[2]!r} at {place[0]!r} in {place[1]!r}")
    elif filled.get(place, 0) > room:
        text = f"{place[0]!r} asked for {room} {place[2]!r} in {place[1]!r}, this is number {filled[place]}"
        entry.note("too_many", text, filled[place] - room)


def by_priority(root: Fields, standard: tuple[float, float, float]) -> Mapping[int, float]:
    """What an unmet place weighs, from weights.unmet: a number for each priority."""
    weights = root.get("weights")
    given = None if weights is None else members(weights).get("unmet")
    numbers = standard if given is None else [node.number(0) for node in given.items()]
    return dict(zip(PRIORITIES, numbers, strict=False))

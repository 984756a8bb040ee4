"""surge, checked: one place a volunteer, skills, hours, how many were asked for, locks, changes, value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from haitang.planning.places import Point, Travel
from haitang.planning.reading import Fields, Node, read_travel, unique
from haitang.planning.times import Clock, Span, read_clock

from .changes import Change, Key, check_changes
from .finding import Entry
from .given import members, minutes, weight
from .posting import ANY, Demands, Place, by_priority, check_filled, place_of, read_demands, read_place
from .standing import Terms, check_standing
from .unmet import check_count, read_unmet

COACH_KMH = 30.0


@dataclass(frozen=True)
class Volunteer:
    unit: str
    muster: str
    skills: frozenset[str]
    there: Span


@dataclass(frozen=True)
class Given:
    root: Fields
    clock: Clock
    travel: Travel
    musters: Mapping[str, Point]
    posts: Mapping[str, Point]
    slots: Mapping[str, Span]
    volunteers: Mapping[str, Volunteer]
    demands: Demands
    before: Mapping[str, Place] | None


@dataclass(frozen=True)
class Plan:
    """Where each volunteer goes, and where in the answer that stands."""

    place: Mapping[str, Place]
    entries: Mapping[str, Entry]


def check(data: Node, answer: Entry) -> None:
    given = read(data)
    plan = _plan(given, answer)
    _check_people(given, plan)
    _check_locked(given, plan, answer)
    missing = given.demands.missing(Counter(plan.place.values()))
    check_count(answer, read_unmet(answer), missing.total(), "places")
    due: dict[Key, Change] = {
        (name,): (_told(old), _told(new)) for name, (old, new) in changes(given, plan).items()
    }
    check_changes(answer, ("volunteer",), due, is_replan=given.before is not None)
    check_standing(answer, terms(given, plan))


def read(data: Node) -> Given:
    root = members(data, "volunteers", "musters", "posts", "slots", "demands")
    slots = {
        name: members(node, "start", "end") for name, node in unique(root["slots"].items(), "slot").items()
    }
    people = {
        name: members(node, "unit", "muster", "from", "to")
        for name, node in unique(root["volunteers"].items(), "volunteer").items()
    }
    times = [fields["start"] for fields in slots.values()] + [fields["from"] for fields in people.values()]
    clock = read_clock(root, times)
    musters, posts = _points(root["musters"], "muster"), _points(root["posts"], "post")
    return Given(
        root,
        clock,
        read_travel(root, COACH_KMH),
        musters,
        posts,
        {name: clock.span(fields) for name, fields in slots.items()},
        {name: _volunteer(fields, musters, clock) for name, fields in people.items()},
        read_demands(root, posts, slots, "slot"),
        _before(root.get("previous")),
    )


def _points(node: Node, kind: str) -> dict[str, Point]:
    return {name: Point(name, members(one).place()) for name, one in unique(node.items(), kind).items()}


def _volunteer(fields: Fields, musters: Mapping[str, Point], clock: Clock) -> Volunteer:
    skills = frozenset(skill.text() for skill in fields.list("skills"))
    muster = fields["muster"].one_of(musters, "muster")
    return Volunteer(fields["unit"].text(), muster, skills, clock.span(fields, "from", "to"))


def _before(previous: Node | None) -> dict[str, Place] | None:
    if previous is None:
        return None
    found = {}
    for node in members(previous, "assignments")["assignments"].items():
        fields = members(node, "volunteer", "post", "slot", "skill")
        place = (fields["post"].text(), fields["slot"].text(), fields["skill"].text())
        found[fields["volunteer"].text()] = place
    return found


def _plan(given: Given, answer: Entry) -> Plan:
    places: dict[str, Place] = {}
    entries: dict[str, Entry] = {}
    filled: Counter[Place] = Counter()
    for entry in answer.get("assignments").items():
        name = entry.get("volunteer").one_of(given.volunteers, "volunteer")
        place = place_of(entry, given.posts, given.slots, "slot")
        if name is None or place is None:
            continue
        if name in places:
            entry.note("twice", f"volunteer {name!r} is there twice, first at {entries[name].path}")
            continue
        places[name], entries[name] = place, entry
        filled[place] += 1
        check_filled(entry, place, filled, given.demands)
    return Plan(places, entries)


def _check_people(given: Given, plan: Plan) -> None:
    for name, (_, slot, skill) in plan.place.items():
        volunteer, entry, span = given.volunteers[name], plan.entries[name], given.slots[slot]
        if skill != ANY and skill not in volunteer.skills:
            entry.get("skill").note("skill", f"{name!r} does not have {skill!r}")
        away = max(0.0, volunteer.there.start - span.start) + max(0.0, span.end - volunteer.there.end)
        if not volunteer.there.covers(span):
            entry.get("slot").note("hours", f"{name!r} is not there for {away:.2f} minutes of {slot!r}", away)


def _check_locked(given: Given, plan: Plan, answer: Entry) -> None:
    for node in given.root.list("locked"):
        name = members(node, "volunteer")["volunteer"].one_of(given.volunteers, "volunteer")
        place = read_place(node, given.posts, given.slots, "slot")
        has = plan.place.get(name)
        if has != place:
            entry = plan.entries.get(name, answer.maybe("assignments"))
            entry.note("locked", f"{node.path} puts {name!r} at {place}, the plan at {has or 'no post'}")


def changes(given: Given, plan: Plan) -> dict[str, tuple[Place | None, Place | None]]:
    """Each volunteer, gone ones too, who is sent elsewhere, or as something else, than in the earlier plan."""
    if given.before is None:
        return {}
    names = dict.fromkeys([*given.volunteers, *given.before])
    both = {name: (given.before.get(name), plan.place.get(name)) for name in names}
    return {name: (old, new) for name, (old, new) in both.items() if old != new}


def _told(place: Place | None) -> dict[str, str] | None:
    return None if place is None else dict(zip(("post", "slot", "skill"), place, strict=True))


def terms(given: Given, plan: Plan) -> Terms:
    """The objective: 600, 300, 150 an unmet place, a minute of travel, 20 a unit at a post in a slot."""
    missing = given.demands.missing(Counter(plan.place.values()))
    weighs = by_priority(given.root, (600, 300, 150))
    names = list(plan.place)
    starts = [given.musters[given.volunteers[name].muster] for name in names]
    ways = minutes(given.travel, starts, [given.posts[plan.place[name][0]] for name in names])
    apart = {(given.volunteers[name].unit, post, slot) for name, (post, slot, _) in plan.place.items()}
    found = {
        "unmet": sum(weighs.get(priority, 0.0) * count for priority, count in missing.items()),
        "travel": weight(given.root, "travel", 1) * float(ways.sum()),
        "split": weight(given.root, "split", 20) * len(apart),
    }
    if given.before is not None:
        found["changes"] = weight(given.root, "change", 30) * len(moved(given, plan))
    return found


def moved(given: Given, plan: Plan) -> list[str]:
    """Volunteers who had a place before that they could have again, and now have another or none."""
    found = []
    for name, place in (given.before or {}).items():
        volunteer = given.volunteers.get(name)
        if volunteer is None or given.demands.room(place) == 0 or plan.place.get(name) == place:
            continue
        is_able = place[2] == ANY or place[2] in volunteer.skills
        if is_able and volunteer.there.covers(given.slots[place[1]]):
            found.append(name)
    return found

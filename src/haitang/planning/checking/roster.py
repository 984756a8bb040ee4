"""roster, checked: skills, rest, shifts in seven days, nights in a row, hours in a day, locks, load, value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from haitang.planning.reading import Node
from haitang.planning.times import DAY

from . import roster_given
from .changes import Change, check_changes
from .finding import Entry
from .given import members, minutes, weight
from .posting import ANY, Place, by_priority, check_filled, place_of, read_place
from .roster_given import Given
from .standing import Terms, check_number, check_standing
from .unmet import check_count, read_unmet

WEEK = 7 * DAY
EXACT = 1e-6  # hours or minutes
Key = tuple[str, str]  # person, shift


@dataclass(frozen=True)
class Plan:
    """Who works where in which shift, and where in the answer that stands."""

    place: dict[Key, Place] = field(default_factory=dict)
    entries: dict[Key, Entry] = field(default_factory=dict)

    def by_person(self, given: Given) -> dict[str, list[str]]:
        """Shifts of each person who works, in order of start."""
        found: dict[str, list[str]] = {}
        for person, shift in self.place:
            found.setdefault(person, []).append(shift)
        for shifts in found.values():
            shifts.sort(key=lambda shift: given.shifts[shift].span.start)
        return found


def check(data: Node, answer: Entry) -> None:
    given = roster_given.read(data)
    plan = _plan(given, answer)
    for (name, shift), place in plan.place.items():
        person, entry = given.people[name], plan.entries[name, shift]
        if place[2] != ANY and place[2] not in person.skills:
            entry.get("skill").note("skill", f"{name!r} does not have {place[2]!r}")
        if shift in person.unavailable:
            entry.get("shift").note("unavailable", f"{name!r} can't work in {shift!r}")
    for name, shifts in plan.by_person(given).items():
        _check_rest(given, plan, name, shifts)
        _check_week(given, plan, name, shifts)
        _check_nights(given, plan, name, shifts)
        _check_hours(given, plan, name, shifts)
    _check_locked(given, plan, answer)
    _check_load(given, plan, answer)
    _check_fairness(given, plan, answer)
    due: dict[tuple[str, ...], Change] = {
        key: (_told(old), _told(new)) for key, (old, new) in changes(given, plan).items()
    }
    check_changes(answer, ("person", "shift"), due, is_replan=given.before is not None)
    missing = given.demands.missing(Counter(plan.place.values()))
    check_count(answer, read_unmet(answer), missing.total(), "places")
    check_standing(answer, terms(given, plan))


def _plan(given: Given, answer: Entry) -> Plan:
    plan = Plan()
    filled: Counter[Place] = Counter()
    for entry in answer.get("assignments").items():
        person = entry.get("person").one_of(given.people, "person")
        place = place_of(entry, given.posts, given.shifts, "shift")
        if person is None or place is None:
            continue
        key = (person, place[1])
        if key in plan.place:
            text = f"{person!r} works twice in {place[1]!r}, first at {plan.entries[key].path}"
            entry.note("twice", text)
            continue
        plan.place[key], plan.entries[key] = place, entry
        filled[place] += 1
        check_filled(entry, place, filled, given.demands)
    return plan


def _check_rest(given: Given, plan: Plan, name: str, shifts: Sequence[str]) -> None:
    """Between any two shifts: as they begin one after the other, the latest end so far is what counts."""
    latest = shifts[0]
    for shift in shifts[1:]:
        rest = (given.shifts[shift].span.start - given.shifts[latest].span.end) / 60.0
        short = given.rules.rest - rest
        if short > EXACT:
            text = f"{name!r} rests {rest:.2f} hours after {latest!r}, at least {given.rules.rest:g} are due"
            plan.entries[name, shift].note("rest", text, short)
        latest = max(latest, shift, key=lambda one: given.shifts[one].span.end)


def _check_week(given: Given, plan: Plan, name: str, shifts: Sequence[str]) -> None:
    """Shifts that begin within any 168 hours."""
    starts = [given.shifts[shift].span.start for shift in shifts]
    for last, shift in enumerate(shifts):
        within = sum(starts[last] - WEEK < start <= starts[last] for start in starts[: last + 1])
        if within > given.rules.shifts:
            text = f"{name!r} has {within} shifts in 168 hours, at most {given.rules.shifts:g} are allowed"
            plan.entries[name, shift].note("week", text, within - given.rules.shifts)


def _check_nights(given: Given, plan: Plan, name: str, shifts: Sequence[str]) -> None:
    nights = {given.shifts[shift].date: shift for shift in shifts if given.shifts[shift].night}
    row, before = 0, None
    for date in sorted(nights):
        row = row + 1 if before is not None and date == before + 1 else 1
        before = date
        if row > given.rules.nights:
            text = f"{name!r} has {row} nights in a row, at most {given.rules.nights:g} are allowed"
            plan.entries[name, nights[date]].note("nights", text, row - given.rules.nights)


def _check_hours(given: Given, plan: Plan, name: str, shifts: Sequence[str]) -> None:
    worked: dict[int, float] = {}
    for shift in shifts:
        over = 0.0
        for date, part in given.shifts[shift].hours.items():
            worked[date] = worked.get(date, 0.0) + part
            over = max(over, worked[date] - given.rules.hours)
        if over > EXACT:
            text = f"{name!r} works {over:.2f} hours more than {given.rules.hours:g} on one date"
            plan.entries[name, shift].note("hours", text, over)


def _check_locked(given: Given, plan: Plan, answer: Entry) -> None:
    for node in given.root.list("locked"):
        name = members(node, "person")["person"].one_of(given.people, "person")
        place = read_place(node, given.posts, given.shifts, "shift")
        has = plan.place.get((name, place[1]))
        if has != place:
            entry = plan.entries.get((name, place[1]), answer.maybe("assignments"))
            entry.note("locked", f"{node.path} puts {name!r} at {place}, the plan at {has or 'no post'}")


def _check_load(given: Given, plan: Plan, answer: Entry) -> None:
    """`load` tells shifts and nights of each person as they are."""
    by_person = plan.by_person(given)
    told: dict[str, Entry] = {}
    for entry in answer.get("load").items():
        name = entry.get("person").one_of(given.people, "person")
        if name is None:
            continue
        if name in told:
            entry.note("twice", f"{name!r} is there twice, first at {told[name].path}")
        told[name] = entry
        shifts = by_person.get(name, [])
        check_number(entry.get("shifts"), len(shifts), f"the number of shifts of {name!r}", "load")
        check_number(entry.get("nights"), _nights(given, shifts), f"the number of nights of {name!r}", "load")
        if (hours := entry.maybe("hours")).is_there:
            worked = sum(given.shifts[shift].span.minutes for shift in shifts) / 60.0
            check_number(hours, worked, f"the hours of {name!r}", "load", slack=5e-4)
    for name in by_person:
        if name not in told:
            answer.maybe("load").note("load", f"{name!r} works, but is not there")


def _check_fairness(given: Given, plan: Plan, answer: Entry) -> None:
    """Least, mean and most of shifts and nights over all people, where they are told."""
    by_person = plan.by_person(given)
    everybody = [by_person.get(name, []) for name in given.people]
    counts = {"shifts": [len(one) for one in everybody], "nights": [_nights(given, one) for one in everybody]}
    fairness = answer.get("fairness")
    for name, numbers in counts.items():
        told = fairness.maybe(name)
        if not told.is_there or not numbers:
            continue
        due = {"least": min(numbers), "most": max(numbers), "mean": sum(numbers) / len(numbers)}
        for key, number in due.items():
            if (one := told.maybe(key)).is_there:
                check_number(one, number, f"the {key} of {name}", "fairness", slack=5e-4)


def changes(given: Given, plan: Plan) -> dict[Key, tuple[Place | None, Place | None]]:
    """People and shifts, both still in the input, of which the place is another than in the earlier plan."""
    if given.before is None:
        return {}
    both = {
        key: (given.before.get(key), plan.place.get(key))
        for key in dict.fromkeys([*given.before, *plan.place])
    }
    return {
        key: (old, new)
        for key, (old, new) in both.items()
        if old != new and key[0] in given.people and key[1] in given.shifts
    }


def _told(place: Place | None) -> dict[str, str] | None:
    return None if place is None else dict(zip(("post", "shift", "skill"), place, strict=True))


def moved(given: Given, plan: Plan) -> list[Key]:
    """Of the earlier plan what could have stayed, as the person still can and the place is still asked for."""
    found = []
    for key, place in (given.before or {}).items():
        person = given.people.get(key[0])
        if person is None or key[1] in person.unavailable or given.demands.room(place) == 0:
            continue
        if (place[2] == ANY or place[2] in person.skills) and plan.place.get(key) != place:
            found.append(key)
    return found


def _nights(given: Given, shifts: Sequence[str]) -> int:
    return sum(given.shifts[shift].night for shift in shifts)


def terms(given: Given, plan: Plan) -> Terms:
    """The objective: 400, 200, 100 an unmet place, a minute of travel, 4 nights squared, 3 shifts over 4 squared."""
    missing = given.demands.missing(Counter(plan.place.values()))
    weighs = by_priority(given.root, (400, 200, 100))
    starts = [given.people[person].point for person, _ in plan.place]
    ways = minutes(given.travel, starts, [given.posts[post] for post, _, _ in plan.place.values()])
    uneven = sum(
        4 * _nights(given, shifts) ** 2 + 3 * max(0, len(shifts) - 4) ** 2
        for shifts in plan.by_person(given).values()
    )
    found = {
        "unmet": sum(weighs.get(priority, 0.0) * count for priority, count in missing.items()),
        "travel": weight(given.root, "travel", 1) * float(ways.sum()),
        "uneven": weight(given.root, "uneven", 1) * uneven,
    }
    if given.before is not None:
        found["changes"] = weight(given.root, "change", 30) * len(moved(given, plan))
    return found

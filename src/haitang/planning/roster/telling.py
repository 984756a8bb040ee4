"""What a roster says beside who works where: loads, fairness, reliefs, what is unmet and would help, what changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from haitang.planning.answers import Said, Unmet

from .framing import missing_of, travel_minutes
from .problem import ANY, Assignment, Change, Fairness, Load, Person, Place, Problem, Relief
from .rules import broken

Worked = dict[str, list[int]]  # rows of shifts by person


def worked_of(problem: Problem, entries: Sequence[Assignment]) -> Worked:
    found: Worked = {person.id: [] for person in problem.people}
    for entry in entries:
        found[entry.person].append(problem.shift_rows[entry.place.shift])
    return found


def load_of(problem: Problem, entries: Sequence[Assignment]) -> tuple[Load, ...]:
    """One for each person, also for those who do nothing."""
    calendar, hours = problem.calendar, problem.rules.protective_suit_hours
    travel: Counter[str] = Counter()
    for entry, minutes in zip(entries, travel_minutes(problem, entries), strict=True):
        travel[entry.person] += minutes  # type: ignore[assignment]
    found = []
    for name, rows in worked_of(problem, entries).items():
        shifts = [calendar.shifts[row] for row in rows]
        nights, minutes = sum(shift.night for shift in shifts), sum(shift.minutes for shift in shifts)
        suits = sum(shift.suits(hours) for shift in shifts)
        found.append(Load(name, len(rows), nights, minutes, float(travel[name]), suits))
    return tuple(found)


def fairness_of(problem: Problem, entries: Sequence[Assignment]) -> Fairness:
    calendar = problem.calendar
    rows = worked_of(problem, entries).values()
    shifts = np.array([len(each) for each in rows], dtype=np.int64)
    nights = np.array([sum(bool(calendar.night[row]) for row in each) for each in rows], dtype=np.int64)
    if not len(shifts):
        return Fairness((0, 0.0, 0), (0, 0.0, 0), (0.0, 0.0))
    spans = [(int(each.min()), float(each.mean()), int(each.max())) for each in (shifts, nights)]
    return Fairness(spans[0], spans[1], (float(shifts.std()), float(nights.std())))


def reliefs_of(problem: Problem, entries: Sequence[Assignment]) -> tuple[Relief, ...]:
    """For each shift that is worked, if every place of it is in a protective suit."""
    people = Counter(entry.place.shift for entry in entries)
    hours = problem.rules.protective_suit_hours
    shifts = [shift for shift in problem.calendar.shifts if people[shift.id]]
    return tuple(Relief(shift.id, people[shift.id], shift.suits(hours)) for shift in shifts)


@dataclass(frozen=True)
class Want:
    """Places of one skill in one shift that stay empty."""

    skill: str
    shift: str
    posts: tuple[str, ...]
    count: int


def unmet_of(problem: Problem, entries: Sequence[Assignment]) -> tuple[Unmet, ...]:
    """By shift and skill, with why nobody else can, and who would be needed."""
    wants: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for place, _, missing in missing_of(problem, entries):
        wants[problem.shift_rows[place.shift], place.skill][place.post] += missing
    if not wants:
        return ()
    crowd = _Crowd(problem, entries)
    return tuple(
        crowd.unmet(Want(skill, problem.calendar.shifts[row].id, tuple(sorted(posts)), posts.total()))
        for (row, skill), posts in sorted(wants.items())
    )


class _Crowd:
    """All people with what they work, to be asked who could do more."""

    def __init__(self, problem: Problem, entries: Sequence[Assignment]) -> None:
        self.problem, self.worked = problem, worked_of(problem, entries)

    def unmet(self, want: Want) -> Unmet:
        reason = self._reason(want)
        numbers: dict[str, float | str] = {
            "more_people": want.count,
            "shift": want.shift,
            "skill": want.skill,
        }
        who = "people" if want.count > 1 else "person"
        skilled = "" if want.skill == ANY else f" with skill {want.skill}"
        near = " who live nearer" if reason.code == "too_dear" else ""
        text = f"{want.count} more {who}{skilled}{near} free on {want.shift}"
        code = "nobody" if reason.code == "forbidden" else "more_people"
        if code == "nobody":
            text = f"a shorter shift than {want.shift}, or other rules"
        return Unmet("places", want.posts, reason, Said(code, text, numbers), want.count)

    def _reason(self, want: Want) -> Said:
        problem, row = self.problem, self.problem.shift_rows[want.shift]
        if broken(problem.calendar, Person("", frozenset()), [], row) is not None:
            return Said("forbidden", f"by the rules nobody can ever work {want.shift}", {})
        able = [person for person in problem.people if person.can(want.skill)]
        why = Counter(self._why(person, row) for person in able)
        numbers: dict[str, float | str] = {
            "able": len(able),
            **{f"able_{code}": count for code, count in sorted(why.items())},
        }
        if not able:
            return Said("no_skill", f"nobody has the skill {want.skill}", numbers)
        if why["free"]:
            text = f"{why['free']} who could do it would cost more, or free a place elsewhere, than it weighs"
            return Said("too_dear", text, numbers)
        words = {
            "unavailable": "not available",
            "working": "at work in it",
            "rest": "due to rest before or after another shift",
            "week": "at the most shifts in seven days",
            "nights": "at the most nights in a row",
            "day": "at the most hours in a day",
        }
        parts = [f"{why[code]} {words[code]}" for code in words if why[code]]
        code = "too_few_available" if why["unavailable"] == len(able) else "rules"
        return Said(code, f"of {len(able)} people who can: {', '.join(parts)}", numbers)

    def _why(self, person: Person, row: int) -> str:
        worked = self.worked[person.id]
        if self.problem.calendar.shifts[row].id in person.unavailable:
            return "unavailable"
        if row in worked:
            return "working"
        said = broken(self.problem.calendar, person, worked, row)
        return "free" if said is None else said.code


def changes_of(problem: Problem, entries: Sequence[Assignment]) -> tuple[Change, ...]:
    """People and shifts, both still in the input, of which the place is another than in the earlier plan."""
    before = {(entry.person, entry.place.shift): entry.place for entry in problem.previous or ()}
    after = {(entry.person, entry.place.shift): entry.place for entry in entries}
    found = []
    for name, shift in dict.fromkeys([*before, *after]):
        old, new = before.get((name, shift)), after.get((name, shift))
        if old != new and name in problem.person_rows and shift in problem.shift_rows:
            found.append(Change(name, shift, old, new, _change_why(problem, name, shift, old, new)))
    return tuple(found)


def _change_why(problem: Problem, name: str, shift: str, old: Place | None, new: Place | None) -> Said:
    person, weight = problem.people[problem.person_rows[name]], problem.weights.change
    if any(lock.person == name and lock.place == new for lock in problem.locked):
        return Said("locked", "somebody decided so")
    if old is None:
        return Said("gap_filled", "somebody was needed there")
    if shift in person.unavailable:
        return Said("unavailable", f"is not available in {shift} any more")
    if problem.room.get(old, 0) == 0:
        return Said("not_needed", "nobody is asked for there any more")
    if not person.can(old.skill):
        return Said("no_skill", f"does not have the skill {old.skill} any more")
    text = f"the plan gains more than the {weight:g} that a change weighs, or a rule or decision asks for it"
    return Said("better", text, {"change": weight})

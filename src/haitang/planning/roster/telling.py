"""What a roster says beside who works where: loads, fairness, reliefs, what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import starmap

import numpy as np

from haitang.planning.answers import Said

from .framing import travel_minutes, works_of
from .problem import Assignment, Change, Fairness, Load, Place, Problem, Relief

Worked = dict[str, list[int]]  # rows of shifts by person


def worked_of(problem: Problem, entries: Sequence[Assignment]) -> Worked:
    found: Worked = {person.id: [] for person in problem.people}
    for entry in entries:
        found[entry.person].append(problem.shift_rows[entry.place.shift])
    return found


def load_of(problem: Problem, entries: Sequence[Assignment]) -> tuple[Load, ...]:
    """One for each person, also for those who do nothing."""
    calendar, hours = problem.calendar, problem.rules.protective_suit_hours
    works, travel = works_of(problem, entries), np.zeros(len(problem.people))
    np.add.at(
        travel, [problem.person_rows[entry.person] for entry in entries], travel_minutes(problem, entries)
    )
    minutes = works @ np.array([shift.minutes for shift in calendar.shifts], dtype=np.float64)
    suits = works @ np.array([shift.suits(hours) for shift in calendar.shifts], dtype=np.int64)
    names = [person.id for person in problem.people]
    columns = works.sum(axis=1), works[:, calendar.night].sum(axis=1), minutes, travel, suits
    return tuple(starmap(Load, zip(names, *(column.tolist() for column in columns), strict=True)))


def fairness_of(problem: Problem, entries: Sequence[Assignment]) -> Fairness:
    works = works_of(problem, entries)
    shifts, nights = works.sum(axis=1), works[:, problem.calendar.night].sum(axis=1)
    if not len(works):
        return Fairness((0, 0.0, 0), (0, 0.0, 0), (0.0, 0.0))
    spans = [(int(each.min()), float(each.mean()), int(each.max())) for each in (shifts, nights)]
    return Fairness(spans[0], spans[1], (float(shifts.std()), float(nights.std())))


def reliefs_of(problem: Problem, entries: Sequence[Assignment]) -> tuple[Relief, ...]:
    """For each shift that is worked, if every place of it is in a protective suit."""
    people = Counter(entry.place.shift for entry in entries)
    hours = problem.rules.protective_suit_hours
    shifts = [shift for shift in problem.calendar.shifts if people[shift.id]]
    return tuple(Relief(shift.id, people[shift.id], shift.suits(hours)) for shift in shifts)


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

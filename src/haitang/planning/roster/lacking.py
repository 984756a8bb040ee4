"""Places that stay empty: why nobody else can take them, and who would be needed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from haitang.planning.answers import Said, Unmet

from . import simple
from .calendar import Flags, Ints
from .framing import Frame, missing_of, works_of
from .problem import ANY, Assignment, Person
from .rules import broken

# Why somebody who can doesn't: the first that holds. The last has no rule against it.
WORDS = {
    "unavailable": "not available",
    "working": "at work in it",
    "rest": "due to rest before or after another shift",
    "week": "at the most shifts in seven days",
    "nights": "at the most nights in a row",
    "day": "at the most hours in a day",
    "free": "free",
}


@dataclass(frozen=True)
class Want:
    """Places of one skill in one shift (a row of the calendar) that stay empty."""

    skill: str
    shift: int
    posts: tuple[str, ...]
    count: int


def unmet_of(frame: Frame, entries: Sequence[Assignment]) -> tuple[Unmet, ...]:
    """By shift and skill."""
    wants: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for place, _, missing in missing_of(frame.problem, entries):
        wants[frame.problem.shift_rows[place.shift], place.skill][place.post] += missing
    works = works_of(frame.problem, entries)

    @cache
    def standing(shift: int) -> Ints:
        return _standing(frame, works, shift)

    return tuple(
        _unmet(frame, Want(skill, shift, tuple(sorted(posts)), posts.total()), standing(shift))
        for (shift, skill), posts in sorted(wants.items())
    )


def _standing(frame: Frame, works: Flags, shift: int) -> Ints:
    """(P) the position in WORDS of what keeps each person from the shift."""
    facts = frame.rules
    rules = [
        frame.free[:, shift],
        ~works[:, shift],
        simple.is_rested(facts, works, shift),
        simple.week_has_room(facts, works, shift),
        simple.nights_fit(facts, works, shift),
        simple.day_has_room(facts, works, shift),
        np.zeros(len(works), dtype=bool),
    ]
    first: Ints = np.argmin(np.stack(rules), axis=0).astype(np.int64)
    return first


def _unmet(frame: Frame, want: Want, standing: Ints) -> Unmet:
    shift = frame.problem.calendar.shifts[want.shift].id
    reason = _reason(frame, want, standing)
    numbers: Mapping[str, float | str] = {"more_people": want.count, "shift": shift, "skill": want.skill}
    if reason.code == "forbidden":
        help_ = Said("other_rules", f"a shorter shift than {shift}, or other rules", numbers)
    else:
        who = "people" if want.count > 1 else "person"
        skilled = "" if want.skill == ANY else f" with skill {want.skill}"
        near = " who live nearer," if reason.code == "too_dear" else ""
        help_ = Said("more_people", f"{want.count} more {who}{skilled}{near} free on {shift}", numbers)
    return Unmet("places", want.posts, reason, help_, want.count)


def _reason(frame: Frame, want: Want, standing: Ints) -> Said:
    shift = frame.problem.calendar.shifts[want.shift].id
    if broken(frame.problem.calendar, Person("", frozenset()), [], want.shift) is not None:
        return Said("forbidden", f"by the rules nobody can ever work {shift}")
    able = standing[frame.can[:, frame.skills.index(want.skill)]]
    counts = dict(zip(WORDS, np.bincount(able, minlength=len(WORDS)).tolist(), strict=True))
    numbers = {"able": len(able), **{f"able_{code}": count for code, count in counts.items() if count}}
    if not len(able):
        return Said(
            "no_skill", f"nobody has the skill {want.skill}" if want.skill != ANY else "there is nobody"
        )
    if counts["free"]:
        text = f"{counts['free']} could, but would cost more, or be missed more elsewhere, than it weighs"
        return Said("too_dear", text, numbers)
    parts = ", ".join(f"{count} {WORDS[code]}" for code, count in counts.items() if count)
    code = "too_few_available" if counts["unavailable"] == len(able) else "rules"
    return Said(code, f"of {len(able)} people who can: {parts}", numbers)

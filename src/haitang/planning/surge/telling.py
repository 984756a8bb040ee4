"""What a plan says in words: who goes where, which places stay empty and what would help, what changed and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache

import numpy as np

from haitang.planning.answers import Said, Unmet

from .framing import Frame
from .model import NOWHERE, Flags, Ints
from .problem import ANY, Assignment, Change, Place


def assignments_of(frame: Frame, plan: Ints) -> tuple[Assignment, ...]:
    """In the order of the volunteers; those on standby have none."""
    people = frame.problem.volunteers
    return tuple(
        Assignment(people[row].id, frame.demands[plan[row]].place)
        for row in np.flatnonzero(plan != NOWHERE).tolist()
    )


def unmet_of(frame: Frame, plan: Ints) -> tuple[Unmet, ...]:
    """Empty places by slot, skill and reason."""
    taken = np.bincount(plan[plan != NOWHERE], minlength=len(frame.demands))
    groups: defaultdict[tuple[str, str, str], dict[str, int]] = defaultdict(Counter)
    able, who = {}, _Who(frame, plan)
    for row, demand in enumerate(frame.demands):
        if demand.count > taken[row]:
            place = demand.place
            key = place.slot, place.skill
            if key not in able:
                able[key] = _Able(who, place)
            reason = able[key].reason()
            groups[(*key, reason)][place.post] += demand.count - int(taken[row])
    return tuple(_unmet(able[slot, skill], reason, posts) for (slot, skill, reason), posts in groups.items())


class _Who:
    """Skills and hours of all volunteers, each looked at once."""

    def __init__(self, frame: Frame, plan: Ints) -> None:
        self.problem = frame.problem
        self.on_standby: Flags = plan == NOWHERE
        self.skilled = cache(self._skilled)
        self.there = cache(self._there)

    def _skilled(self, skill: str) -> Flags:
        return np.array([person.may(skill) for person in self.problem.volunteers], dtype=np.bool_)

    def _there(self, slot: str) -> Flags:
        span = self.problem.slots[self.problem.slot_rows[slot]].span
        return np.array([person.there.covers(span) for person in self.problem.volunteers], dtype=np.bool_)


class _Able:
    """Who could take a place of this slot and skill, and who of them is on standby."""

    def __init__(self, who: _Who, place: Place) -> None:
        self.place = place
        skilled = who.skilled(place.skill)
        self.able: Flags = skilled & who.there(place.slot)
        self.idle = self.able & who.on_standby
        self.later = int((skilled & ~self.able & who.on_standby).sum())

    def reason(self) -> str:
        if not self.able.any():
            return "nobody_able"
        return "too_far" if self.idle.any() else "all_elsewhere"


def _unmet(able: _Able, code: str, posts: dict[str, int]) -> Unmet:
    missing, place = sum(posts.values()), able.place
    who = "people" if place.skill == ANY else f"people with the skill {place.skill!r}"
    numbers: dict[str, float | str] = {"slot": place.slot, "skill": place.skill, "able": int(able.able.sum())}
    texts = {
        "nobody_able": f"no volunteer with {place.skill!r} is there all through {place.slot!r}",
        "all_elsewhere": f"all {int(able.able.sum())} {who} who are there all through {place.slot!r} have a place",
        "too_far": "whoever is free and able is so far away that the way and a team of its own weigh more",
    }
    reason = Said(code, texts[code], numbers)
    return Unmet("place", tuple(posts), reason, _help(able, code, missing, who), missing)


def _help(able: _Able, code: str, missing: int, who: str) -> Said:
    """People on standby who would only have to be there at that time are cheapest; then new people."""
    slot = able.place.slot
    some = f"1 more of the {who}" if missing == 1 else f"{missing} more {who}"
    if code != "too_far" and able.later >= missing:
        text = f"{missing} of the {able.later} {who} on standby, if they could be there all through {slot!r}"
        return Said("more_time", text, {"more_people": missing, "on_standby": able.later})
    near = " from nearer by" if code == "too_far" else ""
    return Said("more_people", f"{some} for {slot!r}{near}", {"more_people": missing})


def changes_of(frame: Frame, plan: Ints) -> tuple[Change, ...]:
    """Volunteers who had another place before, or none."""
    problem = frame.problem
    before = {entry.volunteer: entry.place for entry in problem.previous or ()}
    locked = {lock.volunteer for lock in problem.locked}
    found = []
    for row, person in enumerate(problem.volunteers):
        had = before.pop(person.id, None)
        now = frame.demands[plan[row]].place if plan[row] != NOWHERE else None
        if had != now:
            found.append(Change(person.id, had, now, _why(frame, row, had, now, person.id in locked)))
    gone = Said("gone", "is not there any more")
    return (*found, *(Change(name, had, None, gone) for name, had in before.items()))


def _why(frame: Frame, row: int, had: Place | None, now: Place | None, is_locked: bool) -> Said:
    if is_locked:
        return Said("locked", "somebody decided so")
    if had is None:
        return Said("called", "was on standby")
    if frame.kept[row] == NOWHERE:
        return Said("impossible", "the place is not asked for any more, or they can't take it any more")
    weight = frame.problem.weights.change
    return Said("better", f"the plan gains more than the {weight:g} that a change weighs", {"change": weight})

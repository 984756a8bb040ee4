"""Why this person works where they do, and what it would take for another to, or for them to do more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from haitang.planning.places import Point
from haitang.planning.reading import BadInput

from .framing import EXTRA, NIGHT, missing_of
from .problem import Answer, Assignment, Person, Place, Problem
from .rules import broken
from .telling import Worked, worked_of

MOST = 5  # alternatives that are named


@dataclass(frozen=True)
class Other:
    """Somebody else for a place, and what that costs more than as it is."""

    person: str
    extra: float


def explain(problem: Problem, answer: Answer, person_id: str) -> dict[str, Any]:
    """Costs in minute-equivalents; texts in English, each with a code. BadInput for an unknown person."""
    if person_id not in problem.person_rows:
        raise BadInput(f"$.people: no person has the id {person_id!r}")
    view = _View(problem, answer)
    mine = [entry for entry in answer.assignments if entry.person == person_id]
    return {
        "person": person_id,
        "load": next(load.as_dict() for load in answer.load if load.person == person_id),
        "shifts": [view.shift(entry) for entry in mine],
        "off": view.off(problem.people[problem.person_rows[person_id]]),
    }


class _View:
    def __init__(self, problem: Problem, answer: Answer) -> None:
        self.problem, self.answer = problem, answer
        self.worked: Worked = worked_of(problem, answer.assignments)
        self.missing = missing_of(problem, answer.assignments)

    def shift(self, entry: Assignment) -> dict[str, Any]:
        """One shift a person works: cost, next best, and the rules that keep the rest out."""
        locked = entry in self.problem.locked
        person = self.problem.people[self.problem.person_rows[entry.person]]
        travel, load = self._travel([person], entry.place)[0], self._load(person, entry.place)
        others, excluded = ([], {}) if locked else self._others(entry)
        named = [_tell(other) for other in others[:MOST]]
        return {
            **entry.place.as_dict(),
            "why_code": "locked" if locked else "cheapest",
            "why": "somebody decided so" if locked else "in the whole plan this costs least",
            "cost": {"total": round(travel + load, 6), "travel": round(travel, 6), "uneven": round(load, 6)},
            "next_best": named[0] if named else None,
            "others": named[1:],
            "excluded": [{"code": code, "how_many": count} for code, count in sorted(excluded.items())],
        }

    def off(self, person: Person) -> list[dict[str, Any]]:
        """Shifts they don't work: the rule that keeps them off, or what the best place there would cost."""
        found = []
        for row, shift in enumerate(self.problem.calendar.shifts):
            if row in self.worked[person.id]:
                continue
            said = broken(self.problem.calendar, person, self.worked[person.id], row)
            if said is not None:
                found.append({"shift": shift.id, "code": said.code, "text": said.text})
            else:
                found.append({"shift": shift.id, **self._free(person, shift.id)})
        return found

    def _free(self, person: Person, shift: str) -> dict[str, Any]:
        options = [
            (
                self._travel([person], place)[0]
                + self._load(person, place)
                - self.problem.weights.unmet[priority - 1],
                place,
            )
            for place, priority, _ in self.missing
            if place.shift == shift and person.can(place.skill)
        ]
        if not options:
            return {"code": "not_needed", "text": "every place they could take there is filled"}
        extra, place = min(options, key=lambda option: option[0])
        text = f"{place.skill} at {place.post} would make the plan dearer by {extra:.1f}"
        return {"code": "too_dear" if extra >= 0 else "possible", "text": text, "extra": round(extra, 6)}

    def _others(self, entry: Assignment) -> tuple[list[Other], dict[str, int]]:
        """Who else could take the place, cheapest first; how many can't, by rule."""
        row, excluded = self.problem.shift_rows[entry.place.shift], dict[str, int]()
        able = []
        for person in self.problem.people:
            if person.id != entry.person:
                code = self._bar(person, entry.place, row)
                if code is None:
                    able.append(person)
                else:
                    excluded[code] = excluded.get(code, 0) + 1
        return sorted(self._rated(able, entry), key=lambda other: (other.extra, other.person)), excluded

    def _bar(self, person: Person, place: Place, row: int) -> str | None:
        if not person.can(place.skill):
            return "skill"
        if row in self.worked[person.id]:
            return "working"
        said = broken(self.problem.calendar, person, self.worked[person.id], row)
        return said.code if said else None

    def _rated(self, able: list[Person], entry: Assignment) -> Iterator[Other]:
        mine = self.problem.people[self.problem.person_rows[entry.person]]
        now = self._travel([mine], entry.place)[0] + self._load(mine, entry.place)
        for person, travel in zip(able, self._travel(able, entry.place), strict=True):
            yield Other(person.id, travel + self._load(person, entry.place) - now)

    def _travel(self, people: list[Person], place: Place) -> list[float]:
        post = self.problem.posts[self.problem.post_rows[place.post]]
        homes = [Point(person.id, person.home) for person in people]
        minutes = self.problem.travel.minutes(homes, [post])[:, 0].tolist() if homes else []
        return [self.problem.weights.travel * way for way in minutes]

    def _load(self, person: Person, place: Place) -> float:
        """What the shift adds to the cost of the person's load beside their others."""
        row, night = self.problem.shift_rows[place.shift], self.problem.calendar.night
        others = [other for other in self.worked[person.id] if other != row]
        count, nights = len(others), sum(bool(night[other]) for other in others)
        over, after = max(0, count - 4), max(0, count - 3)
        nightly = NIGHT * (2 * nights + 1) if night[row] else 0.0
        return self.problem.weights.uneven * (EXTRA * (after**2 - over**2) + nightly)


def _tell(other: Other) -> dict[str, Any]:
    text = f"{other.person} instead: {abs(other.extra):.1f} {'more' if other.extra >= 0 else 'less'}"
    return {"person": other.person, "extra": round(other.extra, 6), "text": text}

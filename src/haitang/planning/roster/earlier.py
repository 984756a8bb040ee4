"""What was decided before: assignments that a person pinned, and an earlier answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from haitang.planning.reading import Fields, Node, check_kind

from .problem import Assignment, Place, Problem
from .rules import broken

ANSWER_KEYS = (
    "status",
    "value",
    "bound",
    "gap",
    "seconds",
    "seed",
    "load",
    "fairness",
    "reliefs",
    "unmet",
    "changes",
)


def read_locks(root: Fields, problem: Problem) -> Problem:
    """The problem with its locks; BadInput for one that can't be."""
    filled: Counter[Place] = Counter()
    worked: dict[str, list[int]] = {}
    locks: list[Assignment] = []
    for node in root.list("locked"):
        lock = _lock(node, problem)
        shift, rows = problem.shift_rows[lock.place.shift], worked.setdefault(lock.person, [])
        if shift in rows:
            raise node.refuse(f"person {lock.person!r} is locked twice in shift {lock.place.shift!r}")
        _check_possible(node, problem, lock, rows)
        filled[lock.place] += 1
        asked = problem.room.get(lock.place, 0)
        if filled[lock.place] > asked:
            raise node.refuse(f"{asked} are asked for there, this would be one more")
        rows.append(shift)
        locks.append(lock)
    return replace(problem, locked=tuple(locks))


def _lock(node: Node, problem: Problem) -> Assignment:
    fields = node.fields(["person", "post", "shift", "skill"])
    place = Place(
        fields["post"].one_of(problem.post_rows, "post"),
        fields["shift"].one_of(problem.shift_rows, "shift"),
        fields["skill"].text(),
    )
    return Assignment(fields["person"].one_of(problem.person_rows, "person"), place)


def _check_possible(node: Node, problem: Problem, lock: Assignment, worked: list[int]) -> None:
    person = problem.people[problem.person_rows[lock.person]]
    if not person.can(lock.place.skill):
        raise node.refuse(f"person {person.id!r} does not have the skill {lock.place.skill!r}")
    why = broken(problem.calendar, person, worked, problem.shift_rows[lock.place.shift])
    if why is not None:
        raise node.refuse(f"person {person.id!r} {why.text}")


def read_previous(node: Node) -> tuple[Assignment, ...]:
    """Only the assignments count; people, posts and shifts may be gone by now."""
    fields = node.fields(["assignments"], ["kind", *ANSWER_KEYS])
    check_kind(fields, "roster")
    found: dict[tuple[str, str], Assignment] = {}
    for entry in fields["assignments"].items():
        members = entry.fields(["person", "post", "shift", "skill"])
        person, shift = members["person"].text(), members["shift"].text()
        if (person, shift) in found:
            raise entry.refuse(f"person {person!r} is there twice in shift {shift!r}")
        place = Place(members["post"].text(), shift, members["skill"].text())
        found[person, shift] = Assignment(person, place)
    return tuple(found.values())

"""Booking people into slots so that lanes are busy and nobody waits too long if all goes as expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from haitang.planning.places import Floats

from .layouts import Layout
from .plan import Slot
from .problem import Problem

LITTLE = 1e-6  # minutes


@dataclass(frozen=True)
class Part:
    """So many people of a building, from number `first` on."""

    building: int
    first: int
    people: int


def backlog(problem: Problem, lanes: Layout, slots: Sequence[Slot]) -> float:
    """Longest wait in minutes if those expected come evenly over their slots and lanes work without a stop."""
    rate, comes = problem.rate(lanes), 1.0 - problem.habits.no_show
    changes = [(slot.start, slot.people * comes / (slot.end - slot.start)) for slot in slots]
    changes += [(slot.end, -slot.people * comes / (slot.end - slot.start)) for slot in slots]
    waiting = longest = brought = 0.0
    now = 0.0
    for at, change in sorted(changes):
        waiting = max(0.0, waiting + (brought - rate) * (at - now))
        longest, now, brought = max(longest, waiting), at, brought + change
    return longest / rate


def edges(problem: Problem, minutes: float, step: float) -> Floats:
    """Where slots begin, and the last ends: as many as fit into so many minutes, none shorter than it may be.

    `minutes` and the shortest slot are multiples of `step`, and so is every edge.
    """
    count = max(1, int((minutes + LITTLE) / problem.width))
    return np.floor(np.arange(count + 1) * minutes / count / step + LITTLE) * step


def quotas(marks: Floats, people: int) -> list[int]:
    """People for each slot between the marks: in proportion to its length, whole, and all of them together."""
    shares = np.floor(people * marks / marks[-1] + 0.5).astype(int)
    return [int(share) for share in np.diff(shares)]


def book(
    problem: Problem, station: int, parts: Sequence[Part], minutes: float, step: float
) -> tuple[Slot, ...]:
    """Slots from minute 0 for all of the parts, one after the other.

    Nobody is called apart from the rest of their building for a few places: who is left of a building then joins
    the slot before, and a slot with a few free places is left so; the next one makes up for it.
    """
    marks = edges(problem, minutes, step)
    wanted = quotas(marks, sum(part.people for part in parts))
    queue = [part for part in reversed(parts) if part.people]
    slots: list[Slot] = []
    owed = 0
    for at, quota in enumerate(wanted):
        begin, end, is_last = float(marks[at]), float(marks[at + 1]), at == len(wanted) - 1
        owed += quota
        few = quota // 20 if problem.max_wait >= 1.0 else 0
        while queue and (owed > few or is_last):
            part = queue.pop()
            take = part.people if part.people <= owed + few or is_last else owed
            slots.append(Slot(part.building, station, begin, end, take, part.first))
            owed -= take
            if take < part.people:
                queue.append(Part(part.building, part.first + take, part.people - take))
    return tuple(slots)

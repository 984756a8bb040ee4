"""What a run of lanes comes to on each of many days: who waits how long, who is still there at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from haitang.planning import compiled
from haitang.planning.places import Floats

from .draws import AWAY, LATE, Draws
from .kernels import serve
from .layouts import Layout
from .plan import Slot

GROUP = "haitang.planning.round.kernels"


@dataclass(frozen=True, eq=False)
class Days:
    """Moments in minutes (stages, days, people), each day and stage in its own order; who does not come is AWAY."""

    arrival: Floats
    begin: Floats
    end: Floats

    @property
    def days(self) -> int:
        return self.arrival.shape[1]

    def waiting(self, close: float) -> float:
        """Person-minutes on a mean day, until the lanes close."""
        waits = np.minimum(self.begin, close) - self.arrival
        return float(np.maximum(waits, 0.0).sum()) / self.days

    def missed(self, close: float) -> float:
        """People on a mean day who come and aren't done when the lanes close."""
        end = self.end[-1]
        return float(((end > close) & (end < AWAY / 2)).sum()) / self.days

    def ends(self) -> Floats:
        """When each who comes is done, all days together, in order."""
        end = self.end[-1]
        return np.sort(end[end < AWAY / 2])


def simulate(draws: Draws, slots: Sequence[Slot], lanes: Layout, opens: float) -> Days:
    """The run's days, as if its lanes never closed."""
    arrival, needs = arrivals(draws, slots)
    found = []
    for stage, count in enumerate(lanes):
        order = np.argsort(arrival, axis=1, kind="stable")
        arrival = np.take_along_axis(arrival, order, axis=1)
        needs = np.take_along_axis(needs, order[None], axis=2)
        begin = _serve(arrival, np.ascontiguousarray(needs[stage]), count, opens)
        end = begin + needs[stage]
        found.append((arrival, begin, end))
        arrival = end
    return Days(*(np.stack([moments[at] for moments in found]) for at in range(3)))


def arrivals(draws: Draws, slots: Sequence[Slot]) -> tuple[Floats, Floats]:
    """When people come (days, people), by building and number; minutes they need (stages, days, people)."""
    moments, needs = [], []
    late = draws.problem.habits.late_minutes
    for slot in sorted(slots, key=lambda slot: (slot.building, slot.first)):
        place, need = draws.of(slot.building, slot.first, slot.people)
        on_time = slot.start + place * (slot.end - slot.start)
        moment = np.where(place < 1.0, on_time, slot.end + (place - LATE) * late)
        moments.append(np.where(place < AWAY, moment, AWAY))
        needs.append(need)
    return np.concatenate(moments, axis=1), np.concatenate(needs, axis=2)


def _serve(arrival: Floats, need: Floats, lanes: int, opens: float) -> Floats:
    if compiled.prepare(GROUP):
        return serve(arrival, need, lanes, opens)
    return lockstep(arrival, need, lanes, opens)


def lockstep(arrival: Floats, need: Floats, lanes: int, opens: float) -> Floats:
    """What `serve` does, all days at once: for a machine that has not compiled it yet."""
    rows = np.arange(len(arrival))
    free = np.full((len(arrival), lanes), opens)
    begin = np.empty_like(arrival)
    for person in range(arrival.shape[1]):
        lane = np.argmin(free, axis=1)
        start = np.maximum(arrival[:, person], free[rows, lane])
        begin[:, person] = start
        free[rows, lane] = start + need[:, person]
    return begin

"""What a run of lanes comes to on each of many days: who waits how long, who is still there at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from haitang.planning import compiled
from haitang.planning.places import Floats

from .draws import AWAY, LATE, Draws
from .kernels import serve
from .plan import Run, Slot

GROUP = "haitang.planning.round.kernels"


@dataclass(frozen=True, eq=False)
class Days:
    """Moments in minutes (stages, days, people), each day and stage in its own order; who does not come is AWAY."""

    arrival: Floats
    begin: Floats
    end: Floats

    @property
    def days(self) -> int:
        return int(self.arrival.shape[1])

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


def simulate(draws: Draws, run: Run) -> Days:
    """The run's days, as if its lanes never closed."""
    return simulate_all(draws, [run])[0]


def simulate_all(draws: Draws, runs: Sequence[Run]) -> list[Days]:
    """Of each run; together is faster than one by one where nothing is compiled."""
    arriving = [arrivals(draws, run.slots) for run in runs]
    arrival, needs = [each[0] for each in arriving], [each[1] for each in arriving]
    found: list[list[tuple[Floats, Floats, Floats]]] = [[] for _ in runs]
    for stage in range(len(draws.problem.stages)):
        queues = []
        for at, run in enumerate(runs):
            order = np.argsort(arrival[at], axis=1, kind="stable")
            arrival[at] = np.take_along_axis(arrival[at], order, axis=1)
            needs[at] = np.take_along_axis(needs[at], order[None], axis=2)
            need = np.ascontiguousarray(needs[at][stage])
            queues.append(Queue(arrival[at], need, run.lanes[stage], run.start))
        for at, begin in enumerate(_served(queues, draws.compiled)):
            end = begin + queues[at].need
            found[at].append((arrival[at], begin, end))
            arrival[at] = end
    return [Days(*(np.stack([stage[part] for stage in each]) for part in range(3))) for each in found]


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


@dataclass(frozen=True, eq=False)
class Queue:
    """arrival: sorted along each day; need: minutes each takes; lanes, all free at `opens`."""

    arrival: Floats
    need: Floats
    lanes: int
    opens: float


def _served(queues: Sequence[Queue], may_be_compiled: bool) -> list[Floats]:
    if may_be_compiled and compiled.prepare(GROUP):
        return [serve(queue.arrival, queue.need, queue.lanes, queue.opens) for queue in queues]
    return lockstep(queues)


def is_loaded() -> bool:
    """Whether machine code is at hand at once."""
    return compiled.is_ready(GROUP) and "jitted" in vars(serve)


def lockstep(queues: Sequence[Queue]) -> list[Floats]:
    """What `serve` does, all days and queues at once."""
    if not queues:
        return []
    longest = max(queue.arrival.shape[1] for queue in queues)
    widest = max(queue.lanes for queue in queues)
    arrival = np.concatenate([_padded(queue.arrival, longest, AWAY) for queue in queues])
    need = np.concatenate([_padded(queue.need, longest, 0.0) for queue in queues])
    free = np.full((len(arrival), widest), np.inf)
    first = 0
    for queue in queues:
        free[first : first + len(queue.arrival), : queue.lanes] = queue.opens
        first += len(queue.arrival)
    rows, begin = np.arange(len(arrival)), np.empty_like(arrival)
    for person in range(longest):
        lane = np.argmin(free, axis=1)
        start = np.maximum(arrival[:, person], free[rows, lane])
        begin[:, person] = start
        free[rows, lane] = start + need[:, person]
    ends = np.cumsum([len(queue.arrival) for queue in queues])
    return [
        begin[end - len(queue.arrival) : end, : queue.arrival.shape[1]]
        for end, queue in zip(ends, queues, strict=True)
    ]


def _padded(table: Floats, width: int, filler: float) -> Floats:
    return np.pad(table, ((0, 0), (0, width - table.shape[1])), constant_values=filler)

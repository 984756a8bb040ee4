"""Who goes to which station with how many lanes, and the runs that come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from haitang.planning.deadline import Deadline

from .booking import LITTLE, Part, backlog, book
from .draws import Draws
from .extending import extend
from .layouts import Layout
from .plan import Run, Slot
from .problem import Ints
from .shaping import Shaped, per_minute, shape, shortest, step_of

TRIMS = 12  # times a run is tried with fewer people where not all fit
LESS = 0.93  # part of the people that stay each time
BUSY = 1.15  # of the shortest time, for a run that there is no time to try out


class Shaper:
    """Finds runs and remembers them. kept: slots that stand already, by station; base (B): people in them;
    price: see `shape`."""

    def __init__(
        self,
        draws: Draws,
        kept: Mapping[int, tuple[Slot, ...]],
        deadline: Deadline,
        price: float = 1.0,
    ) -> None:
        self.draws, self.kept, self.deadline, self.price = draws, kept, deadline, price
        self.problem = draws.problem
        self.base = np.zeros(len(self.problem.buildings), dtype=np.int64)
        for slots in kept.values():
            for slot in slots:
                self.base[slot.building] += slot.people
        self._known: dict[tuple[int, Layout, tuple[Part, ...]], Shaped | None] = {}

    def window(self, station: int) -> float:
        return float(self.problem.close[station] - self.problem.open[station])

    def shaped(self, station: int, lanes: Layout, parts: Sequence[Part]) -> Shaped | None:
        """The run of all these people; None where they don't fit, or there is nobody."""
        # Runs without kept slots differ only by how long they may be.
        kept = self.kept.get(station, ())
        key = (station if kept else -1 - round(self.window(station)), lanes, tuple(parts))
        if key not in self._known:
            if kept:
                found = extend(self.draws, station, lanes, kept, parts, self.price)
            elif self.deadline.passed:
                found = self._guessed(station, lanes, parts)
            else:
                found = shape(
                    self.draws, station, lanes, parts, self.window(station), self.price, self.deadline
                )
            self._known[key] = found
        found = self._known[key]
        return found if found is None or kept else at_station(found, station)

    def _guessed(self, station: int, lanes: Layout, parts: Sequence[Part]) -> Shaped | None:
        """A run that has not been tried out, as there is no time left; its cost is a rule of thumb."""
        problem, people = self.problem, sum(part.people for part in parts)
        if not people:
            return None
        step, least = step_of(problem), max(shortest(problem, lanes, people), problem.slot_minutes)
        for busy in (BUSY, 1.0):
            slots = book(problem, station, parts, float(np.ceil(least * busy / step - LITTLE)) * step, step)
            last, window = slots[-1].end, self.window(station)
            if last <= window + LITTLE and backlog(problem, lanes, slots) <= problem.max_wait + LITTLE:
                end = min(last + problem.habits.late_minutes + 2.0, window)
                run = Run(station, lanes, 0.0, end, slots)
                return Shaped(run, self.price * per_minute(problem, lanes) * run.minutes + people, 0.0)
        return None


def at_station(shaped: Shaped, station: int) -> Shaped:
    """The same run at another station."""
    run = shaped.run
    if run.station == station:
        return shaped
    slots = tuple(Slot(s.building, station, s.start, s.end, s.people, s.first) for s in run.slots)
    return Shaped(Run(station, run.lanes, run.start, run.end, slots), shaped.cost, shaped.missed)


@dataclass(frozen=True, eq=False)
class Board:
    """lanes of each station, None where closed; people (B, S): who goes where beside the slots that stand."""

    lanes: tuple[Layout | None, ...]
    people: Ints

    def moved(self, station: int, lanes: Layout | None) -> Board:
        return Board((*self.lanes[:station], lanes, *self.lanes[station + 1 :]), self.people)

    def sent(self, buildings: Sequence[int], start: int, to: int) -> Board:
        """With all of these buildings' people at `start` going to `to` instead."""
        people = self.people.copy()
        people[list(buildings), to] += people[list(buildings), start]
        people[list(buildings), start] = 0
        return Board(self.lanes, people)


def parts_of(board: Board, station: int, base: Ints) -> list[Part]:
    """Of each building the people at the station: numbered after those in slots that stand, larger parts first."""
    parts = []
    for row in np.flatnonzero(board.people[:, station]).tolist():
        mine = int(board.people[row, station])
        going = board.people[row]
        before = (going > mine) | ((going == mine) & (np.arange(len(going)) < station))
        parts.append(Part(row, int(base[row]) + int(going[before].sum()), mine))
    return parts


def runs_of(shaper: Shaper, board: Board) -> list[Shaped]:
    """The board's runs; where not all people fit, the last ones go without."""
    found = []
    for station, lanes in enumerate(board.lanes):
        parts = parts_of(board, station, shaper.base)
        if lanes is not None and (parts or shaper.kept.get(station)):
            shaped = _as_many(shaper, station, lanes, parts)
            found += [shaped] if shaped else []
    return found


def _as_many(shaper: Shaper, station: int, lanes: Layout, parts: list[Part]) -> Shaped | None:
    shaped = shaper.shaped(station, lanes, parts)
    people = sum(part.people for part in parts)
    for _ in range(TRIMS):
        if shaped or not people:
            return shaped
        people = int(people * LESS)
        parts = _first(parts, people)
        shaped = shaper.shaped(station, lanes, parts)
    return shaped or shaper.shaped(station, lanes, [])


def _first(parts: Sequence[Part], people: int) -> list[Part]:
    left, kept = people, []
    for part in parts:
        take = min(left, part.people)
        left -= take
        kept += [Part(part.building, part.first, take)] if take else []
    return kept

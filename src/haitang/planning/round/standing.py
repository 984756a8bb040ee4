"""Slots that stand before anything is planned: those somebody decided, and those of an earlier plan."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .booking import LITTLE, backlog
from .layouts import Layout, choices, layout, peak
from .locking import needed
from .plan import Run, Slot
from .problem import SECOND, Problem

Standing = Mapping[int, tuple[Slot, ...]]  # by station row


@dataclass(frozen=True)
class Grounds:
    """What runs are built on: slots that stand, and the layouts each station can have with them."""

    kept: Standing
    options: tuple[tuple[Layout, ...], ...]


def locked_slots(problem: Problem) -> Standing:
    found: dict[int, list[Slot]] = defaultdict(list)
    firsts: Counter[int] = Counter()
    for lock in problem.locked:
        if lock.building is None or lock.span is None:
            continue
        row, station = problem.building_rows[lock.building], problem.station_rows[lock.station]
        found[station].append(Slot(row, station, lock.span.start, lock.span.end, lock.people, firsts[row]))
        firsts[row] += lock.people
    return {station: tuple(slots) for station, slots in found.items()}


def earlier_slots(problem: Problem) -> Standing:
    """The locked slots, and of the earlier plan all that can still be: at stations that are open, for people
    who are still there, and where no lock says otherwise."""
    found = {station: list(slots) for station, slots in locked_slots(problem).items()}
    firsts: Counter[int] = Counter()
    same: Counter[tuple[int, int, int, int]] = Counter()
    for slots in found.values():
        for slot in slots:
            firsts[slot.building] += slot.people
            same[_key(slot)] += slot.people
    for slot in _earlier(problem):
        again = min(slot.people, same[_key(slot)])
        same[_key(slot)] -= again
        people = min(slot.people - again, int(problem.walkers[slot.building]) - firsts[slot.building])
        if people > 0:
            found.setdefault(slot.station, []).append(
                replace(slot, people=people, first=firsts[slot.building])
            )
            firsts[slot.building] += people
    return {station: tuple(slots) for station, slots in found.items()}


def _key(slot: Slot) -> tuple[int, int, int, int]:
    return slot.building, slot.station, round(slot.start * 60), round(slot.end * 60)


def _earlier(problem: Problem) -> list[Slot]:
    placed = {one.building: one.station for one in problem.locked if one.building and one.span is None}
    found = []
    for old in problem.previous.slots if problem.previous else ():
        row, station = problem.building_rows.get(old.building), problem.station_rows.get(old.station)
        if row is None or station is None or placed.get(old.building, old.station) != old.station:
            continue
        fits = old.span.minutes >= problem.slot_minutes - SECOND
        within = (
            problem.open[station] - SECOND <= old.span.start
            and old.span.end <= problem.close[station] + SECOND
        )
        if fits and within and old.people:
            found.append(Slot(row, station, old.span.start, old.span.end, old.people, 0))
    return found


def grounds(problem: Problem, kept: Standing) -> Grounds:
    """Where a station can't have all slots that stand, the latest are given up; never a locked one."""
    locked = locked_slots(problem)
    found: dict[int, tuple[Slot, ...]] = {}
    options = []
    for station in range(len(problem.stations)):
        slots = kept.get(station, ())
        layouts = choices(problem, station)
        must = set(locked.get(station, ()))
        able = _able(problem, layouts, slots)
        while slots and not able:
            free = [slot for slot in slots if slot not in must]
            latest = max(free, key=lambda slot: slot.end, default=None)
            slots = tuple(slot for slot in slots if slot is not latest) if latest else ()
            able = _able(problem, layouts, slots)
        if slots:
            found[station] = slots
        options.append(tuple(able))
    return Grounds(found, tuple(options))


def _able(problem: Problem, layouts: Sequence[Layout], slots: Sequence[Slot]) -> list[Layout]:
    return [one for one in layouts if not slots or backlog(problem, one, slots) <= problem.max_wait + LITTLE]


def settle(problem: Problem, runs: Sequence[Run]) -> list[Run]:
    """Runs whose time is pinned cut down, or given up, where they need more staff at a time than there are."""
    least = needed(problem, [one for one in problem.locked if one.span is not None]) or {}
    must = {
        station: Run(
            station,
            layout(problem, least[station]),
            min(slot.start for slot in slots),
            max(slot.end for slot in slots),
            slots,
            True,
        )
        for station, slots in locked_slots(problem).items()
    }
    settled = [run for run in runs if not run.pinned]
    taken: list[Run] = []
    for run in sorted((run for run in runs if run.pinned), key=lambda run: run.station not in must):
        waiting = [other for key, other in must.items() if key != run.station and key not in _stations(taken)]
        cut = replace(run, end=max(slot.end for slot in run.slots))
        tried = [run, cut, *([must[run.station]] if run.station in must else [])]
        fitting = [one for one in tried if _fits(problem, [*taken, *waiting, one])]
        taken += fitting[:1]
    return settled + taken


def _stations(runs: Sequence[Run]) -> set[int]:
    return {run.station for run in runs}


def _fits(problem: Problem, runs: Sequence[Run]) -> bool:
    intervals = [(run.start, run.end, problem.staff_of(run.lanes)) for run in runs]
    return bool(np.all(peak(intervals, len(problem.roles)) <= problem.limits))

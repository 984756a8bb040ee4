"""What persons have decided: buildings to stations, slots, lanes; refused where it breaks a rule of every plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from haitang.planning.reading import Fields, Node
from haitang.planning.times import Span

from .booking import LITTLE, backlog
from .layouts import layout, most_lanes, peak, staffed
from .plan import Slot
from .problem import SECOND, Lock, Problem


def read_locks(root: Fields, problem: Problem) -> Problem:
    """The problem with its locks; BadInput with the path of the one that can't stand."""
    nodes = root.list("locked")
    locks = tuple(_lock(node, problem) for node in nodes)
    locked = replace(problem, locked=locks)
    for at, node in enumerate(nodes):
        _check_against(node, locks[at], locks[:at], locked)
    for at, node in enumerate(nodes):
        _check_slots(node, locks[: at + 1], locked)
    return locked


def _lock(node: Node, problem: Problem) -> Lock:
    fields = node.fields(["station"], ["building", "start", "end", "people", "lanes"])
    row = problem.station_rows[fields["station"].one_of(problem.station_rows, "station")]
    lanes, building = fields.get("lanes"), fields.get("building")
    if (lanes is None) == (building is None):
        raise node.refuse("needs either 'building' or 'lanes'")
    station = problem.stations[row].id
    slot = [key for key in ("start", "end", "people") if fields.get(key) is not None]
    if lanes is not None:
        if slot:
            raise fields[slot[0]].refuse("goes with 'building'")
        return _lanes(lanes, row, problem)
    assert building is not None
    name = building.one_of(problem.building_rows, "building")
    if not slot:
        return Lock(station, name)
    if len([key for key in slot if key != "people"]) < 2:
        raise node.refuse("needs both 'start' and 'end', or neither and no 'people'")
    span, walkers = _span(node, fields, row, problem), problem.walkers[problem.building_rows[name]]
    people = fields.get("people")
    return Lock(station, name, span, int(walkers) if people is None else people.count(1, int(walkers)))


def _lanes(node: Node, row: int, problem: Problem) -> Lock:
    lanes = node.count(most=problem.stations[row].max_lanes)
    if lanes and not staffed(problem, layout(problem, lanes)):
        raise node.refuse(f"{lanes} lanes need more staff than there are")
    return Lock(problem.stations[row].id, lanes=lanes)


def _span(node: Node, fields: Fields, row: int, problem: Problem) -> Span:
    span = problem.clock.span(fields)
    if span.minutes < problem.slot_minutes - SECOND:
        raise node.refuse(f"must last {problem.slot_minutes:g} minutes or more")
    if span.start < problem.open[row] - SECOND or span.end > problem.close[row] + SECOND:
        raise node.refuse(f"must be while {problem.stations[row].id!r} is open and before the deadline")
    return span


def _check_against(node: Node, lock: Lock, before: tuple[Lock, ...], problem: Problem) -> None:
    if lock.lanes is not None:
        if any(one.lanes is not None and one.station == lock.station for one in before):
            raise node.refuse(f"the lanes of {lock.station!r} are locked twice")
        return
    if any(one.lanes == 0 and one.station == lock.station for one in problem.locked):
        raise node.refuse(f"{lock.station!r} is locked with 0 lanes")
    same = [one for one in before if one.building == lock.building]
    whole = [one for one in [*same, lock] if one.span is None]
    if whole and any(one.station != whole[0].station for one in [*same, lock]):
        raise node.refuse(f"building {lock.building!r} is locked to another station")


def _check_slots(node: Node, locks: tuple[Lock, ...], problem: Problem) -> None:
    """People, lanes and staff that the locked slots so far need."""
    lock = locks[-1]
    if lock.span is None:
        return
    mine = [one for one in locks if one.span is not None and one.building == lock.building]
    assert lock.building is not None
    walkers = int(problem.walkers[problem.building_rows[lock.building]])
    if sum(one.people for one in mine) > walkers:
        raise node.refuse(f"more people are locked than the {walkers} of {lock.building!r} who can come")
    if needed(problem, [one for one in locks if one.span is not None]) is None:
        raise node.refuse("with the locked slots so far needs more lanes, or more staff, than there are")


def needed(problem: Problem, locks: list[Lock]) -> dict[int, int] | None:
    """Fewest lanes for the locked slots, by station row; None if that breaks a rule."""
    found: dict[int, int] = {}
    intervals = []
    for row, station in enumerate(problem.stations):
        slots = [_slot(problem, row, one) for one in locks if one.station == station.id]
        if not slots:
            continue
        most = most_lanes(problem, row)
        fixed = any(one.lanes is not None and one.station == station.id for one in problem.locked)
        lanes = most if fixed else _fewest(problem, slots, most)
        if lanes == 0 or backlog(problem, layout(problem, lanes), slots) > problem.max_wait + LITTLE:
            return None
        found[row] = lanes
        start, end = min(slot.start for slot in slots), max(slot.end for slot in slots)
        intervals.append((start, end, problem.staff_of(layout(problem, lanes))))
    fits = bool(np.all(peak(intervals, len(problem.roles)) <= problem.limits))
    return found if fits else None


def _slot(problem: Problem, row: int, lock: Lock) -> Slot:
    assert lock.building is not None and lock.span is not None
    return Slot(problem.building_rows[lock.building], row, lock.span.start, lock.span.end, lock.people, 0)


def _fewest(problem: Problem, slots: list[Slot], most: int) -> int:
    """Lanes at which nobody waits too long as booked, by halving; `most` where even these don't do."""
    least = 1
    while least < most:
        middle = (least + most) // 2
        if backlog(problem, layout(problem, middle), slots) <= problem.max_wait + LITTLE:
            most = middle
        else:
            least = middle + 1
    return most

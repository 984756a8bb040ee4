"""What is other than in an earlier plan, and why."""

from __future__ import annotations

from collections import Counter, defaultdict

from haitang.planning.answers import Said

from .answer import Change
from .plan import Plan, Slot
from .problem import Earlier, Problem
from .value import moved_of

Told = Counter[tuple[str, int, int]]  # people by station and seconds of start and end


def changes_of(problem: Problem, plan: Plan) -> tuple[Change, ...]:
    """Buildings whose slots are not what they were, then stations with other lanes."""
    assert problem.previous is not None
    before: dict[str, Told] = defaultdict(Counter)
    for old in problem.previous.slots:
        before[old.building][old.station, *_seconds(old)] += old.people
    after: dict[str, Told] = defaultdict(Counter)
    for run in plan.runs:
        for slot in run.slots:
            key = (problem.stations[slot.station].id, *_seconds(slot))
            after[problem.buildings[slot.building].id][key] += slot.people
    moved = moved_of(problem, plan)
    found = [
        Change(
            name,
            "slots",
            _told(problem, before[name]),
            _told(problem, after[name]),
            moved[problem.building_rows[name]],
            _why(problem, name, before[name], after[name]),
        )
        for name in problem.building_rows
        if before[name] != after[name]
    ]
    return (*found, *_lanes(problem, plan))


def _seconds(slot: Earlier | Slot) -> tuple[int, int]:
    span = slot.span if isinstance(slot, Earlier) else slot
    return round(span.start * 60), round(span.end * 60)


def _told(problem: Problem, slots: Told) -> str:
    """`s1 2022-02-20T07:00+08:00 (35), ...` in order of time."""
    order = sorted(slots, key=lambda key: (key[1], key[0]))
    return ", ".join(f"{key[0]} {problem.clock.write(key[1] / 60)} ({slots[key]})" for key in order)


def _why(problem: Problem, name: str, before: Told, after: Told) -> Said:
    lost = [key for key in before if after[key] < before[key]]
    walkers = int(problem.walkers[problem.building_rows[name]])
    if any(one.building == name for one in problem.locked):
        return Said("locked", "somebody decided so")
    if not lost:
        return Said("gap_filled", "people who had no slot have one now")
    if any(station not in problem.station_rows for station, _, _ in lost):
        return Said("gone", "a station is not there any more")
    if any(_is_shut(problem, key) for key in lost):
        return Said("shut", "a station is not open then any more")
    if sum(before.values()) > walkers:
        return Said("fewer_people", f"there are {walkers} who can come")
    if sum(after.values()) < sum(before.values()):
        return Said("no_room", "lanes or staff do not suffice any more")
    weight = problem.weights.change
    return Said(
        "better", f"the plan gains more than the {weight:g} that each person moved weighs", {"change": weight}
    )


def _is_shut(problem: Problem, key: tuple[str, int, int]) -> bool:
    row = problem.station_rows[key[0]]
    return bool(key[1] < problem.open[row] * 60 - 1 or key[2] > problem.close[row] * 60 + 1)


def _lanes(problem: Problem, plan: Plan) -> list[Change]:
    assert problem.previous is not None
    now = {problem.stations[run.station].id: run.lanes[-1] for run in plan.runs}
    locked = {one.station for one in problem.locked if one.lanes is not None}
    found = []
    for name in problem.station_rows:
        had, has = problem.previous.lanes.get(name, 0), now.get(name, 0)
        if had != has and problem.previous.lanes:
            why = (
                Said("locked", "somebody decided so")
                if name in locked
                else Said("better", "it costs less so")
            )
            found.append(Change(name, "lanes", str(had), str(has), abs(has - had), why))
    return found

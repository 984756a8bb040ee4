"""What a plan comes to, as `docs/planning/round.md` defines it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from haitang.planning.answers import Value

from .draws import Draws
from .plan import Plan, Run, Slot
from .problem import Problem
from .queueing import Days, simulate_all


def numbered(plan: Plan) -> Plan:
    """With the people of each building numbered without a gap, in the order they had."""
    slots = sorted(
        (slot for run in plan.runs for slot in run.slots),
        key=lambda slot: (slot.building, slot.first, slot.start, slot.station),
    )
    firsts: dict[Slot, list[int]] = {}
    taken: Counter[int] = Counter()
    for slot in slots:
        firsts.setdefault(slot, []).append(taken[slot.building])
        taken[slot.building] += slot.people

    def renumbered(run: Run) -> Run:
        return replace(run, slots=tuple(replace(slot, first=firsts[slot].pop(0)) for slot in run.slots))

    return Plan(tuple(renumbered(run) for run in plan.runs), plan.tours)


def played(draws: Draws, plan: Plan) -> list[Days]:
    """Each run's days; the plan must be numbered."""
    return simulate_all(draws, plan.runs)


def value_of(problem: Problem, plan: Plan, days: Sequence[Days]) -> Value:
    weights = problem.weights
    terms = {
        "missed": weights.missed * (unreached(problem, plan) + _turned_away(plan, days)),
        "staff": problem.minute_of_staff * staff_minutes(problem, plan),
        "waiting": weights.waiting
        * sum(each.waiting(run.end) for run, each in zip(plan.runs, days, strict=True)),
        "walking": weights.walking * walking(problem, [slot for run in plan.runs for slot in run.slots]),
    }
    if problem.previous is not None:
        terms["changes"] = weights.change * sum(moved_of(problem, plan).values())
    return Value(terms)


def _turned_away(plan: Plan, days: Sequence[Days]) -> float:
    return sum(each.missed(run.end) for run, each in zip(plan.runs, days, strict=True))


def unreached(problem: Problem, plan: Plan) -> int:
    """People without a slot and those at home without a visit."""
    reached = sum(run.people for run in plan.runs)
    reached += sum(visit.people for tour in plan.tours for visit in tour.visits)
    return sum(building.people for building in problem.buildings) - reached


def staff_minutes(problem: Problem, plan: Plan) -> float:
    lanes = sum(float(problem.staff_of(run.lanes).sum()) * run.minutes for run in plan.runs)
    return lanes + float(problem.team_staff.sum()) * sum(tour.minutes for tour in plan.tours)


def walking(problem: Problem, slots: Sequence[Slot]) -> float:
    """Person-minutes, one way, of those expected."""
    if not slots:
        return 0.0
    rows = np.array([(slot.building, slot.station, slot.people) for slot in slots])
    minutes = problem.walk[rows[:, 0], rows[:, 1]]
    return float((minutes * rows[:, 2]).sum()) * (1.0 - problem.habits.no_show)


def moved_of(problem: Problem, plan: Plan) -> Counter[int]:
    """By building that is still there: people whose slot of the earlier plan is no more."""
    now: Counter[tuple[int, str, int, int]] = Counter()
    for run in plan.runs:
        for slot in run.slots:
            station = problem.stations[slot.station].id
            now[slot.building, station, *_second(slot.start, slot.end)] += slot.people
    before: Counter[tuple[int, str, int, int]] = Counter()
    had: Counter[int] = Counter()
    for old in problem.previous.slots if problem.previous else ():
        row = problem.building_rows.get(old.building)
        if row is not None:
            before[row, old.station, *_second(old.span.start, old.span.end)] += old.people
            had[row] += old.people
    kept: Counter[int] = Counter()
    for key, people in before.items():
        kept[key[0]] += min(people, now[key])
    return Counter(
        {row: max(0, min(people, int(problem.walkers[row])) - kept[row]) for row, people in had.items()}
    )


def _second(start: float, end: float) -> tuple[int, int]:
    return round(start * 60), round(end * 60)

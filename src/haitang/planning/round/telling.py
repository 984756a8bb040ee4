"""What a plan says in words and JSON: who works where, who comes when, what could not be met, what changed."""

from __future__ import annotations

from dataclasses import replace

from haitang.planning.answers import Standing

from .answer import Answer, Forecast, Texts
from .changing import changes_of
from .missing import risks_of, unmet_of
from .plan import Plan, Run
from .problem import Ints, Problem


def tell(problem: Problem, plan: Plan, standing: Standing, told: Forecast) -> Answer:
    return Answer(
        standing,
        plan,
        tuple(_station(problem, run) for run in sorted(plan.runs, key=lambda run: run.station)),
        _slots(problem, plan),
        _doors(problem, plan),
        _teams(problem, plan),
        replace(told, risks=risks_of(problem, plan, told)),
        unmet_of(problem, plan),
        problem.clock,
        None if problem.previous is None else changes_of(problem, plan),
    )


def staff_of(problem: Problem, staff: Ints) -> dict[str, int]:
    """By role, those that are needed."""
    return {role: int(count) for role, count in zip(problem.roles, staff.tolist(), strict=True) if count}


def _station(problem: Problem, run: Run) -> Texts:
    told = {
        "id": problem.stations[run.station].id,
        "lanes": run.lanes[-1],
        "staff": staff_of(problem, problem.staff_of(run.lanes)),
        "from": problem.clock.write(run.start),
        "to": problem.clock.write(run.end),
        "people": run.people,
    }
    if problem.staged:
        told["stages"] = {stage.id: count for stage, count in zip(problem.stages, run.lanes, strict=True)}
    return told


def _slots(problem: Problem, plan: Plan) -> tuple[Texts, ...]:
    """By building and number: the order that the value's numbers go by."""
    slots = sorted(
        (slot for run in plan.runs for slot in run.slots), key=lambda slot: (slot.building, slot.first)
    )
    return tuple(
        {
            "building": problem.buildings[slot.building].id,
            "station": problem.stations[slot.station].id,
            "start": problem.clock.write(slot.start),
            "end": problem.clock.write(slot.end),
            "people": slot.people,
        }
        for slot in slots
    )


def _named(plan: Plan) -> dict[str, int]:
    order = sorted(range(len(plan.tours)), key=lambda at: (plan.tours[at].start, at))
    return {f"team {number + 1}": at for number, at in enumerate(order)}


def _doors(problem: Problem, plan: Plan) -> tuple[Texts, ...]:
    return tuple(
        {
            "building": problem.buildings[visit.building].id,
            "team": name,
            "start": problem.clock.write(visit.start),
            "end": problem.clock.write(visit.end),
            "people": visit.people,
        }
        for name, at in _named(plan).items()
        for visit in plan.tours[at].visits
    )


def _teams(problem: Problem, plan: Plan) -> tuple[Texts, ...]:
    return tuple(
        {
            "id": name,
            "staff": staff_of(problem, problem.team_staff),
            "from": problem.clock.write(plan.tours[at].start),
            "to": problem.clock.write(plan.tours[at].end),
        }
        for name, at in _named(plan).items()
    )

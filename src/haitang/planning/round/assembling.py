"""From runs without a time to a whole plan: staff for everybody at work, teams for those at home."""

from __future__ import annotations

from collections.abc import Sequence

from .doors import Rounds
from .packing import Block, place, place_with_few, run_block, tour_block
from .plan import Plan, Run, Tour
from .problem import Problem

SHARES = (1.0, 0.5, 0.25, 0.125)  # of the day, that a team is out at most; shorter ones fit in between


def assemble(problem: Problem, runs: Sequence[Run], rounds: Rounds) -> Plan:
    """The plan in which most people are reached; runs and tours that find no staff are left out."""
    day, plans = problem.deadline - problem.begin, []
    for share in SHARES:
        outs = rounds.tours(day * share)
        blocks = [run_block(problem, run) for run in runs] + [tour_block(problem, out) for out in outs]
        starts = place_with_few(problem, blocks)
        plan = _placed(runs, outs, starts)
        plans.append(plan)
        if len(plan.tours) == len(outs) and len(plan.runs) == len(runs):
            break
    return max(plans, key=reached)


def reached(plan: Plan) -> int:
    return sum(run.people for run in plan.runs) + sum(
        visit.people for tour in plan.tours for visit in tour.visits
    )


def _placed(runs: Sequence[Run], outs: Sequence[Tour], starts: Sequence[float | None]) -> Plan:
    found_runs = tuple(
        run if run.pinned else run.moved(start - run.start)
        for run, start in zip(runs, starts[: len(runs)], strict=True)
        if start is not None
    )
    found_tours = tuple(
        out.moved(start - out.start)
        for out, start in zip(outs, starts[len(runs) :], strict=True)
        if start is not None
    )
    return Plan(found_runs, found_tours)


def without_staff(problem: Problem, runs: Sequence[Run], teams: Sequence[Block]) -> int:
    """People whose run finds no staff when all take place, and teams that don't, as one person each."""
    blocks = [run_block(problem, run) for run in runs]
    starts = place([*blocks, *teams], problem.limits)
    left = sum(run.people for run, start in zip(runs, starts[: len(runs)], strict=True) if start is None)
    return left + sum(start is None for start in starts[len(runs) :])

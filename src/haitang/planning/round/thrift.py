"""The same question with fewer staff, asked when there are more than enough: plans as good may need fewer at a time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .layouts import peak
from .plan import Plan
from .problem import Ints, Problem

OVER = 1.4  # times the fewest thinkable
WORTH = 0.015  # part of the value that fewer staff at a time may cost


def most_at_once(problem: Problem, plan: Plan) -> Ints:
    """(R) staff at work at one time, at most."""
    intervals = [(run.start, run.end, problem.staff_of(run.lanes)) for run in plan.runs]
    intervals += [(tour.start, tour.end, problem.team_staff) for tour in plan.tours]
    return peak(intervals, len(problem.roles))


def fewest_thinkable(problem: Problem) -> Ints:
    """(R) with lanes that never stand idle from the first minute to the deadline, and teams that need not walk."""
    day = max(problem.deadline - problem.begin, 1.0)
    coming = float(problem.walkers.sum()) * (1.0 - problem.habits.no_show)
    lanes = tuple(int(np.ceil(coming * stage.seconds / 60.0 / day)) for stage in problem.stages)
    teams = int(np.ceil(float(problem.homebound @ problem.visit_minutes) / day))
    return problem.staff_of(lanes) + teams * problem.team_staff


def thrifty(problem: Problem) -> Problem | None:
    """With little more staff than the fewest thinkable; None where there are no more than that.

    Not with locks or an earlier plan, whose staff are given.
    """
    few = np.minimum(problem.limits, np.ceil(OVER * fewest_thinkable(problem)).astype(np.int64))
    if problem.locked or problem.previous is not None or np.all(problem.limits <= few):
        return None
    return replace(problem, available=tuple(few.tolist()))

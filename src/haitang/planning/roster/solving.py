"""The whole way from a problem to its answer, within a time limit."""

from __future__ import annotations

import os

import numpy as np

from haitang.planning import compiled
from haitang.planning.answers import Standing
from haitang.planning.deadline import Deadline

from .areas import Whole, decide_all
from .framing import Frame, value_of
from .kernels.facts import NONE
from .lacking import unmet_of
from .problem import Answer, Assignment, Problem
from .telling import changes_of, fairness_of, load_of, reliefs_of

KERNELS = "haitang.planning.roster.kernels"
TELLING_SECONDS = 6e-6  # for each place and person, kept back for the answer


def solve(problem: Problem, *, seconds: float = 10, seed: int = 0) -> Answer:
    """The best plan found in so many seconds, the best in fact if time allows; ValueError without any time.

    The same problem and seed give the same answer unless time cuts the search short.
    """
    if not seconds > 0:
        raise ValueError(f"seconds must be above 0, is {seconds:g}")
    deadline = Deadline(seconds)
    ready = compiled.prepare(KERNELS)
    frame = Frame(problem)
    size = len(problem.people) + int(frame.columns[4].sum())
    search = Deadline(max(0.0, deadline.left - TELLING_SECONDS * size))
    whole = decide_all(frame, search, seed, os.cpu_count() or 1, compiled=ready)
    entries = _assignments(frame, whole)
    constant = problem.weights.change * len(problem.kept)
    value = value_of(problem, entries)
    bound = min(whole.bound + constant, value.total)
    return Answer(
        Standing(value, max(bound, 0.0), deadline.spent, seed),
        entries,
        load_of(problem, entries),
        fairness_of(problem, entries),
        reliefs_of(problem, entries),
        unmet_of(frame, entries),
        None if problem.previous is None else changes_of(problem, entries),
    )


def _assignments(frame: Frame, whole: Whole) -> tuple[Assignment, ...]:
    """By person in the order of the input, then by shift."""
    people, shifts = np.nonzero(whole.plan != NONE)
    served = whole.plan[people, shifts].tolist()
    names = [person.id for person in frame.problem.people]
    places = {row: frame.place(row) for row in set(served)}
    pairs = zip(people.tolist(), served, strict=True)
    return tuple(Assignment(names[person], places[row]) for person, row in pairs)

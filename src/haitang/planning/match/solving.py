"""The whole way from a problem to its answer, within a time limit."""

from __future__ import annotations

import numpy as np

from haitang.planning.answers import Standing
from haitang.planning.deadline import Deadline

from . import flow
from .greedy import nearest
from .model import Model, Pairs, joined
from .problem import Answer, Pair, Problem
from .telling import changes_of, unmet_of

LAST_SECONDS = 2e-5  # for each need and offer, kept back for putting the answer together


def solve(problem: Problem, *, seconds: float = 10, seed: int = 0) -> Answer:
    """The best plan found in so many seconds, with a bound; ValueError without any time.

    Nothing is drawn by lot: the seed is only told again.
    """
    if not seconds > 0:
        raise ValueError(f"seconds must be above 0, is {seconds:g}")
    deadline = Deadline(seconds)
    model = Model(problem)
    later = LAST_SECONDS * (len(problem.needs) + len(problem.offers))
    found = flow.solve(model, Deadline(max(0.0, deadline.left - later)))
    given = joined(model.locked, nearest(model) if found is None else found.given)
    bound = _fixed(model) + (found.bound if found else 0.0)
    pairs = tuple(
        Pair(problem.needs[need].id, problem.offers[offer].id, amount)
        for need, offer, amount in zip(
            given.need.tolist(), given.offer.tolist(), given.amount.tolist(), strict=True
        )
    )
    changes = None if problem.previous is None else changes_of(model, given)
    unmet = unmet_of(model, given)
    return Answer(Standing(model.value(given), bound, deadline.spent, seed), pairs, unmet, changes)


def _fixed(model: Model) -> float:
    """What locks cost by themselves: the flow counts the load beyond theirs, and what it could keep."""
    nothing = np.zeros(0, dtype=np.int64)
    locked = joined(model.locked, Pairs(nothing, nothing, nothing))
    terms = model.value(locked).terms
    left = flow.kept_left(model).amount.sum()
    lost = terms.get("changes", 0.0) - model.problem.weights.change * float(left)
    return terms["distance"] + terms["load"] + lost

"""The whole way from a problem to its answer, within a time limit."""

from __future__ import annotations

import numpy as np

from haitang.planning.answers import Standing
from haitang.planning.deadline import Deadline

from .backups import backups
from .closing import prove
from .framing import frame, value_of
from .model import Ints, Model
from .problem import Answer, Problem
from .proof import Proof
from .search import greedy, plans, varied
from .telling import assignments_of, changes_of, unmet_of

BACKUP_SECONDS = 8e-8  # for each steward times building, kept back for the second step
LAST = 1_000  # rounds at the end at most
SEARCH_SHARE = 0.3  # of the time, at most, for plans that come without a bound


def solve(problem: Problem, *, seconds: float = 10, seed: int = 0) -> Answer:
    """The best plan found in so many seconds, the best in fact if time allows; ValueError without any time.

    The same problem and seed give the same answer unless time cuts the search short.
    """
    if not seconds > 0:
        raise ValueError(f"seconds must be above 0, is {seconds:g}")
    deadline = Deadline(seconds)
    owner, bound = _owners(problem, deadline, seed)
    backup = backups(problem, owner)
    standing = Standing(value_of(problem, owner), bound, deadline.spent, seed)
    return Answer(
        standing,
        assignments_of(problem, owner, backup),
        unmet_of(problem, owner, backup),
        problem.mean,
        None if problem.previous is None else changes_of(problem, owner, backup),
    )


def _owners(problem: Problem, deadline: Deadline, seed: int) -> tuple[Ints, float]:
    """(B) steward rows, and a bound on the value of any plan."""
    part = frame(problem)
    if part.model is None:
        return part.owners(np.full(len(part.buildings), len(part.stewards))), part.fixed()
    later = BACKUP_SECONDS * len(problem.stewards) * len(problem.buildings)
    who, bound = _decide(part.model, Deadline(max(0.0, deadline.left - later)), seed)
    return part.owners(who), part.fixed() + bound


def _decide(model: Model, deadline: Deadline, seed: int) -> tuple[Ints, float]:
    rng = np.random.default_rng(seed)
    share = SEARCH_SHARE if deadline.left > 2 * Proof.first_round(model) else 1.0
    proof = Proof(model, plans(model, rng, deadline.share(share)), deadline)
    prove(proof)
    # What time is left goes into the plan, as for the bound there was no more to gain.
    for who in varied(greedy(model, proof.who), rng, Deadline(0.0 if proof.closed else deadline.left), LAST):
        proof.offer(who)
    return proof.who, proof.bound

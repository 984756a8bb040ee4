"""From a problem to the part that is free to decide, and from a decision to its value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from haitang.planning.answers import Value

from .model import Floats, Ints, Model
from .problem import NOBODY, Problem


@dataclass(frozen=True, eq=False)
class Frame:
    """model: the free part, None if nothing is free; owner (B): steward rows of what is pinned, else NOBODY.

    stewards and buildings: rows in the problem of the model's own.
    """

    problem: Problem
    model: Model | None
    owner: Ints
    stewards: Ints
    buildings: Ints

    def owners(self, who: Ints) -> Ints:
        """(B) steward rows of the whole plan, from a decision on the free part."""
        owner = self.owner.copy()
        owner[self.buildings] = np.append(self.stewards, NOBODY)[who]
        return owner

    def fixed(self) -> float:
        """What the plan costs beside the model: what is pinned, and stewards who have no room."""
        whole = np.full(len(self.buildings), len(self.stewards), dtype=np.int64)
        part = self.model.total(whole) if self.model is not None else 0.0
        return value_of(self.problem, self.owners(whole)).total - part


def frame(problem: Problem) -> Frame:
    """Pinned buildings leave the question; stewards keep what room their pins leave them."""
    owner = np.full(len(problem.buildings), NOBODY, dtype=np.int64)
    for lock in problem.locked:
        owner[problem.building_rows[lock.building]] = problem.steward_rows[lock.steward]
    pinned = owner >= 0
    taken = np.bincount(owner[pinned], minlength=len(problem.stewards))
    stewards, buildings = np.flatnonzero(problem.places > taken), np.flatnonzero(~pinned)
    if not len(stewards) or not len(buildings):
        return Frame(problem, None, owner, stewards, buildings)
    base = np.bincount(owner[pinned], problem.households[pinned], minlength=len(problem.stewards))
    model = Model(
        cost=_seats(problem)[np.ix_(np.append(stewards, len(problem.stewards)), buildings)],
        households=problem.households[buildings],
        base=np.append(base[stewards], 0).astype(np.int64),
        # More room than buildings is no use, and tables have a page for each place.
        room=np.append(np.minimum((problem.places - taken)[stewards], len(buildings)), len(buildings)),
        weight=np.append(np.full(len(stewards), problem.weights.uneven), 0.0),
        mean=problem.mean,
    )
    return Frame(problem, model, owner, stewards, buildings)


def _seats(problem: Problem) -> Floats:
    """(S + 1, B) cost of a building with each steward, and with nobody, changes included."""
    weights = problem.weights
    seats = np.vstack([problem.km * weights.walking, np.full(len(problem.buildings), weights.uncovered)])
    had = np.flatnonzero(problem.kept >= 0)
    seats[:, had] += weights.change
    seats[problem.kept[had], had] -= weights.change
    return seats


def value_of(problem: Problem, owner: Ints) -> Value:
    """Terms of the objective for a plan: owner (B) holds steward rows or NOBODY."""
    weights, covered = problem.weights, np.flatnonzero(owner >= 0)
    loads = np.bincount(owner[covered], problem.households[covered], minlength=len(problem.stewards))
    moved = (problem.kept >= 0) & (problem.kept != owner)
    terms = {
        "uncovered": weights.uncovered * float((owner < 0).sum()),
        "uneven": weights.uneven * float(np.abs(loads - problem.mean).sum()),
        "walking": weights.walking * float(problem.km[owner[covered], covered].sum()),
    }
    if problem.previous is not None:
        terms["changes"] = weights.change * float(moved.sum())
    return Value(terms)

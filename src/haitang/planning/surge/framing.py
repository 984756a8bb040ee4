"""From a problem to the part that is free to decide, and from a decision to its value."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from haitang.planning.answers import Value
from haitang.planning.places import Point

from .model import NOWHERE, Floats, Ints, Model
from .problem import Demand, Place, Problem, Volunteer

Goal = tuple[str, str]  # a post in a slot
Lot = tuple[str, str]  # a slot and a skill
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, eq=False)
class Frame:
    """The free part as a model; rows of all V volunteers and of the demands that ask for somebody.

    unit, muster, kept (V): kept is the task they had before and could have again, or NOWHERE. pinned (V):
    demand rows that somebody decided, or NOWHERE. way (M, P): minutes times their weight.
    """

    problem: Problem
    model: Model
    demands: tuple[Demand, ...]
    unit: Ints
    muster: Ints
    kept: Ints
    pinned: Ints

    @property
    def muster_places(self) -> Floats | None:
        """(M, 2) degrees, where all are known."""
        places = [muster.place for muster in self.problem.musters]
        return None if None in places else np.array(places, dtype=np.float64).reshape(-1, 2)

    def whole(self, plan: Ints) -> Ints:
        """(V) demand rows or NOWHERE of everybody, from a plan for those who are free."""
        found = self.pinned.copy()
        found[self.model.person] = plan
        return found

    def value(self, plan: Ints) -> Value:
        """Terms of the objective for a plan of everybody (V)."""
        model, sent = self.model, np.flatnonzero(plan != NOWHERE)
        goal = np.full(len(plan), NOWHERE, dtype=np.int64)
        goal[sent] = model.demand_goal[plan[sent]]
        count = np.array([demand.count for demand in self.demands], dtype=np.int64)
        empty = count - np.bincount(plan[sent], minlength=len(count))
        teams = np.unique(self.unit[sent] * max(1, model.goals) + goal[sent])
        terms = {
            "unmet": float((model.weight * empty).sum()),
            "travel": float(model.way[self.muster[sent], model.goal_post[goal[sent]]].sum()),
            "split": model.split * len(teams),
        }
        if self.problem.previous is not None:
            task = np.append(model.demand_task, NOWHERE)[plan]
            terms["changes"] = model.change * float(((self.kept != NOWHERE) & (self.kept != task)).sum())
        return Value(terms)

    def fixed(self) -> float:
        """What the plan costs beside the model: pinned people's travel, teams and moves."""
        nobody = np.full(len(self.model.person), NOWHERE, dtype=np.int64)
        return self.value(self.whole(nobody)).total - self.model.total(nobody)


def frame(problem: Problem) -> Frame:
    demands = tuple(sorted((d for d in problem.demands if d.count), key=lambda demand: demand.priority))
    goals = numbered((d.place.post, d.place.slot) for d in demands)
    lots = numbered((d.place.slot, d.place.skill) for d in demands)
    units = numbered(volunteer.unit for volunteer in problem.volunteers)
    musters = numbered(muster.id for muster in problem.musters)
    unit = _rows(units[volunteer.unit] for volunteer in problem.volunteers)
    muster = _rows(musters[volunteer.muster] for volunteer in problem.volunteers)
    tasks = numbered(d.place for d in demands)
    kept, pinned = _kept(problem, tasks), _pinned(problem, demands)
    free = np.flatnonzero(pinned == NOWHERE)
    each = [(_fits(problem, problem.volunteers[row], lots), int(muster[row]), int(kept[row])) for row in free]
    kinds = numbered(each)
    fits = np.array([kind[0] for kind in kinds], dtype=np.bool_).reshape(len(kinds), len(lots))
    goal_of = _rows(goals[d.place.post, d.place.slot] for d in demands)
    held = np.flatnonzero(pinned != NOWHERE)
    model = Model(
        person=free,
        unit=unit[free],
        units=len(units),
        kind=_rows(kinds[kind] for kind in each),
        kind_muster=_rows(kind[1] for kind in kinds),
        fits=fits,
        kept=_rows(kind[2] for kind in kinds),
        demand_lot=_rows(lots[d.place.slot, d.place.skill] for d in demands),
        demand_goal=goal_of,
        demand_task=_rows(tasks[d.place] for d in demands),
        weight=np.array([problem.weights.unmet[d.priority - 1] for d in demands], dtype=np.float64),
        room=_rows(d.count for d in demands) - np.bincount(pinned[held], minlength=len(demands)),
        goal_post=_rows(problem.post_rows[post] for post, _ in goals),
        way=_way(problem),
        standing=np.unique(unit[held] * max(1, len(goals)) + goal_of[pinned[held]]),
        split=problem.weights.split,
        change=problem.weights.change,
    )
    return Frame(problem, model, demands, unit, muster, kept, pinned)


def numbered(keys: Iterable[Key]) -> dict[Key, int]:
    """Distinct keys in the order of their first appearance, each with its place in it."""
    return {key: row for row, key in enumerate(dict.fromkeys(keys))}


def _rows(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _fits(problem: Problem, volunteer: Volunteer, lots: Mapping[Lot, int]) -> tuple[bool, ...]:
    """Which lots (a slot and a skill) they could work in."""
    there = {slot.id: volunteer.there.covers(slot.span) for slot in problem.slots}
    return tuple(there[slot] and volunteer.may(skill) for slot, skill in lots)


def _way(problem: Problem) -> Floats:
    posts = [Point(post.id, post.place) for post in problem.posts]
    minutes = problem.travel.minutes(problem.musters, posts)
    return problem.weights.travel * minutes.reshape(len(problem.musters), len(posts))


def _pinned(problem: Problem, demands: tuple[Demand, ...]) -> Ints:
    """Pins take places of the highest priority first."""
    left = [demand.count for demand in demands]
    rows: dict[Place, list[int]] = {}
    for row, demand in enumerate(demands):
        rows.setdefault(demand.place, []).append(row)
    pinned = np.full(len(problem.volunteers), NOWHERE, dtype=np.int64)
    for lock in problem.locked:
        row = next(row for row in rows[lock.place] if left[row])
        left[row] -= 1
        pinned[problem.volunteer_rows[lock.volunteer]] = row
    return pinned


def _kept(problem: Problem, tasks: Mapping[Place, int]) -> Ints:
    """Tasks of the earlier plan that are still asked for and within what a volunteer can do."""
    kept = np.full(len(problem.volunteers), NOWHERE, dtype=np.int64)
    for entry in problem.previous or ():
        row = problem.volunteer_rows.get(entry.volunteer)
        if row is not None and entry.place in tasks and problem.can(problem.volunteers[row], entry.place):
            kept[row] = tasks[entry.place]
    return kept

"""The surge question as arrays: who could take which places, what each costs, and what is pinned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
NOBODY = NOWHERE = -1


@dataclass(frozen=True, eq=False)
class Model:
    """V volunteers, D demands with places left after pins, T teams' goals (a post in a slot), U units, M musters.

    A lot is a slot and a skill that places ask for together; L lots. A task is a skill at a goal. A kind of person
    is a muster with the lots they could work in and the task they had before; K kinds. Costs in minute-equivalents.

    person: rows in the problem's volunteers (V); unit, kind (V).
    kind_muster (K); fits (K, L); kept (K): the task had before, or NOWHERE.
    demand_lot, demand_goal, demand_task, weight, room (D): weight is what a place costs while empty.
    goal_post (T); way (M, P): cost of travel. standing: keys unit x T + goal of teams that pins make anyway.
    """

    person: Ints
    unit: Ints
    units: int
    kind: Ints
    kind_muster: Ints
    fits: Flags
    kept: Ints
    demand_lot: Ints
    demand_goal: Ints
    demand_task: Ints
    weight: Floats
    room: Ints
    goal_post: Ints
    way: Floats
    standing: Ints
    split: float
    change: float

    @property
    def goals(self) -> int:
        return len(self.goal_post)

    def costs(self, muster: Ints | int, demand: Ints) -> Floats:
        """Travel of a place less what it costs while empty."""
        cost: Floats = self.way[muster, self.goal_post[self.demand_goal[demand]]] - self.weight[demand]
        return cost

    def moved(self, kind: Ints, demand: Ints) -> Floats:
        """What leaving the task had before costs, for a demand or NOWHERE."""
        had = self.kept[kind]
        task = np.append(self.demand_task, NOWHERE)[demand]
        cost: Floats = self.change * ((had != NOWHERE) & (had != task))
        return cost

    def total(self, plan: Ints) -> float:
        """Value of a plan (V) of demand rows or NOWHERE, without what pins cost."""
        sent = np.flatnonzero(plan != NOWHERE)
        goal = np.full(len(plan), NOWHERE)
        goal[sent] = self.demand_goal[plan[sent]]
        empty = self.room - np.bincount(plan[sent], minlength=len(self.room))
        teams = np.setdiff1d(np.unique(self.unit[sent] * max(1, self.goals) + goal[sent]), self.standing)
        way = self.way[self.kind_muster[self.kind[sent]], self.goal_post[goal[sent]]].sum()
        moved = self.moved(self.kind, plan).sum()
        return float(way + (self.weight * empty).sum() + self.split * len(teams) + moved)

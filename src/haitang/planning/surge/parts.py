"""Large questions taken apart by area: units with the places near their muster points, each part by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .model import NOWHERE, Floats, Ints, Model

TABLE = 40_000_000  # units times goals that one part may have


@dataclass(frozen=True, eq=False)
class Part:
    """A model of its own; people, demands and musters are rows in the whole."""

    model: Model
    people: Ints
    demands: Ints
    musters: Ints


def parts(model: Model, place: Floats | None) -> list[Part]:
    """One or more parts; place (M, 2): where muster points are, or None: in the order of the input."""
    count = int(np.ceil(np.sqrt(model.units * model.goals / TABLE)))
    if count <= 1:
        everything = (np.arange(len(axis)) for axis in (model.kind, model.room, model.way))
        return [Part(model, *everything)]
    number = np.bincount(model.kind_muster[model.kind], minlength=len(model.way))
    muster_part = _strips(place, number, count)
    unit_part = np.zeros(model.units, dtype=np.int64)
    unit_part[model.unit[::-1]] = muster_part[model.kind_muster[model.kind[::-1]]]
    nearest = np.argmin(np.where(number[:, None] > 0, model.way, np.inf), axis=0)[
        model.goal_post[model.demand_goal]
    ]
    found = [_part(model, unit_part[model.unit] == n, muster_part[nearest] == n) for n in range(count)]
    return [part for part in found if len(part.people)]


def _strips(place: Floats | None, people: Ints, count: int) -> Ints:
    """(M) parts of about as many people each: strips from west to east."""
    order = np.arange(len(people)) if place is None else np.lexsort((place[:, 1], place[:, 0]))
    before = np.cumsum(people[order]) - people[order]
    part = np.empty(len(people), dtype=np.int64)
    part[order] = before * count // max(1, people.sum())
    return part


def _part(model: Model, mine: np.ndarray, near: np.ndarray) -> Part:
    people, demands = np.flatnonzero(mine), np.flatnonzero(near)
    kinds, kind = np.unique(model.kind[people], return_inverse=True)
    units, unit = np.unique(model.unit[people], return_inverse=True)
    goals, goal = np.unique(model.demand_goal[demands], return_inverse=True)
    musters, muster = np.unique(model.kind_muster[kinds], return_inverse=True)
    goal_row = np.full(model.goals, NOWHERE, dtype=np.int64)
    goal_row[goals] = np.arange(len(goals))
    unit_row = np.full(model.units, NOWHERE, dtype=np.int64)
    unit_row[units] = np.arange(len(units))
    standing_unit, standing_goal = (
        unit_row[model.standing // model.goals],
        goal_row[model.standing % model.goals],
    )
    both = (standing_unit >= 0) & (standing_goal >= 0)
    part = replace(
        model,
        person=model.person[people],
        unit=unit,
        units=len(units),
        kind=kind,
        kind_muster=muster,
        fits=np.ascontiguousarray(model.fits[kinds]),
        kept=model.kept[kinds],
        demand_lot=model.demand_lot[demands],
        demand_goal=goal,
        demand_task=model.demand_task[demands],
        weight=model.weight[demands],
        room=model.room[demands],
        goal_post=model.goal_post[goals],
        way=np.ascontiguousarray(model.way[musters]),
        standing=np.sort(standing_unit[both] * max(1, len(goals)) + standing_goal[both]),
    )
    return Part(part, people, demands, musters)

"""The buses question's compiled part: routes as arrays, ruined and recreated."""

from __future__ import annotations

import numpy as np

from haitang.planning.chance import generator

from .search import improve, insert_all, place, retrace
from .town import Plan, Town, empty_plan

GROUP = __name__

__all__ = ["GROUP", "Plan", "Town", "empty_plan", "improve", "insert_all", "place", "rehearse", "retrace"]


def rehearse() -> None:
    """One coach, one group, all kernels."""
    town = Town(
        drive=np.zeros((3, 3), dtype=np.int64),
        cost=np.zeros((3, 3)),
        place=np.array([0, 1], dtype=np.int64),
        people=np.ones(1, dtype=np.int64),
        ready=np.zeros(1, dtype=np.int64),
        due=np.zeros(1),
        service=np.ones(1, dtype=np.int64),
        near=np.zeros((1, 0), dtype=np.int64),
        extra=np.zeros((1, 1)),
        seats=np.ones(1, dtype=np.int64),
        depot=np.full(1, 2, dtype=np.int64),
        opens=np.zeros(1, dtype=np.int64),
        closes=np.full(1, 1_000, dtype=np.int64),
        twin=np.zeros(1, dtype=np.int64),
        left=np.ones(1) * 1_000,
        late=1.0,
        trip=1.0,
        vehicle=1.0,
        ride=100,
    )
    plan, kept, best = (empty_plan(1, 1, 4) for _ in range(3))
    chance = generator(0)
    for each in (plan, kept, best):
        insert_all(town, each, np.zeros(1, dtype=np.int64), chance)
        retrace(town, each)
    place(town, empty_plan(1, 1, 4), 0, 0, chance)
    works = np.array([plan.work[0] + 10, 100], dtype=np.int64)
    improve(town, plan, kept, best, np.full(2, 2.0), np.ones(2), works, chance)

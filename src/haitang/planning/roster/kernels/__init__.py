"""The roster's kernels: patterns at prices, the matching of a shift, and dives."""

from __future__ import annotations

import numpy as np

from .diving import advance, futures, sweep
from .facts import NONE, Facts
from .seats import price

__all__ = ["rehearse"]


def rehearse() -> None:
    """Call each kernel once with the types it will be called with."""
    facts, prices, plan = _one_of_all(), np.ones(1), np.full((1, 1), NONE)
    node, left, use = np.ones(1, dtype=np.int64), np.ones(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    price(facts, prices, node, 0, 1, use)
    advance(facts, 0, futures(facts, prices), node, left, plan, np.zeros(1))
    sweep(facts, 0, left, plan)


def _one_of_all() -> Facts:
    """One person, one shift, one place."""
    zero, one, yes = np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64), np.ones((1, 1), dtype=np.bool_)
    none, both, nil = np.full((1, 1), NONE), np.arange(2), np.zeros((1, 1))
    graph = np.zeros(2, dtype=np.int64)
    return Facts(
        travel=nil,
        can=yes,
        free=yes,
        kept=none,
        pinned=none,
        change=0.0,
        must=1_000.0,
        post=zero,
        skill=zero,
        begin=both,
        group=zero,
        shift=zero,
        weight=np.ones(1),
        by_shift=zero,
        shift_begin=both,
        node_shift=graph,
        node_take=graph,
        node_skip=graph,
        node_cost=np.zeros(2),
        night=np.zeros(1, dtype=np.bool_),
        date=zero,
        next_free=one,
        next_week=one,
        minutes=nil,
        most_shifts=5,
        most_nights=2,
        most_minutes=480.0,
        night_cost=4.0,
        extra_cost=3.0,
        enough=4,
    )

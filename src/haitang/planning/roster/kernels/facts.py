"""What the kernels work on: people, demands and rules as arrays.

P people, T shifts in order of start, N posts, K skills, D demands (places at one post, shift, skill and priority), in
groups of one post and skill. A plan is (P, T): the demand a person serves in a shift, NONE without. Costs are
minute-equivalents.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NONE = -1
NEVER = 1e30  # cost of what is not allowed


class Facts(NamedTuple):
    """The graph of patterns is as patterns.Patterns has it."""

    travel: Floats  # (P, N) minutes from home
    can: Flags  # (P, K) has the skill
    free: Flags  # (P, T) is available
    kept: Ints  # (P, T) the group a person served before, NONE without
    pinned: Ints  # (P, T) the demand a person must serve, NONE without
    change: float  # cost of not serving what was served before
    must: float  # what serving a pinned demand is taken to gain: more than all else can cost
    post: Ints  # (G)
    skill: Ints  # (G)
    begin: Ints  # (G + 1) first demand of each group
    group: Ints  # (D)
    shift: Ints  # (D)
    weight: Floats  # (D) cost of a place left empty
    by_shift: Ints  # (D) demands in order of shift
    shift_begin: Ints  # (T + 1) where each shift's begin in by_shift
    node_shift: Ints
    node_take: Ints
    node_skip: Ints
    node_cost: Floats
    night: Flags  # (T)
    date: Ints  # (T) of the start
    next_free: Ints  # (T) first shift after this one's rest
    next_week: Ints  # (T) first shift 168 hours later
    minutes: Floats  # (T, dates)
    most_shifts: int  # in 168 hours
    most_nights: int  # in a row
    most_minutes: float  # in a day
    night_cost: float
    extra_cost: float
    enough: int  # shifts that cost nothing extra


class Scratch(NamedTuple):
    """Room for one person's best seats and for values of all nodes."""

    best: Floats  # (T) cheapest seat
    which: Ints  # (T) its demand
    most: Floats  # (G) highest price
    value: Floats  # (nodes)

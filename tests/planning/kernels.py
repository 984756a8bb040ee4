"""A group of one kernel, to compile in tests."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from haitang.planning.chance import Ints, below, generator
from haitang.planning.compiled import inner, kernel


class Bag(NamedTuple):
    values: Ints
    state: Ints


@inner
def one(bag: Bag) -> int:
    return int(bag.values[below(bag.state, len(bag.values))])


@kernel
def drawn(bag: Bag, times: int) -> int:
    """The sum of so many values drawn, and put back."""
    total = 0
    for _ in range(times):
        total += one(bag)
    return total


def bag(seed: int) -> Bag:
    return Bag(np.array([2, 3, 5, 7], dtype=np.int64), generator(seed))


def rehearse() -> None:
    drawn(bag(0), 1)

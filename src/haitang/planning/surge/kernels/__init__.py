"""The surge question's compiled part: moves of people, and the charges for teams that give the bound."""

from __future__ import annotations

import numpy as np

from haitang.planning.chance import generator

from .charging import Pairs, best, mark, reprice, shift, spread
from .moving import City, Plan, seat_all
from .together import anneal


def _small(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array(values, dtype=np.int32)


def _city() -> City:
    one, none, both = _small(0), _small(-1), _small(0, 1)
    yes, number, way = np.ones((1, 1), dtype=bool), np.ones(1), np.ones((1, 1))
    ends = (both, one, both, one, both, both, one, both, one)
    return City(one, one, one, none, yes, one, one, one, number, _small(1), one, way, *ends, 20.0, 30.0)


def rehearse() -> None:
    """One volunteer for one place."""
    team = np.zeros((1, 1), dtype=np.int32)
    plan = Plan(_small(-1), _small(0), _small(0), _small(0), team, generator(0))
    seat_all(_city(), plan, _small(0))
    anneal(_city(), plan, 1, 1.0, _small(0, 0), _small(0, 0, 0, 0))
    one, number = _small(0), np.ones(1)
    pairs = Pairs(
        _small(0, 1), one, number, one, _small(1), number, number, _small(0, 2), np.ones(2), number.copy()
    )
    shares = np.ones(2)
    spread(pairs, number, shares, number, 1.0, shares.copy(), number.copy(), number.copy())
    mark(pairs, number, shares, number, 1.0, np.zeros(1, dtype=bool))
    shift(pairs, shares, shares.copy(), shares.copy(), 1.0)
    reprice(number, number.copy(), number.copy(), 1.0)
    best(pairs, number, shares, number)

"""Random numbers that are the same in plain Python and compiled: two linear congruences combined (L'Ecuyer 1988)."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from .compiled import lean

Ints = npt.NDArray[np.int64]

ONE, TWO = 2147483563, 2147483399  # the moduli: products with the factors stay within 64 bits


def generator(seed: int, stream: int = 0) -> Ints:
    """(3) the state of a generator, and how often `blinks` still says no; streams of one seed are independent.

    Period 2e18.
    """
    start = np.random.default_rng([seed, stream]).integers(1, TWO - 1, 2)
    return np.array([*start, 0], dtype=np.int64)


@lean
def draw(state: Ints) -> float:
    """A number above 0 and below 1; moves the state on."""
    state[0] = state[0] * 40014 % ONE
    state[1] = state[1] * 40692 % TWO
    return float((state[0] - state[1]) % (ONE - 1) + 1) / ONE


@lean
def below(state: Ints, end: int) -> int:
    """A whole number from 0 to end - 1."""
    return int(draw(state) * end)


@lean
def blinks(state: Ints, share: float) -> bool:
    """True for that share of all calls: many of them cost one draw. The share must be the same in all calls."""
    if state[2] > 0:
        state[2] -= 1
        return False
    state[2] = int(math.log(draw(state)) / math.log(1.0 - share))
    return True

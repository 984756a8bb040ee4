"""Random numbers that are the same in plain Python and compiled: two linear congruences combined (L'Ecuyer 1988)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .compiled import inner

Ints = npt.NDArray[np.int64]

ONE, TWO = 2147483563, 2147483399  # the moduli: products with the factors stay within 64 bits


def generator(seed: int, stream: int = 0) -> Ints:
    """(2) the state of a generator; streams of one seed are independent. Period 2e18."""
    start = np.random.default_rng([seed, stream]).integers(1, TWO - 1, 2)
    return start.astype(np.int64)


@inner
def draw(state: Ints) -> float:
    """A number above 0 and below 1; moves the state on."""
    state[0] = state[0] * 40014 % ONE
    state[1] = state[1] * 40692 % TWO
    return float((state[0] - state[1]) % (ONE - 1) + 1) / ONE


@inner
def below(state: Ints, end: int) -> int:
    """A whole number from 0 to end - 1."""
    return int(draw(state) * end)

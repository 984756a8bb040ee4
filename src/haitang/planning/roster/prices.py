"""Prices of places, and the bound they prove.

For any prices no plan costs less than what all places cost at their prices, or unmet if that is less, plus what each
person's cheapest pattern costs at these (Lagrangian relaxation, Geoffrion 1974). Prices follow a subgradient that is
averaged over steps (Barahona and Anbil 2000), with Polyak's step towards the best known plan.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from haitang.planning.deadline import Deadline

from .calendar import Floats, Ints
from .framing import Part
from .kernels.seats import price

MEMORY = 0.7  # part of a step's direction that the next keeps
PATIENCE, SHORTER = 12, 0.7  # steps without a better bound until steps get shorter, and how much
LENGTH = 0.3  # of the first step
SMALLEST = 1e-4  # step at which all is settled
LITTLE = 2e-6  # part of the bound below which a gain is none


def evaluate(part: Part, prices: Floats, workers: int = 1) -> tuple[float, Ints]:
    """The bound at any prices (D), in the terms of Part.value; and how many people each demand draws at them (D)."""
    node = np.full(len(part.people), len(part.facts.node_shift) - 1)
    cuts = np.linspace(0, len(part.people), workers + 1).astype(int).tolist()
    spans = list(pairwise(cuts))
    uses = np.zeros((len(spans), len(prices)), dtype=np.int64)

    def run(at: int) -> float:
        return float(price(part.facts, prices, node, *spans[at], uses[at]))

    if workers == 1:
        totals = [run(0)]
    else:
        with ThreadPoolExecutor(workers) as pool:
            totals = list(pool.map(run, range(len(spans))))
    pinned = part.facts.must * part.pins
    places = np.minimum(prices, part.facts.weight) @ part.room
    return float(places + sum(totals) + pinned), uses.sum(axis=0)


class Prices:
    """Prices that climb; best (D) gave the best bound so far."""

    def __init__(self, part: Part, start: Floats, workers: int) -> None:
        self.part, self.workers = part, workers
        self.best = self.here = np.clip(start, 0.0, part.facts.weight)
        self.bound = -np.inf
        self.direction: Floats = np.zeros(len(start))
        self.length, self.waited = LENGTH, 0

    @property
    def settled(self) -> bool:
        return self.length < SMALLEST

    def climb(self, target: float, steps: int, deadline: Deadline) -> None:
        """So many steps towards a plan of that value, fewer if they get too short or time is up."""
        for _ in range(steps):
            if self.settled or deadline.passed:
                return
            self._step(target)

    def _step(self, target: float) -> None:
        bound, use = evaluate(self.part, self.here, self.workers)
        self.waited = 0 if bound > self.bound + LITTLE * abs(self.bound) else self.waited + 1
        if bound > self.bound:
            self.bound, self.best = bound, self.here
        if self.waited >= PATIENCE:
            self.waited, self.length, self.here = 0, self.length * SHORTER, self.best
        pins = np.bincount(self.part.facts.pinned[self.part.facts.pinned >= 0], minlength=len(use))
        gradient = self.part.room - (use - pins)
        self.direction = MEMORY * self.direction + (1.0 - MEMORY) * gradient
        square = float(self.direction @ self.direction)
        if square < 1e-12:
            self.length = 0.0
            return
        step = self.length * max(target - bound, LITTLE * abs(target)) / square
        self.here = np.clip(self.here + step * self.direction, 0.0, self.part.facts.weight)

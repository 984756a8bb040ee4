"""The coverage question as arrays: what is free to decide, and what each decision costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Column = tuple[int, tuple[int, ...]]  # a steward's row and the set of buildings they would have


@dataclass(frozen=True, eq=False)
class Model:
    """S stewards with room and B buildings that nobody has pinned; costs in minute-equivalents.

    Row S stands for nobody: it takes every building, at the cost of leaving it out, and is never uneven.
    cost (S + 1, B): a building in a row, unevenness aside; households (B); base (S + 1): households pinned
    to a steward already; room (S + 1): buildings still possible; weight (S + 1): of a household off the mean.
    """

    cost: Floats
    households: Ints
    base: Ints
    room: Ints
    weight: Floats
    mean: float

    @property
    def nobody(self) -> int:
        """The row of the buildings left out, which is also the number of stewards."""
        return len(self.room) - 1

    @property
    def buildings(self) -> int:
        return len(self.households)

    @property
    def left(self) -> Floats:
        """(B) cost of leaving a building out."""
        left: Floats = self.cost[-1]
        return left

    @property
    def alone(self) -> Floats:
        """(S + 1) what each row costs with nothing but what is pinned."""
        return self.uneven(slice(None), self.base)

    def uneven(self, row: Ints | int | slice, load: Floats | Ints) -> Floats:
        """What a load of households costs in a row."""
        cost: Floats = self.weight[row] * np.abs(load - self.mean)
        return cost

    def loads(self, who: Ints) -> Ints:
        """(S + 1) households in each row when building b is in row who[b]."""
        own = np.bincount(who, weights=self.households, minlength=len(self.room))
        loads: Ints = self.base + own.astype(np.int64)
        return loads

    def total(self, who: Ints) -> float:
        """Cost of a plan."""
        seats = self.cost[who, np.arange(len(who))].sum()
        return float(seats + self.uneven(slice(None), self.loads(who)).sum())

    def column_costs(self, columns: Sequence[Column]) -> Floats:
        """What each set adds to its steward's cost without it."""
        costs = np.empty(len(columns))
        sizes = np.array([len(chosen) for _, chosen in columns])
        for size in np.unique(sizes):
            which = np.flatnonzero(sizes == size)
            rows = np.array([columns[index][0] for index in which.tolist()], dtype=np.int64)
            sets = np.array([columns[index][1] for index in which.tolist()], dtype=np.int64).reshape(
                len(which), size
            )
            load = self.base[rows] + self.households[sets].sum(axis=1)
            seats = self.cost[rows[:, None], sets].sum(axis=1)
            costs[which] = seats + self.uneven(rows, load) - self.alone[rows]
        return costs

    def columns_of(self, who: Ints) -> list[Column]:
        """The sets a plan is made of."""
        held: dict[int, list[int]] = {}
        for building in np.flatnonzero(who < self.nobody):
            held.setdefault(int(who[building]), []).append(int(building))
        return [(row, tuple(chosen)) for row, chosen in held.items()]

    def floor(self) -> float:
        """A bound at sight: every building at its cheapest, and no more covered than there is room for."""
        cheapest = self.cost[:-1].min(axis=0)
        saved = np.sort(np.maximum(self.left - cheapest, 0.0))
        short = max(0, self.buildings - int(self.room[:-1].sum()))
        return float(np.minimum(self.left, cheapest).sum() + saved[:short].sum())

"""What a desk does by hand: needs in the order in which they came, each from the nearest offers with some left."""

from __future__ import annotations

import numpy as np

from .model import Floats, Ints, Model, Pairs


def nearest(model: Model) -> Pairs:
    """Beside what is locked. A need takes nothing from so far that leaving it unmet costs less."""
    return _served(model, by_distance=True)


def first_come(model: Model) -> Pairs:
    """Likewise, from the offers that stand first on the list."""
    return _served(model, by_distance=False)


def _served(model: Model, *, by_distance: bool) -> Pairs:
    left, found = model.offer_left.copy(), []
    for needs, offers, cost in model.tables():
        for need, row in zip(needs.tolist(), cost, strict=True):
            wanted = int(model.need_left[need])
            for at in (
                _in_turn(row, left[offers], wanted) if by_distance else np.flatnonzero(row < 0).tolist()
            ):
                amount = min(wanted, int(left[offers[at]]))
                if amount:
                    found.append((need, int(offers[at]), amount))
                    left[offers[at]] -= amount
                    wanted -= amount
                if not wanted:
                    break
    rows = np.array(found, dtype=np.int64).reshape(-1, 3)
    return Pairs(rows[:, 0], rows[:, 1], rows[:, 2])


def _in_turn(cost: Floats, left: Ints, wanted: int) -> list[int]:
    """Offers with some left and worth it, cheapest first, as many as it takes."""
    near = np.flatnonzero((left > 0) & (cost < 0))
    few = min(wanted, len(near))
    if few < len(near):
        near = near[np.argpartition(cost[near], few - 1)[:few]]
    found: list[int] = near[np.argsort(cost[near], kind="stable")].tolist()
    return found

"""Prices of places and charges for teams that raise a bound: entropic flows against multiplicative weights."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from haitang.planning.compiled import lean_kernel

Floats = npt.NDArray[np.float64]
Small = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
SEEN = 0.005  # use below which shares stay: it hardly pulls
FAR = 10.0  # times the heat: places dearer by so much draw nobody


class Pairs(NamedTuple):
    """C classes of equal people of a unit, P pairs with demands near them, sorted by class; B teams.

    first (C + 1); demand, cost (P): cost without price and charge; mine, theirs (P): positions of the class's
    and of the demand's share (H) of the team's charge. number (C); room (D): how many people, places.
    team (B + 1): shares of a team are in a row; size (H): people or places that a share is spread over.
    charge (B): what a team costs.
    """

    first: Small
    demand: Small
    cost: Floats
    mine: Small
    theirs: Small
    number: Floats
    room: Floats
    team: Small
    size: Floats
    charge: Floats


@lean_kernel
def spread(
    pairs: Pairs,
    price: Floats,
    toll: Floats,
    idle: Floats,
    heat: float,
    use: Floats,
    used: Floats,
    part: Floats,
) -> None:
    """How people spread over places when the cheapest draw most: use (H) as part of a share's size, used (D).

    part: room for one number for each pair of a class.
    """
    use[:] = 0.0
    used[:] = 0.0
    for row in range(len(idle)):
        first, last = pairs.first[row], pairs.first[row + 1]
        least = idle[row]
        for pair in range(first, last):
            cost = (
                pairs.cost[pair]
                + price[pairs.demand[pair]]
                + toll[pairs.mine[pair]]
                + toll[pairs.theirs[pair]]
            )
            part[pair - first] = cost
            least = min(least, cost)
        total, limit = math.exp((least - idle[row]) / heat), least + FAR * heat
        for at in range(last - first):
            part[at] = math.exp((least - part[at]) / heat) if part[at] < limit else 0.0
            total += part[at]
        for pair in range(first, last):
            if part[pair - first] > 0.0:
                people = pairs.number[row] * part[pair - first] / total
                use[pairs.mine[pair]] += people / pairs.size[pairs.mine[pair]]
                use[pairs.theirs[pair]] += people / pairs.size[pairs.theirs[pair]]
                used[pairs.demand[pair]] += people


@lean_kernel
def mark(pairs: Pairs, price: Floats, toll: Floats, idle: Floats, reach: float, close: Flags) -> None:
    """close (P): pairs whose cost is within reach of the cheapest of their class."""
    for row in range(len(idle)):
        least = idle[row]
        for pair in range(pairs.first[row], pairs.first[row + 1]):
            cost = (
                pairs.cost[pair]
                + price[pairs.demand[pair]]
                + toll[pairs.mine[pair]]
                + toll[pairs.theirs[pair]]
            )
            least = min(least, cost)
        for pair in range(pairs.first[row], pairs.first[row + 1]):
            cost = (
                pairs.cost[pair]
                + price[pairs.demand[pair]]
                + toll[pairs.mine[pair]]
                + toll[pairs.theirs[pair]]
            )
            close[pair] = cost <= least + reach


@lean_kernel
def best(pairs: Pairs, price: Floats, toll: Floats, idle: Floats) -> float:
    """What people cost who all take what is cheapest for them."""
    total = 0.0
    for row in range(len(idle)):
        least = idle[row]
        for pair in range(pairs.first[row], pairs.first[row + 1]):
            cost = (
                pairs.cost[pair]
                + price[pairs.demand[pair]]
                + toll[pairs.mine[pair]]
                + toll[pairs.theirs[pair]]
            )
            least = min(least, cost)
        total += least * pairs.number[row]
    return total


@lean_kernel
def shift(pairs: Pairs, share: Floats, toll: Floats, use: Floats, step: float) -> None:
    """Moves each team's charge to the shares that are used most; toll (H) is a share's charge per person."""
    for team in range(len(pairs.charge)):
        first, last = pairs.team[team], pairs.team[team + 1]
        most = 0.0
        for at in range(first, last):
            most = max(most, use[at])
        if most > SEEN:
            total = 0.0
            for at in range(first, last):
                share[at] = max(share[at], 1e-9) * math.exp(step * (use[at] - most))
                total += share[at]
            for at in range(first, last):
                share[at] /= total
                toll[at] = share[at] * pairs.charge[team] / pairs.size[at]


@lean_kernel
def reprice(room: Floats, used: Floats, price: Floats, heat: float) -> None:
    """Sinkhorn's step: prices at which as many come as there are places, or 0."""
    for row in range(len(price)):
        if used[row] > 1e-12:
            price[row] = max(0.0, price[row] + heat * math.log(used[row] / room[row]))
        else:
            price[row] = max(0.0, price[row] - 10.0 * heat)

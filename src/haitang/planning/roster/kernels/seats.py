"""At given prices: the best seat of each shift, and the best pattern of each person."""

from __future__ import annotations

import numpy as np

from haitang.planning.compiled import inner, kernel

from .facts import NEVER, NONE, Facts, Floats, Ints, Scratch


@inner
def scratch(facts: Facts, prices: Floats) -> Scratch:
    shifts, groups = facts.free.shape[1], len(facts.post)
    most = np.zeros(groups)
    for group in range(groups):
        for demand in range(facts.begin[group], facts.begin[group + 1]):
            most[group] = max(most[group], prices[demand])
    best, which = np.empty(shifts), np.empty(shifts, dtype=np.int64)
    return Scratch(best, which, most, np.zeros(len(facts.node_shift)))


@inner
def seat_cost(facts: Facts, person: int, demand: int) -> float:
    """What serving the demand costs, load aside."""
    group = facts.group[demand]
    cost = facts.travel[person, facts.post[group]]
    if facts.kept[person, facts.shift[demand]] == group:
        cost -= facts.change
    return float(cost)


@inner
def clear(facts: Facts, person: int, room: Scratch) -> None:
    room.best[:] = NEVER
    room.which[:] = NONE


@inner
def offer(facts: Facts, person: int, demand: int, cost: float, room: Scratch) -> None:
    shift = facts.shift[demand]
    if cost < room.best[shift]:
        room.best[shift] = cost
        room.which[shift] = demand


@inner
def settle(facts: Facts, person: int, room: Scratch) -> None:
    """What is pinned is the only seat of its shift; where the person is not available there is none."""
    for shift in range(facts.free.shape[1]):
        if not facts.free[person, shift]:
            room.best[shift] = NEVER
        demand = facts.pinned[person, shift]
        if demand != NONE:
            room.best[shift] = seat_cost(facts, person, demand) - facts.must
            room.which[shift] = demand


@inner
def best_seats(facts: Facts, person: int, prices: Floats, room: Scratch) -> None:
    """A seat farther away than any price is never worth it, as whoever stays at home pays nothing."""
    clear(facts, person, room)
    travel, can = facts.travel[person], facts.can[person]
    post, skill, begin, shift = facts.post, facts.skill, facts.begin, facts.shift
    best, which, most = room.best, room.which, room.most
    for group in range(len(post)):
        away = travel[post[group]]
        if away < most[group] and can[skill[group]]:
            for demand in range(begin[group], begin[group + 1]):
                if away - prices[demand] < best[shift[demand]]:
                    best[shift[demand]] = away - prices[demand]
                    which[shift[demand]] = demand
    if facts.change > 0:
        _offer_kept(facts, person, prices, room)
    settle(facts, person, room)


@inner
def _offer_kept(facts: Facts, person: int, prices: Floats, room: Scratch) -> None:
    for shift in range(facts.free.shape[1]):
        group = facts.kept[person, shift]
        if group != NONE:
            for demand in range(facts.begin[group], facts.begin[group + 1]):
                if facts.shift[demand] == shift:
                    cost = seat_cost(facts, person, demand) - prices[demand]
                    offer(facts, person, demand, cost, room)


@inner
def fill_values(facts: Facts, best: Floats, value: Floats) -> None:
    """Least cost from each node on."""
    shift, take, skip, cost = facts.node_shift, facts.node_take, facts.node_skip, facts.node_cost
    for node in range(1, len(value)):
        value[node] = min(best[shift[node]] + cost[node] + value[take[node]], value[skip[node]])


@inner
def _serve(facts: Facts, room: Scratch, node: int, use: Ints) -> None:
    """Count the demands on the best path."""
    while node > 0:
        if room.value[node] < room.value[facts.node_skip[node]]:
            use[room.which[facts.node_shift[node]]] += 1
            node = facts.node_take[node]
        else:
            node = facts.node_skip[node]


@kernel
def price(facts: Facts, prices: Floats, node: Ints, low: int, high: int, use: Ints) -> float:
    """Cost of the best patterns from each one's node (P) on of the people from low to high - 1, at prices (D).

    Counts in use (D) whom each demand draws. What a person gains by pinned seats is not taken out again.
    """
    room = scratch(facts, prices)
    total = 0.0
    for person in range(low, high):
        if node[person] > 0:
            best_seats(facts, person, prices, room)
            fill_values(facts, room.best, room.value)
            _serve(facts, room, node[person], use)
            total += room.value[node[person]]
    return total

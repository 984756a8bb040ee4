"""From prices to a plan: shift after shift an exact matching, in which prices stand for the shifts still to come."""

from __future__ import annotations

import numpy as np

from haitang.planning.compiled import inner, kernel

from .allowed import added_load, is_allowed
from .facts import NEVER, NONE, Facts, Floats, Ints
from .matching import match
from .seats import best_seats, fill_values, scratch


@kernel
def advance(
    facts: Facts, shift: int, value: Floats, node: Ints, left: Ints, plan: Ints, worth: Floats
) -> None:
    """Fill one shift of a plan (P, T) in which earlier ones are filled.

    value (P, nodes): cost of what may follow; node (P): where each person is in the graph; left (D): places to fill;
    the latter two are kept up to date. worth (D) learns what one place less would save, of demands that have places.
    """
    added = np.empty(len(plan))
    for person in range(len(plan)):
        added[person] = _added(facts, person, shift, node[person], value[person], plan)
    fill(facts, shift, np.arange(len(plan)), added, left, plan, worth)
    for person in range(len(plan)):
        if node[person] != 0 and facts.node_shift[node[person]] == shift:
            taken = plan[person, shift] != NONE
            node[person] = facts.node_take[node[person]] if taken else facts.node_skip[node[person]]


@kernel
def futures(facts: Facts, prices: Floats) -> Floats:
    """(P, nodes) least cost from each node on."""
    value = np.zeros((len(facts.can), len(facts.node_shift)))
    room = scratch(facts, prices)
    for person in range(len(value)):
        best_seats(facts, person, prices, room)
        fill_values(facts, room.best, value[person])
    return value


@inner
def _added(facts: Facts, person: int, shift: int, node: int, value: Floats, plan: Ints) -> float:
    """What working the shift costs beside the seat, later shifts included; NEVER where it can't be."""
    if facts.pinned[person, shift] != NONE or not facts.free[person, shift]:
        return NEVER
    if node == 0 or facts.node_shift[node] != shift or not is_allowed(facts, plan[person], shift):
        return NEVER
    later = value[facts.node_take[node]] - value[facts.node_skip[node]]
    return float(facts.node_cost[node] + later)


@inner
def fill(
    facts: Facts, shift: int, people: Ints, added: Floats, left: Ints, plan: Ints, worth: Floats
) -> None:
    """Match people with the places of a shift that are left, exactly; added (people) is what each costs beside.

    worth (D) learns what one place less would save.
    """
    able, beside = people[added < NEVER], added[added < NEVER]
    places = _places(facts, shift, left)
    cost = np.empty((len(places), len(able)))
    for row in range(len(places)):
        if row > 0 and places[row] == places[row - 1]:
            cost[row] = cost[row - 1]
        else:
            _place_costs(facts, places[row], able, beside, cost[row])
    found = match(cost)
    for row in range(len(places)):
        worth[places[row]] = facts.weight[places[row]] + found.place_price[row]
        if found.person[row] != NONE:
            plan[able[found.person[row]], shift] = places[row]
            left[places[row]] -= 1


@inner
def _place_costs(facts: Facts, demand: int, able: Ints, beside: Floats, cost: Floats) -> None:
    """What each of these people costs in a place of the demand, rather than nobody."""
    group, shift = facts.group[demand], facts.shift[demand]
    travel, can, kept = (
        facts.travel[:, facts.post[group]],
        facts.can[:, facts.skill[group]],
        facts.kept[:, shift],
    )
    empty, change = facts.weight[demand], facts.change
    for at in range(len(able)):
        person = able[at]
        if can[person]:
            cost[at] = travel[person] + beside[at] - empty
            if kept[person] == group:
                cost[at] -= change
        else:
            cost[at] = NEVER


@inner
def _places(facts: Facts, shift: int, left: Ints) -> Ints:
    """The demand of each place of the shift that is left, one by one."""
    here = facts.by_shift[facts.shift_begin[shift] : facts.shift_begin[shift + 1]]
    return np.repeat(here, left[here])


@inner
def release(facts: Facts, person: int, shift: int, left: Ints, plan: Ints) -> None:
    demand = plan[person, shift]
    if demand != NONE and facts.pinned[person, shift] == NONE:
        left[demand] += 1
        plan[person, shift] = NONE


@kernel
def sweep(facts: Facts, shift: int, left: Ints, plan: Ints) -> None:
    """The best for one shift while all others stay."""
    added = np.full(len(plan), NEVER)
    for person in range(len(plan)):
        release(facts, person, shift, left, plan)
        may = facts.pinned[person, shift] == NONE and facts.free[person, shift]
        if may and is_allowed(facts, plan[person], shift):
            added[person] = added_load(facts, plan[person], shift)
    fill(facts, shift, np.arange(len(plan)), added, left, plan, np.empty(len(left)))

"""Moves of a whole team: all of a unit who go to one goal go to another, and who sits there makes room."""

from __future__ import annotations

import math

from haitang.planning.chance import below, draw
from haitang.planning.compiled import inner, lean_kernel

from .moving import NOWHERE, City, Plan, Small, attempt, beside, candidate, enter, leave, may, refuge

MOST = 12  # people of a team who are moved at once
OFTEN = 2  # moves of one or two people for each of a team


@inner
def gather(city: City, plan: Plan, person: int, team: Small) -> int:
    """Writes into team who of the person's unit has the same goal, the person first; how many."""
    unit, goal = city.unit[person], city.goal[plan.at[person]]
    team[0], count = person, 1
    for index in range(city.places_first[goal], city.places_first[goal + 1]):
        demand = city.places[index]
        first = city.seats_first[demand]
        for seat in range(first, first + plan.taken[demand]):
            mate = plan.sitting[seat]
            if city.unit[mate] == unit and mate != person and count < MOST:
                team[count] = mate
                count += 1
    return count


@inner
def opening(city: City, plan: Plan, person: int, goal: int) -> int:
    """A demand at a goal that somebody could take: a free one if there is any, else one of another unit's."""
    found = NOWHERE
    for index in range(city.places_first[goal], city.places_first[goal + 1]):
        demand = city.places[index]
        if city.room[demand] > 0 and may(city, person, demand):
            if plan.taken[demand] < city.room[demand]:
                return int(demand)
            if found == NOWHERE or draw(plan.state) < 0.5:
                found = demand
    return int(found)


@inner
def pushed_from(city: City, plan: Plan, demand: int, unit: int, log: Small, count: int) -> int:
    """Somebody of another unit who sits there and has not been moved yet, or NOWHERE."""
    seat = plan.sitting[city.seats_first[demand] + below(plan.state, plan.taken[demand])]
    if city.unit[seat] == unit:
        return NOWHERE
    for index in range(count):
        if log[2 * index] == seat:
            return NOWHERE
    return int(seat)


@inner
def follow(
    city: City, plan: Plan, mate: int, goal: int, log: Small, count: int, change: float
) -> tuple[int, float]:
    """Moves one of the team to the goal if it can be; how many have been moved, and what that changed."""
    old, new = plan.at[mate], opening(city, plan, mate, goal)
    if new == NOWHERE:
        return count, change
    other = NOWHERE
    if plan.taken[new] == city.room[new]:
        other = pushed_from(city, plan, new, city.unit[mate], log, count)
        if other == NOWHERE:
            return count, change
    log[2 * count], log[2 * count + 1] = mate, old
    count += 1
    change += leave(city, plan, mate)
    if other != NOWHERE:
        log[2 * count], log[2 * count + 1] = other, new
        count += 1
        change += leave(city, plan, other)
    change += enter(city, plan, mate, new)
    if other != NOWHERE:
        change += enter(city, plan, other, refuge(city, plan, other, old))
    return count, change


@inner
def attempt_together(city: City, plan: Plan, heat: float, team: Small, log: Small) -> float:
    """One move of a team; what it changes, 0.0 if it was taken back."""
    person = below(plan.state, len(plan.at))
    if plan.at[person] == NOWHERE:
        return 0.0
    new = beside(city, plan, person) if draw(plan.state) < 0.5 else candidate(city, plan, person)
    if new < 0 or city.goal[new] == city.goal[plan.at[person]]:
        return 0.0
    size = gather(city, plan, person, team)
    count, change = 0, 0.0
    for index in range(size):
        count, change = follow(city, plan, team[index], city.goal[new], log, count, change)
    if change <= 0.0 or draw(plan.state) < math.exp(-change / heat):
        return change
    # All leave before any comes back: nobody was moved twice, and each had a place of their own.
    for index in range(count):
        leave(city, plan, log[2 * index])
    for index in range(count):
        enter(city, plan, log[2 * index], log[2 * index + 1])
    return 0.0


@lean_kernel
def anneal(city: City, plan: Plan, moves: int, heat: float, team: Small, log: Small) -> float:
    """So many moves at a temperature in minute-equivalents, every ninth of a team; what they changed in all."""
    change = 0.0
    for move in range(moves):
        if move % (OFTEN + 1) == OFTEN:
            change += attempt_together(city, plan, heat, team, log)
        else:
            change += attempt(city, plan, heat)
    return change

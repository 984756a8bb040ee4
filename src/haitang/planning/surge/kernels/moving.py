"""Moves of one or two volunteers, accepted or not as in annealing (Kirkpatrick, Gelatt and Vecchi 1983)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from haitang.planning.chance import below, draw
from haitang.planning.compiled import inner, lean_kernel

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
NOWHERE = -1
TRIES = 3  # candidates looked at for somebody who has to make room


class City(NamedTuple):
    """What does not change. V people, K kinds, D demands, T goals, L lots.

    unit, kind (V); muster, kept (K); fits (K, L); lot, goal, task, weight, room (D); post (T); way (M, P).
    mates from mates_first[unit]; demands of a goal from places_first[goal]; seats of a demand from seats_first.
    near from near_first[muster x L + lot]: demands worth trying; lots from lots_first[kind].
    """

    unit: Small
    kind: Small
    muster: Small
    kept: Small
    fits: Flags
    lot: Small
    goal: Small
    task: Small
    weight: Floats
    room: Small
    post: Small
    way: Floats
    mates_first: Small
    mates: Small
    places_first: Small
    places: Small
    seats_first: Small
    near_first: Small
    near: Small
    lots_first: Small
    lots: Small
    split: float
    change: float


class Plan(NamedTuple):
    """What changes: at (V) demand or NOWHERE; seat (V) within it; taken (D); sitting (places); team (U, T) people."""

    at: Small
    seat: Small
    taken: Small
    sitting: Small
    team: npt.NDArray[np.int32]
    state: Ints


@inner
def cost(city: City, person: int, demand: int) -> float:
    """Travel and change, less what the place costs while empty."""
    kind = city.kind[person]
    kept = city.kept[kind]
    if demand == NOWHERE:
        return city.change if kept != NOWHERE else 0.0
    goal = city.goal[demand]
    away = city.way[city.muster[kind], city.post[goal]] - city.weight[demand]
    if kept != NOWHERE and kept != city.task[demand]:
        away += city.change
    return float(away)


@inner
def leave(city: City, plan: Plan, person: int) -> float:
    """Takes somebody off their place; what that changes."""
    demand = plan.at[person]
    if demand == NOWHERE:
        return -cost(city, person, NOWHERE)
    first, seat = city.seats_first[demand], plan.seat[person]
    plan.taken[demand] -= 1
    last = plan.sitting[first + plan.taken[demand]]
    plan.sitting[first + seat] = last
    plan.seat[last] = seat
    plan.at[person] = NOWHERE
    unit, goal = city.unit[person], city.goal[demand]
    plan.team[unit, goal] -= 1
    change = -cost(city, person, demand)
    return change - city.split if plan.team[unit, goal] == 0 else change


@inner
def enter(city: City, plan: Plan, person: int, demand: int) -> float:
    """Puts somebody who is nowhere on a place that is free; what that changes."""
    if demand == NOWHERE:
        return cost(city, person, NOWHERE)
    plan.sitting[city.seats_first[demand] + plan.taken[demand]] = person
    plan.seat[person] = plan.taken[demand]
    plan.taken[demand] += 1
    plan.at[person] = demand
    unit, goal = city.unit[person], city.goal[demand]
    plan.team[unit, goal] += 1
    change = cost(city, person, demand)
    return change + city.split if plan.team[unit, goal] == 1 else change


@inner
def may(city: City, person: int, demand: int) -> bool:
    return demand == NOWHERE or bool(city.fits[city.kind[person], city.lot[demand]])


@inner
def candidate(city: City, plan: Plan, person: int) -> int:
    """A demand near somebody's muster point, in a lot they could work in; NOWHERE if there is none."""
    kind = city.kind[person]
    first, last = city.lots_first[kind], city.lots_first[kind + 1]
    if first == last:
        return NOWHERE
    lot = city.lots[first + below(plan.state, last - first)]
    row = city.muster[kind] * city.fits.shape[1] + lot
    first, last = city.near_first[row], city.near_first[row + 1]
    return int(city.near[first + below(plan.state, last - first)]) if last > first else NOWHERE


@inner
def beside(city: City, plan: Plan, person: int) -> int:
    """A demand where somebody of the same unit goes, or NOWHERE."""
    unit = city.unit[person]
    first, last = city.mates_first[unit], city.mates_first[unit + 1]
    mate = city.mates[first + below(plan.state, last - first)]
    if plan.at[mate] == NOWHERE:
        return NOWHERE
    goal = city.goal[plan.at[mate]]
    first, last = city.places_first[goal], city.places_first[goal + 1]
    return int(city.places[first + below(plan.state, last - first)])


@inner
def refuge(city: City, plan: Plan, person: int, old: int) -> int:
    """Where somebody who has to make room goes: the place that came free, or a free one near by, or nowhere."""
    if draw(plan.state) < 0.5:
        return old if may(city, person, old) else NOWHERE
    for _ in range(TRIES):
        other = beside(city, plan, person) if draw(plan.state) < 0.5 else candidate(city, plan, person)
        if other != NOWHERE and plan.taken[other] < city.room[other] and may(city, person, other):
            return other
    return NOWHERE


@inner
def attempt(city: City, plan: Plan, heat: float) -> float:
    """One move; what it changes, 0.0 if it was taken back."""
    person = below(plan.state, len(plan.at))
    old = plan.at[person]
    new = beside(city, plan, person) if draw(plan.state) < 0.5 else candidate(city, plan, person)
    if new < 0 or new == old or not may(city, person, new) or city.room[new] == 0:
        return 0.0
    change = leave(city, plan, person)
    pushed, to = NOWHERE, NOWHERE
    if plan.taken[new] == city.room[new]:
        pushed = plan.sitting[city.seats_first[new] + below(plan.state, plan.taken[new])]
        change += leave(city, plan, pushed)
    change += enter(city, plan, person, new)
    if pushed != NOWHERE:
        to = refuge(city, plan, pushed, old)
        change += enter(city, plan, pushed, to)
    if change <= 0.0 or draw(plan.state) < math.exp(-change / heat):
        return change
    leave(city, plan, person)
    if pushed != NOWHERE:
        leave(city, plan, pushed)
        enter(city, plan, pushed, new)
    enter(city, plan, person, old)
    return 0.0


@lean_kernel
def seat_all(city: City, plan: Plan, wanted: Small) -> float:
    """Fills an empty plan from demands (V); what that changes."""
    change = 0.0
    for person in range(len(wanted)):
        leave(city, plan, person)
        change += enter(city, plan, person, wanted[person])
    return change

"""Ruin and recreate (SISR: Christiaens and Vanden Berghe 2020) with simulated annealing, over a plan of routes."""

from __future__ import annotations

import math

import numpy as np

from haitang.planning.chance import Ints, below, draw
from haitang.planning.compiled import kernel, lean

from .placing import best_place, put
from .route import follow
from .ruin import ruin_strings, ruin_vehicle
from .town import Floats, Plan, Town

WHOLE = 0.1  # of ruins take a whole vehicle
OVERLOOKING_NOTHING = 1 << 40  # a generator set like this does not blink
RETRIED = 10  # parts left behind that are tried again each time


@lean
def copy_route(source: Plan, target: Plan, vehicle: int) -> None:
    length = source.length[vehicle]
    target.length[vehicle] = length
    target.value[vehicle] = source.value[vehicle]
    for position in range(length):
        target.nodes[vehicle, position] = source.nodes[vehicle, position]
        target.arrive[vehicle, position] = source.arrive[vehicle, position]
        target.begin[vehicle, position] = source.begin[vehicle, position]
        target.leave[vehicle, position] = source.leave[vehicle, position]
        target.load[vehicle, position] = source.load[vehicle, position]
        target.room[vehicle, position] = source.room[vehicle, position]


@lean
def copy_plan(source: Plan, target: Plan, touched: Ints, everything: bool) -> None:
    """Routes that were touched, or all of them."""
    for vehicle in range(len(touched)):
        if everything or touched[vehicle]:
            copy_route(source, target, vehicle)
    for part in range(len(source.where)):
        target.where[part] = source.where[part]
    for node in range(len(source.at)):
        target.at[node] = source.at[node]


@lean
def total(town: Town, plan: Plan) -> float:
    value = 0.0
    for vehicle in range(len(town.seats)):
        value += plan.value[vehicle]
    for part in range(len(town.people)):
        if plan.where[part] < 0:
            value += town.left[part]
    return value


@lean
def sort_pool(town: Town, pool: Ints, keys: Floats, size: int, chance: Ints) -> None:
    """The order in which parts are put back: by chance, size, length of the way, or when they are ready."""
    by = draw(chance)
    for index in range(size):
        part = pool[index]
        if by < 0.35:
            keys[index] = draw(chance)
        elif by < 0.6:
            keys[index] = -town.people[part]
        elif by < 0.75:
            keys[index] = -town.cost[town.place[part], town.place[len(town.people) + part]]
        else:
            keys[index] = town.ready[part]
    for index in range(1, size):
        part, key, to = pool[index], keys[index], index
        while to > 0 and keys[to - 1] > key:
            pool[to], keys[to] = pool[to - 1], keys[to - 1]
            to -= 1
        pool[to], keys[to] = part, key


@lean
def mark(town: Town, plan: Plan, part: int, tried: Ints, stamp: int) -> int:
    """Vehicles to try, into tried[2V:]: those of parts alike first, and an unused one of each kind; how many.

    tried[:V] says for which part a vehicle has been met, tried[V:2V] for which part a kind of unused ones.
    """
    vehicles, size = len(town.seats), 0
    for rank in range(town.near.shape[1]):
        vehicle = plan.where[town.near[part, rank]]
        if vehicle >= 0 and tried[vehicle] != stamp:
            tried[vehicle] = stamp
            tried[2 * vehicles + size] = vehicle
            size += 1
    for vehicle in range(vehicles):
        # An unused one stands for all of its kind.
        seen = vehicle if plan.length[vehicle] > 0 else vehicles + town.twin[vehicle]
        if tried[seen] != stamp:
            tried[seen] = stamp
            tried[2 * vehicles + size] = vehicle
            size += 1
    return size


@lean
def put_back(town: Town, plan: Plan, part: int, touched: Ints, tried: Ints, stamp: int, chance: Ints) -> None:
    """Into the cheapest place of all, unless leaving it behind is cheaper."""
    vehicles = len(town.seats)
    least, best, best_on, best_off = town.left[part], -1, 0, 0
    for index in range(mark(town, plan, part, tried, stamp)):
        vehicle = tried[2 * vehicles + index]
        cost, on, off = best_place(town, plan, vehicle, part, least, chance)
        if cost < least:
            least, best, best_on, best_off = cost, vehicle, on, off
    if best >= 0:
        touched[best] = 1
        put(town, plan, best, part, best_on, best_off)


@lean
def retry(plan: Plan, pool: Ints, size: int, chance: Ints) -> int:
    """Add some of those who were left behind to the pool."""
    parts, start = len(plan.where), below(chance, len(plan.where))
    ruined = size
    for offset in range(parts):
        part = (start + offset) % parts
        if plan.where[part] < 0 and not is_among(part, pool, ruined):
            pool[size] = part
            size += 1
            if size == ruined + RETRIED:
                break
    return size


@lean
def is_among(part: int, pool: Ints, size: int) -> bool:
    for index in range(size):  # noqa: SIM110 (numba knows no any() over a generator)
        if pool[index] == part:
            return True
    return False


@kernel
def improve(
    town: Town, plan: Plan, kept: Plan, best: Plan, values: Floats, heats: Floats, works: Ints, chance: Ints
) -> int:
    """Ruins, each accepted by annealing, until works[0] places have been tried; the number of ruins.

    kept is the plan so far and plan equal to it; best the best of all. values: of kept and of best. heats: from and
    to, in minute-equivalents, over works[1] places in all.
    """
    vehicles, parts, steps = len(town.seats), len(town.people), 0
    touched, pool = np.zeros(vehicles, dtype=np.int64), np.empty(2 * parts + RETRIED, dtype=np.int64)
    tried, stamp, keys = np.zeros(3 * vehicles, dtype=np.int64), 0, np.zeros(len(pool))
    while plan.work[0] < works[0]:
        steps += 1
        plan.work[0] += 1
        touched[:] = 0
        if draw(chance) < WHOLE:
            size = ruin_vehicle(town, plan, touched, pool, chance)
        else:
            size = ruin_strings(town, plan, touched, pool, chance)
        size = retry(plan, pool, size, chance)
        sort_pool(town, pool, keys, size, chance)
        for index in range(size):
            stamp += 1
            put_back(town, plan, pool[index], touched, tried, stamp, chance)
        value, heat = total(town, plan), heats[0] * (heats[1] / heats[0]) ** (plan.work[0] / works[1])
        if value < values[0] - heat * math.log(draw(chance)):
            values[0] = value
            copy_plan(plan, kept, touched, False)
            if value < values[1] - 1e-7:
                values[1] = value
                copy_plan(plan, best, touched, True)
        else:
            copy_plan(kept, plan, touched, False)
    return steps


@kernel
def insert_all(town: Town, plan: Plan, order: Ints, chance: Ints) -> float:
    """Put parts into the plan in the given order, each at its cheapest; the plan's value."""
    vehicles = len(town.seats)
    touched, tried = np.zeros(vehicles, dtype=np.int64), np.zeros(3 * vehicles, dtype=np.int64)
    for stamp in range(len(order)):
        put_back(town, plan, order[stamp], touched, tried, stamp + 1, chance)
    return total(town, plan)


@kernel
def retrace(town: Town, plan: Plan) -> bool:
    """Work out every route's timetable; whether all keep the rules."""
    fine = True
    for vehicle in range(len(town.seats)):
        for position in range(plan.length[vehicle]):
            node = plan.nodes[vehicle, position]
            if node < len(town.people):
                plan.where[node] = vehicle
        fine = follow(town, plan, vehicle) and fine
    return fine


@kernel
def place(town: Town, plan: Plan, vehicle: int, part: int, chance: Ints) -> int:
    """Put a part into one route where it costs least; when it arrives then, -1 if it can't."""
    chance[2] = OVERLOOKING_NOTHING
    cost, on, off = best_place(town, plan, vehicle, part, math.inf, chance)
    if cost == math.inf or not put(town, plan, vehicle, part, on, off):
        return -1
    return int(plan.arrive[vehicle, plan.at[len(town.people) + part]])

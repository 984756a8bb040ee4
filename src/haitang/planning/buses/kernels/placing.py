"""Where in which route a part fits best: every place to get on, and every place after it to get off."""

from __future__ import annotations

import math

from haitang.planning.chance import Ints, blinks
from haitang.planning.compiled import lean

from .route import State, before, follow, lateness, left_at, push, step
from .town import Plan, Town

BLINK = 0.01  # of places are overlooked, so that the same ruins are not rebuilt alike (Christiaens, Vanden Berghe)
PATIENCE = 900  # seconds that a part may make a route wait and cost others their punctuality

Place = tuple[float, int, int]  # cost, and the positions before which the part gets on and off


@lean
def best_place(town: Town, plan: Plan, vehicle: int, part: int, most: float, chance: Ints) -> Place:
    """The cheapest place in one route, if it is below most; else inf."""
    cost, on, off = math.inf, 0, 0
    length, count = plan.length[vehicle], town.people[part]
    basis = town.extra[part, vehicle] + (town.vehicle if length == 0 else 0.0)
    if count > town.seats[vehicle] or basis >= most or length + 2 > plan.nodes.shape[1]:
        return cost, on, off
    most -= basis
    direct = town.drive[town.place[part], town.place[len(town.people) + part]] + town.service[part]
    for position in range(length + 1):
        if position < length and is_idle(town, plan, vehicle, part, position):
            continue
        plan.work[0] += 1
        load = plan.load[vehicle, position - 1] if position > 0 else 0
        if load + count > town.seats[vehicle] or (length > 0 and blinks(chance, BLINK)):
            continue
        state = before(town, plan, vehicle, position)
        if detour(town, plan, vehicle, part, position, state[0]) >= most + town.trip:
            continue
        # Later places only get later.
        if lateness(town, part, state[3] + direct) >= most + town.trip:
            break
        found, end = best_end(town, plan, vehicle, part, position, state, most)
        if found < most:
            most = found
            cost, on, off = found + basis, position, end
    return cost, on, off


@lean
def is_idle(town: Town, plan: Plan, vehicle: int, part: int, position: int) -> bool:
    """Whether getting on before a position is not worth a look.

    Within one stop the order is all the same, so only its end counts; and the route's node there should not have to
    wait for the part too long.
    """
    if town.place[plan.nodes[vehicle, position]] == town.place[part]:
        return True
    return bool(plan.leave[vehicle, position] + plan.room[vehicle, position] + PATIENCE < town.ready[part])


@lean
def detour(town: Town, plan: Plan, vehicle: int, part: int, position: int, here: int) -> float:
    """Driving more, at least, if ways are shortest ways, to fetch a part between here and the next stop."""
    fetch, following = town.place[part], state_place(town, plan, vehicle, position)
    there = town.cost[here, fetch] + town.cost[fetch, following]
    return float(there - town.cost[here, following] if plan.length[vehicle] > 0 else there)


@lean
def best_end(
    town: Town, plan: Plan, vehicle: int, part: int, first: int, start: State, most: float
) -> tuple[float, int]:
    """The cheapest place to get off for a part that gets on before position `first`."""
    found, end, length = math.inf, first, plan.length[vehicle]
    before_place, aboard = start[0], plan.load[vehicle, first - 1] if first > 0 else 0
    state = step(town, part, start[0], start[1], start[2], start[3])
    spent, since = town.cost[start[0], state[0]], state[3]
    for position in range(first, length + 1):
        plan.work[0] += 1
        cost = spent + (town.trip if aboard == 0 else 0.0)
        if cost < most:
            cost += get_off(
                town, plan, vehicle, part, first, position, before_place, state, since, most - cost
            )
            if cost < most:
                most, found, end = cost, cost, position
        if position == length:
            break
        aboard = plan.load[vehicle, position]
        after, spent_on = ride_on(town, plan, vehicle, first, position, before_place, state)
        state, before_place, spent = after, state_place(town, plan, vehicle, position), spent + spent_on
        if aboard == 0:
            spent -= town.trip
        too_long = state[1] - since > town.ride
        if too_long or aboard + town.people[part] > town.seats[vehicle] or spent - town.trip >= most:
            break
    return found, end


@lean
def state_place(town: Town, plan: Plan, vehicle: int, position: int) -> int:
    if position >= plan.length[vehicle]:
        return int(town.depot[vehicle])
    return int(town.place[plan.nodes[vehicle, position]])


@lean
def get_off(
    town: Town,
    plan: Plan,
    vehicle: int,
    part: int,
    first: int,
    position: int,
    came_from: int,
    state: State,
    since: int,
    most: float,
) -> float:
    """What it costs to get off before a position: detour, the part's own lateness, and the rest of the route."""
    here = state[0]
    off = step(town, len(town.people) + part, here, state[1], state[2], state[3])
    if off[1] - since > town.ride:
        return math.inf
    following = state_place(town, plan, vehicle, position)
    cost = town.cost[here, off[0]] + town.cost[off[0], following] + lateness(town, part, off[1])
    if plan.length[vehicle] > 0:
        cost -= town.cost[came_from, following]
    if cost >= most:
        return math.inf
    return float(cost) + push(town, plan, vehicle, first, position, off, most - cost)


@lean
def ride_on(
    town: Town, plan: Plan, vehicle: int, first: int, position: int, came_from: int, state: State
) -> tuple[State, float]:
    """The state after the route's own node at a position, and what is spent more than without the part."""
    parts, node = len(town.people), plan.nodes[vehicle, position]
    after = step(town, node, state[0], state[1], state[2], state[3])
    spent = town.cost[state[0], after[0]] - town.cost[came_from, after[0]]
    if node < parts:
        plan.clock[node] = after[3]
        return after, spent
    part = node - parts
    if after[1] - left_at(plan, vehicle, part, first) > town.ride:
        return after, math.inf
    arrived = plan.arrive[vehicle, position]
    return after, spent + lateness(town, part, after[1]) - lateness(town, part, arrived)


@lean
def put(town: Town, plan: Plan, vehicle: int, part: int, on: int, off: int) -> bool:
    """Let a part ride; taken out again if that breaks a rule after all (where ways are no shortest ways)."""
    length = plan.length[vehicle]
    for position in range(length - 1, off - 1, -1):
        plan.nodes[vehicle, position + 2] = plan.nodes[vehicle, position]
    for position in range(off - 1, on - 1, -1):
        plan.nodes[vehicle, position + 1] = plan.nodes[vehicle, position]
    plan.nodes[vehicle, on] = part
    plan.nodes[vehicle, off + 1] = len(town.people) + part
    plan.length[vehicle] = length + 2
    plan.where[part] = vehicle
    if follow(town, plan, vehicle):
        return True
    take(town, plan, part)
    return False


@lean
def take(town: Town, plan: Plan, part: int) -> None:
    """Take a part out of its route."""
    vehicle, parts, kept = plan.where[part], len(town.people), 0
    for position in range(plan.length[vehicle]):
        node = plan.nodes[vehicle, position]
        if node != part and node != parts + part:
            plan.nodes[vehicle, kept] = node
            kept += 1
    plan.length[vehicle] = kept
    plan.where[part] = -1
    follow(town, plan, vehicle)

"""Taking parts out of a plan: strings of neighbouring routes, whole trips, whole vehicles."""

from __future__ import annotations

from haitang.planning.chance import Ints, below, draw
from haitang.planning.compiled import lean

from .route import follow
from .town import Plan, Town

LONGEST = 10.0  # string at most (Christiaens, Vanden Berghe 2020, table 2)
REMOVED = 10.0  # parts in the mean
TRIPS, STOPS = (
    0.2,
    0.6,
)  # of strings are whole trips, and stops in a row; the others parts that get off in a row
SPLIT = 0.5  # of the latter spare one part in the middle


@lean
def drop(plan: Plan, vehicle: int, part: int, pool: Ints, size: int) -> int:
    """Mark a part of the route as taken out; the new size of the pool."""
    if plan.where[part] != vehicle:
        return size
    plan.where[part] = -1
    pool[size] = part
    return size + 1


@lean
def drop_all(plan: Plan, vehicle: int, parts: int, start: int, end: int, pool: Ints, size: int) -> int:
    """All parts with a node in positions start up to end."""
    for position in range(start, end):
        node = plan.nodes[vehicle, position]
        size = drop(plan, vehicle, node if node < parts else node - parts, pool, size)
    return size


@lean
def settle(town: Town, plan: Plan, vehicle: int, pool: Ints, size: int) -> int:
    """Close the gaps in a route; the new size of the pool, which can have grown."""
    parts = len(town.people)
    close_up(plan, vehicle, parts)
    if not follow(town, plan, vehicle):
        # Without a stop on the way a way can be longer, where ways are no shortest ways: then all get out.
        size = drop_all(plan, vehicle, parts, 0, plan.length[vehicle], pool, size)
        close_up(plan, vehicle, parts)
        follow(town, plan, vehicle)
    return size


@lean
def close_up(plan: Plan, vehicle: int, parts: int) -> None:
    """Drop the nodes of parts that don't ride any more."""
    kept = 0
    for position in range(plan.length[vehicle]):
        node = plan.nodes[vehicle, position]
        if plan.where[node if node < parts else node - parts] == vehicle:
            plan.nodes[vehicle, kept] = node
            kept += 1
    plan.length[vehicle] = kept


@lean
def mean_length(plan: Plan) -> float:
    """Parts of a route that is used."""
    riding, routes = 0, 0
    for vehicle in range(len(plan.length)):
        riding += plan.length[vehicle]
        routes += plan.length[vehicle] > 0
    return riding / (2.0 * max(1, routes))


@lean
def ruin_strings(town: Town, plan: Plan, touched: Ints, pool: Ints, chance: Ints) -> int:
    """Strings from the routes around one part; the number of parts taken out."""
    parts, size = len(town.people), 0
    seed = below(chance, parts)
    longest = max(1.0, min(LONGEST, mean_length(plan)))
    most = 4.0 * REMOVED / (1.0 + longest) - 1.0
    strings = int(1.0 + draw(chance) * most)
    for rank in range(-1, town.near.shape[1]):
        if strings <= 0:
            break
        part = seed if rank < 0 else town.near[seed, rank]
        vehicle = plan.where[part]
        if vehicle < 0 or touched[vehicle]:
            continue
        touched[vehicle] = 1
        strings -= 1
        size = cut(town, plan, vehicle, part, 1 + int(draw(chance) * longest), pool, size, chance)
    return size


@lean
def cut(
    town: Town, plan: Plan, vehicle: int, part: int, long: int, pool: Ints, size: int, chance: Ints
) -> int:
    """Take out a string around a part: its short trip, or stops in a row, or parts that get off in a row."""
    parts, how = len(town.people), draw(chance)
    if how < TRIPS:
        start, end = trip_of(plan, vehicle, plan.at[part])
        if end - start <= 2 * LONGEST:
            return settle(town, plan, vehicle, pool, drop_all(plan, vehicle, parts, start, end, pool, size))
    if how < TRIPS + STOPS:
        nodes = min(plan.length[vehicle], long)
        start = plan.at[part + below(chance, 2) * parts] - below(chance, nodes)
        start = max(0, min(start, plan.length[vehicle] - nodes))
        size = drop_all(plan, vehicle, parts, start, start + nodes, pool, size)
    else:
        size = drop_row(plan, vehicle, part, long, pool, size, chance)
    return settle(town, plan, vehicle, pool, size)


@lean
def trip_of(plan: Plan, vehicle: int, position: int) -> tuple[int, int]:
    """Positions of the first node of a trip and of the first one after it."""
    start, end = position, position + 1
    while start > 0 and plan.load[vehicle, start - 1] > 0:
        start -= 1
    while plan.load[vehicle, end - 1] > 0:
        end += 1
    return start, end


@lean
def drop_row(plan: Plan, vehicle: int, part: int, long: int, pool: Ints, size: int, chance: Ints) -> int:
    """So many parts that get off one after the other; half of the time one of them is spared."""
    parts, back = len(plan.where), below(chance, long)
    position = plan.at[parts + part]
    while position > 0 and back > 0:
        position -= 1
        back -= plan.nodes[vehicle, position] >= parts
    spared = 1 + below(chance, long) if draw(chance) < SPLIT else 0
    while position < plan.length[vehicle] and long > 0:
        node = plan.nodes[vehicle, position]
        position += 1
        if node >= parts:
            spared -= 1
            if spared != 0:
                long -= 1
                size = drop(plan, vehicle, node - parts, pool, size)
    return size


@lean
def ruin_vehicle(town: Town, plan: Plan, touched: Ints, pool: Ints, chance: Ints) -> int:
    """All of one vehicle, small ones rather: the way to need a vehicle less."""
    vehicle = -1
    for _ in range(4):
        part = below(chance, len(town.people))
        here = plan.where[part]
        if here >= 0 and (vehicle < 0 or plan.length[here] < plan.length[vehicle]):
            vehicle = here
    if vehicle < 0:
        return 0
    touched[vehicle] = 1
    size = drop_all(plan, vehicle, len(town.people), 0, plan.length[vehicle], pool, 0)
    return settle(town, plan, vehicle, pool, size)

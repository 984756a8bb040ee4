"""Taking parts out of a plan: strings of neighbouring routes, whole trips, whole vehicles."""

from __future__ import annotations

from haitang.planning.chance import Ints, below, draw
from haitang.planning.compiled import lean

from .route import follow
from .town import Plan, Town

LONGEST = 10.0  # string at most (Christiaens, Vanden Berghe 2020, table 2)
REMOVED = 10.0  # parts in the mean
TRIPS = 0.2  # of strings are whole trips


@lean
def string(town: Town, plan: Plan, vehicle: int, start: int, end: int, pool: Ints, size: int) -> int:
    """Take out all parts with a node in positions start up to end; the new size of the pool."""
    parts = len(town.count)
    for _ in range(2):
        for position in range(start, end):
            node = plan.nodes[vehicle, position]
            part = node if node < parts else node - parts
            if plan.where[part] == vehicle:
                plan.where[part] = -1
                pool[size] = part
                size += 1
        close_up(plan, vehicle, parts)
        if follow(town, plan, vehicle):
            break
        # Without a stop on the way a way can be longer, where ways are no shortest ways: then all get out.
        start, end = 0, plan.length[vehicle]
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
    parts, size = len(town.count), 0
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
    """A string of about so many parts that holds the part; now and then its whole trip, if that is short."""
    length = plan.length[vehicle]
    if draw(chance) < TRIPS:
        start, end = plan.at[part], plan.at[part] + 1
        while start > 0 and plan.load[vehicle, start - 1] > 0:
            start -= 1
        while plan.load[vehicle, end - 1] > 0:
            end += 1
        if end - start <= 2 * LONGEST:
            return string(town, plan, vehicle, start, end, pool, size)
    nodes = min(length, long)
    start = plan.at[part + below(chance, 2) * len(town.count)] - below(chance, nodes)
    start = max(0, min(start, length - nodes))
    return string(town, plan, vehicle, start, start + nodes, pool, size)


@lean
def ruin_vehicle(town: Town, plan: Plan, touched: Ints, pool: Ints, chance: Ints) -> int:
    """All of one vehicle, small ones rather: the way to need a vehicle less."""
    vehicle = -1
    for _ in range(4):
        part = below(chance, len(town.count))
        here = plan.where[part]
        if here >= 0 and (vehicle < 0 or plan.length[here] < plan.length[vehicle]):
            vehicle = here
    if vehicle < 0:
        return 0
    touched[vehicle] = 1
    return string(town, plan, vehicle, 0, plan.length[vehicle], pool, 0)

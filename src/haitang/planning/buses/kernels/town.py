"""What the kernels work on: a town's demand and fleet as arrays, and a plan of routes through it.

A part is a group, or a piece of one, that travels together. Node p < n is where part p gets on, node n + p where it
gets off. Times are whole seconds, costs minute-equivalents.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Town(NamedTuple):
    """n parts, V vehicles, P places (a muster, a post and a depot are always different places)."""

    drive: Ints  # (P, P) seconds
    cost: Floats  # (P, P) of driving there
    place: Ints  # (2n) of each node
    people: Ints  # (n)
    ready: Ints  # (n)
    due: Floats  # (n)
    service: Ints  # (n) seconds to get on, and as many to get off
    near: Ints  # (n, K) parts most alike, nearest first
    extra: Floats  # (n, V) cost of going with that vehicle, inf where it is forbidden
    seats: Ints  # (V)
    depot: Ints  # (V) place
    opens: Ints  # (V)
    closes: Ints  # (V)
    twin: Ints  # (V) the first vehicle that is just like it
    left: Floats  # (n) cost of leaving the part behind
    late: float  # of a person a second late
    trip: float
    vehicle: float
    ride: int  # seconds on board at most


class Plan(NamedTuple):
    """Routes (V, L) as nodes in order, and for each position what the timetable says there."""

    nodes: Ints
    length: Ints  # (V)
    arrive: Ints
    begin: Ints  # when boarding begins
    leave: Ints
    load: Ints  # people on board after the node
    room: Ints  # delay of `leave` that costs nothing
    value: Floats  # (V)
    where: Ints  # (n) vehicle of each part, -1 for none
    at: Ints  # (2n) position of each node
    clock: Ints  # (2n) scratch: when a part leaves, in a route that is only tried
    work: Ints  # (1) places tried so far: time as it passes on every machine alike


def empty_plan(parts: int, vehicles: int, most: int) -> Plan:
    """No route yet; `most` nodes in a route at most."""
    shape = (vehicles, most)
    return Plan(
        nodes=np.zeros(shape, dtype=np.int64),
        length=np.zeros(vehicles, dtype=np.int64),
        arrive=np.zeros(shape, dtype=np.int64),
        begin=np.zeros(shape, dtype=np.int64),
        leave=np.zeros(shape, dtype=np.int64),
        load=np.zeros(shape, dtype=np.int64),
        room=np.zeros(shape, dtype=np.int64),
        value=np.zeros(vehicles),
        where=np.full(parts, -1, dtype=np.int64),
        at=np.zeros(2 * parts, dtype=np.int64),
        clock=np.zeros(2 * parts, dtype=np.int64),
        work=np.zeros(1, dtype=np.int64),
    )

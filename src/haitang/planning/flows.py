"""Cheapest flows through networks, with the prices that prove them cheapest (OR-Tools' cost scaling)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Costs become whole numbers. The solver multiplies them by the number of nodes, and all must stay within 64 bits.
FINEST = 1e6  # parts of a minute-equivalent
LARGEST = 2.0**58


@dataclass(frozen=True, eq=False)
class Network:
    """supply (N), negative where flow ends, 0 in sum; arcs (A) from tail to head with room and cost, any sign."""

    supply: Ints
    tail: Ints
    head: Ints
    room: Ints
    cost: Floats


@dataclass(frozen=True, eq=False)
class Flow:
    """amount (A); price (N): cost + price of tail - price of head is at least 0 on arcs with room left.

    The prices are exact for costs rounded to the solver's whole numbers, so for the real ones nearly so.
    """

    amount: Ints
    price: Floats


def cheapest(network: Network) -> Flow:
    """ArithmeticError where the supplies can't get through."""
    nodes, dearest = len(network.supply), float(np.abs(network.cost).max(initial=0.0))
    scale = min(FINEST, LARGEST / ((nodes + 1) * max(dearest, 1.0) * 4))
    whole = np.rint(network.cost * scale).astype(np.int64)
    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(network.tail, network.head, network.room, whole)
    solver.set_nodes_supplies(np.arange(nodes), network.supply)
    if (status := solver.solve()) != solver.OPTIMAL:
        raise ArithmeticError(f"no flow: {status}")
    amount: Ints = np.asarray(solver.flows(arcs), dtype=np.int64)
    return Flow(amount, _prices(network, amount, whole) / scale)


def _prices(network: Network, amount: Ints, cost: Ints) -> Ints:
    """(N) distances from anywhere in what the flow leaves over (Bellman and Ford): it has no negative cycle."""
    ahead, back = np.flatnonzero(amount < network.room), np.flatnonzero(amount > 0)
    tail = np.concatenate([network.tail[ahead], network.head[back]])
    head = np.concatenate([network.head[ahead], network.tail[back]])
    length = np.concatenate([cost[ahead], -cost[back]])
    order = np.argsort(head, kind="stable")
    tail, head, length = tail[order], head[order], length[order]
    price = np.zeros(len(network.supply), dtype=np.int64)
    if not len(head):
        return price
    starts = np.flatnonzero(np.append(True, head[1:] != head[:-1]))
    ends = head[starts]
    for _ in range(len(price)):
        better = np.minimum(price[ends], np.minimum.reduceat(price[tail] + length, starts))
        if (better == price[ends]).all():
            break
        price[ends] = better
    return price

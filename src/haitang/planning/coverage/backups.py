"""A backup for each covered building: the nearest in all, nobody for their own building or for more than four."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from .model import Floats, Ints
from .problem import BACKUPS, NOBODY, Problem

NEAREST = 24  # stewards first considered for a building; all of them if that leaves one without


def backups(problem: Problem, owner: Ints) -> Ints:
    """(B) steward rows or NOBODY: as many buildings as possible, then the least distance in all.

    A backup of the earlier plan counts as nearer by what a change weighs. Pins stay.
    """
    found = np.full(len(owner), NOBODY, dtype=np.int64)
    for lock in problem.locked:
        if lock.backup is not None:
            found[problem.building_rows[lock.building]] = problem.steward_rows[lock.backup]
    free = np.full(len(problem.stewards), BACKUPS) - np.bincount(
        found[found >= 0], minlength=len(problem.stewards)
    )
    waiting = np.flatnonzero((owner >= 0) & (found < 0))
    if len(waiting) and len(problem.stewards) > 1:
        found[waiting] = _nearest(_costs(problem, owner, waiting), free)
    return found


def _costs(problem: Problem, owner: Ints, waiting: Ints) -> Floats:
    """(waiting, S) cost of each backup; infinite for the steward themselves."""
    costs = problem.km[:, waiting].T * problem.weights.walking
    had = np.flatnonzero(problem.kept_backups[waiting] >= 0)
    costs[had] += problem.weights.change
    costs[had, problem.kept_backups[waiting[had]]] -= problem.weights.change
    costs[np.arange(len(waiting)), owner[waiting]] = np.inf
    return costs


def _nearest(costs: Floats, free: Ints) -> Ints:
    """Optimal among the nearest few; among ever more while a building finds nobody."""
    width, stewards = NEAREST, costs.shape[1]
    while True:
        found = _match(costs, free, min(width, stewards))
        if width >= stewards or (found >= 0).all():
            return found
        width *= 4


def _match(costs: Floats, free: Ints, width: int) -> Ints:
    """A matching of buildings with places of stewards; each building has one spare place that nobody wants."""
    count, stewards = costs.shape
    near = np.argpartition(costs, width - 1, axis=1)[:, :width] if width < stewards else _every(costs)
    line = np.repeat(np.arange(count), width * BACKUPS)
    place = (near[:, :, None] * BACKUPS + np.arange(BACKUPS)).ravel()
    price = np.repeat(np.take_along_axis(costs, near, axis=1).ravel(), BACKUPS)
    usable = np.isfinite(price) & (place % BACKUPS < free[place // BACKUPS])
    spare = (price[usable].max(initial=0.0) + 1.0) * (count + 1)
    lines = np.concatenate([line[usable], np.arange(count)])
    places = np.concatenate([place[usable], stewards * BACKUPS + np.arange(count)])
    # One is added because the matching takes a weight of zero for no edge at all.
    weights = np.concatenate([price[usable], np.full(count, spare)]) + 1.0
    graph = coo_array((weights, (lines, places)), shape=(count, stewards * BACKUPS + count)).tocsr()
    rows, columns = min_weight_full_bipartite_matching(graph)
    found = np.full(count, NOBODY, dtype=np.int64)
    found[rows] = np.where(columns < stewards * BACKUPS, columns // BACKUPS, NOBODY)
    return found


def _every(costs: Floats) -> Ints:
    return np.broadcast_to(np.arange(costs.shape[1]), costs.shape)

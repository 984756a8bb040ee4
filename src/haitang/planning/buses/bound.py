"""A bound that no plan undercuts: seats that people fill for their way, coaches that must come back, hours of coaches.

Proof in docs/planning/buses.md.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array
from scipy.sparse.csgraph import floyd_warshall

from haitang.planning.deadline import Deadline

from .kernels.town import Floats, Ints
from .problem import Problem
from .reaching import Reach

MOST_PLACES = 1_000  # for which shortest ways through a matrix are worked out
MOST_PAIRS = 20_000  # of posts and musters for which the way back is solved exactly


def lower_bound(problem: Problem, reach: Reach, deadline: Deadline) -> float | None:
    """Minute-equivalents; None where the ways of a matrix are too many to make sure of them."""
    weights = problem.weights
    everybody = list(zip(problem.groups, reach.reachable.tolist(), strict=True))
    stuck = sum(group.count for group, is_reachable in everybody if not is_reachable)
    groups = [group for group, is_reachable in everybody if is_reachable and group.count > 0]
    if not groups:
        return weights.left * stuck
    if problem.travel.matrix is not None and len(problem.points) + len(problem.depots) > MOST_PLACES:
        return None
    ways = Ways(problem)
    count = np.array([group.count for group in groups], dtype=np.float64)
    start = np.array([ways.muster[group.muster] for group in groups], dtype=np.int64)
    end = np.array([ways.post[group.post] for group in groups], dtype=np.int64)
    seats = max(vehicle.seats for vehicle in problem.vehicles)
    filled = ways.filled(start, end, count, deadline) / seats  # minutes driven for each person at least
    return weights.left * stuck + max(
        _together(problem, count, filled), _alone(problem, ways, count, start, end)
    )


def _together(problem: Problem, count: Floats, filled: Floats) -> float:
    """All people share coaches that are always full; each is left behind if that is cheaper."""
    weights = problem.weights
    most = max(vehicle.closes - vehicle.opens for vehicle in problem.vehicles if vehicle.seats > 0)
    used = weights.vehicles + weights.trips
    # Minutes of work need vehicles: so much for each minute. At least one vehicle, if anybody rides.
    share = used / most if most > 0 else 0.0
    work = filled + 2 * problem.boarding / 60
    by_hours = np.minimum(weights.left, weights.driving * filled + share * work) @ count
    by_one = np.minimum(weights.left, weights.driving * filled) @ count + used
    return max(float(by_hours), min(float(by_one), weights.left * float(count.sum())))


def _alone(problem: Problem, ways: Ways, count: Floats, start: Ints, end: Ints) -> float:
    """The group that costs most if it were the only one: left behind, or one vehicle's round from its depot."""
    weights = problem.weights
    rounds = np.full(len(count), np.inf)
    for depot in {vehicle.depot for vehicle in problem.vehicles if vehicle.seats > 0}:
        row = ways.depot[depot]
        rounds = np.minimum(
            rounds, ways.minutes[row, start] + ways.minutes[start, end] + ways.minutes[end, row]
        )
    rides = weights.driving * rounds + weights.vehicles + weights.trips
    return float(np.minimum(weights.left * count, rides).max())


class Ways:
    """Shortest ways between all places, in minutes: musters, then posts, then depots."""

    def __init__(self, problem: Problem) -> None:
        points = [*problem.musters, *problem.posts, *problem.depots]
        musters, posts = len(problem.musters), len(problem.posts)
        self.muster = {point.id: row for row, point in enumerate(problem.musters)}
        self.post = {point.id: musters + row for row, point in enumerate(problem.posts)}
        self.depot = {point.id: musters + posts + row for row, point in enumerate(problem.depots)}
        self.minutes = problem.travel.minutes(points, points)
        if problem.travel.matrix is not None:
            self.minutes = floyd_warshall(self.minutes)

    def filled(self, start: Ints, end: Ints, count: Floats, deadline: Deadline) -> Floats:
        """(G) minutes that coaches drive for each person: there, and back to the next one."""
        ends, post = np.unique(end, return_inverse=True)
        starts, muster = np.unique(start, return_inverse=True)
        back = self.minutes[np.ix_(ends, starts)]
        price = np.zeros(len(ends))
        if back.size <= MOST_PAIRS and not deadline.passed:
            supply = np.bincount(post, count, len(ends)).astype(np.float64)
            need = np.bincount(muster, count, len(starts)).astype(np.float64)
            price = _prices(back, supply, need, deadline)
        # Any prices will do: these are the potentials they allow, of musters and of posts.
        of_muster = (price[:, None] + back).min(axis=0)
        of_post = (price[:, None] + self.minutes[np.ix_(ends, ends)]).min(axis=0)
        net: Floats = self.minutes[start, end] + of_muster[muster] - of_post[post]
        return np.maximum(net, 0.0)


def _prices(back: Floats, supply: Floats, need: Floats, deadline: Deadline) -> Floats:
    """(posts) potentials at which empty coaches come back cheapest; zeros if there is no time to find them."""
    posts, musters = back.shape
    column = np.arange(posts * musters)
    rows = np.concatenate([column // musters, posts + column % musters])
    sums = coo_array(
        (np.ones(2 * len(column)), (rows, np.concatenate([column, column]))),
        shape=(posts + musters, len(column)),
    )
    found = linprog(  # type: ignore[call-overload]
        back.ravel(),
        A_eq=sums.tocsr(),
        b_eq=np.concatenate([supply, need]),
        method="highs",
        options={"time_limit": max(0.1, deadline.left)},
    )
    if found.status != 0:
        return np.zeros(posts)
    price: Floats = -np.asarray(found.eqlin.marginals[:posts], dtype=np.float64)
    return price

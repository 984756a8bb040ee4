"""A bound that knows what teams cost: prices of places, and each team's cost spread over its people and places.

If P is what people of a unit can do at a goal, then y times P holds what a part y of a team can do. So the
cost of a team may be spread over its people and its places in any shares that add up to 1 (linear duality),
and for any shares and any prices no plan costs less than if everybody took what is cheapest for them.
Shares move by multiplicative weights towards what is used most, prices by Sinkhorn's steps.
"""

from __future__ import annotations

import numpy as np

from haitang.planning.deadline import Deadline

from .apart import best_of_kinds, lots_best, own_pairs, tables
from .kernels.charging import Pairs, best, mark, reprice, shift, spread
from .model import Flags, Floats, Ints, Model

REACH = 1.5  # of a team's cost: how much dearer than the best a place may be to count as near
MOST_PAIRS = 5_000_000
ROUNDS = 1_000
HOT, COLD = 2.5, 0.3  # minute-equivalents: how sharply people prefer what is cheaper
QUICK, SLOW = 0.8, 0.01  # steps of the shares
WITHIN = 14.0  # times the heat: dearer places are left aside until the next look
RENEW = 20  # rounds between looks at places far away


def near(model: Model, price: Floats, part: float = REACH, most: int = MOST_PAIRS) -> Flags:
    """(M, D) places that are nearly as cheap at these prices as the best of their lot, so many at most."""
    reach = part * model.split
    lots, best_of = model.fits.shape[1], lots_best(model, price)
    number = np.bincount(model.kind, minlength=len(model.kind_muster))
    people = np.zeros((len(model.way), lots), dtype=np.int64)
    np.add.at(people, model.kind_muster, model.fits * (number > 0)[:, None])
    while True:
        found = np.zeros((len(model.way), len(model.room)), dtype=bool)
        pairs = 0
        for demands, cost in tables(model, price):
            lot = model.demand_lot[demands]
            close = (cost <= best_of[:, lot] + reach) & (cost <= reach) & (model.room[demands] > 0)
            found[:, demands] = close
            pairs += int((close * people[:, lot]).sum())
        if pairs <= most or reach < 0.1:
            return found
        reach *= 0.7


def pairs_of(model: Model, close: Flags) -> tuple[Pairs, Ints]:
    """People of one unit and kind with the places near them, and the kind of each such class."""
    wide = len(model.kind_muster)
    keys, number = np.unique(model.unit * wide + model.kind, return_counts=True)
    unit, kind = np.divmod(keys, wide)
    first_of, demands = _demands_of_kinds(model, close)
    count = np.diff(first_of)[kind]
    first = np.concatenate([[0], np.cumsum(count)])
    row = np.repeat(np.arange(len(kind)), count)
    demand = demands[first_of[kind[row]] + np.arange(len(row)) - first[row]]
    goal = model.demand_goal[demand]
    cost = model.costs(model.kind_muster[kind[row]], demand) + model.moved(kind[row], demand)
    team = unit[row] * max(1, model.goals) + goal
    shares, teams, starts, index = _shares(team, row, demand)
    size = np.where(shares[0], model.room[np.where(shares[0], shares[1], 0)], 0).astype(np.float64)
    size[~shares[0]] = number[shares[1][~shares[0]]]
    pairs = Pairs(
        first.astype(np.int32),
        demand.astype(np.int32),
        cost,
        index[: len(row)].astype(np.int32),
        index[len(row) :].astype(np.int32),
        number.astype(np.float64),
        model.room.astype(np.float64),
        np.append(starts, len(size)).astype(np.int32),
        size,
        np.where(np.isin(teams, model.standing), 0.0, model.split),
    )
    return pairs, kind


def _demands_of_kinds(model: Model, close: Flags) -> tuple[Ints, Ints]:
    """(K + 1) where each kind's demands begin, and the demands, by goal."""
    order = np.argsort(model.demand_goal, kind="stable")
    kinds = np.argsort(model.kind_muster, kind="stable")
    ends = np.cumsum(np.bincount(model.kind_muster, minlength=len(close)))
    found, count = [np.zeros(0, dtype=np.int64)], np.zeros(len(kinds), dtype=np.int64)
    for muster, mine in enumerate(np.split(kinds, ends[:-1])):
        demands = order[close[muster][order]]
        row, column = np.nonzero(model.fits[mine][:, model.demand_lot[demands]])
        found.append(demands[column])
        count[mine] = np.bincount(row, minlength=len(mine))
    first = np.concatenate([[0], np.cumsum(count)])
    # Found by muster point; wanted by kind.
    starts = np.concatenate([[0], np.cumsum(count[kinds])[:-1]])
    at = np.repeat(starts[np.argsort(kinds, kind="stable")] - first[:-1], count) + np.arange(first[-1])
    return first, np.concatenate(found)[at]


def _shares(team: Ints, row: Ints, demand: Ints) -> tuple[tuple[Flags, Ints], Ints, Ints, Ints]:
    """Shares by team: (whether of a demand, whose); teams; where their shares begin; both shares of each pair.

    Pairs come by class and within it by goal, so that a class's share of a team is a run of pairs.
    """
    run = (
        np.append(True, (team[1:] != team[:-1]) | (row[1:] != row[:-1]))
        if len(team)
        else np.zeros(0, dtype=bool)
    )
    mine = np.flatnonzero(run)
    # Demands of a team, each once: a stable sort merges the runs of its classes, which are in order.
    wide = int(demand.max(initial=0)) + 1
    order = np.argsort(team * wide + demand, kind="stable")
    key = (team * wide + demand)[order]
    first = np.append(True, key[1:] != key[:-1]) if len(key) else np.zeros(0, dtype=bool)
    theirs = order[first]
    owner = np.concatenate([team[mine], team[theirs]])
    by_team = np.argsort(owner, kind="stable")
    place = np.empty(len(owner), dtype=np.int64)
    place[by_team] = np.arange(len(owner))
    index = np.empty(2 * len(team), dtype=np.int64)
    index[: len(team)] = place[np.cumsum(run) - 1]
    index[len(team) + order] = place[len(mine) + np.cumsum(first) - 1]
    teams, starts = np.unique(owner[by_team], return_index=True)
    whose = np.concatenate([row[mine], demand[theirs]])[by_team]
    return (by_team >= len(mine), whose), teams, starts, index


class Rise:
    """Raises the bound of one model, round by round."""

    def __init__(self, model: Model, price: Floats, most_pairs: int = MOST_PAIRS) -> None:
        self.model = model
        self.near = near(model, price, most=min(most_pairs, MOST_PAIRS))
        kind, demand = own_pairs(model)
        self.near[model.kind_muster[kind], demand] = True
        self.pairs, self.kind = pairs_of(model, self.near)
        sizes = np.diff(self.pairs.team)
        self.share = 1.0 / np.repeat(sizes, sizes)
        self.toll = self.share * np.repeat(self.pairs.charge, sizes) / self.pairs.size
        self.price = price.copy()

    def run(self, rounds: int, deadline: Deadline) -> None:
        """Leaves the best prices and tolls that it met."""
        use, used = np.zeros(len(self.share)), np.zeros(len(self.price))
        part = np.zeros(int(np.diff(self.pairs.first).max(initial=0)))
        held, top = (self.price.copy(), self.toll.copy()), self.bound(self.idle())
        active, idle = self.pairs, self.idle()
        for turn in range(rounds):
            done = max(turn / rounds, deadline.spent / deadline.seconds)
            heat, step = HOT * (COLD / HOT) ** done, QUICK * (SLOW / QUICK) ** done
            if turn % RENEW == 0 or done >= 1.0:
                idle = self.idle()
                if (now := self.bound(idle)) > top:
                    held, top = (self.price.copy(), self.toll.copy()), now
                active = self._active(idle, heat)
            if done >= 1.0:
                break
            spread(active, self.price, self.toll, idle, heat, use, used, part)
            shift(self.pairs, self.share, self.toll, use, step)
            reprice(self.pairs.room, used, self.price, heat)
        if self.bound(self.idle()) < top:
            self.price, self.toll = held

    def _active(self, idle: Floats, heat: float) -> Pairs:
        """Only the pairs that are cheap enough to draw somebody in the next rounds."""
        close = np.zeros(len(self.pairs.cost), dtype=bool)
        mark(self.pairs, self.price, self.toll, idle, WITHIN * heat, close)
        counts = np.concatenate([[0], np.cumsum(close)])
        return self.pairs._replace(
            first=counts[self.pairs.first].astype(np.int32),
            demand=self.pairs.demand[close],
            cost=self.pairs.cost[close],
            mine=self.pairs.mine[close],
            theirs=self.pairs.theirs[close],
        )

    def bound(self, idle: Floats) -> float:
        """Below the value of any plan of this model."""
        return self.people(idle) + float(((self.model.weight - self.price) * self.model.room).sum())

    def people(self, idle: Floats) -> float:
        """What people cost who all take what is cheapest for them, places aside."""
        return float(best(self.pairs, self.price, self.toll, idle))

    def idle(self) -> Floats:
        """(C) cost of the best that is not near: to stay, or to go far, at no charge for the team."""
        model = self.model
        least = np.full((len(model.way), model.fits.shape[1]), np.inf)
        for demands, cost in tables(model, self.price):
            lot = model.demand_lot[demands]
            starts = np.flatnonzero(np.append(True, lot[1:] != lot[:-1]))
            far = np.minimum.reduceat(np.where(self.near[:, demands], np.inf, cost), starts, axis=1)
            least[:, lot[starts]] = np.minimum(least[:, lot[starts]], far)
        return best_of_kinds(model, least)[self.kind]

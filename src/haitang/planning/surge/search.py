"""Better plans from a plan: annealing over moves of one or two people, as long as time or moves last."""

from __future__ import annotations

import numpy as np

from haitang.planning.chance import generator
from haitang.planning.deadline import Deadline

from .kernels.moving import City, Plan, seat_all
from .kernels.together import MOST, anneal
from .model import NOWHERE, Flags, Ints, Model

REACH = 0.3  # of a team's cost: how much dearer than the best a place may be that is tried for its own sake
HOT, COLD = 5.0, 0.5  # minute-equivalents
PIECE = 20_000  # moves between looks at the clock


def small(values: Ints) -> np.ndarray:
    return np.ascontiguousarray(values, dtype=np.int32)


def grouped(keys: Ints, count: int) -> tuple[np.ndarray, np.ndarray]:
    """(count + 1) where each key's rows begin, and the rows in that order."""
    first = np.zeros(count + 1, dtype=np.int64)
    first[1:] = np.cumsum(np.bincount(keys, minlength=count))
    return small(first), small(np.argsort(keys, kind="stable"))


def city(model: Model, near: Flags) -> City:
    """near (M, D): demands worth trying from a muster point."""
    lots = model.fits.shape[1]
    mates_first, mates = grouped(model.unit, model.units)
    places_first, places = grouped(model.demand_goal, model.goals)
    kind, lot = np.nonzero(model.fits)
    muster, demand = np.nonzero(near)
    near_first, order = grouped(muster * lots + model.demand_lot[demand], len(near) * lots)
    return City(
        small(model.unit),
        small(model.kind),
        small(model.kind_muster),
        small(model.kept),
        model.fits,
        small(model.demand_lot),
        small(model.demand_goal),
        small(model.demand_task),
        model.weight,
        small(model.room),
        small(model.goal_post),
        model.way,
        mates_first,
        mates,
        places_first,
        places,
        small(np.concatenate([[0], np.cumsum(model.room)])),
        near_first,
        small(demand[order]),
        grouped(kind, len(model.fits))[0],
        small(lot),
        model.split,
        model.change,
    )


def seated(model: Model, here: City, wanted: Ints, seed: int) -> Plan:
    people, places = len(model.kind), int(model.room.sum())
    team = np.zeros((max(1, model.units), max(1, model.goals)), dtype=np.int32)
    # Teams that stand anyway never come or go.
    team.ravel()[model.standing] = 1 << 20
    plan = Plan(
        np.full(people, NOWHERE, dtype=np.int32),
        np.zeros(people, dtype=np.int32),
        np.zeros(len(model.room), dtype=np.int32),
        np.zeros(places, dtype=np.int32),
        team,
        generator(seed),
    )
    seat_all(here, plan, small(wanted))
    return plan


def improve(
    model: Model, near: Flags, start: Ints, moves: int, deadline: Deadline, seed: int, is_quick: bool
) -> Ints:
    """A plan that costs no more; uncompiled moves (not is_quick) look at the clock more often."""
    here = city(model, near)
    plan = seated(model, here, start, seed)
    least, value, held = 0.0, 0.0, plan.at.copy()
    team, log = np.zeros(MOST, dtype=np.int32), np.zeros(4 * MOST, dtype=np.int32)
    done, piece = 0, PIECE if is_quick else PIECE // 100
    while done < moves:
        part = max(done / moves, deadline.spent / deadline.seconds) if deadline.seconds else 1.0
        if part >= 1.0:
            break
        value += anneal(here, plan, piece, HOT * (COLD / HOT) ** part, team, log)
        done += piece
        if value < least:
            least, held = value, plan.at.copy()
    return held.astype(np.int64)

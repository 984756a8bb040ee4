"""The whole way from a problem to its answer, within a time limit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from haitang.planning.answers import Standing
from haitang.planning.compiled import is_ready, prepare
from haitang.planning.deadline import Deadline

from . import apart, search, teams
from .framing import Frame, frame
from .greedy import first_come
from .model import NOWHERE, Floats, Ints, Model
from .parts import Part, parts
from .problem import Answer, Problem
from .telling import assignments_of, changes_of, unmet_of

CORES = 2
KERNELS = "haitang.planning.surge.kernels"
LAST_SECONDS = 2e-5  # for each volunteer, kept back for putting the answer together
PULL = 0.1  # part of what an empty place costs that makes up for travel in a plan at once
FLOW_SHARE = 0.6  # of the time at most for people apart; teams need the rest
SETUP_SECONDS = 6e-5  # for each volunteer, before a search or a bound of teams can begin
PAIRS_A_SECOND = 150_000  # of a unit's people with places that may bear charges: more leaves too few rounds
WHOLE_SHARE = 0.4  # of the time at most for a bound of all parts at once
MOST_UNCOMPILED = 100  # people up to which a bound with teams is worth its time in plain Python
LOAD_SECONDS = 2.0  # that must be left for a process to load the kernels for the first time
MOVES_A_SECOND = 2_000_000  # that a search of one core is given to plan with
MOST_MOVES = 15_000  # for each volunteer: what more brings dwindles


@dataclass(eq=False)
class State:
    """One part on its way: a plan of its people, prices of its demands, and what raises its bound."""

    part: Part
    plan: Ints
    price: Floats
    rise: teams.Rise | None = None


def solve(problem: Problem, *, seconds: float = 10, seed: int = 0) -> Answer:
    """The best plan found in so many seconds, with a bound; ValueError without any time.

    The same problem and seed give the same answer unless time cuts the search short.
    """
    if not seconds > 0:
        raise ValueError(f"seconds must be above 0, is {seconds:g}")
    deadline = Deadline(seconds)
    framed = frame(problem)
    plan, bound = _decide(framed, deadline, seed)
    whole = framed.whole(plan)
    standing = Standing(framed.value(whole), framed.fixed() + bound, deadline.spent, seed)
    return Answer(
        standing,
        assignments_of(framed, whole),
        unmet_of(framed, whole),
        None if problem.previous is None else changes_of(framed, whole),
    )


def _decide(framed: Frame, deadline: Deadline, seed: int) -> tuple[Ints, float]:
    model = framed.model
    if not len(model.kind) or not model.room.any():
        nobody = np.full(len(model.kind), NOWHERE, dtype=np.int64)
        return nobody, model.total(nobody)
    until = Deadline(max(0.0, deadline.left - LAST_SECONDS * len(framed.pinned)))
    found = parts(model, framed.muster_places)
    # Parts have no say in each other's prices, so that their bounds add up to little where one is short of people.
    whole = apart.solve(model, until.share(WHOLE_SHARE)) if len(found) > 1 else None
    states = [_start(part, until.share(FLOW_SHARE / (len(found) - n))) for n, part in enumerate(found)]
    if model.split > 0:
        _with_teams(states, until, seed)
    plan, price = np.full(len(model.kind), NOWHERE, dtype=np.int64), np.zeros(len(model.room))
    for state in states:
        sent = state.plan != NOWHERE
        plan[state.part.people[sent]] = state.part.demands[state.plan[sent]]
        price[state.part.demands] = state.price
    bounds = (0.0, apart.bound(model, price, apart.lots_best(model, price)), _bound(model, states, price))
    return plan, max(*bounds, whole.bound if whole else 0.0)


def _start(part: Part, deadline: Deadline) -> State:
    found = apart.solve(part.model, deadline) if len(part.demands) else None
    if found is not None:
        return State(part, found.plan, found.price)
    return State(part, first_come(part.model, part.model.weight * PULL), np.zeros(len(part.demands)))


def _with_teams(states: list[State], deadline: Deadline, seed: int) -> None:
    """Plans and bounds of all parts, side by side."""
    is_quick = is_ready(KERNELS) or (deadline.left > LOAD_SECONDS and prepare(KERNELS))
    jobs = [(job, state) for state in states if len(state.part.demands) for job in (_search, _rise)]
    with ThreadPoolExecutor(CORES) as pool:
        waves = -(-len(jobs) // CORES)
        futures = [pool.submit(job, state, deadline, waves, seed, is_quick) for job, state in jobs]
        for future in futures:
            future.result()


def _own(deadline: Deadline, waves: int) -> Deadline:
    """What one of so many jobs in turn may take."""
    return Deadline(min(deadline.left, deadline.seconds / waves))


def _search(state: State, deadline: Deadline, waves: int, seed: int, is_quick: bool) -> None:
    model, own = state.part.model, _own(deadline, waves)
    if own.seconds < SETUP_SECONDS * len(model.kind):
        return
    moves = int(min(MOST_MOVES * len(model.kind), MOVES_A_SECOND * own.seconds))
    close = teams.near(model, state.price, search.REACH)
    state.plan = search.improve(model, close, state.plan, moves, own, seed, is_quick)


def _rise(state: State, deadline: Deadline, waves: int, seed: int, is_quick: bool) -> None:
    own = _own(deadline, waves)
    if own.seconds < SETUP_SECONDS * len(state.plan) or not (is_quick or len(state.plan) <= MOST_UNCOMPILED):
        return
    rise = teams.Rise(state.part.model, state.price, int(PAIRS_A_SECOND * own.seconds))
    rise.run(teams.ROUNDS, own)
    state.rise, state.price = rise, rise.price


def _bound(model: Model, states: list[State], price: Floats) -> float:
    """Below the value of any plan: everybody takes what is cheapest, in their own part or in another one."""
    total = 0.0
    for state in states:
        if not len(state.part.demands):
            total += _away(model, state.part, price)
            continue
        if state.rise is None:
            return -np.inf
        idle = state.rise.idle()
        if len(states) > 1:
            idle = np.minimum(idle, _elsewhere(model, state.part, price)[state.rise.kind])
        total += state.rise.people(idle)
    return float(total + ((model.weight - price) * model.room).sum())


def _away(model: Model, part: Part, price: Floats) -> float:
    """What people cost who have no places in their own part."""
    each = np.minimum(_elsewhere(model, part, price), 0.0)
    return float(each[part.model.kind].sum())


def _elsewhere(model: Model, part: Part, price: Floats) -> Floats:
    """(K of the part) cost of the cheapest place in another part."""
    away = price.copy()
    away[part.demands] = np.inf
    least = apart.lots_best(replace(model, way=model.way[part.musters]), away)
    cost: Floats = np.where(part.model.fits, least[part.model.kind_muster], np.inf).min(
        axis=1, initial=np.inf
    )
    return cost

"""The whole way from a problem to its answer, within a time limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from haitang.planning.answers import Standing, Value
from haitang.planning.deadline import Deadline

from .answer import Answer
from .assembling import assemble
from .board import Board, Shaper, runs_of
from .bounding import bound_of
from .doors import Rounds
from .draws import DAYS, Draws, value_days
from .forecasting import LEAST_DAYS, MOST_DAYS, PERSON_DAYS, forecast
from .framing import Mode, boards, layouts_of, modes
from .improving import Search
from .packing import tour_block
from .plan import Plan
from .problem import Problem
from .queueing import is_loaded
from .rates import Rates
from .standing import Grounds, earlier_slots, grounds, locked_slots, settle
from .telling import tell
from .thrift import WORTH, thrifty
from .value import numbered, played, value_of

PERSON_DAY = 3e-7  # seconds that simulating one takes
LAST = 0.05  # seconds for putting the answer into words, and as much again for every 10,000 people
BOUND = 6e-6  # seconds that the bound takes for each person
BUSIEST = 4.0  # times slower than it should be, at most
LOADING = 3.0  # seconds from which on it pays to load compiled code
FORECAST = 0.1  # part of the time for the forecast
TWICE = 1.5  # seconds from which on a plan is also made for fewer staff
FEWER, MOSTLY = 0.55, 0.95  # part of the time for that; the latter of MANY people, who seldom need another
MANY = 10_000
CHOOSING = 0.6  # part of the time for choosing stations; the rest is for improving


@dataclass(frozen=True, eq=False)
class Found:
    plan: Plan
    value: Value


@dataclass(frozen=True, eq=False)
class Tools:
    """What every try needs."""

    draws: Draws
    rates: Rates
    rounds: Rounds


def solve(problem: Problem, *, seconds: float = 10, seed: int = 0) -> Answer:
    """The best plan found in so many seconds; ValueError without any time.

    The same problem and seed give the same answer unless time cuts the search short.
    """
    if not seconds > 0:
        raise ValueError(f"seconds must be above 0, is {seconds:g}")
    deadline = Deadline(seconds)
    quick = seconds >= LOADING or is_loaded()
    draws, people = value_days(problem, compiled=quick), int(problem.walkers.sum())
    days = min(float(people * MOST_DAYS), PERSON_DAYS, FORECAST * seconds / PERSON_DAY)
    bound = bound_of(draws)
    # How long that took says how busy the machine is, and so how much time to keep for the end.
    busy = float(np.clip(deadline.spent / (BOUND * people + LAST / 10), 1.0, BUSIEST))
    last = busy * ((people * DAYS + max(days, people * LEAST_DAYS)) * PERSON_DAY + LAST * (1 + people / 1e4))
    best = _best(draws, Deadline(max(0.0, deadline.left - last)))
    told = forecast(problem, best.plan, seed, days, quick)
    standing = Standing(best.value, bound, deadline.spent, seed)
    return tell(problem, best.plan, standing, told)


def _best(draws: Draws, deadline: Deadline) -> Found:
    """The cheapest; of plans as cheap, but for a little, the one that needs fewer staff at a time."""
    problem = draws.problem
    fewer = thrifty(problem) if deadline.left > TWICE else None
    if fewer is None:
        return _cheapest(draws, deadline)
    many = int(problem.walkers.sum()) > MANY
    few = _cheapest(draws.but(fewer), deadline.share(MOSTLY if many else FEWER))
    if deadline.passed or (many and few.value.terms["missed"] < problem.weights.missed):
        return few
    best = _cheapest(draws, deadline)
    return few if few.value.total <= best.value.total * (1.0 + WORTH) else best


def _cheapest(draws: Draws, deadline: Deadline) -> Found:
    return min(_plans(_tools(draws), deadline), key=lambda found: found.value.total)


def _tools(draws: Draws) -> Tools:
    return Tools(draws, Rates(draws, layouts_of(draws.problem)), Rounds(draws.problem))


def _plans(tools: Tools, deadline: Deadline) -> Iterator[Found]:
    """From the slots of an earlier plan, if there is one, and from none but those that are locked."""
    problem = tools.draws.problem
    bases = [grounds(problem, locked_slots(problem))]
    if problem.previous is not None:
        bases.insert(0, grounds(problem, earlier_slots(problem)))
    for at, base in enumerate(bases):
        if at == 0 or not deadline.passed:
            yield from _from(tools, base, deadline.share(1.0 / (len(bases) - at)))


def _from(tools: Tools, base: Grounds, deadline: Deadline) -> Iterator[Found]:
    """One plan for each way of sharing out the staff until nobody is missed; then the best of them improved."""
    problem = tools.draws.problem
    teams = [tour_block(problem, tour) for tour in tools.rounds.tours(problem.deadline - problem.begin)]
    best: tuple[Found, Board, Mode] | None = None
    for mode, board in boards(problem, base, tools.rates, modes(problem, teams), deadline.share(CHOOSING)):
        found = _put_together(tools, Shaper(tools.draws, base.kept, deadline, mode.price), board)
        if best is None or found.value.total < best[0].value.total:
            best = found, board, mode
        yield found
        if deadline.passed or found.value.terms["missed"] < problem.weights.missed:
            break
    if best is None or deadline.passed:
        return
    shaper = Shaper(tools.draws, base.kept, deadline, best[2].price)
    search = Search(shaper, best[1], base.options, tools.rates.at(best[2].price, deadline), teams)
    yield _put_together(tools, shaper, search.run(deadline))


def _put_together(tools: Tools, shaper: Shaper, board: Board) -> Found:
    """The plan that comes of a board, with times and teams, and its value."""
    problem = tools.draws.problem
    runs = settle(problem, [shaped.run for shaped in runs_of(shaper, board)])
    plan = numbered(assemble(problem, runs, tools.rounds))
    return Found(plan, value_of(problem, plan, played(tools.draws, plan)))

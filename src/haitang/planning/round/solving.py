"""The whole way from a problem to its answer, within a time limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


from haitang.planning.answers import Standing as Known
from haitang.planning.answers import Value
from haitang.planning.deadline import Deadline

from .answer import Answer
from .assembling import assemble
from .board import Board, Shaper, runs_of
from .bounding import bound_of
from .doors import tours
from .draws import DAYS, Draws, value_days
from .forecasting import forecast
from .framing import choose_board, layouts_of
from .improving import Search
from .packing import tour_block
from .plan import Plan
from .problem import Problem
from .rates import rates
from .standing import Grounds, earlier_slots, grounds, locked_slots, settle
from .telling import tell
from .value import numbered, played, value_of

PERSON_DAY = 4e-7  # seconds that simulating one takes, at the end, for the value and for the forecast
EARLY = 0.15  # of the time, for measuring what lanes cost
MIDDLE = 0.3  # of what then is left, for choosing stations, each time


@dataclass(frozen=True, eq=False)
class Found:
    plan: Plan
    value: Value


def solve(problem: Problem, *, seconds: float = 10, seed: int = 0) -> Answer:
    """The best plan found in so many seconds; ValueError without any time.

    The same problem and seed give the same answer unless time cuts the search short.
    """
    if not seconds > 0:
        raise ValueError(f"seconds must be above 0, is {seconds:g}")
    deadline = Deadline(seconds)
    draws = value_days(problem)
    bound = bound_of(draws)
    people = int(problem.walkers.sum())
    search = Deadline(max(0.0, deadline.left - 2 * people * DAYS * PERSON_DAY - 0.05))
    found = min(_plans(draws, search), key=lambda found: found.value.total)
    told = forecast(problem, found.plan, seed, min(1.0, seconds / 2))
    standing = Known(found.value, min(bound, found.value.total), deadline.spent, seed)
    return tell(problem, found.plan, standing, told)


def _plans(draws: Draws, deadline: Deadline) -> Iterator[Found]:
    """Ever other plans: from the slots of an earlier plan, if there is one, and from none."""
    problem = draws.problem
    rate = rates(problem, layouts_of(problem), deadline.share(EARLY))
    bases = [grounds(problem, locked_slots(problem))]
    if problem.previous is not None:
        bases.insert(0, grounds(problem, earlier_slots(problem)))
    for at, base in enumerate(bases):
        share = deadline.share(1.0 / (len(bases) - at))
        yield from _from(draws, base, rate, share)


def _from(draws: Draws, base: Grounds, rate, deadline: Deadline) -> Iterator[Found]:  # type: ignore[no-untyped-def]
    problem = draws.problem
    shaper = Shaper(draws, base.kept, deadline)
    teams = [tour_block(problem, tour) for tour in tours(problem, problem.deadline - problem.begin)]
    best: tuple[Found, Board] | None = None
    for board in choose_board(shaper, base.options, rate, teams, deadline):
        found = put_together(shaper, board)
        if best is None or found.value.total < best[0].value.total:
            best = found, board
        yield found
        if not _missing(problem, found):
            break
    if best is None or deadline.passed:
        return
    search = Search(shaper, best[1], base.options, rate, teams)
    yield put_together(shaper, search.run(deadline))


def _missing(problem: Problem, found: Found) -> bool:
    return found.value.terms["missed"] > problem.weights.missed


def put_together(shaper: Shaper, board: Board) -> Found:
    """The plan that comes of a board, with times and teams, and its value."""
    problem = shaper.problem
    runs = settle(problem, [shaped.run for shaped in runs_of(shaper, board)])
    plan = numbered(assemble(problem, runs))
    return Found(plan, value_of(problem, plan, played(shaper.draws, plan)))



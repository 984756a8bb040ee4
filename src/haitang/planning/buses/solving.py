"""The whole way from a problem to its answer, within a time limit."""

from __future__ import annotations

from haitang.planning import compiled
from haitang.planning.answers import Standing
from haitang.planning.deadline import Deadline

from . import kernels
from .bound import lower_bound
from .problem import Answer, Duty, Problem, Trip
from .reaching import Reach
from .searching import Search
from .starting import parts_of, routes_of
from .telling import changes_of, unmet_of
from .timetable import left_behind, trips_of, value_of

WORK = 12_000_000  # places a core tries in a second: fewer than it could, so that the answer is that of any machine
TELLING = 1e-4  # seconds for each part, kept back to write the answer


def solve(problem: Problem, *, seconds: float = 10, seed: int = 0) -> Answer:
    """The best plan found in so many seconds; ValueError without any time.

    The same problem, seconds and seed give the same answer, unless the machine is slow or kernels are not compiled.
    """
    if not seconds > 0:
        raise ValueError(f"seconds must be above 0, is {seconds:g}")
    deadline = Deadline(seconds)
    compiled.prepare(kernels.GROUP)
    reach = Reach(problem)
    bound = lower_bound(problem, reach, deadline.share(0.1))
    trips, duties = _plan(problem, reach, deadline, seed)
    value, left = value_of(problem, trips, duties), left_behind(problem, trips)
    return Answer(
        Standing(value, None if bound is None else min(bound, value.total), deadline.spent, seed),
        tuple(trips),
        tuple(duties),
        left,
        unmet_of(problem, reach, trips, left),
        problem.clock,
        None if problem.previous is None else changes_of(problem, trips),
    )


def _plan(problem: Problem, reach: Reach, deadline: Deadline, seed: int) -> tuple[list[Trip], list[Duty]]:
    parts = parts_of(problem, reach)
    search = Search(problem, parts, seed, routes_of(problem, parts))
    search.fill()
    search.run(int(WORK * deadline.seconds), Deadline(deadline.left - TELLING * len(parts)))
    trips: list[Trip] = []
    duties: list[Duty] = []
    for row in sorted(search.routes):
        route = [_node(problem, search, node) for node in search.routes[row]]
        more, duty = trips_of(problem, problem.vehicles[row].id, route)
        trips += more
        duties += [duty] if duty else []
    return trips, duties


def _node(problem: Problem, search: Search, node: int) -> tuple[str, int, bool]:
    part = search.parts[node % len(search.parts)]
    return problem.groups[part.group].id, part.count, node < len(search.parts)

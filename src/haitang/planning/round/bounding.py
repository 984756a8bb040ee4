"""What no plan can cost less than: work to be done, nearest ways, and who must be missed for want of lanes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from haitang.planning.places import Floats

from .draws import AWAY, Draws
from .layouts import choices
from .problem import Problem

Flags = npt.NDArray[np.bool_]


def bound_of(draws: Draws) -> float:
    """In minute-equivalents; `docs/planning/round.md` has the proof."""
    problem = draws.problem
    usable = [row for row in range(len(problem.stations)) if choices(problem, row) and _long(problem, row)]
    people = sum(building.people for building in problem.buildings)
    if not usable:
        # Teams set out from stations that need not open.
        return problem.weights.missed * int(problem.walkers.sum()) + float(_doors(problem).sum())
    if not people:
        return 0.0
    walk = _nearest(problem, usable) * (1.0 - problem.habits.no_show) * problem.weights.walking
    rows, capacity = np.flatnonzero(problem.walkers).tolist(), _capacity(problem, usable)
    whole, use = float(_doors(problem).sum()), np.zeros(len(capacity))
    for row in rows:
        cost, used = _cost(draws, row, float(walk[row]))
        whole, use = whole + cost, use + used
    use += [_visits(problem, at)[1].sum() for at in range(len(use))]
    lost = [0.0]
    for at in np.flatnonzero(use > capacity).tolist():
        each = [_savings(draws, row, float(walk[row]), at) for row in rows]
        savings, uses = zip(*each, _visits(problem, at), strict=True)
        lost.append(_lost(np.concatenate(savings), np.concatenate(uses), float(capacity[at])))
    return float(whole + max(lost))


def _long(problem: Problem, station: int) -> bool:
    return float(problem.close[station] - problem.open[station]) >= problem.width - 0.05


def _nearest(problem: Problem, usable: Sequence[int]) -> Floats:
    """(B) minutes to the nearest station a building may go to."""
    walk: Floats = problem.walk[:, list(usable)].min(axis=1)
    for lock in problem.locked:
        if lock.building is not None and lock.span is None:
            row = problem.building_rows[lock.building]
            walk[row] = problem.walk[row, problem.station_rows[lock.station]]
    return walk


def _cost(draws: Draws, row: int, walk: float) -> tuple[float, Floats]:
    """Least cost of a building's people, and what serving them all uses of each resource (see `_capacity`)."""
    comes, work, need = _work(draws, row)
    missed = draws.problem.weights.missed
    served = np.where(comes, np.minimum(work, missed), 0.0).mean(axis=0)
    lanes = (need * comes).sum(axis=(1, 2)) / len(comes)
    use = np.append(draws.problem.stage_staff.T @ lanes, lanes[-1])
    return float(np.minimum(walk + served, missed).sum()), use


def _work(draws: Draws, row: int) -> tuple[Flags, Floats, Floats]:
    """Of each day and person of a building: whether they come, what their service weighs, its minutes by stage."""
    problem = draws.problem
    place, need = draws.of(row, 0, int(problem.walkers[row]))
    staff = problem.stage_staff.sum(axis=1) * problem.minute_of_staff
    return place < AWAY / 2, np.tensordot(staff, need, axes=1), need


def _savings(draws: Draws, row: int, walk: float, resource: int) -> tuple[Floats, Floats]:
    """For each person and day they come: what is lost if they are missed on that day, what serving them uses."""
    problem = draws.problem
    comes, work, need = _work(draws, row)
    missed, days = problem.weights.missed, len(comes)
    whole = walk + np.where(comes, np.minimum(work, missed), 0.0).mean(axis=0)
    # Spread over the days on which they come, their walk included, so that somebody without a slot, who is
    # missed on all of them, costs no less than the sum. Where that does not come out even, nothing is claimed.
    saving = missed - work - walk / np.maximum(comes.mean(axis=0), 1e-9)
    saving *= (whole < missed) & np.all((saving > 0) | ~comes, axis=0)
    roles = len(problem.roles)
    use = np.tensordot(problem.stage_staff[:, resource], need, axes=1) if resource < roles else need[-1]
    return saving[comes] / days, use[comes] / days


def _capacity(problem: Problem, usable: Sequence[int]) -> Floats:
    """Staff-minutes of each role, and lane-minutes of the last stage, until the deadline."""
    day = problem.deadline - problem.begin
    lanes = sum(
        problem.stations[row].max_lanes * float(problem.close[row] - problem.open[row]) for row in usable
    )
    return np.append(problem.limits * day, lanes)


def _lost(saving: Floats, use: Floats, capacity: float) -> float:
    """Least that is lost when what is served must fit: those who use most for what they save go first."""
    over = float(use.sum()) - capacity
    if over <= 0:
        return 0.0
    order = np.argsort(saving / np.maximum(use, 1e-12), kind="stable")
    gone = np.cumsum(use[order])
    last = min(int(np.searchsorted(gone, over)), len(order) - 1)
    before = float(gone[last - 1]) if last else 0.0
    part = min(1.0, (over - before) / max(float(use[order[last]]), 1e-12))
    return float(saving[order[:last]].sum()) + part * float(saving[order[last]])


def _visits(problem: Problem, resource: int) -> tuple[Floats, Floats]:
    """As `_savings`, for those at home. Ways count in full for who is last to be missed."""
    rows = np.flatnonzero(problem.homebound)
    if resource >= len(problem.roles):
        return np.zeros(0), np.zeros(0)
    many = problem.homebound[rows]
    saving = problem.weights.missed - _doors(problem)[rows] / many
    use = problem.visit_minutes[rows] * float(problem.team_staff[resource])
    return np.repeat(saving, many), np.repeat(use, many)


def _doors(problem: Problem) -> Floats:
    """(B) least cost of those at home: visits, and half of the shortest ways to and from the building."""
    rows = np.flatnonzero(problem.homebound)
    missed = problem.weights.missed * problem.homebound.astype(np.float64)
    if not len(rows) or not problem.stations:
        return missed
    team = float(problem.team_staff.sum()) * problem.minute_of_staff
    homes = [problem.homes[row] for row in rows]
    legs = problem.travel.minutes(homes, homes) + np.diag(np.full(len(rows), np.inf))
    come = np.minimum(problem.back[:, rows].min(axis=0), legs.min(axis=0))
    leave = np.minimum(problem.walk[rows].min(axis=1), legs.min(axis=1))
    each = np.minimum(team * problem.visit_minutes[rows], problem.weights.missed)
    missed[rows] = np.minimum(missed[rows], problem.homebound[rows] * each + team * (come + leave) / 2.0)
    return missed

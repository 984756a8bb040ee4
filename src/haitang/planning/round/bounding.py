"""What no plan can cost less than: work to be done, nearest ways, and who must be missed for want of lanes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from haitang.planning.places import Floats

from .draws import AWAY, Draws
from .layouts import choices
from .problem import Problem


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
    whole = float(_doors(problem).sum())
    savings, uses = [], []
    for row in np.flatnonzero(problem.walkers).tolist():
        cost, saving, use = _people(draws, row, float(walk[row]))
        whole += cost
        savings.append(saving)
        uses.append(use)
    if not savings:
        return whole
    saving, use = np.concatenate(savings), np.concatenate(uses, axis=1)
    capacity = _capacity(problem, usable)
    return whole + max(
        (_lost(saving, use[at], capacity[at]) for at in range(len(capacity))), default=0.0
    )


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


def _people(draws: Draws, row: int, walk: float) -> tuple[float, Floats, Floats]:
    """Least cost of a building's people; for each person and day what is lost if they are missed on that day,
    and what serving them uses of each resource (see `_capacity`)."""
    problem = draws.problem
    place, need = draws.of(row, 0, int(problem.walkers[row]))
    comes = place < AWAY / 2
    staff = problem.stage_staff.sum(axis=1) * problem.minute_of_staff
    work = np.tensordot(staff, need, axes=1)
    missed = problem.weights.missed
    served = np.where(comes, np.minimum(work, missed), 0.0)
    whole = walk + served.mean(axis=0)
    each, days = np.minimum(whole, missed), len(place)
    # Spread over the days on which they come, their walk included, so that somebody without a slot, who is
    # missed on all of them, costs no less than the sum. Where that does not come out even, nothing is claimed.
    saving = missed - work - walk / np.maximum(comes.mean(axis=0), 1e-9)
    saving *= (whole < missed) & np.all((saving > 0) | ~comes, axis=0)
    use = np.concatenate([np.tensordot(problem.stage_staff.T, need, axes=1), need[-1:]])
    return float(each.sum()), saving[comes] / days, use[:, comes] / days


def _capacity(problem: Problem, usable: Sequence[int]) -> Floats:
    """Staff-minutes of each role, and lane-minutes of the last stage, in the whole day."""
    ends = [float(problem.close[row]) for row in usable]
    day = max(ends) - min(float(problem.open[row]) for row in usable)
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

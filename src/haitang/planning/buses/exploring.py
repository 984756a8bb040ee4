"""One job: the kernels' search on some parts and some vehicles, for so many steps or so long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from haitang.planning.deadline import Deadline

from . import kernels
from .kernels.town import Floats, Ints, Plan
from .model import Model, Part, build
from .problem import Problem
from .splitting import Job, Routes

GLANCE = 0.02  # seconds between looks at the clock


@dataclass(frozen=True)
class Cooling:
    """From one temperature to another while so many places are tried; cut short by the deadline."""

    hot: float
    cold: float
    work: int
    deadline: Deadline


@dataclass(frozen=True)
class Found:
    """Routes of all the job's vehicles, and their value with those left behind; of the last plan and of the best."""

    routes: Routes
    value: float
    best_routes: Routes
    best: float


def explore(
    problem: Problem, parts: Sequence[Part], routes: Routes, job: Job, cooling: Cooling, chance: Ints
) -> Found:
    """Put in who does not ride yet, as they become ready, then search."""
    model = build(problem, [parts[row] for row in job.parts], job.vehicles)
    plan, kept, best = model.plan(), model.plan(), model.plan()
    for each in (plan, kept, best):
        _load(model, each, job, routes, len(parts))
    town = model.town
    order = np.lexsort((-town.people, town.ready))
    order = order[plan.where[order] < 0]
    state = chance.copy()
    value = kernels.insert_all(town, plan, order, chance)
    for each in (kept, best):
        kernels.insert_all(town, each, order, state.copy())
    values = np.array([value, value])
    _anneal(model, (plan, kept, best), values, cooling, chance)
    return Found(
        _unload(kept, job, len(parts)), float(values[0]), _unload(best, job, len(parts)), float(values[1])
    )


def _load(model: Model, plan: Plan, job: Job, routes: Routes, parts: int) -> None:
    """Routes as they were; one that is not allowed any more is emptied, its parts ride no more."""
    local = {row: index for index, row in enumerate(job.parts)}
    for index, vehicle in enumerate(job.vehicles):
        nodes = routes.get(vehicle, [])
        plan.nodes[index, : len(nodes)] = [
            local[node] if node < parts else len(local) + local[node - parts] for node in nodes
        ]
        plan.length[index] = len(nodes)
    kernels.retrace(model.town, plan)


def _unload(plan: Plan, job: Job, parts: int) -> Routes:
    own = len(job.parts)
    return {
        vehicle: [
            job.parts[node] if node < own else parts + job.parts[node - own]
            for node in plan.nodes[index, : plan.length[index]].tolist()
        ]
        for index, vehicle in enumerate(job.vehicles)
    }


def _anneal(
    model: Model, plans: tuple[Plan, Plan, Plan], values: Floats, cooling: Cooling, chance: Ints
) -> None:
    """Until the work is done or the time is up. When the clock is looked at changes nothing else."""
    if not len(model.parts) or not len(model.vehicles):
        return
    work, batch, heats = plans[0].work, 1, np.array([cooling.hot, cooling.cold])
    work[0] = 0
    while work[0] < cooling.work and not cooling.deadline.passed:
        spent, done = cooling.deadline.spent, int(work[0])
        works = np.array([min(cooling.work, done + batch), cooling.work], dtype=np.int64)
        kernels.improve(model.town, *plans, values, heats, works, chance)
        # Twice as much at most, and as much as fits between two looks at the clock.
        pace = (cooling.deadline.spent - spent) / max(1, int(work[0]) - done)
        batch = max(1, min(2 * batch, int(GLANCE / max(pace, 1e-9))))

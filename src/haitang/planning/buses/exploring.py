"""One job: the kernels' search on some parts and some vehicles, for so many steps or so long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from haitang.planning.deadline import Deadline

from . import kernels
from .kernels.town import Ints, Plan
from .model import Model, Part, build
from .problem import Problem
from .splitting import Job, Routes

GLANCE = 0.02  # seconds between looks at the clock


@dataclass(frozen=True)
class Cooling:
    """From one temperature to another in so many steps, or as time goes by if that is faster."""

    hot: float
    cold: float
    steps: int
    deadline: Deadline

    def at(self, done: int) -> float:
        share = max(done / max(1, self.steps), self.deadline.spent / max(1e-9, self.deadline.seconds))
        return float(self.hot * (self.cold / self.hot) ** min(1.0, share))


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
    order = np.lexsort((-town.count, town.ready))
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
    model: Model, plans: tuple[Plan, Plan, Plan], values: np.ndarray, cooling: Cooling, chance: Ints
) -> None:
    done, batch = 0, 1
    if not len(model.parts) or not len(model.vehicles):
        return
    while done < cooling.steps and not cooling.deadline.passed:
        spent = cooling.deadline.spent
        batch = min(batch, cooling.steps - done)
        kernels.improve(model.town, *plans, values, batch, cooling.at(done), 1.0, chance)
        done += batch
        # Twice as many at most, and as many as fit between two looks at the clock.
        pace = (cooling.deadline.spent - spent) / batch
        batch = max(1, min(2 * batch, int(GLANCE / max(pace, 1e-9))))

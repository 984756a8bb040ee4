"""A large question in parts: stations that are neighbours, and the buildings nearest to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from .choosing import Task
from .problem import Ints, Problem

MOST = 40  # stations that are chosen from together


def areas(problem: Problem, task: Task) -> list[Task]:
    """Tasks that have each building and station once; staff are shared out by the people of each."""
    if len(task.stations) <= MOST or not task.allowed.any():
        return [task]
    walk = np.where(task.allowed, problem.walk[np.ix_(task.buildings, task.stations)], np.inf)
    nearest = np.argmin(walk, axis=1)
    whole = max(1, int(task.people.sum() + task.base.sum()))
    found = []
    for stations in _halves(_coordinates(problem, task), np.arange(len(task.stations))):
        buildings = np.flatnonzero(np.isin(nearest, stations))
        part = (int(task.people[buildings].sum()) + int(task.base[stations].sum())) / whole
        found.append(
            replace(
                task,
                buildings=task.buildings[buildings],
                stations=task.stations[stations],
                people=task.people[buildings],
                options=[task.options[at] for at in stations.tolist()],
                allowed=task.allowed[np.ix_(buildings, stations)],
                minutes=task.minutes[stations],
                base=task.base[stations],
                budget=task.budget * part,
            )
        )
    return found


def _coordinates(problem: Problem, task: Task):  # type: ignore[no-untyped-def]
    """(s, 2) where stations are; with a matrix alone, how far from two of them."""
    places = [problem.stations[row].place for row in task.stations.tolist()]
    if all(place is not None for place in places):
        return np.array(places, dtype=np.float64)
    sites = [problem.sites[row] for row in task.stations.tolist()]
    first = problem.travel.km(sites, [sites[0]])[:, 0]
    far = sites[int(np.argmax(first))]
    return np.stack([first, problem.travel.km(sites, [far])[:, 0]], axis=1)


def _halves(places, rows: Ints) -> Iterator[Ints]:  # type: ignore[no-untyped-def]
    """Cut across the longer side until parts are small enough."""
    if len(rows) <= MOST:
        yield rows
        return
    spread = np.ptp(places[rows], axis=0)
    order = rows[np.argsort(places[rows, int(np.argmax(spread))], kind="stable")]
    for half in np.array_split(order, 2):
        yield from _halves(places, np.sort(half))

"""What a single coach could do for a single group: who can't be taken by any, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from haitang.planning.places import Point

from .kernels.town import Flags, Floats
from .problem import Problem, Vehicle


@dataclass(frozen=True, eq=False)
class Reach:
    """All about one person of each group (G), in minutes, as if nothing else had to be done."""

    problem: Problem

    @cached_property
    def ride(self) -> Floats:
        """(G) from muster to post without a detour."""
        problem = self.problem
        musters = list(dict.fromkeys(group.muster for group in problem.groups))
        found = np.zeros(len(problem.groups))
        for muster in musters:
            rows = [row for row, group in enumerate(problem.groups) if group.muster == muster]
            ends = [problem.points[problem.groups[row].post] for row in rows]
            found[rows] = problem.travel.minutes([problem.points[muster]], ends)[0]
        return found

    @cached_property
    def ready(self) -> Floats:
        return np.array([group.ready for group in self.problem.groups], dtype=np.float64)

    @cached_property
    def _depot(self) -> Mapping[str, int]:
        return {point.id: row for row, point in enumerate(self.problem.depots)}

    @cached_property
    def _to_muster(self) -> Floats:
        """(depots, G)"""
        return self._between(
            self.problem.depots, self.problem.musters, [g.muster for g in self.problem.groups]
        )

    @cached_property
    def _from_post(self) -> Floats:
        """(depots, G)"""
        problem = self.problem
        if not problem.posts or not problem.depots:
            return np.zeros((len(problem.depots), len(problem.groups)))
        row = {point.id: index for index, point in enumerate(problem.posts)}
        return problem.travel.minutes(problem.posts, problem.depots)[[row[g.post] for g in problem.groups]].T

    def _between(self, starts: Sequence[Point], ends: Sequence[Point], names: Sequence[str]) -> Floats:
        if not starts or not ends:
            return np.zeros((len(starts), len(names)))
        row = {point.id: index for index, point in enumerate(ends)}
        return self.problem.travel.minutes(starts, ends)[:, [row[name] for name in names]]

    def there(self, vehicle: Vehicle) -> Floats:
        """(G) when one person would be at the post."""
        begin = np.maximum(vehicle.opens + self._to_muster[self._depot[vehicle.depot]], self.ready)
        arrive: Floats = begin + self.problem.boarding / 60 + self.ride
        return arrive

    def back(self, vehicle: Vehicle) -> Floats:
        """(G) when the vehicle would be at its depot again."""
        home = self._from_post[self._depot[vehicle.depot]]
        returned: Floats = self.there(vehicle) + self.problem.boarding / 60 + home
        return returned

    @cached_property
    def too_far(self) -> Flags:
        """(G) even the direct way takes longer than anybody may ride."""
        return self.ride > self.problem.ride + 1e-6

    def takes(self, vehicle: Vehicle) -> Flags:
        """(G) whether the vehicle could take at least one of the group, whatever is locked."""
        if vehicle.seats == 0:
            return np.zeros(len(self.problem.groups), dtype=bool)
        return (self.back(vehicle) <= vehicle.closes) & ~self.too_far

    @cached_property
    def reachable(self) -> Flags:
        """(G) whether any vehicle could take one of them that they may take."""
        problem = self.problem
        kinds = {(each.depot, each.seats > 0, each.opens, each.closes): each for each in problem.vehicles}
        found = np.zeros(len(problem.groups), dtype=bool)
        for vehicle in kinds.values():
            found |= self.takes(vehicle)
        for group, name in problem.pinned.items():
            row = problem.group_rows[group]
            found[row] = self.takes(problem.vehicles[problem.vehicle_rows[name]])[row]
        return found

"""A yes or no for each person and place, where people are few: proves what prices leave open (CP-SAT)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from haitang.planning.deadline import Deadline

from .calendar import Ints
from .framing import Part
from .kernels.facts import NONE

LARGEST, TINY = 20_000, 2_000  # pairs of person and demand
MOST = 2**50  # of the objective, in its own whole units
FINEST = 1e6  # of these units make a minute at most
MILLI = 1_000  # of a minute, for hours in a day
LEAST_SECONDS = 0.1  # for which it is worth beginning


@dataclass(frozen=True, eq=False)
class Choice:
    """plan (P, T), None if none was found; bound: no plan costs less, in the terms of Part.value."""

    plan: Ints | None
    bound: float


def suits(part: Part, most: int = LARGEST) -> bool:
    return len(part.people) * len(part.room) <= most


def choose(part: Part, start: Ints, deadline: Deadline, seed: int) -> Choice:
    """From a plan to a better one, both plan and bound as good as the time allows."""
    if deadline.left < LEAST_SECONDS:
        return Choice(None, -np.inf)
    model = _Model(part, start)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1  # so that the same seed gives the same plan
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.linearization_level = 2
    solver.parameters.max_time_in_seconds = deadline.left
    status = solver.solve(model.cp)
    bound = solver.best_objective_bound / model.unit
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Choice(None, bound if status == cp_model.UNKNOWN else -np.inf)
    plan = part.empty_plan()
    for (person, demand), seat in model.seats.items():
        if solver.boolean_value(seat):
            plan[person, part.facts.shift[demand]] = demand
    return Choice(plan, bound)


class _Model:
    """Costs are rounded down to whole units, so that the bound stays one."""

    def __init__(self, part: Part, start: Ints) -> None:
        self.part, self.cp = part, cp_model.CpModel()
        self.unit = self._unit()
        self.terms: list[tuple[cp_model.IntVar, float]] = []
        self.seats: dict[tuple[int, int], cp_model.IntVar] = {}
        self.fixed = 0.0
        for person in range(len(part.people)):
            self._person(person, start)
        for demand in range(len(part.room)):
            self._demand(demand)
        whole = sum(variable * math.floor(cost * self.unit) for variable, cost in self.terms)
        self.cp.minimize(whole + math.floor(self.fixed * self.unit))

    def _unit(self) -> float:
        facts, (people, shifts) = self.part.facts, self.part.facts.free.shape
        most = float(self.part.room @ facts.weight) + people * shifts * float(facts.travel.max(initial=0.0))
        most += people * (facts.night_cost + facts.extra_cost) * shifts**2 + people * shifts * facts.change
        return float(min(FINEST, MOST / max(1.0, most)))

    def _person(self, person: int, start: Ints) -> None:
        works = [self._shift(person, shift, start) for shift in range(self.part.facts.free.shape[1])]
        self._rest_and_weeks(works)
        self._nights(works)
        self._days(works)
        facts = self.part.facts
        nights = [work for work, night in zip(works, facts.night, strict=True) if night]
        self._squares(nights, 0, facts.night_cost)
        self._squares(works, facts.enough, facts.extra_cost)

    def _shift(self, person: int, shift: int, start: Ints) -> cp_model.IntVar:
        facts, work = self.part.facts, self.cp.new_bool_var("")
        if facts.pinned[person, shift] != NONE:
            self.cp.add(work == 1)
            self.fixed += self._cost(person, int(facts.pinned[person, shift]))
            return work
        seats = []
        for demand in self._demands(person, shift):
            seat = self.cp.new_bool_var("")
            self.cp.add_hint(seat, bool(start[person, shift] == demand))
            self.terms.append((seat, self._cost(person, demand)))
            self.seats[person, demand] = seat
            seats.append(seat)
        self.cp.add(sum(seats) == work)
        return work

    def _demands(self, person: int, shift: int) -> Iterator[int]:
        facts = self.part.facts
        for demand in facts.by_shift[facts.shift_begin[shift] : facts.shift_begin[shift + 1]].tolist():
            able = facts.free[person, shift] and facts.can[person, facts.skill[facts.group[demand]]]
            if able and self._cost(person, demand) < facts.weight[demand]:
                yield demand

    def _cost(self, person: int, demand: int) -> float:
        facts = self.part.facts
        group = facts.group[demand]
        stays = facts.kept[person, facts.shift[demand]] == group
        return float(facts.travel[person, facts.post[group]] - (facts.change if stays else 0.0))

    def _demand(self, demand: int) -> None:
        facts = self.part.facts
        empty = self.cp.new_int_var(0, int(self.part.room[demand]), "")
        seats = [seat for (_, asked), seat in self.seats.items() if asked == demand]
        self.cp.add(sum(seats) + empty == int(self.part.room[demand]))
        self.terms.append((empty, float(facts.weight[demand])))

    def _rest_and_weeks(self, works: list[cp_model.IntVar]) -> None:
        facts = self.part.facts
        for shift, work in enumerate(works):
            for other in range(shift + 1, int(facts.next_free[shift])):
                self.cp.add_at_most_one(work, works[other])
            within = works[shift : int(facts.next_week[shift])]
            if len(within) > facts.most_shifts:
                self.cp.add(sum(within) <= facts.most_shifts)

    def _nights(self, works: list[cp_model.IntVar]) -> None:
        facts, on = self.part.facts, dict[int, cp_model.IntVar]()
        for shift in np.flatnonzero(facts.night).tolist():
            date = on.setdefault(int(facts.date[shift]), self.cp.new_bool_var(""))
            self.cp.add_implication(works[shift], date)
        for first in on:
            row = [on[date] for date in range(first, first + facts.most_nights + 1) if date in on]
            if len(row) > facts.most_nights:
                self.cp.add(sum(row) <= facts.most_nights)

    def _days(self, works: list[cp_model.IntVar]) -> None:
        facts = self.part.facts
        for minutes in facts.minutes.T:
            used = [round(float(each) * MILLI) for each in minutes]
            if sum(used) > facts.most_minutes * MILLI:
                total = sum(work * each for work, each in zip(works, used, strict=True))
                self.cp.add(total <= math.floor(facts.most_minutes * MILLI))

    def _squares(self, works: list[cp_model.IntVar], free: int, weight: float) -> None:
        """Steps that get dearer, so that their sum is the square of how many are worked beyond those free."""
        steps = [self.cp.new_bool_var("") for _ in works[free:]]
        self.cp.add(sum(works) <= sum(steps) + free)
        self.terms += [(step, weight * (2 * number + 1)) for number, step in enumerate(steps)]

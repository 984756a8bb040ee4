"""From a problem to arrays, whole or of some people and posts; and from a plan to its value."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from haitang.planning.answers import Value
from haitang.planning.places import Point, great_circle_km

from .calendar import Flags, Floats, Ints
from .kernels.facts import NONE, Facts
from .patterns import Burden, Patterns, patterns
from .problem import Assignment, Place, Problem

NIGHT, EXTRA = 4.0, 3.0  # of nights squared, and of shifts over four squared


@dataclass(frozen=True, eq=False)
class Row:
    """Places of one post, skill, shift and priority; positions of these."""

    post: int
    skill: int
    shift: int
    priority: int
    count: int


@dataclass(frozen=True, eq=False)
class Part:
    """Some people (rows) and all demands (rows of the frame) of some posts.

    room (D): places to fill, without those that are pinned.
    """

    facts: Facts
    people: Ints
    demands: Ints
    room: Ints

    @property
    def pins(self) -> int:
        return int((self.facts.pinned != NONE).sum())

    def empty_plan(self) -> Ints:
        """(P, T) with nothing but what is pinned."""
        return self.facts.pinned.copy()

    def left(self, plan: Ints) -> Ints:
        """(D) places that a plan leaves empty."""
        served = plan[(plan != NONE) & (self.facts.pinned == NONE)]
        left: Ints = self.room - np.bincount(served, minlength=len(self.room))
        return left

    def value(self, plan: Ints) -> float:
        """What the plan costs, less `change` for each assignment of an earlier plan that stays."""
        facts = self.facts
        people, shifts = np.nonzero(plan != NONE)
        served = plan[people, shifts]
        travel = facts.travel[people, facts.post[facts.group[served]]].sum()
        stays = (facts.kept[people, shifts] == facts.group[served]).sum()
        empty = float(self.left(plan) @ facts.weight)
        return float(travel + load_cost(facts, plan != NONE).sum() + empty - stays * facts.change)


def load_cost(facts: Facts, works: Flags) -> Floats:
    """(P) what the loads cost."""
    over = np.maximum(works.sum(axis=1) - facts.enough, 0)
    cost: Floats = facts.night_cost * works[:, facts.night].sum(axis=1) ** 2 + facts.extra_cost * over**2
    return cost


class Frame:
    """The whole question as arrays: people by skill and shift, demands in order of post, skill, shift, priority."""

    def __init__(self, problem: Problem, most_states: int = 40_000) -> None:
        self.problem = problem
        self.skills = sorted({demand.place.skill for demand in problem.demands})
        self.burden = Burden(NIGHT * problem.weights.uneven, EXTRA * problem.weights.uneven)
        self.patterns: Patterns = patterns(problem.calendar, problem.rules, self.burden, most_states)

    @cached_property
    def rows(self) -> Sequence[Row]:
        problem, skills = self.problem, {skill: at for at, skill in enumerate(self.skills)}
        found: Counter[tuple[int, int, int, int]] = Counter()
        for demand in problem.demands:
            place = demand.place
            at = problem.post_rows[place.post], skills[place.skill], problem.shift_rows[place.shift]
            found[(*at, demand.priority)] += demand.count
        return [Row(*key, count) for key, count in sorted(found.items()) if count]

    @cached_property
    def columns(self) -> Ints:
        """(5, D) post, skill, shift, priority and count of each row."""
        table = [(row.post, row.skill, row.shift, row.priority, row.count) for row in self.rows]
        columns: Ints = np.array(table, dtype=np.int64).reshape(-1, 5).T
        return columns

    def place(self, row: int) -> Place:
        post, skill, shift = self.columns[:3, row]
        return Place(self.problem.posts[post].id, self.problem.calendar.shifts[shift].id, self.skills[skill])

    @cached_property
    def by_place(self) -> Mapping[Place, Sequence[int]]:
        """Rows of each place, highest priority first."""
        found: dict[Place, list[int]] = defaultdict(list)
        for row in range(len(self.rows)):
            found[self.place(row)].append(row)
        return found

    @cached_property
    def weight(self) -> Floats:
        """(D) of a place left empty."""
        weight: Floats = np.array(self.problem.weights.unmet)[self.columns[3] - 1]
        return weight

    @cached_property
    def can(self) -> Flags:
        """(P, K)"""
        table = [[person.can(skill) for skill in self.skills] for person in self.problem.people]
        return np.array(table, dtype=bool).reshape(len(table), len(self.skills))

    @cached_property
    def free(self) -> Flags:
        """(P, T)"""
        free = np.ones((len(self.problem.people), self.problem.calendar.count), dtype=bool)
        for row, person in enumerate(self.problem.people):
            for shift in person.unavailable:
                free[row, self.problem.shift_rows[shift]] = False
        return free

    @cached_property
    def pinned(self) -> Ints:
        """(P, T) row of what is pinned, NONE where nothing is."""
        table, taken = np.full(self.free.shape, NONE, dtype=np.int64), Counter[int]()
        for lock in self.problem.locked:
            rows = self.by_place[lock.place]
            row = next(row for row in rows if taken[row] < self.rows[row].count)
            taken[row] += 1
            table[self._spot(lock)] = row
        return table

    @cached_property
    def kept(self) -> Ints:
        """(P, T) a row of the place a person had before and could still have, else NONE."""
        table = np.full(self.free.shape, NONE, dtype=np.int64)
        for entry in self.problem.kept:
            table[self._spot(entry)] = self.by_place[entry.place][0]
        return table

    def _spot(self, entry: Assignment) -> tuple[int, int]:
        return self.problem.person_rows[entry.person], self.problem.shift_rows[entry.place.shift]

    @cached_property
    def homes(self) -> Sequence[Point]:
        return [Point(person.id, person.home) for person in self.problem.people]

    def travel(self, people: Ints, posts: Ints) -> Floats:
        """(people, posts) what the ways weigh."""
        starts, ends = [self.homes[row] for row in people], [self.problem.posts[row] for row in posts]
        return self.problem.travel.minutes(starts, ends) * self.problem.weights.travel

    @cached_property
    def rules(self) -> Facts:
        """What all parts share, with nobody and no demands in it."""
        calendar, rules, graph = self.problem.calendar, self.problem.rules, self.patterns
        none, zero = np.zeros((0, calendar.count), dtype=np.int64), np.zeros(0, dtype=np.int64)
        return Facts(
            travel=np.zeros((0, 0)),
            can=np.zeros((0, len(self.skills)), dtype=bool),
            free=none.astype(bool),
            kept=none,
            pinned=none,
            change=float(self.problem.weights.change) if self.problem.kept else 0.0,
            must=self._must(),
            post=zero,
            skill=zero,
            begin=np.zeros(1, dtype=np.int64),
            group=zero,
            shift=zero,
            weight=np.zeros(0),
            by_shift=zero,
            shift_begin=np.zeros(calendar.count + 1, dtype=np.int64),
            node_shift=graph.shift,
            node_take=graph.take,
            node_skip=graph.skip,
            node_cost=graph.cost,
            night=calendar.night,
            date=calendar.date,
            next_free=calendar.next_free,
            next_week=calendar.next_week,
            minutes=calendar.minutes,
            most_shifts=rules.max_shifts_7_days,
            most_nights=rules.max_nights_in_row,
            most_minutes=rules.day_minutes,
            night_cost=self.burden.night,
            extra_cost=self.burden.extra,
            enough=self.burden.free,
        )

    def part(self, people: Ints, posts: Ints) -> Part:
        """Those people and posts alone (both ascending); what is pinned elsewhere must not be among the people's."""
        here = np.flatnonzero(np.isin(self.columns[0], posts))
        post, skill, shift, _, count = self.columns[:, here]
        starts = np.flatnonzero(np.diff(post * len(self.skills) + skill, prepend=-1))
        group = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(here)))
        position = np.full(len(self.rows) + 1, NONE, dtype=np.int64)  # the last stands for NONE
        position[here] = np.arange(len(here))
        pinned, kept = position[self.pinned[people]], position[self.kept[people]]
        groups = np.append(group, NONE)  # likewise
        by_shift = np.argsort(shift, kind="stable")
        facts = self.rules._replace(
            travel=np.ascontiguousarray(self.travel(people, posts)),
            can=np.ascontiguousarray(self.can[people]),
            free=np.ascontiguousarray(self.free[people]),
            kept=groups[kept],
            pinned=pinned,
            post=np.searchsorted(posts, post[starts]).astype(np.int64),
            skill=skill[starts],
            begin=np.append(starts, len(here)).astype(np.int64),
            group=group.astype(np.int64),
            shift=np.ascontiguousarray(shift),
            weight=self.weight[here],
            by_shift=by_shift,
            shift_begin=np.searchsorted(shift[by_shift], np.arange(self.problem.calendar.count + 1)).astype(
                np.int64
            ),
        )
        taken = np.bincount(pinned[pinned != NONE], minlength=len(here))
        return Part(facts, people, here, count - taken)

    def _must(self) -> float:
        """More than anything else a person could gain."""
        weights, shifts = self.problem.weights, self.problem.calendar.count
        load = (self.burden.night + self.burden.extra) * shifts * shifts
        return 4.0 * (shifts * (max(weights.unmet) + weights.change) + load) + 1_000.0


def value_of(problem: Problem, assignments: Iterable[Assignment]) -> Value:
    """Terms of the objective; whoever comes to a place fills its highest priority first."""
    entries, weights = list(assignments), problem.weights
    works = works_of(problem, entries)
    shifts, nights = works.sum(axis=1), works[:, problem.calendar.night].sum(axis=1)
    uneven = NIGHT * nights**2 + EXTRA * np.maximum(0, shifts - Burden.free) ** 2
    unmet = (count * weights.unmet[priority - 1] for _, priority, count in missing_of(problem, entries))
    terms = {
        "unmet": float(sum(unmet)),
        "travel": weights.travel * math.fsum(travel_minutes(problem, entries)),
        "uneven": weights.uneven * float(uneven.sum()),
    }
    if problem.previous is not None:
        terms["changes"] = weights.change * float(len(problem.kept.difference(entries)))
    return Value(terms)


def works_of(problem: Problem, entries: Sequence[Assignment]) -> Flags:
    """(P, T) who works when."""
    works = np.zeros((len(problem.people), problem.calendar.count), dtype=bool)
    people = [problem.person_rows[entry.person] for entry in entries]
    works[people, [problem.shift_rows[entry.place.shift] for entry in entries]] = True
    return works


def missing_of(problem: Problem, assignments: Iterable[Assignment]) -> list[tuple[Place, int, int]]:
    """Place, priority and number of what stays empty."""
    served = Counter(entry.place for entry in assignments)
    found = []
    for demand in sorted(problem.demands, key=lambda demand: demand.priority):
        filled = min(served[demand.place], demand.count)
        served[demand.place] -= filled
        if filled < demand.count:
            found.append((demand.place, demand.priority, demand.count - filled))
    return found


def travel_minutes(problem: Problem, entries: Sequence[Assignment]) -> list[float]:
    """Minutes of each one's way."""
    people = [problem.people[problem.person_rows[entry.person]] for entry in entries]
    posts = [problem.posts[problem.post_rows[entry.place.post]] for entry in entries]
    travel = problem.travel
    if travel.matrix is not None:
        homes = [Point(person.id, person.home) for person in people]
        return [float(travel.minutes([home], [post])[0, 0]) for home, post in zip(homes, posts, strict=True)]
    ends = [
        np.array(each, dtype=np.float64).reshape(-1, 2)
        for each in ([one.home for one in people], [post.place for post in posts])
    ]
    # As Travel has it, but for pairs.
    minutes: list[float] = (great_circle_km(*ends) * travel.detour / travel.speed_kmh * 60.0).tolist()
    return minutes

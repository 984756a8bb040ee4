"""Rosters against every plan there is, on teams small enough to try them all."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from haitang.planning import roster
from haitang.planning.deadline import Deadline
from haitang.planning.reading import BadInput
from haitang.planning.roster import exact, patterns, rules, simple
from haitang.planning.roster.framing import Frame, Part
from haitang.planning.roster.kernels import allowed
from haitang.planning.roster.kernels.matching import match
from haitang.planning.roster.prices import Prices, evaluate
from tests.planning import roster_oracle as oracle

Data = dict[str, Any]
FIRST = datetime.fromisoformat("2022-02-20T00:00+08:00")


def shift(number: int, begin: float, hours: float, *, night: bool = False) -> Data:
    times = [(FIRST + timedelta(hours=at)).isoformat() for at in (begin, begin + hours)]
    return {"id": f"s{number}", "start": times[0], "end": times[1], "night": night}


def person(number: int, east: int, skills: list[str], unavailable: list[str]) -> Data:
    place = {"lon": 120.9 + east / 100, "lat": 31.3}
    return {"id": f"v{number}", "skills": skills, **place, "unavailable": unavailable}


@st.composite
def shifts_of_days(draw: st.DrawFn, most: int) -> list[Data]:
    """Any shifts, overlapping or not, over ten days."""
    found = []
    for number in range(draw(st.integers(1, most))):
        begin = draw(st.integers(0, 60)) * 4.0
        found.append(
            shift(number, begin, draw(st.sampled_from([3.0, 6.5, 8.0, 12.0])), night=draw(st.booleans()))
        )
    return found


RULES = st.fixed_dictionaries(
    {
        "min_rest_hours": st.sampled_from([0, 8, 11]),
        "max_shifts_7_days": st.integers(0, 3),
        "max_nights_in_row": st.integers(0, 2),
        "max_hours_day": st.sampled_from([8, 9.5, 12]),
    }
)


@st.composite
def teams(draw: st.DrawFn) -> Data:
    shifts = draw(shifts_of_days(4))
    names = [each["id"] for each in shifts]
    posts = [{"id": f"p{n}", "lon": 120.9 + draw(st.integers(0, 40)) / 100, "lat": 31.3} for n in range(2)]
    skills = st.lists(st.sampled_from(["medic", "order"]), unique=True)
    people = [
        person(n, draw(st.integers(0, 40)), draw(skills), draw(st.lists(st.sampled_from(names), max_size=1)))
        for n in range(draw(st.integers(0, 3)))
    ]
    demand = st.fixed_dictionaries(
        {
            "post": st.sampled_from(["p0", "p1"]),
            "shift": st.sampled_from(names),
            "skill": st.sampled_from(["medic", "order", "any"]),
            "count": st.integers(0, 2),
            "priority": st.integers(1, 3),
        }
    )
    data: Data = {
        "people": people,
        "posts": posts,
        "shifts": shifts,
        "demands": draw(st.lists(demand, max_size=4)),
    }
    if draw(st.booleans()):
        data["rules"] = draw(RULES)
    if draw(st.booleans()):
        data["weights"] = {"unmet": [40, 20, draw(st.sampled_from([0, 10]))], "uneven": 2, "change": 15}
    entries = [
        {"person": p["id"], "post": d["post"], "shift": d["shift"], "skill": d["skill"]}
        for p, d in zip(people, data["demands"], strict=False)
    ]
    if draw(st.booleans()):
        data["previous"] = {"assignments": entries}
    if entries and draw(st.booleans()):
        data["locked"] = entries[:1]
    return data


def whole(data: Data) -> tuple[Frame, Part, float]:
    """The only part, and what the objective has beside what a part counts."""
    problem = roster.read(data)
    frame = Frame(problem)
    part = frame.part(np.arange(len(problem.people)), np.arange(len(problem.posts)))
    return frame, part, problem.weights.change * len(problem.kept)


def read_or_pass(data: Data) -> None:
    """A lock that breaks a rule, or takes a place nobody asks for, is another test's business."""
    try:
        roster.read(data)
    except BadInput:
        assume(False)


@given(teams())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_no_plan_is_cheaper_and_anyone_can_recompute_the_value(data: Data) -> None:
    read_or_pass(data)
    answer = roster.solve(roster.read(data), seconds=5).as_dict()
    plan = oracle.plan_of(answer)
    assert oracle.is_allowed(data, plan)
    expected = oracle.terms(data, plan)
    assert answer["value"] == pytest.approx({**expected, "total": sum(expected.values())}, abs=1e-3)
    assert answer["value"]["total"] == pytest.approx(oracle.best(data), abs=1e-3)
    assert answer["status"] == "optimal"
    assert answer["bound"] <= answer["value"]["total"]
    missing = sum(d["count"] for d in data["demands"]) - len(plan)
    assert sum(entry["how_many"] for entry in answer["unmet"]) == missing


@given(teams(), st.lists(st.floats(-50, 500), min_size=4, max_size=4))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_prices_give_a_true_bound(data: Data, numbers: list[float]) -> None:
    read_or_pass(data)
    _, part, beside = whole(data)
    least = oracle.best(data) + 1e-3
    prices = np.array(numbers)[: len(part.room)]
    assert evaluate(part, prices)[0] + beside <= least
    assert simple.first_bound(part) + beside <= least
    climbing = Prices(part, np.full(len(part.room), 20.0), 1)
    climbing.climb(least, 40, Deadline(5))
    assert climbing.bound + beside <= least


@given(teams())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_a_plan_cut_short_keeps_the_rules_and_has_a_true_bound(data: Data) -> None:
    read_or_pass(data)
    answer = roster.solve(roster.read(data), seconds=1e-6).as_dict()
    assert oracle.is_allowed(data, oracle.plan_of(answer))
    assert answer["bound"] <= oracle.best(data) + 1e-3 <= answer["value"]["total"] + 2e-3
    _, part, beside = whole(data)
    plan = simple.nearest(part, Deadline(5))
    choice = exact.choose(part, plan, Deadline(5), 0)
    assert choice.bound + beside <= oracle.best(data) + 1e-3 <= part.value(plan) + beside + 2e-3


def paths(graph: patterns.Patterns, node: int) -> dict[frozenset[int], float]:
    """Every set of shifts that the graph has from a node on, with its cost."""
    if node == 0:
        return {frozenset(): 0.0}
    found = paths(graph, int(graph.skip[node]))
    if np.isfinite(graph.cost[node]):
        for rest, cost in paths(graph, int(graph.take[node])).items():
            found[rest | {int(graph.shift[node])}] = cost + graph.cost[node]
    return found


@given(shifts_of_days(7), RULES)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_graph_has_exactly_the_allowed_patterns_and_a_loose_one_has_more_and_no_dearer(
    shifts: list[Data], bounds: Data
) -> None:
    data = {"people": [], "posts": [], "shifts": shifts, "demands": [], "rules": bounds}
    calendar = roster.read(data).calendar
    names, burden = [each.id for each in calendar.shifts], patterns.Burden(4.0, 3.0, free=1)
    every = [
        frozenset(s) for n in range(len(names) + 1) for s in itertools.combinations(range(len(names)), n)
    ]
    fit = {s for s in every if oracle.is_fit(data, {names[row] for row in s})}
    graph = patterns.patterns(calendar, calendar.rules, burden)
    found = paths(graph, graph.root)
    assert set(found) == fit
    for chosen, cost in found.items():
        nights = sum(bool(calendar.night[row]) for row in chosen)
        assert cost == 4.0 * nights**2 + 3.0 * max(0, len(chosen) - 1) ** 2
    for forget in patterns.LOOSER:
        layers = patterns.layered(calendar, calendar.rules, forget, 10**6)
        assert layers is not None
        loose = patterns.folded(calendar, burden, layers, exact=False)
        more = paths(loose, loose.root)
        assert all(more[chosen] <= cost for chosen, cost in found.items())


@given(shifts_of_days(7), RULES, st.integers(0, 2**7 - 1), st.integers(0, 6))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_all_three_who_judge_a_shift_agree(shifts: list[Data], bounds: Data, chosen: int, one: int) -> None:
    data = {
        "people": [person(0, 0, [], [])],
        "posts": [],
        "shifts": shifts,
        "demands": [],
        "rules": bounds,
    }
    frame, part, _ = whole(data)
    calendar = frame.problem.calendar
    row = one % len(shifts)
    worked = [n for n in range(len(shifts)) if chosen >> n & 1 and n != row]
    names = {calendar.shifts[n].id for n in worked}
    assume(oracle.is_fit(data, names))
    fit = oracle.is_fit(data, names | {calendar.shifts[row].id})
    assert (rules.broken(calendar, frame.problem.people[0], worked, row) is None) == fit
    works = np.isin(np.arange(len(shifts)), worked)
    assert simple.allowed(part.facts, works[None], row)[0] == fit
    assert allowed.is_allowed(part.facts, np.where(works, 0, -1), row) == fit


@pytest.mark.parametrize("seed", range(40))
def test_a_shift_is_matched_at_the_least_cost(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cost = rng.normal(0, 5, rng.integers(1, 9, 2))
    cost = np.round(cost) if seed % 2 else cost
    found = match(cost).person
    taken = found[found >= 0]
    assert len(set(taken.tolist())) == len(taken)
    useful = np.minimum(cost, 0.0)
    assert cost[np.flatnonzero(found >= 0), taken].sum() == pytest.approx(
        useful[linear_sum_assignment(useful)].sum()
    )


def test_a_long_calendar_falls_back_to_a_looser_graph() -> None:
    data = {"people": [], "posts": [], "shifts": [shift(n, 8.0 * n, 8.0) for n in range(90)], "demands": []}
    calendar = roster.read(data).calendar
    graph = patterns.patterns(calendar, calendar.rules, patterns.Burden(4.0, 3.0), 20_000)
    assert not graph.exact
    assert len(graph.shift) <= 20_000

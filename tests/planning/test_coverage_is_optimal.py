"""Coverage plans against every plan there is, on towns small enough to try them all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.planning.coverage import instance
from haitang.planning import coverage
from haitang.planning.coverage import compact
from haitang.planning.coverage.framing import frame
from haitang.planning.coverage.pricing import price
from haitang.planning.coverage.search import plans
from haitang.planning.deadline import Deadline
from tests.planning import oracle

HOUSEHOLDS = st.sampled_from([0, 1, 7, 30, 30, 59, 80])
SIXTY = instance(60, 41, seed=1)
PLACE = st.tuples(st.integers(0, 12), st.integers(0, 12))


def building(number: int, households: int, place: tuple[int, int]) -> dict[str, Any]:
    lon, lat = 120.6 + place[0] / 2000, 31.3 + place[1] / 2000
    return {"id": f"b{number}", "households": households, "lon": lon, "lat": lat}


@st.composite
def towns(draw: st.DrawFn) -> dict[str, Any]:
    buildings = [building(n, draw(HOUSEHOLDS), draw(PLACE)) for n in range(draw(st.integers(1, 5)))]
    names = [b["id"] for b in buildings]
    stewards = []
    for number in range(draw(st.integers(1, 3))):
        steward: dict[str, Any] = {"id": f"s{number}", "max_buildings": draw(st.integers(0, 4))}
        home = draw(st.sampled_from([*names, "own", "unknown"]))
        if home == "own":
            place = building(0, 0, draw(PLACE))
            steward |= {"lon": place["lon"], "lat": place["lat"]}
        elif home != "unknown":
            steward["home_building"] = home
        stewards.append(steward)
    data: dict[str, Any] = {"buildings": buildings, "stewards": stewards}
    if draw(st.booleans()):
        data["weights"] = {"uncovered": draw(st.sampled_from([5, 100, 10_000])), "uneven": 2, "change": 20}
    if draw(st.booleans()):
        had = st.sampled_from([s["id"] for s in stewards] + ["left", None])
        data["previous"] = {"assignments": [{"building": name, "steward": draw(had)} for name in names]}
    ready = [s["id"] for s in stewards if s["max_buildings"]]
    if ready and draw(st.booleans()):
        data["locked"] = [{"building": draw(st.sampled_from(names)), "steward": draw(st.sampled_from(ready))}]
    return data


@given(towns())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_no_plan_is_cheaper_and_anyone_can_recompute_the_value(data: dict[str, Any]) -> None:
    answer = coverage.solve(coverage.read(data), seconds=5).as_dict()
    plan = oracle.plan_of(answer)
    assert oracle.is_allowed(data, plan)
    assert {**oracle.terms(data, plan), "total": oracle.total(data, plan)} == pytest.approx(
        answer["value"], abs=1e-3
    )
    assert answer["value"]["total"] == pytest.approx(oracle.best(data), abs=1e-3)
    assert answer["status"] == "optimal"
    assert answer["bound"] <= answer["value"]["total"]


@given(towns())
@settings(max_examples=30, deadline=None, derandomize=True)
def test_a_plan_cut_short_still_has_a_true_bound(data: dict[str, Any]) -> None:
    answer = coverage.solve(coverage.read(data), seconds=1e-6).as_dict()
    assert oracle.is_allowed(data, oracle.plan_of(answer))
    assert answer["bound"] <= oracle.best(data) + 1e-3 <= answer["value"]["total"] + 2e-3


@given(towns(), st.lists(st.floats(-50, 300), min_size=5, max_size=5))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_any_prices_give_a_true_bound(data: dict[str, Any], prices: list[float]) -> None:
    part = frame(coverage.read(data))
    if part.model is None:
        return
    priced = price(part.model, np.array(prices[: part.model.buildings]), Deadline(10))
    assert priced is not None
    assert part.fixed() + priced.bound <= oracle.best(data) + 1e-3


@given(towns())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_the_compact_model_means_the_same(data: dict[str, Any]) -> None:
    part = frame(coverage.read(data))
    if part.model is None:
        return
    nobody = np.full(part.model.buildings, part.model.nobody)
    choice = compact.choose(part.model, nobody, Deadline(10))
    assert part.fixed() + choice.bound == pytest.approx(oracle.best(data), abs=0.02)
    assert choice.who is not None
    assert part.fixed() + part.model.total(choice.who) == pytest.approx(oracle.best(data), abs=0.02)


@pytest.fixture(scope="module")
def optimum() -> float:
    return oracle.best_of_pairs(SIXTY)


class TestSixtyBuildings:
    """Too many to try all, and a town where the search alone does not find the best plan."""

    def test_the_search_alone_misses_the_best_plan(self, optimum: float) -> None:
        part = frame(coverage.read(SIXTY))
        assert part.model is not None
        found = plans(part.model, np.random.default_rng(0), Deadline(10))
        assert part.fixed() + min(part.model.total(who) for who in found) > optimum + 1

    @pytest.mark.parametrize("seed", [0, 1])
    def test_the_proven_plan_is_the_best(self, optimum: float, seed: int) -> None:
        answer = coverage.solve(coverage.read(SIXTY), seconds=20, seed=seed).as_dict()
        assert answer["status"] == "optimal"
        assert answer["value"]["total"] == pytest.approx(optimum, abs=1e-3)
        assert answer["bound"] == pytest.approx(optimum, abs=1e-3)

    @pytest.mark.parametrize("seconds", [1e-6, 0.1, 0.2, 0.3])
    def test_the_best_plan_lies_between_bound_and_value_whenever_time_is_up(
        self, optimum: float, seconds: float
    ) -> None:
        answer = coverage.solve(coverage.read(SIXTY), seconds=seconds).as_dict()
        assert answer["bound"] <= optimum + 1e-3 <= answer["value"]["total"] + 2e-3

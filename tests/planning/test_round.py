"""A round plan keeps its rules, is worth what it says, costs no less than its bound, and says what it can't do."""

from __future__ import annotations

import json
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.planning.norms import norm_plan, referee
from benchmarks.planning.round import SCANNERS, STAGES, instance
from haitang.planning import round as rounds
from haitang.planning.reading import BadInput
from haitang.planning.round import kernels, queueing
from haitang.planning.round.bounding import bound_of
from haitang.planning.round.doors import Rounds
from haitang.planning.round.draws import mix, value_days
from haitang.planning.round.plan import Plan, Run, Slot
from haitang.planning.round.thrift import most_at_once
from haitang.planning.round.value import numbered, played, value_of
from tests.planning import round_oracle as oracle

Data = dict[str, Any]


def small(seed: int = 0, **more: Any) -> Data:
    """Three buildings, two stations."""
    data = instance(3, seed, **more)
    return data | {"stations": data["stations"][:2]}


def solved(data: Data, seconds: float = 1.4, seed: int = 0) -> Data:
    answer = rounds.solve(rounds.read(data), seconds=seconds, seed=seed).as_dict()
    json.dumps(answer, allow_nan=False)
    return answer


def assert_right(data: Data, answer: Data) -> None:
    assert oracle.broken(data, answer) == []
    terms = oracle.terms(data, answer)
    assert answer["value"] == pytest.approx({"total": sum(terms.values()), **terms}, abs=0.02, rel=1e-6)
    # Not the answer's own, which is rounded to be no more than the value.
    assert bound_of(value_days(rounds.read(data))) <= sum(terms.values()) + 1e-6
    missing = sum(building["people"] for building in data["buildings"])
    missing -= sum(entry["people"] for entry in [*answer["slots"], *answer["door_to_door"]])
    assert sum(entry["how_many"] for entry in answer["unmet"]) == missing


def by_id(answer: Data, key: str) -> dict[str, Data]:
    return {entry["id"]: entry for entry in answer[key]}


class TestPlan:
    def test_reaches_everybody_and_is_worth_what_the_page_says(self) -> None:
        data = small()
        answer = solved(data)
        assert_right(data, answer)
        assert answer["value"]["missed"] == 0
        assert answer["unmet"] == []
        assert {slot["building"] for slot in answer["slots"]} == {"b1", "b2", "b3"}

    def test_a_scan_before_the_swab(self) -> None:
        data = small(stages=STAGES, staff=SCANNERS)
        del data["service_seconds"], data["staff_per_lane"]
        answer = solved(data)
        assert_right(data, answer)
        assert all(set(station["stages"]) == {"scan", "swab"} for station in answer["stations"])
        assert all(station["stages"]["swab"] == station["lanes"] for station in answer["stations"])

    def test_same_input_and_seed_same_answer(self) -> None:
        data = instance(2)
        one, two = (solved(data, seconds=20) for _ in range(2))
        one.pop("seconds"), two.pop("seconds")
        assert one == two

    def test_the_seed_is_of_the_forecast_alone(self) -> None:
        data = instance(2)
        one, two = solved(data, seconds=20, seed=1), solved(data, seconds=20, seed=2)
        assert one["value"] == two["value"]
        assert one["forecast"] != two["forecast"]

    def test_needs_no_more_staff_than_the_norm_table(self) -> None:
        data = instance()
        problem = rounds.read(data)
        answer = rounds.solve(problem, seconds=3)
        table = numbered(norm_plan(problem))
        norm = value_of(problem, table, played(value_days(problem), table))
        assert answer.standing.value.total < 0.95 * norm.total
        assert answer.standing.value.terms["staff"] <= norm.terms["staff"]
        assert most_at_once(problem, answer.plan).sum() <= most_at_once(problem, table).sum()

    def test_times_may_be_minutes(self) -> None:
        data = small(deadline=900)
        for station in data["stations"]:
            station |= {"open": 420, "close": 1140}
        answer = solved(data)
        assert answer["value"] == solved(small())["value"]
        assert answer["slots"][0]["start"] == 420

    def test_few_staff_work_one_station_after_the_other(self) -> None:
        """Least thinkable is four lanes and a team; one lane more reaches everybody."""
        data = instance(staff={"sampler": 6, "register": 6, "order": 6})
        answer = solved(data, seconds=3)
        assert oracle.broken(data, answer) == []
        assert answer["value"]["missed"] < 1000

    def test_a_limit_of_one_second_is_kept(self) -> None:
        problem = rounds.read(instance(100))
        began, used = time.monotonic(), time.process_time()
        answer = rounds.solve(problem, seconds=1)
        # On a machine that does other things as well, only our own time is ours to keep.
        assert min(time.monotonic() - began, time.process_time() - used) < 1.1
        assert answer.standing.value.terms["missed"] == 0


class TestForecast:
    def test_agrees_with_a_simulation_by_events(self) -> None:
        problem = rounds.read(instance(8))
        answer = rounds.solve(problem, seconds=2)
        mean, p95, finish = referee(problem, answer.plan, 60, seed=3)
        told = answer.forecast
        assert told.wait_mean == pytest.approx(mean, rel=0.1)
        assert told.wait_p95 == pytest.approx(p95, rel=0.1, abs=0.05)
        assert told.finish == pytest.approx(finish, abs=2)

    def test_agrees_in_two_stages(self) -> None:
        data = instance(8, stages=STAGES, staff=SCANNERS)
        del data["service_seconds"], data["staff_per_lane"]
        problem = rounds.read(data)
        answer = rounds.solve(problem, seconds=2)
        mean, _, _ = referee(problem, answer.plan, 60, seed=3)
        assert answer.forecast.wait_mean == pytest.approx(mean, rel=0.1)

    def test_warns_of_long_waits_and_of_who_is_turned_away(self) -> None:
        data = instance(4, staff={"sampler": 1, "register": 1, "order": 1}, max_wait_minutes=1)
        answer = solved(data)
        assert_right(data, answer)
        assert {risk["what"] for risk in answer["forecast"]["risks"]} >= {"wait"}

    def test_tells_how_many_will_not_come(self) -> None:
        answer = solved(small(no_show=0.5))
        walkers = sum(slot["people"] for slot in answer["slots"])
        assert answer["forecast"]["no_shows"] == pytest.approx(walkers / 2, rel=0.05)


class TestQueue:
    def test_numbers_are_those_of_the_page(self) -> None:
        words = np.array([0, 1, 2**64 - 1], dtype=np.uint64)
        assert mix(words).tolist() == [oracle.mix(int(word)) for word in words]
        # The first number of splitmix64 from seed 0, as published with it.
        assert oracle.mix(0) == 0xE220A8397B1DCDAF

    @given(st.integers(0, 2**32), st.integers(1, 6), st.integers(1, 40))
    @settings(max_examples=25, deadline=None)
    def test_lockstep_and_kernel_agree(self, seed: int, lanes: int, people: int) -> None:
        rng = np.random.default_rng(seed)
        arrival = np.sort(rng.uniform(0, 30, (4, people)), axis=1)
        need = rng.uniform(0.3, 0.9, (4, people))
        both = [
            queueing.Queue(arrival, need, lanes, 2.0),
            queueing.Queue(arrival[:, :1], need[:, :1], 9, 0.0),
        ]
        for queue, begin in zip(both, queueing.lockstep(both), strict=True):
            plain = kernels.serve.plain(queue.arrival, queue.need, queue.lanes, queue.opens)  # type: ignore[attr-defined]
            assert np.array_equal(begin, plain)


class TestBound:
    @pytest.mark.parametrize("seed", range(4))
    def test_no_plan_made_at_random_undercuts_it(self, seed: int) -> None:
        """Also plans that leave people out, close early, or book far too many."""
        rng = np.random.default_rng(seed)
        staff = int(rng.integers(1, 4))
        data = instance(2, seed, staff=dict.fromkeys(("sampler", "register", "order"), staff), no_show=0.2)
        problem = rounds.read(data)
        draws = value_days(problem)
        bound, tours = bound_of(draws), tuple(Rounds(problem).tours(480.0))
        for _ in range(60):
            plan = numbered(Plan((_any_run(problem, rng, staff),), tours if rng.random() < 0.7 else ()))
            assert value_of(problem, plan, played(draws, plan)).total >= bound

    def test_counts_who_must_be_missed_for_want_of_staff(self) -> None:
        data = instance(8, staff={"sampler": 1, "register": 1, "order": 1}, service_spread=0)
        answer = solved(data)
        assert_right(data, answer)
        missed = answer["value"]["missed"]
        assert answer["bound"] > 0.75 * missed > 100_000

    def test_is_met_where_nobody_can_be_reached(self) -> None:
        answer = solved(small() | {"stations": []})
        assert answer["status"] == "optimal"
        assert answer["gap"] == 0

    def test_far_people_are_missed_where_that_weighs_less(self) -> None:
        data = instance(1)
        data["stations"] = [data["stations"][0] | {"lon": 122.0}]
        answer = solved(data)
        assert_right(data, answer)
        assert answer["status"] == "optimal" or answer["bound"] <= answer["value"]["total"]


def _any_run(problem: rounds.Problem, rng: np.random.Generator, most: int) -> Run:
    opens, slots = float(problem.open[0]), []
    for building, walkers in enumerate(problem.walkers.tolist()):
        first = 0
        while first < walkers and rng.random() < 0.9:
            people = int(rng.integers(1, min(60, walkers - first) + 1))
            start = opens + float(rng.integers(0, 16)) * 10
            slots.append(Slot(building, 0, start, start + 15 + float(rng.integers(0, 10)), people, first))
            first += people
    slots = slots or [Slot(0, 0, opens, opens + 15, 1, 0)]
    end = min(max(slot.end for slot in slots) + float(rng.integers(0, 20)), float(problem.close[0]))
    return Run(0, (int(rng.integers(1, most + 1)),), opens, end, tuple(slots))


class TestEdges:
    def test_nobody_at_all(self) -> None:
        data = small()
        for building in data["buildings"]:
            building |= {"people": 0, "homebound": 0, "households": 0}
        answer = solved(data)
        assert answer["status"] == "optimal"
        assert answer["value"]["total"] == 0
        assert answer["slots"] == answer["stations"] == answer["unmet"] == []

    @pytest.mark.parametrize(
        ("spoil", "code"),
        [
            ({"stations": []}, "no_station"),
            ({"staff": {"sampler": 0, "register": 3, "order": 3}}, "too_few_staff"),
            ({"deadline": "2022-02-20T07:10+08:00"}, "no_time"),
        ],
        ids=["no station", "no staff", "no time"],
    )
    def test_what_can_not_be_done_is_said(self, spoil: Data, code: str) -> None:
        data = small() | spoil
        answer = solved(data)
        assert_right(data, answer)
        assert answer["unmet"][0]["what"] == "slot"
        assert answer["unmet"][0]["reason_code"] == code
        assert answer["unmet"][0]["would_help"]

    def test_no_lane_anywhere(self) -> None:
        data = small()
        for station in data["stations"]:
            station["max_lanes"] = 0
        answer = solved(data)
        assert_right(data, answer)
        assert answer["unmet"][0]["reason_code"] == "no_lane"

    def test_says_how_many_more_staff_would_reach_everybody(self) -> None:
        staff = {"sampler": 1, "register": 5, "order": 5}
        answer = solved(instance(8, staff=staff))
        said = next(entry for entry in answer["unmet"] if entry["what"] == "slot")
        assert said["reason_code"] == "too_few_staff"
        more = instance(8, staff={**staff, "sampler": 2 + said["numbers"]["more_staff"]})
        assert solved(more, seconds=3)["value"]["missed"] < 1000

    def test_everybody_at_home(self) -> None:
        data = small()
        for building in data["buildings"]:
            building["homebound"] = building["people"]
        answer = solved(data)
        assert_right(data, answer)
        assert answer["slots"] == []
        assert sum(visit["people"] for visit in answer["door_to_door"]) > 100

    def test_nobody_comes(self) -> None:
        data = small(no_show=1.0)
        answer = solved(data)
        assert_right(data, answer)
        assert answer["forecast"]["wait_p50"] is None

    def test_lanes_so_quick_that_they_could_serve_millions(self) -> None:
        began = time.process_time()
        answer = solved(small(service_seconds=1, no_show=1.0), seconds=1)
        assert time.process_time() - began < 5
        assert answer["value"]["missed"] == 0

    def test_a_building_as_large_as_may_be(self) -> None:
        data = instance(1)
        data["buildings"][0] |= {"people": 10_000, "homebound": 500, "households": 4_000}
        answer = solved(data, seconds=3)
        assert oracle.broken(data, answer) == []

    def test_nobody_patient(self) -> None:
        """Lanes booked to the brim, and not one person more in any slot."""
        one = {"sampler": 1, "register": 1, "order": 1}
        for seed in range(3):
            data = instance(4, seed, staff=one, max_wait_minutes=0, deadline="2022-02-20T11:00+08:00")
            assert_right(data, solved(data))

    def test_one_household_is_visited_together(self) -> None:
        data = instance(1)
        data["buildings"][0] |= {"people": 8, "homebound": 8, "households": 2}
        answer = solved(data)
        assert_right(data, answer)
        (visit,) = answer["door_to_door"]
        assert oracle.minute(visit["end"]) - oracle.minute(visit["start"]) == pytest.approx(8)

    def test_needs_time(self) -> None:
        with pytest.raises(ValueError, match="above 0"):
            rounds.solve(rounds.read(small()), seconds=0)


class TestExplain:
    def test_a_building(self) -> None:
        problem = rounds.read(small())
        told = rounds.explain(problem, rounds.solve(problem, seconds=2), "b2")
        assert told["why_code"] in {"nearest", "cheapest", "split"}
        assert told["slots"] and told["cost"]["walking"] > 0
        json.dumps(told)

    def test_a_station_that_works_and_one_that_does_not(self) -> None:
        problem = rounds.read(small(locked=[{"station": "s2", "lanes": 0}]))
        answer = rounds.solve(problem, seconds=2)
        works, rests = (rounds.explain(problem, answer, name) for name in ("s1", "s2"))
        assert works["lanes"] >= 1 and works["others"]
        assert all(other["extra"] is None or other["extra"] > -1e-6 for other in works["others"])
        assert rests["why_code"] == "locked"
        json.dumps([works, rests])

    def test_an_unknown_id(self) -> None:
        problem = rounds.read(small())
        with pytest.raises(BadInput, match="no building or station has the id 'x'"):
            rounds.explain(problem, rounds.solve(problem, seconds=2), "x")


@st.composite
def towns(draw: st.DrawFn) -> Data:
    """Small, and often hostile: no lanes, no time, staff for nothing, all late, no patience."""
    places = st.floats(0, 0.01)
    data: Data = {
        "buildings": [
            {
                "id": f"b{at}",
                "households": draw(st.integers(0, 40)),
                "people": (people := draw(st.integers(0, 90))),
                "homebound": draw(st.integers(0, min(people, 5))),
                "lon": 120 + draw(places),
                "lat": 31 + draw(places),
            }
            for at in range(draw(st.integers(0, 3)))
        ],
        "stations": [
            {
                "id": f"s{at}",
                "max_lanes": draw(st.integers(0, 3)),
                "open": (opens := draw(st.integers(0, 60))),
                "close": opens + draw(st.integers(0, 150)),
                "lon": 120 + draw(places),
                "lat": 31 + draw(places),
            }
            for at in range(draw(st.integers(0, 2)))
        ],
        "service_seconds": draw(st.sampled_from([1, 36, 400])),
        "staff": {"a": draw(st.integers(0, 4)), "b": draw(st.integers(0, 4))},
        "staff_per_lane": draw(st.sampled_from([{"a": 1, "b": 1}, {"a": 2}, {}])),
        "deadline": draw(st.integers(-10, 200)),
        "max_wait_minutes": draw(st.sampled_from([0, 3, 15])),
        "no_show": draw(st.sampled_from([0, 0.1, 0.9, 1])),
        "late": draw(st.sampled_from([0, 0.05, 1])),
        "slot_minutes": draw(st.sampled_from([1, 7.5, 15, 20])),
        "service_spread": draw(st.sampled_from([0, 0.5, 1])),
    }
    if draw(st.booleans()) and data["buildings"] and data["stations"]:
        data["locked"] = [{"building": "b0", "station": "s0"}]
    return data


@given(towns())
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_town_gets_a_right_answer_or_a_path(data: Data) -> None:
    try:
        answer = solved(data, seconds=0.3)
    except BadInput as refused:
        assert str(refused).startswith("$")
        return
    assert_right(data, answer)

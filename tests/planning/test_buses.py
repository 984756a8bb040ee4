"""What a coach plan does and says: trips, those left behind, locks, re-plans, reasons, time."""

from __future__ import annotations

import copy
import time
from typing import Any

import pytest

from benchmarks.planning import buses as benchmark
from benchmarks.planning import city, cvrplib
from haitang.planning import buses, compiled
from haitang.planning.buses import kernels, solving
from haitang.planning.reading import BadInput
from tests.planning import bus_oracle as oracle

Data = dict[str, Any]
NIGHT = city.buses(1, 0)
X101 = cvrplib.INSTANCES / "X-n101-k25.vrp"


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    compiled.warm(kernels.GROUP)


def evening(**more: Any) -> Data:
    """Two musters, two posts, three groups of 106 people, coaches with 50 and 35 seats."""
    return {
        "start": "2022-02-20T03:00+08:00",
        "musters": [{"id": "m1", "lon": 120.95, "lat": 31.39}, {"id": "m2", "lon": 120.97, "lat": 31.38}],
        "posts": [{"id": "p1", "lon": 120.99, "lat": 31.41}, {"id": "p2", "lon": 120.9, "lat": 31.35}],
        "depots": [{"id": "d1", "lon": 120.94, "lat": 31.37}],
        "groups": [
            {"id": "g1", "muster": "m1", "post": "p1", "count": 34, "ready": 30, "due": 150},
            {"id": "g2", "muster": "m2", "post": "p1", "count": 12, "ready": 30, "due": 150},
            {"id": "g3", "muster": "m1", "post": "p2", "count": 60, "ready": 60, "due": 180},
        ],
        "vehicles": [
            {"id": "bus1", "seats": 50, "depot": "d1", "available_from": 0, "available_to": 300},
            {"id": "bus2", "seats": 35, "depot": "d1", "available_from": 0, "available_to": 300},
        ],
        **more,
    }


def solved(data: Data, seconds: float = 0.5, seed: int = 0) -> Data:
    answer = buses.solve(buses.read(data), seconds=seconds, seed=seed).as_dict()
    assert oracle.broken(data, answer) == []
    assert answer["value"] == pytest.approx(oracle.value(data, answer), abs=1e-3)
    assert answer["bound"] is None or answer["bound"] <= answer["value"]["total"]
    return answer


def riders(answer: Data, vehicle: str) -> set[str]:
    trips = [trip for trip in answer["trips"] if trip["vehicle"] == vehicle]
    return {load["group"] for trip in trips for stop in trip["stops"] for load in stop["on"]}


class TestANight:
    def test_a_group_larger_than_a_coach_rides_in_two_parts(self) -> None:
        answer = solved(evening())
        parts = [
            load["count"]
            for trip in answer["trips"]
            for stop in trip["stops"]
            for load in stop["on"]
            if load["group"] == "g3"
        ]
        assert sorted(parts) == [10, 50]
        assert answer["value"]["left"] == 0 and answer["unmet"] == []

    def test_a_trip_begins_when_its_people_are_ready_and_not_hours_before(self) -> None:
        answer = solved(evening())
        first = answer["trips"][0]["stops"][0]
        assert first["arrive"] >= "2022-02-20T03:30+08:00"
        assert answer["vehicles"][0]["leaves"] > "2022-02-20T03:10+08:00"

    def test_one_group_and_one_coach_are_proven_optimal(self) -> None:
        data = evening()
        data["groups"] = data["groups"][:1]
        assert solved(data)["status"] == "optimal"

    @pytest.mark.parametrize("missing", ["groups", "vehicles"])
    def test_nobody_to_take_or_nothing_to_take_them(self, missing: str) -> None:
        answer = solved(evening(**{missing: []}))
        assert answer["trips"] == []
        assert answer["status"] == "optimal"
        assert answer["value"]["total"] == (0 if missing == "groups" else 106_000)

    def test_no_places_at_all(self) -> None:
        nothing: Data = {key: [] for key in ("musters", "posts", "depots", "groups", "vehicles")}
        assert solved(nothing)["value"]["total"] == 0

    def test_a_matrix_of_ways_that_are_no_shortest_ways(self) -> None:
        ids = ["m1", "m2", "p1", "p2", "d1"]
        minutes = [[(7 * (a + 2 * b) % 23) * (a != b) * 1.5 for b in range(5)] for a in range(5)]
        solved(evening(matrix={"ids": ids, "km": minutes, "minutes": minutes}))

    def test_ten_thousand_people_and_two_coaches(self) -> None:
        data = evening()
        data["groups"][2]["count"] = 10_000
        answer = solved(data, seconds=1)
        assert answer["unmet"][0]["reason_code"] == "too_few_seats"


class TestSeatsAreScarce:
    def test_the_last_seats_are_filled_with_parts_of_a_group(self) -> None:
        data = evening()
        data["groups"] = [data["groups"][0] | {"id": name, "count": 30} for name in ("a", "b")]
        # Time for one trip only, so that all 60 go only if a group is split over the coaches.
        data["vehicles"] = [
            {"id": name, "seats": seats, "depot": "d1", "available_from": 25, "available_to": 75}
            for name, seats in (("bus1", 35), ("bus2", 25))
        ]
        assert solved(data)["left"] == []

    def test_says_how_many_coaches_would_help_and_until_when(self) -> None:
        data = evening()
        for vehicle in data["vehicles"]:
            vehicle |= {"available_from": 50, "available_to": 110}
        answer = solved(data)
        entry = next(entry for entry in answer["unmet"] if entry["reason_code"] == "too_few_seats")
        assert entry["how_many"] == sum(each["count"] for each in answer["left"])
        assert entry["would_help"].startswith("1 more coach before 2022-02-20T0")
        assert entry["would_help_code"] == "more_coaches"

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"max_ride_minutes": 5}, "too_far"),
            ({"vehicles": []}, "no_vehicle"),
            ({"weights": {"left": 0.1}}, "cheaper_left"),
        ],
    )
    def test_says_why(self, change: Data, reason: str) -> None:
        assert {entry["reason_code"] for entry in solved(evening(**change))["unmet"]} == {reason}

    def test_nobody_can_be_taken_after_hours(self) -> None:
        data = evening()
        data["vehicles"] = [vehicle | {"available_to": 40} for vehicle in data["vehicles"]]
        assert {entry["reason_code"] for entry in solved(data)["unmet"]} == {"out_of_time"}


class TestLocksAndPlansAgain:
    def test_a_locked_group_rides_with_its_vehicle(self) -> None:
        free = solved(evening())
        assert riders(free, "bus2") == set()
        answer = solved(evening(locked=[{"group": "g2", "vehicle": "bus2"}]))
        assert riders(answer, "bus2") >= {"g2"}

    def test_nothing_changes_without_a_reason(self) -> None:
        first = solved(NIGHT, seconds=1)
        again = solved({**NIGHT, "previous": first}, seconds=1)
        assert again["value"]["total"] <= first["value"]["total"] + 1e-3
        moved = sum(change["count"] for change in again["changes"])
        assert again["value"]["changes"] == 2 * moved

    def test_a_lost_coach_moves_only_few(self) -> None:
        first = solved(NIGHT, seconds=2)
        lost = first["vehicles"][0]["vehicle"]
        data = {**NIGHT, "previous": first}
        data["vehicles"] = [vehicle for vehicle in NIGHT["vehicles"] if vehicle["id"] != lost]
        again = solved(data, seconds=0.3)
        assert again["left"] == first["left"]
        assert {change["from"] for change in again["changes"] if change["why_code"] == "gone"} == {lost}
        others = [change for change in again["changes"] if change["from"] != lost]
        assert sum(change["count"] for change in others) < 0.1 * 2_639
        told = {load["group"] for trip in first["trips"] for s in trip["stops"] for load in s["on"]}
        assert riders(first, lost) <= {change["group"] for change in again["changes"]} <= told

    def test_whoever_is_moved_is_told_why(self) -> None:
        first = solved(evening())
        locked = [{"group": "g2", "vehicle": "bus2"}]
        again = solved(evening(previous=first, locked=locked))
        change = next(change for change in again["changes"] if change["group"] == "g2")
        assert (change["from"], change["to"], change["why_code"]) == ("bus1", "bus2", "locked")


class TestExplain:
    def test_a_group_knows_what_the_next_coach_would_cost(self) -> None:
        problem = buses.read(NIGHT)
        answer = buses.solve(problem, seconds=1)
        told = buses.explain(problem, answer, "g1")
        assert told["vehicles"] and told["trips"]
        assert told["next_best"]["vehicle"] not in {each["vehicle"] for each in told["vehicles"]}
        assert told["why_code"] == "cheapest"

    def test_the_next_best_coach_would_really_cost_that_much(self) -> None:
        data = evening()
        data["groups"] = data["groups"][:2]
        problem = buses.read(data)
        answer = buses.solve(problem, seconds=0.5)
        own, extra = answer.trips[0].vehicle, buses.explain(problem, answer, "g1")["next_best"]["extra"]
        other = next(vehicle.id for vehicle in problem.vehicles if vehicle.id != own)
        locks = [{"group": "g1", "vehicle": other}, {"group": "g2", "vehicle": own}]
        there = solved({**data, "locked": locks})["value"]["total"]
        assert there - answer.standing.value.total == pytest.approx(extra, abs=1e-3)

    def test_a_coach_that_is_too_small_is_named(self) -> None:
        data = evening()
        data["groups"] = [data["groups"][2] | {"count": 40}]
        problem = buses.read(data)
        told = buses.explain(problem, buses.solve(problem, seconds=0.5), "g3")
        assert [(rule["code"], rule["vehicles"]) for rule in told["excluded"]] == [("too_small", ["bus2"])]

    def test_rules_that_exclude_are_named(self) -> None:
        data = evening(locked=[{"group": "g2", "vehicle": "bus2"}])
        problem = buses.read(data)
        answer = buses.solve(problem, seconds=0.5)
        told = buses.explain(problem, answer, "g2")
        assert (told["why_code"], told["excluded"][0]["code"]) == ("locked", "locked")

    def test_trips_and_vehicles_have_their_costs(self) -> None:
        problem = buses.read(evening())
        answer = buses.solve(problem, seconds=0.5)
        trip = buses.explain(problem, answer, answer.trips[0].id)
        assert trip["most_on_board"] <= 50 and trip["cost"]["driving"] > 0
        used = buses.explain(problem, answer, "bus1")
        assert used["cost"]["total"] == pytest.approx(answer.standing.value.total, abs=1e-3)
        assert buses.explain(problem, answer, "bus2")["why_code"] == "spare"

    def test_an_unknown_id_is_refused(self) -> None:
        problem = buses.read(evening())
        with pytest.raises(BadInput, match="no group, trip or vehicle has the id 'x'"):
            buses.explain(problem, buses.solve(problem, seconds=0.1), "x")


class TestTime:
    def test_the_limit_is_kept(self) -> None:
        problem = buses.read(NIGHT)
        start = time.monotonic()
        answer = buses.solve(problem, seconds=1)
        assert time.monotonic() - start < 1.6  # a tenth, and what a busy machine adds
        assert answer.standing.seconds <= 1.6

    def test_uncompiled_kernels_still_answer_in_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(compiled, "_ready", set[str]())
        monkeypatch.setattr(compiled, "prepare", lambda group: False)
        start = time.monotonic()
        answer = solved(evening(), seconds=1)
        assert time.monotonic() - start < 2
        assert answer["left"] == []

    def test_same_input_same_seed_same_answer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(solving, "WORK", 100_000)
        first, second, other = (solved(NIGHT, seconds=20, seed=seed) for seed in (0, 0, 1))
        assert first["trips"] == second["trips"]
        assert first["trips"] != other["trips"]

    def test_no_time_is_refused(self) -> None:
        with pytest.raises(ValueError, match="seconds must be above 0"):
            buses.solve(buses.read(evening()), seconds=0)


class TestHowGood:
    def test_a_night_is_far_better_than_a_desk_plans_it_and_nobody_is_left_whom_a_coach_could_take(
        self,
    ) -> None:
        problem = buses.read(NIGHT)
        answer = buses.solve(problem, seconds=2)
        lost = 1_000 * sum(answer.left.values())
        assert {entry.reason.code for entry in answer.unmet} == {"too_far"}
        assert answer.standing.value.total - lost < 0.4 * (benchmark.desk(problem) - lost)

    def test_ten_nights_are_cut_into_jobs(self) -> None:
        answer = solved(city.buses(3, 1), seconds=4)
        assert all(entry["reason_code"] == "too_far" for entry in answer["unmet"])

    def test_a_public_instance_is_planned_well(self) -> None:
        text = X101.read_text(encoding="utf-8")
        data = cvrplib.question(text)
        answer = solved(data, seconds=2)
        assert len(data["groups"]) == 100
        assert 27_591 <= answer["value"]["total"] <= 1.12 * 27_591
        assert answer["left"] == []


def test_previous_may_be_the_answer_as_it_was_written() -> None:
    first = solved(evening())
    before = copy.deepcopy(first)
    buses.read(evening(previous=first))
    assert first == before

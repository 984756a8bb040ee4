"""Sending an invented city's volunteers to its posts, and small nights against every plan there is."""

from __future__ import annotations

import copy
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.planning.city import surge as city
from benchmarks.planning.surge import first_come_value
from haitang.planning import surge
from haitang.planning.deadline import Deadline
from haitang.planning.kinds import kind
from haitang.planning.reading import BadInput
from haitang.planning.surge import apart, parts, teams
from haitang.planning.surge.framing import frame
from tests.planning import surge_oracle as oracle

Data = dict[str, Any]


def night() -> Data:
    """Two posts, two slots, one muster point; u1 has three people, u2 has two."""
    return {
        "kind": "surge",
        "musters": [{"id": "m1", "lon": 120.95, "lat": 31.39}],
        "posts": [
            {"id": "near", "lon": 120.96, "lat": 31.39, "area": "t1"},
            {"id": "far", "lon": 121.05, "lat": 31.39},
        ],
        "slots": [
            {"id": "late", "start": "2022-02-20T00:00+08:00", "end": "2022-02-20T06:00+08:00"},
            {"id": "early", "start": "2022-02-20T06:00+08:00", "end": "2022-02-20T12:00+08:00"},
        ],
        "volunteers": [
            person("a", "u1", ["register"]),
            person("b", "u1", ["order", "register"]),
            person("c", "u1", [], end="2022-02-20T06:00+08:00"),
            person("d", "u2", ["medic"]),
            person("e", "u2", ["order"], start="2022-02-20T05:00+08:00"),
        ],
        "demands": [
            {"post": "near", "slot": "late", "skill": "register", "count": 2, "priority": 1},
            {"post": "near", "slot": "late", "skill": "any", "count": 1, "priority": 3},
            {"post": "far", "slot": "early", "skill": "order", "count": 1, "priority": 2},
            {"post": "far", "slot": "early", "skill": "medic", "count": 1, "priority": 2},
        ],
    }


def person(name: str, unit: str, skills: list[str], **when: str) -> Data:
    start = when.get("start", "2022-02-19T22:00+08:00")
    end = when.get("end", "2022-02-20T14:00+08:00")
    return {"id": name, "unit": unit, "muster": "m1", "skills": skills, "from": start, "to": end}


def solve(data: Data, **how: Any) -> Data:
    answer = surge.solve(surge.read(data), **{"seconds": 2, **how}).as_dict()
    oracle.check(data, answer)
    return answer


class TestOneNight:
    def test_everybody_goes_where_their_unit_goes(self) -> None:
        answer = solve(night())
        assert answer["unmet"] == []
        assert {name: place[0] for name, place in oracle.plan_of(answer).items()} == {
            "a": "near", "b": "near", "c": "near", "d": "far", "e": "far"
        }  # fmt: skip
        assert answer["value"]["split"] == 40
        assert answer["status"] == "optimal"

    def test_nobody_goes_when_they_are_not_there(self) -> None:
        data = night()
        data["volunteers"][3]["from"] = "2022-02-20T06:00:01+08:00"
        answer = solve(data)
        (unmet,) = answer["unmet"]
        assert (unmet["how_many"], unmet["ids"], unmet["reason_code"]) == (1, ["far"], "nobody_able")
        assert unmet["would_help_code"] == "more_time"
        assert "d" not in oracle.plan_of(answer)

    def test_what_would_help_does_help(self) -> None:
        data = night()
        data["demands"][3]["count"] = 3
        (unmet,) = solve(data)["unmet"]
        assert unmet["reason_code"] == "all_elsewhere"
        assert unmet["would_help"] == "2 more people with the skill 'medic' for 'early'"
        data["volunteers"] += [person(name, "u2", ["medic"]) for name in ("x", "y")]
        assert solve(data)["unmet"] == []

    def test_a_way_that_weighs_more_than_an_empty_place_is_not_gone(self) -> None:
        answer = solve({**night(), "weights": {"unmet": [600, 10, 10]}})
        assert {entry["reason_code"] for entry in answer["unmet"]} == {"too_far"}

    def test_times_may_be_minutes_from_the_start(self) -> None:
        data = night()
        data["slots"][0] |= {"start": 0, "end": 360}
        assert solve({**data, "start": "2022-02-20T00:00+08:00"})["value"] == solve(night())["value"]

    def test_two_demands_of_one_kind_are_filled_from_the_higher_priority(self) -> None:
        data = night()
        data["demands"].append({**data["demands"][0], "priority": 3, "count": 5})
        answer = solve(data)
        assert answer["value"]["unmet"] == 5 * 150

    def test_a_matrix_goes_before_coordinates(self) -> None:
        ids = ["m1", "near", "far"]
        minutes = [[0, 100, 7], [0, 0, 0], [0, 0, 0]]
        data = {**night(), "matrix": {"ids": ids, "km": [[0] * 3] * 3, "minutes": minutes}}
        answer = surge.solve(surge.read(data), seconds=2).as_dict()
        assert answer["value"]["travel"] == 3 * 100 + 2 * 7


class TestNobodyAndNothing:
    @pytest.mark.parametrize("empty", [["volunteers"], ["demands"], ["volunteers", "demands"]])
    def test_is_a_proven_plan(self, empty: list[str]) -> None:
        answer = solve({**night(), **{key: [] for key in empty}})
        assert answer["assignments"] == []
        assert answer["status"] == "optimal"

    def test_everything_empty(self) -> None:
        answer = solve({key: [] for key in ("volunteers", "musters", "posts", "slots", "demands")})
        assert answer["value"]["total"] == answer["bound"] == 0

    def test_a_demand_for_nobody_is_met(self) -> None:
        data = night()
        data["demands"] = [{**data["demands"][0], "count": 0}]
        assert solve(data)["unmet"] == []

    def test_a_hundred_thousand_places_are_no_trouble(self) -> None:
        data = night()
        data["demands"][0]["count"] = 100_000
        answer = solve(data)
        assert answer["value"]["unmet"] >= 600 * (100_000 - 5)


class TestLocks:
    def test_stay_whatever_they_cost(self) -> None:
        lock = {"volunteer": "b", "post": "far", "slot": "early", "skill": "order"}
        answer = solve({**night(), "locked": [lock]})
        assert oracle.plan_of(answer)["b"] == ("far", "early", "order")
        assert answer["value"]["total"] > solve(night())["value"]["total"]

    def test_a_team_that_stands_anyway_takes_others_for_nothing(self) -> None:
        lock = {"volunteer": "a", "post": "near", "slot": "late", "skill": "register"}
        assert solve({**night(), "locked": [lock]})["value"] == solve(night())["value"]

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"volunteer": "z"}, "$.locked[0].volunteer: no volunteer has the id 'z'"),
            ({"skill": "medic"}, "$.locked[0].skill: 'b' does not have it"),
            (
                {"volunteer": "c", "skill": "any", "slot": "early"},
                "$.locked[0].slot: 'c' is not there all that time",
            ),
            ({"post": "near"}, "$.locked[0]: no place is asked for there"),
        ],
    )
    def test_that_break_a_rule_are_refused(self, changes: Data, message: str) -> None:
        lock = {"volunteer": "b", "post": "far", "slot": "early", "skill": "order", **changes}
        with pytest.raises(BadInput) as refused:
            surge.read({**night(), "locked": [lock]})
        assert str(refused.value).startswith(message)


class TestReplan:
    def test_nothing_changes_while_nothing_changed(self) -> None:
        data = city(seed=3, weights={"split": 0})
        data["volunteers"], data["demands"] = data["volunteers"][:300], data["demands"][:200]
        before = solve(data)
        answer = solve({**data, "previous": before})
        assert answer["changes"] == []
        assert answer["value"]["changes"] == 0
        assert answer["status"] == "optimal"

    def test_who_drops_out_moves_few(self) -> None:
        data = city(seed=3)
        data["volunteers"], data["demands"] = data["volunteers"][:120], data["demands"][:80]
        before = solve(data)
        gone = {entry["volunteer"] for entry in before["assignments"][::20]}
        data["volunteers"] = [v for v in data["volunteers"] if v["id"] not in gone]
        answer = solve({**data, "previous": before})
        moved = [change for change in answer["changes"] if change["why_code"] == "better"]
        assert gone <= {change["volunteer"] for change in answer["changes"] if change["why_code"] == "gone"}
        assert len(moved) <= len(before["assignments"]) // 5

    def test_a_dear_change_is_not_made_and_a_free_one_is(self) -> None:
        data = night()
        data["demands"].append({"post": "far", "slot": "late", "skill": "any", "count": 5, "priority": 3})
        bad = {"volunteer": "c", "post": "far", "slot": "late", "skill": "any"}
        previous = {"assignments": [bad]}
        dear = solve({**data, "previous": previous, "weights": {"change": 5000}})
        free = solve({**data, "previous": previous, "weights": {"change": 0}})
        assert oracle.plan_of(dear)["c"][0] == "far"
        assert free["value"]["total"] == pytest.approx(solve(data)["value"]["total"])


class TestExplaining:
    def test_extra_costs_are_what_the_other_plan_costs_more(self) -> None:
        data = night()
        problem = surge.read(data)
        answer = surge.solve(problem, seconds=2)
        plan = oracle.plan_of(answer.as_dict())
        for name in plan:
            told = kind("surge").explain(problem, answer, name)
            other = told["next_best"]
            changed = {**plan}
            if other["exchange"]:
                changed[other["exchange"]] = plan[name]
            if other["place"] is None:
                del changed[name]
            else:
                changed[name] = (other["place"]["post"], other["place"]["slot"], other["place"]["skill"])
            assert other["extra"] == pytest.approx(
                oracle.total(data, changed) - oracle.total(data, plan), abs=1e-3
            )
            assert other["extra"] >= 0

    def test_says_who_goes_with_their_unit_and_what_rules_out_the_rest(self) -> None:
        problem = surge.read(night())
        told = surge.explain(problem, surge.solve(problem, seconds=2), "c")
        assert told["why_code"] == "team"
        assert {rule["code"]: rule["how_many"] for rule in told["excluded"]} == {
            "not_there": 2,
            "no_skill": 1,
        }

    def test_an_unknown_volunteer_is_refused(self) -> None:
        problem = surge.read(night())
        with pytest.raises(BadInput, match="no volunteer has the id 'zz'"):
            surge.explain(problem, surge.solve(problem, seconds=1), "zz")


BAD: list[tuple[str, Any, str]] = [
    ("colour", 1, "$: unknown key 'colour'"),
    ("kind", "roster", "$.kind: must be 'surge'"),
    ("slots.0.end", "2022-02-19T00:00+08:00", "$.slots[0].end: must not be before 'start'"),
    ("slots.1.id", "late", "$.slots[1].id: slot 'late' is there twice"),
    ("volunteers.0.to", "2022-02-19T00:00+08:00", "$.volunteers[0].to: must not be before 'from'"),
    ("volunteers.0.from", "2022-02-19T00:00", "$.volunteers[0].from: needs an offset"),
    ("volunteers.0.from", 5, "$.volunteers[0].from: is in minutes while"),
    ("volunteers.0.muster", "m9", "$.volunteers[0].muster: no muster has the id 'm9'"),
    ("volunteers.0.skills", "medic", "$.volunteers[0].skills: must be a list"),
    ("volunteers.0.age", 30, "$.volunteers[0]: unknown key 'age'"),
    ("demands.0.count", -1, "$.demands[0].count: must be 0 or more"),
    ("demands.0.priority", 4, "$.demands[0].priority: must be 3 or less"),
    ("demands.0.post", "p9", "$.demands[0].post: no post has the id 'p9'"),
    ("demands.0.slot", "noon", "$.demands[0].slot: no slot has the id 'noon'"),
    ("posts.0.lat", None, "$.posts[0]: needs both"),
    ("musters", [{"id": "m1"}], "$.musters[0]: needs 'lon' and 'lat'"),
    ("weights", {"unmet": [1, 2]}, "$.weights.unmet: must have 3 numbers"),
    ("weights", {"tea": 1}, "$.weights: unknown key 'tea'"),
    ("previous", {}, "$.previous: needs 'assignments'"),
]


@pytest.mark.parametrize(("path", "value", "message"), BAD, ids=[message for _, _, message in BAD])
def test_refuses_with_the_path(path: str, value: Any, message: str) -> None:
    data = copy.deepcopy(night())
    target: Any = data
    *keys, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    for key in keys:
        target = target[key]
    target[last] = value
    with pytest.raises(BadInput) as refused:
        surge.read(data)
    assert str(refused.value).startswith(message)


@st.composite
def nights(draw: st.DrawFn) -> Data:
    places = [{"lon": 120.9 + n / 50, "lat": 31.3 + n % 2 / 30} for n in range(3)]
    goals = draw(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=4))
    span = st.tuples(st.sampled_from([-60, 0, 1]), st.sampled_from([200, 359, 360, 720]))
    people = draw(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1), span), min_size=1, max_size=4))
    data = {
        "musters": [{"id": f"m{n}", **places[n]} for n in range(2)],
        "posts": [{"id": f"p{n}", **places[n + 1]} for n in range(2)],
        "slots": [{"id": "s0", "start": 0, "end": 360}, {"id": "s1", "start": 360, "end": 720}],
        "volunteers": [
            {
                "id": f"v{n}",
                "unit": f"u{unit}",
                "muster": f"m{muster}",
                "skills": draw(st.sampled_from([[], ["x"], ["x", "y"]])),
                "from": start,
                "to": end,
            }
            for n, (unit, muster, (start, end)) in enumerate(people)
        ],
        "demands": [
            {
                "post": f"p{post}",
                "slot": f"s{slot}",
                "skill": draw(st.sampled_from(["any", "x", "y"])),
                "count": draw(st.integers(0, 3)),
                "priority": draw(st.integers(1, 3)),
            }
            for post, slot in goals
        ],
    }
    if draw(st.booleans()):
        data["weights"] = {"unmet": [30, 20, 10], "split": draw(st.sampled_from([0, 5, 40]))}
    if draw(st.booleans()):
        had = st.sampled_from([("p0", "s0"), ("p1", "s0"), ("p1", "s1"), ("gone", "s1")])
        before = [(v["id"], *draw(had)) for v in data["volunteers"]]
        data["previous"] = {
            "assignments": [{"volunteer": v, "post": p, "slot": s, "skill": "x"} for v, p, s in before]
        }
    return data


@given(nights())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_no_plan_is_cheaper_than_the_bound_and_few_are_cheaper_than_the_plan(data: Data) -> None:
    answer = surge.solve(surge.read(data), seconds=1).as_dict()
    oracle.check(data, answer)
    least = oracle.best(data)
    assert answer["bound"] <= least + 1e-5
    assert answer["value"]["total"] >= least - 1e-5
    if answer["status"] == "optimal" or data.get("weights", {}).get("split") == 0:
        assert answer["value"]["total"] == pytest.approx(least, abs=1e-3)


@pytest.fixture(scope="module")
def kunshan() -> Data:
    data = city(seed=1)
    keep = {d["post"] for d in data["demands"][:300]}
    data["demands"] = [d for d in data["demands"] if d["post"] in keep]
    data["volunteers"] = data["volunteers"][::5]
    return data


class TestAPartOfACity:
    def test_without_teams_is_proven(self, kunshan: Data) -> None:
        answer = solve({**kunshan, "weights": {"split": 0}})
        assert answer["status"] == "optimal"

    def test_prices_left_out_ways_until_none_would_help(
        self, kunshan: Data, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = solve({**kunshan, "weights": {"split": 0}})
        monkeypatch.setattr(apart, "NEAR", 2)
        few = solve({**kunshan, "weights": {"split": 0}})
        assert few["value"]["total"] == pytest.approx(whole["value"]["total"], abs=0.01)
        assert few["status"] == "optimal"

    def test_costs_much_less_than_first_come(self, kunshan: Data) -> None:
        problem = surge.read(kunshan)
        answer = surge.solve(problem, seconds=3)
        oracle.check(kunshan, answer.as_dict())
        assert answer.standing.value.total <= 0.8 * first_come_value(problem)

    def test_is_ready_in_time(self, kunshan: Data) -> None:
        problem = surge.read(kunshan)
        began = time.monotonic()
        surge.solve(problem, seconds=1)
        assert time.monotonic() - began < 1.5

    def test_in_parts_is_a_plan_with_a_true_bound(
        self, kunshan: Data, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        alone = solve({**kunshan, "weights": {"split": 0}})
        monkeypatch.setattr(parts, "TABLE", 3_000)
        framed = frame(surge.read(kunshan))
        assert len(parts.parts(framed.model, framed.muster_places)) > 1
        answer = solve(kunshan)
        assert answer["bound"] >= 0.99 * alone["bound"]

    def test_any_prices_and_shares_are_a_bound(self, kunshan: Data) -> None:
        model = frame(surge.read({**kunshan, "weights": {"unmet": [40, 30, 20]}})).model
        value = model.total(apart.solve(model, Deadline(20)).plan)  # type: ignore[union-attr]
        rng = np.random.default_rng(0)
        for scale in (0.0, 5.0, 40.0):
            rise = teams.Rise(model, rng.uniform(0, scale + 1e-9, len(model.room)))
            rise.share[:] = rng.uniform(0, 1, len(rise.share))
            sums = np.add.reduceat(rise.share, rise.pairs.team[:-1])
            sizes = np.diff(rise.pairs.team)
            rise.toll[:] = (
                rise.share / np.repeat(sums, sizes) * np.repeat(rise.pairs.charge, sizes) / rise.pairs.size
            )
            assert rise.bound(rise.idle()) <= value

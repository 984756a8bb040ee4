"""Each fault of a coverage plan is found where it stands."""

from __future__ import annotations

import copy

import pytest

from haitang.planning import coverage
from haitang.planning.checking import check
from tests.planning.planting import Fault, adding, both, dropping, example, given, setting
from tests.planning.rules import rules_of

# wu lives in b1 and has b1 and b3; chen has b2. They back each other.
FAULTS = [
    Fault(setting("assignments.0.building", "b9"), "$.assignments[0].building", "unknown_id"),
    Fault(setting("assignments.0.building", 7), "$.assignments[0].building", "wrong_type"),
    Fault(setting("assignments.1.steward", "li"), "$.assignments[1].steward", "unknown_id"),
    Fault(setting("assignments.1.backup", "li"), "$.assignments[1].backup", "unknown_id"),
    Fault(dropping("assignments.1.backup"), "$.assignments[1].backup", "missing"),
    Fault(setting("assignments.1.building", "b1"), "$.assignments[1]", "twice"),
    Fault(setting("assignments.1.steward", "wu"), "$.assignments[2].steward", "too_many", 1),
    Fault(setting("assignments.1.backup", "chen"), "$.assignments[1].backup", "own_backup"),
    Fault(setting("assignments.1.steward", None), "$.assignments[1].backup", "backup_of_nothing"),
    Fault(setting("assignments.1.backup", None), "$.assignments[1].backup", "no_backup"),
    Fault(setting("assignments.0.steward", "chen"), "$.assignments[0]", "locked"),
    Fault(given("locked.0.building", "b2"), "$.assignments[1]", "locked"),
    Fault(
        given("locked.0", {"building": "b1", "steward": "wu", "backup": "wu"}), "$.assignments[0]", "locked"
    ),
    Fault(both(dropping("assignments.0"), setting("unmet", [])), "$.assignments", "locked"),
    Fault(dropping("assignments.1"), "$.unmet", "unmet", -1),
    Fault(dropping("assignments.1"), "$.value.uncovered", "value", -10_000),
    Fault(setting("value.uneven", 42), "$.value.uneven", "value", -1),
    Fault(setting("value.walking", 0), "$.value.walking", "value", -8.949917),
    Fault(setting("mean_households", 80), "$.mean_households", "mean", -5.5),
    Fault(
        adding("unmet", {"what": "tea", "how_many": 1, "reason": "a", "would_help": "b"}),
        "$.unmet[0].what",
        "unmet",
    ),
    Fault(
        adding("unmet", {"what": "building", "how_many": 1, "ids": ["b1"], "reason": "a", "would_help": "b"}),
        "$.unmet[0].ids[0]",
        "unmet",
    ),
    Fault(
        both(
            dropping("assignments.1"),
            adding(
                "unmet",
                {"what": "building", "how_many": 2, "ids": ["b2", "b2"], "reason": "a", "would_help": "b"},
            ),
        ),
        "$.unmet[0].ids[1]",
        "twice",
    ),
    Fault(given("stewards.1.max_buildings", 0), "$.assignments[1].steward", "too_many", 1),
    Fault(given("weights", {"walking": 60}), "$.value.walking", "value", -8.949917),
    Fault(given("detour", 2.7), "$.value.walking", "value", -8.949917),
]
# The same plan as a re-plan: before, chen had b3 and wu b2.
MOVED = [
    Fault(dropping("value.changes"), "$.value.changes", "missing"),
    Fault(setting("value.changes", 60), "$.value.changes", "value", -60),
    Fault(dropping("changes"), "$.changes", "missing"),
    Fault(dropping("changes.0"), "$.changes", "changes"),
    Fault(setting("changes.0.to", "wu"), "$.changes[0]", "changes"),
    Fault(setting("changes.0.building", "b1"), "$.changes[0]", "changes"),
    Fault(
        setting("changes.1", {"building": "b2", "role": "steward", "from": "wu", "to": "chen"}),
        "$.changes[1]",
        "twice",
    ),
    Fault(setting("changes.0.role", 5), "$.changes[0].role", "wrong_type"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_is_found(fault: Fault) -> None:
    findings = fault.found(*example("coverage"))
    assert fault.is_in(findings), findings


@pytest.mark.parametrize("fault", MOVED, ids=str)
def test_a_fault_of_a_new_plan_is_found(fault: Fault) -> None:
    data, _ = example("coverage")
    before = [
        {"building": "b1", "steward": "wu", "backup": "chen"},
        {"building": "b2", "steward": "wu", "backup": "chen"},
        {"building": "b3", "steward": "chen", "backup": "wu"},
    ]
    data |= {"previous": {"assignments": before}, "weights": {"change": 1}}
    answer = coverage.solve(coverage.read(data), seconds=5).as_dict()
    assert check(data, answer) == []
    assert answer["value"]["changes"] == 2
    if fault.path == "$.value.changes" and fault.by:
        fault = Fault(fault.plant, fault.path, fault.rule, 58)
    findings = fault.found(data, answer)
    assert fault.is_in(findings), findings


def test_every_rule_is_broken_once() -> None:
    own = rules_of("coverage.py") | rules_of("changes.py") | rules_of("unmet.py")
    assert own - {fault.rule for fault in FAULTS + MOVED} == {"not_nearest"}


class TestBackups:
    def test_a_free_steward_who_lives_nearer_is_found(self) -> None:
        data, answer = example("coverage")
        data["stewards"].append({"id": "li", "home_building": "b2", "max_buildings": 0})
        finding = next(one for one in check(data, answer) if one.rule == "not_nearest")
        assert finding.path == "$.assignments[0].backup"
        assert finding.text.startswith("'li' is free and 0.1")

    def test_the_earlier_one_may_live_two_km_farther(self) -> None:
        data = {
            "kind": "coverage",
            "buildings": [{"id": "b1", "households": 9}],
            "stewards": [{"id": name, "max_buildings": int(name == "wu")} for name in ("wu", "chen", "li")],
            "matrix": {"ids": ["b1", "wu", "chen", "li"], "km": [[0] * 4, [0] * 4, [1] * 4, [2.9] * 4]},
            "previous": {"assignments": [{"building": "b1", "steward": "wu", "backup": "li"}]},
        }
        answer = coverage.solve(coverage.read(data), seconds=5).as_dict()
        assert answer["assignments"][0]["backup"] == "li"
        assert check(data, answer) == []
        farther = copy.deepcopy(data)
        farther["matrix"]["km"][3] = [3.1] * 4
        assert [(one.path, one.rule) for one in check(farther, answer)] == [
            ("$.assignments[0].backup", "not_nearest")
        ]

    def test_a_locked_one_may_live_anywhere(self) -> None:
        data, answer = example("coverage")
        data["locked"][0]["backup"] = "chen"
        data["stewards"].append({"id": "li", "home_building": "b1", "max_buildings": 0})
        findings = [one for one in check(data, answer) if one.rule == "not_nearest"]
        assert "$.assignments[0].backup" not in [one.path for one in findings]


def test_nobody_backs_a_fifth_building() -> None:
    data, answer = example("coverage")
    data["stewards"][0]["max_buildings"] = 9
    data["buildings"] += [{**data["buildings"][0], "id": f"c{n}"} for n in range(5)]
    answer["assignments"] += [{"building": f"c{n}", "steward": "wu", "backup": "chen"} for n in range(5)]
    assert Fault(lambda data, answer: None, "$.assignments[5].backup", "too_many", 1).is_in(
        check(data, answer)
    )


def test_a_home_that_nobody_knows_is_the_middle_of_the_buildings() -> None:
    data, _ = example("coverage")
    data["stewards"][1] = {"id": "chen", "max_buildings": 1}
    answer = coverage.solve(coverage.read(data), seconds=5).as_dict()
    assert check(data, answer) == []

"""Each fault of a surge plan is found where it stands."""

from __future__ import annotations

import pytest

from haitang.planning.checking import check
from tests.planning.planting import Fault, both, dropping, example, given, setting
from tests.planning.rules import rules_of

LATE = "2022-02-20T00:30+08:00"
V3 = {"id": "v3", "unit": "u2", "muster": "m1", "skills": [], "from": LATE, "to": "2022-02-20T08:00+08:00"}
# v1 registers at p1, v2 (of the same unit) does anything there; a third place stays empty.
FAULTS = [
    Fault(setting("assignments.0.volunteer", "v9"), "$.assignments[0].volunteer", "unknown_id"),
    Fault(setting("assignments.0.post", "p9"), "$.assignments[0].post", "unknown_id"),
    Fault(setting("assignments.0.slot", "noon"), "$.assignments[0].slot", "unknown_id"),
    Fault(setting("assignments.0.skill", []), "$.assignments[0].skill", "wrong_type"),
    Fault(setting("assignments.1.volunteer", "v1"), "$.assignments[1]", "twice"),
    Fault(setting("assignments.0.skill", "medic"), "$.assignments[0].skill", "skill"),
    Fault(setting("assignments.0.skill", "medic"), "$.assignments[0]", "no_demand"),
    Fault(setting("assignments.0.post", "p2"), "$.assignments[0]", "no_demand"),
    Fault(setting("assignments.1.skill", "register"), "$.assignments[1]", "too_many", 1),
    Fault(given("volunteers.0.from", LATE), "$.assignments[0].slot", "hours", 30),
    Fault(given("volunteers.0.to", "2022-02-20T05:45+08:00"), "$.assignments[0].slot", "hours", 15),
    Fault(
        given("locked", [{"volunteer": "v1", "post": "p1", "slot": "night", "skill": "any"}]),
        "$.assignments[0]",
        "locked",
    ),
    Fault(
        both(
            given("locked", [{"volunteer": "v2", "post": "p1", "slot": "night", "skill": "any"}]),
            dropping("assignments.1"),
        ),
        "$.assignments",
        "locked",
    ),
    Fault(dropping("assignments.1"), "$.unmet", "unmet", -1),
    Fault(dropping("assignments.0"), "$.value.unmet", "value", -600),
    Fault(setting("value.travel", 0), "$.value.travel", "value", -23.759134),
    Fault(given("volunteers.1.unit", "u2"), "$.value.split", "value", -20),
    Fault(given("demands.1.priority", 2), "$.value.unmet", "value", -150),
    Fault(given("weights", {"unmet": [600, 300, 100]}), "$.value.unmet", "value", 50),
    Fault(given("weights", {"travel": 2}), "$.value.travel", "value", -23.759134),
    Fault(given("weights", {"split": 21}), "$.value.split", "value", -1),
    Fault(given("speed_kmh", 60), "$.value.travel", "value", 11.879567),
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_is_found(fault: Fault) -> None:
    findings = fault.found(*example("surge"))
    assert fault.is_in(findings), findings


def test_every_rule_is_broken_once() -> None:
    own = rules_of("surge.py") | rules_of("posting.py")
    assert own <= {fault.rule for fault in FAULTS}


def test_the_dearest_places_of_several_alike_count_as_filled() -> None:
    data, answer = example("surge")
    data["demands"].append({"post": "p1", "slot": "night", "skill": "any", "count": 1, "priority": 1})
    answer["value"] |= {"unmet": 300, "total": answer["value"]["total"] + 150}
    answer |= {"bound": None, "gap": None, "status": "feasible"}
    answer["unmet"][0]["how_many"] = 2
    assert check(data, answer) == []


def test_a_matrix_goes_before_coordinates() -> None:
    data, answer = example("surge")
    ids = ["m1", "p1", "p2"]
    data["matrix"] = {"ids": ids, "km": [[1] * 3] * 3, "minutes": [[5, 7, 9]] * 3}
    answer["value"] |= {"travel": 14, "total": 184}
    assert check(data, {**answer, "bound": 184}) == []

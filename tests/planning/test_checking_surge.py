"""Each fault of a surge plan is found where it stands."""

from __future__ import annotations

import pytest

from haitang.planning.checking import check
from tests.planning.planting import Data, Fault, Step, both, dropping, example, given, setting
from tests.planning.rules import rules_of

LATE = "2022-02-20T00:30+08:00"
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


class TestReplan:
    """Before, v2 registered at p1, v1 did anything there, v4 was at p2, where nobody is asked for, and v9 is gone."""

    def replanned(self) -> tuple[Data, Data]:
        data, answer = example("surge")
        place = {"post": "p1", "slot": "night", "skill": "any"}
        elsewhere = {**place, "post": "p2"}
        register = {**place, "skill": "register"}
        before = [("v2", register), ("v1", place), ("v9", place), ("v4", elsewhere)]
        data["previous"] = {"assignments": [{"volunteer": name, **had} for name, had in before]}
        data["volunteers"].append({**data["volunteers"][1], "id": "v4"})
        answer["changes"] = [
            {"volunteer": "v1", "from": place, "to": register},
            {"volunteer": "v2", "from": register, "to": place},
            {"volunteer": "v4", "from": elsewhere, "to": None},
            {"volunteer": "v9", "from": place, "to": None},
        ]
        answer["value"] |= {"changes": 60, "total": answer["value"]["total"] + 60}
        answer["bound"] += 60
        return data, answer

    def test_whoever_could_have_stayed_and_does_not_is_moved(self) -> None:
        assert check(*self.replanned()) == []

    @pytest.mark.parametrize(
        ("step", "by"),
        [
            (given("volunteers.1.skills", ["order"]), 30),  # v2 could not register again
            (given("volunteers.0.from", LATE), 30),  # v1 could not come in time
            (given("demands.0.count", 0), 30),  # nobody is asked to register
            (given("previous.assignments.3.post", "p1"), -30),  # v4 could have stayed
            (given("weights", {"change": 1}), 58),
        ],
    )
    def test_only_they_count(self, step: Step, by: float) -> None:
        findings = Fault(step, "", "").found(*self.replanned())
        assert Fault(step, "$.value.changes", "value", by).is_in(findings), findings

    def test_each_change_must_be_told_as_it_is(self) -> None:
        data, answer = self.replanned()
        answer["changes"][0]["to"] = None
        del answer["changes"][1]
        assert [(one.path, one.rule) for one in check(data, answer)] == [
            ("$.changes[0]", "changes"),
            ("$.changes", "changes"),
        ]


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

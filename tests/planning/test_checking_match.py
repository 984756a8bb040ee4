"""Each fault of a plan that matches needs and offers is found where it stands."""

from __future__ import annotations

import pytest

from haitang.planning.checking import check
from tests.planning.planting import Data, Fault, adding, both, dropping, example, given, setting
from tests.planning.rules import rules_of

O2 = {"need": "n1", "offer": "o2", "quantity": 1}
# n1 gets its one portion from o1, in the same building.
FAULTS = [
    Fault(setting("pairs.0.need", "n9"), "$.pairs[0].need", "unknown_id"),
    Fault(setting("pairs.0.offer", "o9"), "$.pairs[0].offer", "unknown_id"),
    Fault(setting("pairs.0.quantity", 0), "$.pairs[0].quantity", "too_small", 1),
    Fault(setting("pairs.0.quantity", 0.5), "$.pairs[0].quantity", "wrong_type"),
    Fault(setting("pairs.0.quantity", 2), "$.pairs[0].quantity", "too_many", 1),
    Fault(adding("pairs", O2), "$.pairs[1].quantity", "too_many", 1),
    Fault(adding("pairs", {"need": "n1", "offer": "o1", "quantity": 1}), "$.pairs[1]", "twice"),
    Fault(given("offers.0.quantity", 0), "$.pairs[0].quantity", "too_many", 1),
    Fault(given("offers.0.category", "medicine"), "$.pairs[0]", "category"),
    Fault(given("offers.0.until", "2022-02-20T08:30+08:00"), "$.pairs[0]", "hours", 30),
    Fault(given("locked", [{"need": "n1", "offer": "o2"}]), "$.pairs", "locked", 1),
    Fault(given("locked", [{"need": "n1", "offer": "o1", "quantity": 2}]), "$.pairs[0]", "locked", 1),
    Fault(dropping("pairs.0"), "$.unmet", "unmet", -1),
    Fault(dropping("pairs.0"), "$.value.unmet", "value", -600),
    Fault(both(dropping("pairs.0"), given("needs.0.urgency", 3)), "$.value.unmet", "value", -60),
    # 3.962977 minutes on foot, 14 floors and 2.
    Fault(setting("pairs.0.offer", "o2"), "$.value.distance", "value", -35.962977),
    Fault(given("offers.0.building", "b21"), "$.value.distance", "value", -62),
    Fault(setting("value.load", 5), "$.value.load", "value", 5),
    Fault(both(given("needs.0.quantity", 3), setting("pairs.0.quantity", 3)), "$.value.load", "value", -20),
    Fault(
        both(given("weights", {"unmet": [500, 1, 1]}), dropping("pairs.0")), "$.value.unmet", "value", -500
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_is_found(fault: Fault) -> None:
    findings = fault.found(*example("match"))
    assert fault.is_in(findings), findings


def test_every_rule_is_broken_once() -> None:
    assert rules_of("match.py") <= {fault.rule for fault in FAULTS}


def test_load_counts_what_a_helper_gives_in_all() -> None:
    data, answer = example("match")
    data["needs"][0]["quantity"] = 2
    data["offers"][1] |= {"helper": "huang", "building": "b22"}
    answer["pairs"].append({"need": "n1", "offer": "o2", "quantity": 1})
    answer |= {"value": {"total": 5, "unmet": 0, "distance": 0, "load": 5}, "bound": 5}
    assert check(data, answer) == []
    data["offers"][1]["helper"] = "li"
    assert [one.path for one in check(data, answer)][-1] == "$.bound"


class TestReplan:
    def replanned(self) -> tuple[Data, Data]:
        """Before, o2 gave one portion to n1, and two to a need that is gone."""
        data, answer = example("match")
        before = [{"need": "n1", "offer": "o2", "quantity": 1}, {"need": "n9", "offer": "o2", "quantity": 2}]
        data["previous"] = {"pairs": before}
        answer["changes"] = [
            {"need": "n1", "offer": "o2", "from": 1, "to": 0},
            {"need": "n9", "offer": "o2", "from": 2, "to": 0},
            {"need": "n1", "offer": "o1", "from": 0, "to": 1},
        ]
        answer["value"] |= {"changes": 10, "total": 10}
        answer["bound"] = 10
        return data, answer

    def test_counts_units_that_could_still_be_given(self) -> None:
        data, answer = self.replanned()
        assert check(data, answer) == []
        data["offers"][1]["until"] = "2022-02-20T08:00+08:00"
        assert Fault(both(), "$.value.changes", "value", 10).is_in(check(data, answer))

    def test_each_change_must_be_told_as_it_is(self) -> None:
        data, answer = self.replanned()
        answer["changes"][1]["to"] = 1
        del answer["changes"][2]
        assert [(one.path, one.rule) for one in check(data, answer)] == [
            ("$.changes[1]", "changes"),
            ("$.changes", "changes"),
        ]


def test_a_matrix_is_asked_by_the_building_and_else_by_the_id() -> None:
    data, answer = example("match")
    data["matrix"] = {"ids": ["b22", "n1", "o2", "o1"], "km": [[9] * 4, [9] * 4, [3] * 4, [9] * 4]}
    answer["pairs"][0]["offer"] = "o2"
    # 3 km at 4.5 km an hour, 14 floors and 2.
    answer |= {"value": {"total": 72, "unmet": 0, "distance": 72, "load": 0}, "bound": 72}
    assert check(data, answer) == []


def test_an_offer_that_names_no_helper_is_by_one_of_its_own_id() -> None:
    data, answer = example("match")
    data["needs"][0]["quantity"] = 2
    del data["offers"][0]["helper"]
    data["offers"][1] |= {"helper": "o1", "building": "b22"}
    answer["pairs"].append({"need": "n1", "offer": "o2", "quantity": 1})
    answer |= {"value": {"total": 5, "unmet": 0, "distance": 0, "load": 5}, "bound": 5}
    assert check(data, answer) == []

"""Plans made by hand hold; value, bound, gap and status that do not agree are found, and damage never raises."""

from __future__ import annotations

import copy
import json
import math
from typing import Any

import pytest
from hypothesis import given as drawing
from hypothesis import settings
from hypothesis import strategies as st

from haitang.planning import kinds
from haitang.planning.checking import check
from haitang.planning.reading import BadInput
from tests.planning.planting import Fault, dropping, example, given, setting
from tests.planning.rules import rules_of


class TestPlansMadeByHand:
    @pytest.mark.parametrize("kind", kinds.NAMES)
    def test_hold(self, kind: str) -> None:
        assert check(*example(kind)) == []

    @pytest.mark.parametrize("kind", kinds.NAMES)
    def test_hold_where_the_input_does_not_say_its_kind(self, kind: str) -> None:
        data, answer = example(kind)
        del data["kind"]
        assert check(data, answer) == []

    @pytest.mark.parametrize("kind", kinds.NAMES)
    def test_nothing_is_changed_by_the_check(self, kind: str) -> None:
        data, answer = example(kind)
        before = copy.deepcopy((data, answer))
        check(data, answer)
        assert (data, answer) == before


# All planted into the plan for surge, whose total and bound are 193.759134.
FAULTS = [
    Fault(setting("value.total", 190), "$.value.total", "value", -3.759134),
    Fault(setting("value.split", 21), "$.value.split", "value", 1),
    Fault(dropping("value.split"), "$.value.split", "missing"),
    Fault(setting("value.tea", 1), "$.value.tea", "unknown_term"),
    Fault(setting("value", 3), "$.value", "wrong_type"),
    Fault(setting("value.total", math.nan), "$.value.total", "wrong_type"),
    Fault(setting("value.total", "12"), "$.value.total", "wrong_type"),
    Fault(setting("value.total", True), "$.value.total", "wrong_type"),
    Fault(setting("value.total", 10**400), "$.value.total", "wrong_type"),
    Fault(setting("bound", 200), "$.bound", "bound_above_value", 6.240866),
    Fault(setting("bound", 100), "$.gap", "gap", -93.759134 / 193.759134),
    Fault(setting("bound", 193), "$.status", "status", 0.759134),
    Fault(setting("bound", None), "$.gap", "gap"),
    Fault(setting("bound", None), "$.status", "status"),
    Fault(dropping("bound"), "$.bound", "missing"),
    Fault(setting("gap", 0.01), "$.gap", "gap", 0.01),
    Fault(setting("gap", None), "$.gap", "wrong_type"),
    Fault(setting("status", "feasible"), "$.status", "status"),
    Fault(setting("status", "splendid"), "$.status", "status"),
    Fault(setting("status", 1), "$.status", "wrong_type"),
    Fault(setting("seconds", -2), "$.seconds", "too_small", 2),
    Fault(setting("seed", -1), "$.seed", "too_small", 1),
    Fault(setting("seed", 0.5), "$.seed", "wrong_type"),
    Fault(dropping("seed"), "$.seed", "missing"),
    Fault(setting("kind", "coverage"), "$.kind", "kind"),
    Fault(dropping("kind"), "$.kind", "missing"),
    Fault(setting("unmet", []), "$.unmet", "unmet", -1),
    Fault(setting("unmet.0.how_many", 2), "$.unmet", "unmet", 1),
    Fault(setting("unmet.0.how_many", 0), "$.unmet[0].how_many", "too_small", 1),
    Fault(setting("unmet.0.reason", ""), "$.unmet[0].reason", "wrong_type"),
    Fault(dropping("unmet.0.would_help"), "$.unmet[0].would_help", "missing"),
    Fault(setting("unmet", {}), "$.unmet", "wrong_type"),
    Fault(setting("unmet.0", 7), "$.unmet[0]", "wrong_type"),
    Fault(dropping("assignments"), "$.assignments", "missing"),
]


class TestFaults:
    @pytest.mark.parametrize("fault", FAULTS, ids=str)
    def test_are_found(self, fault: Fault) -> None:
        findings = fault.found(*example("surge"))
        assert fault.is_in(findings), findings

    def test_infeasible_needs_something_unmet(self) -> None:
        findings = Fault(setting("status", "infeasible"), "$.status", "status").found(*example("match"))
        assert [(one.path, one.rule) for one in findings] == [("$.status", "status")]

    def test_an_unknown_kind_in_the_answer_alone(self) -> None:
        data, answer = example("surge")
        del data["kind"]
        (finding,) = check(data, {**answer, "kind": "tea"})
        assert (finding.path, finding.rule) == ("$.kind", "kind")

    def test_a_bound_within_rounding_of_the_value_is_no_fault(self) -> None:
        data, answer = example("surge")
        assert check(data, {**answer, "bound": answer["bound"] + 1e-6}) == []
        assert check(data, {**answer, "bound": answer["bound"] - 1e-4, "gap": 5e-7}) == []

    def test_all_that_is_wrong_is_told_not_only_the_first(self) -> None:
        data, answer = example("surge")
        answer["value"]["split"] = 1
        answer["assignments"][0]["skill"] = "order"
        answer["seed"] = None
        rules = {finding.rule for finding in check(data, answer)}
        assert {"value", "skill", "no_demand", "wrong_type"} <= rules


class TestBadInput:
    @pytest.mark.parametrize("kind", kinds.NAMES)
    def test_is_refused_with_its_path(self, kind: str) -> None:
        data, answer = example(kind)
        lists = [key for key, value in data.items() if isinstance(value, list)]
        for key in lists:
            with pytest.raises(BadInput, match=rf"^\$\.{key}"):
                check({**data, key: 7}, answer)

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            ([], r"^\$: must be an object"),
            ({"kind": "tea"}, r"^\$\.kind: must be one of"),
            ({"kind": 7}, r"^\$\.kind: must be text"),
            ({"kind": "match"}, r"^\$: needs 'needs'"),
        ],
    )
    def test_of_the_wrong_kind_too(self, data: Any, message: str) -> None:
        with pytest.raises(BadInput, match=message):
            check(data, {"kind": "match"})

    def test_without_places_there_is_no_distance(self) -> None:
        data, answer = example("surge")
        given("musters.0", {"id": "m1"})(data, answer)
        with pytest.raises(BadInput, match="'m1' has neither 'lon' and 'lat' nor a matrix"):
            check(data, answer)
        given("matrix", {"ids": ["p1"], "km": [[0]]})(data, answer)
        with pytest.raises(BadInput, match=r"^\$\.matrix\.ids: 'm1' is not among them"):
            check(data, answer)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from([10**400, 10**9])
    | st.floats()
    | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def spots(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a JSON value where something can be put: (list or object, index or key)."""
    if not isinstance(value, dict | list):
        return []
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    return [(value, key) for key in keys] + [spot for key in keys for spot in spots(value[key])]


class TestDamage:
    @settings(max_examples=40, deadline=None)
    @drawing(data=st.data(), kind=st.sampled_from(kinds.NAMES))
    def test_never_raises(self, data: st.DataObject, kind: str) -> None:
        question, answer = example(kind)
        for _ in range(data.draw(st.integers(1, 4))):
            target, key = data.draw(st.sampled_from(spots(answer)))
            if data.draw(st.booleans()):
                target[key] = data.draw(JSON)
            else:
                target[key] = copy.deepcopy(data.draw(st.sampled_from(spots(answer)))[0])
        assert all(finding.path.startswith("$") for finding in check(question, answer))

    @settings(max_examples=20, deadline=None)
    @drawing(JSON)
    def test_is_never_called_a_plan_that_holds(self, answer: Any) -> None:
        assert check(example("match")[0], answer) != []

    @pytest.mark.parametrize("kind", kinds.NAMES)
    def test_a_missing_member_is_found_wherever_it_is_needed(self, kind: str) -> None:
        question, whole = example(kind)
        for number in range(len(spots(whole))):
            answer = copy.deepcopy(whole)
            target, key = spots(answer)[number]
            if isinstance(target, dict) and key not in FREE:
                del target[key]
                assert check(question, answer) != [], f"nobody misses {key!r} of {target}"


# What an answer may leave out.
FREE = ("ids", "reason_code", "would_help_code", "numbers", "mean_households")


def test_every_rule_of_the_standing_is_broken_once() -> None:
    own = rules_of("standing.py") | rules_of("finding.py") | rules_of("checks.py") | rules_of("unmet.py")
    assert own - {fault.rule for fault in FAULTS} == {
        "bad_time",
        "unknown_id",
        "twice",
    }  # found with the kinds


def test_findings_are_plain_values() -> None:
    data, answer = example("surge")
    (finding,) = check(data, {**answer, "seed": -2})
    assert str(finding) == "$.seed: is -2, must be 0 or more [too_small]"
    assert json.dumps(finding.__dict__)

"""Whatever a planner is fed, it refuses with a path or its answer passes the independent check; so do re-plans."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from haitang.planning import BadInput, kinds
from haitang.planning.checking import check
from tests.planning import feeding
from tests.planning.planting import example

WRITTEN = [name for name in kinds.NAMES if importlib.util.find_spec(f"haitang.planning.{name}")]
# Without shrinking, which would plan for minutes: inputs are small as they are.
FED = settings(
    deadline=None,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def answer_of(kind: str, data: dict[str, Any], seed: int = 0) -> dict[str, Any]:
    question = kinds.kind(kind)
    answer: dict[str, Any] = question.solve(question.read(data), seconds=1, seed=seed).as_dict()
    return answer


@pytest.mark.parametrize("kind", WRITTEN)
def test_the_small_example_is_answered_rightly(kind: str) -> None:
    data, by_hand = example(kind)
    answer = answer_of(kind, data)
    assert check(data, answer) == []
    assert answer["value"]["total"] <= by_hand["value"]["total"] + 1e-6
    again = data | {"previous": answer}
    assert check(again, answer_of(kind, again)) == []


@pytest.mark.parametrize("kind", WRITTEN)
def test_random_and_hostile_inputs(kind: str) -> None:
    @settings(FED, max_examples=10)
    @given(data=feeding.inputs(kind), seed=st.integers(0, 3))
    def feed(data: dict[str, Any], seed: int) -> None:
        try:
            answer = answer_of(kind, data, seed)
        except BadInput as refused:
            assert str(refused).startswith("$")
        else:
            assert check(data, answer) == []

    feed()


@pytest.mark.parametrize("kind", WRITTEN)
def test_re_plans_of_random_inputs(kind: str) -> None:
    @settings(FED, max_examples=8)
    @given(data=feeding.inputs(kind, hostile=False), draw=st.data())
    def feed(data: dict[str, Any], draw: st.DataObject) -> None:
        try:
            before = answer_of(kind, data)
            after = draw.draw(feeding.changed(data)) | {"previous": before}
            answer = answer_of(kind, after)
        except BadInput as refused:
            assert str(refused).startswith("$")
        else:
            assert check(after, answer) == []

    feed()

"""What a plan says of itself, in the reader's language."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from haitang.console.planning import REASONS, UnmetWords, in_words
from haitang.teams.models import CoveragePlan
from haitang.teams.queries import Proof, Unmet


def told(reason: str, **numbers: Any) -> UnmetWords:
    """Two buildings left out, in the words of a page."""
    plan = CoveragePlan(made_at=timezone.now(), made_by="the lead")
    unmet = Unmet("building", ("1", "2"), "too_far", reason, numbers)
    proof = Proof(plan=plan, is_optimal=True, total=1.0, bound=1.0, gap=0.0, changes=[], unmet=[unmet])
    return in_words(proof).unmet[0]


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [
        ("en", 1, "1 more steward would help"),
        ("en", 3, "3 more stewards would help"),
        ("zh-hans", 1, "再来 1 位管家就够了"),
        ("zh-hans", 3, "再来 3 位管家就够了"),
    ],
)
def test_says_how_many_more_stewards_would_help(language: str, number: int, words: str) -> None:
    with translation.override(language):
        assert told("more_stewards", more_stewards=number).would_help == words


@pytest.mark.parametrize(
    ("language", "names", "skills"), [("en", "1, 2", "nurse, driver"), ("zh-hans", "1、2", "nurse、driver")]
)
def test_lists_are_parted_as_the_language_does_it(language: str, names: str, skills: str) -> None:
    with translation.override(language):
        assert names in told("gone").what
        person = SimpleNamespace(pk=uuid4(), name="Wu", skills=["nurse", "driver"])
        row = render_to_string(
            "teams/_candidate.html", {"person": person, "team": SimpleNamespace(pk=uuid4())}
        )
        assert f">{skills}</td>" in row


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_reason_has_words(language: str) -> None:
    with translation.override(language):
        assert all(told(code, more_stewards=2).would_help for code in REASONS)

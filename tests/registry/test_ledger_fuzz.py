"""Thousands of hostile files: each is read or refused in words, within the memory that a small server has.

HAITANG_FUZZ_FILES=50000 tries more of them, HAITANG_FUZZ_SEED=night others.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.utils import timezone

from haitang.registry import ledger, services
from haitang.registry.ledger.messages import UNREADABLE
from tests.neighbourhood import GARDEN, OPERATOR, Neighbourhood, at
from tests.registry import fuzzing
from tests.scratch import environment

FILES = int(os.environ.get("HAITANG_FUZZ_FILES", "2000"))
SEED = os.environ.get("HAITANG_FUZZ_SEED", "haitang")
MOST_MIB = 300
LONGEST_SECONDS = 20
OF_AREAS = {"no_compound_column"}  # said of the list of a whole area only
RARE = {"bad_choice", "too_big", "too_much"}  # not met by small files that are read without choices

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux tells it")


def fuzzed(first: int, last: int) -> dict[str, Any]:
    """What came of the files of these numbers, in a process of their own."""
    command = [sys.executable, "-m", "tests.registry.fuzzing", SEED, str(first), str(last)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def found() -> list[dict[str, Any]]:
    halves = (0, FILES // 2), (FILES // 2, FILES)
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda half: fuzzed(*half), halves))


class TestHostileFiles:
    def test_never_bring_down_the_reader(self, found: list[dict[str, Any]]) -> None:
        assert [fault for half in found for fault in half["faults"]] == []

    def test_never_take_more_memory_than_a_small_server_has(self, found: list[dict[str, Any]]) -> None:
        for half in found:
            assert half["memory"] < MOST_MIB, half["largest"]

    def test_never_hold_anybody_up_for_long(self, found: list[dict[str, Any]]) -> None:
        for half in found:
            assert half["slowest"][0] < LONGEST_SECONDS, half["slowest"]

    def test_meet_every_refusal_and_are_read_where_that_is_possible(
        self, found: list[dict[str, Any]]
    ) -> None:
        counts = sum((Counter(half["counts"]) for half in found), Counter())
        assert counts.total() == FILES
        assert counts.keys() == (UNREADABLE.keys() - RARE - OF_AREAS) | {"read"}
        assert counts["read"] > FILES / 5


@pytest.mark.parametrize("number", range(len(fuzzing.KINDS)))
def test_one_of_each_kind_gets_a_preview_or_a_reason(number: int, neighbourhood: Neighbourhood) -> None:
    kind, content = fuzzing.hostile_file(SEED, number)
    now = timezone.now()
    try:
        given = services.preview_ledger(at(GARDEN), content, name=f"{kind}.xlsx", by=OPERATOR, now=now)
    except ledger.Unreadable as no:
        assert str(no.message)
    else:
        assert services.preview(given.pk, by=OPERATOR).figures.errors >= 0

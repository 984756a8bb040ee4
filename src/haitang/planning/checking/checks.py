"""One check for each kind, and which of them an answer gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from haitang.planning.reading import Node

from . import buses, coverage, match, roster, round, surge
from .finding import Entry, Faults, Finding
from .given import members

CHECKS: Mapping[str, Callable[[Node, Entry], None]] = {
    "coverage": coverage.check,
    "surge": surge.check,
    "roster": roster.check,
    "buses": buses.check,
    "round": round.check,
    "match": match.check,
}


def check(data: Any, answer: Any) -> list[Finding]:
    """All that is wrong with the answer to this input, as parsed from JSON; none if the plan holds.

    Raises BadInput, with the JSON path, if the input itself can't be planned with.
    """
    faults = Faults()
    told = Entry(answer, "$", faults)
    kind = _kind(Node(data), told.get("kind"))
    if kind is not None:
        CHECKS[kind](Node(data), told)
    return faults.found


def _kind(data: Node, told: Entry) -> str | None:
    """The kind of the question: the input says it, or else the answer."""
    given, known = members(data).get("kind"), ", ".join(CHECKS)
    if given is not None and given.text() not in CHECKS:
        raise given.refuse(f"must be one of {known}, is {given.value!r}")
    answered = told.text()
    if given is not None:
        if answered not in (None, given.value):
            told.note("kind", f"must be {given.value!r}, is {answered!r}")
        return str(given.value)
    if answered is not None and answered not in CHECKS:
        told.note("kind", f"must be one of {known}, is {answered!r}")
    return answered if answered in CHECKS else None

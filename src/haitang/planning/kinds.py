"""The questions the planner answers, by the name they have in JSON and on the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import coverage


@dataclass(frozen=True)
class Kind:
    """read(data) -> problem; solve(problem, seconds=, seed=) -> answer with as_dict(); explain(problem, answer, id)."""

    read: Callable[..., Any]
    solve: Callable[..., Any]
    explain: Callable[..., dict[str, Any]]


KINDS = {"coverage": Kind(coverage.read, coverage.solve, coverage.explain)}

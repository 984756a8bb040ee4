"""The questions the planner answers, by the name they have in JSON and on the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

NAMES = ("coverage", "surge", "roster", "buses", "round", "match")


@dataclass(frozen=True)
class Kind:
    """read(data) -> problem; solve(problem, seconds=, seed=) -> answer with as_dict(); explain(problem, answer, id)."""

    read: Callable[..., Any]
    solve: Callable[..., Any]
    explain: Callable[..., dict[str, Any]]


def kind(name: str) -> Kind:
    """One of NAMES. Only its own solver is loaded: some take seconds to import."""
    question = import_module(f"haitang.planning.{name}")
    return Kind(question.read, question.solve, question.explain)

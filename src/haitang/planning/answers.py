"""What every plan's answer has in common: its value, how far it can be from the best, what it could not do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PROVEN = 1e-6  # part of the value within which a plan counts as the best


@dataclass(frozen=True)
class Said:
    """Something to tell a person: a stable code and numbers for a screen, English text for a reader of JSON."""

    code: str
    text: str
    numbers: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Unmet:
    """A wish the plan could not meet: what, how many of which, why, and the cheapest thing that would help.

    count: how many in all, where several may be missing of one id; None: one of each.
    """

    what: str
    ids: tuple[str, ...]
    reason: Said
    would_help: Said
    count: int | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "how_many": len(self.ids) if self.count is None else self.count,
            "ids": list(self.ids),
            "reason": self.reason.text,
            "reason_code": self.reason.code,
            "would_help": self.would_help.text,
            "would_help_code": self.would_help.code,
            "numbers": {**self.reason.numbers, **self.would_help.numbers},
        }


@dataclass(frozen=True)
class Value:
    """Terms by name, in minute-equivalents; the total is their sum."""

    terms: Mapping[str, float]

    @property
    def total(self) -> float:
        return math.fsum(self.terms.values())

    def as_dict(self) -> dict[str, float]:
        return {"total": round(self.total, 6), **{name: round(term, 6) for name, term in self.terms.items()}}


@dataclass(frozen=True)
class Standing:
    """How good a plan is known to be: its value, a true bound below it or None, and what finding it took."""

    value: Value
    bound: float | None
    seconds: float
    seed: int

    @property
    def gap(self) -> float | None:
        """Part of the value by which a better plan could at most be cheaper."""
        if self.bound is None:
            return None
        total = self.value.total
        return max(0.0, total - self.bound) / total if total > 0 else 0.0

    @property
    def status(self) -> str:
        proven = self.bound is not None and self.value.total - self.bound <= PROVEN * max(
            1.0, self.value.total
        )
        return "optimal" if proven else "feasible"

    def as_dict(self) -> dict[str, Any]:
        # Six decimals everywhere, so that bound and value of a proven plan read alike.
        value, gap = self.value.as_dict(), self.gap
        return {
            "status": self.status,
            "value": value,
            "bound": None if self.bound is None else min(round(self.bound, 6), value["total"]),
            "gap": None if gap is None else round(gap, 9),
            "seconds": round(self.seconds, 3),
            "seed": self.seed,
        }

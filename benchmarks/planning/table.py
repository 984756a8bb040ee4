"""Lines of a benchmark's table, each measured in a process of its own, so that memory is that line's own peak."""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

from haitang.planning.answers import Standing


@dataclass(frozen=True)
class Line:
    """baselines: values of plans made in simple ways."""

    size: str
    seed: int
    value: float
    bound: float | None
    gap: float | None
    seconds: float
    megabytes: float
    baselines: tuple[float, ...]

    @classmethod
    def of(cls, size: str, seed: int, standing: Standing, *baselines: float) -> Line:
        total = standing.value.total
        return cls(size, seed, total, standing.bound, standing.gap, standing.seconds, megabytes(), baselines)

    def __str__(self) -> str:
        gap = "-" if self.gap is None else f"{self.gap:.4%}"
        ratios = [f"{self.value / other:.3f}" if other else "-" for other in self.baselines]
        memory = f"{self.megabytes:.0f}"
        return line((self.size, self.seed, self.value, self.bound, gap, self.seconds, memory, *ratios))


def show(size: str, *baselines: str) -> None:
    """The head of a table of Lines, with a ratio to each baseline by name."""
    print(
        head((size, "seed", "value", "bound", "gap", "seconds", "MB", *(f"of {name}" for name in baselines)))
    )


def measured(measure: Callable[..., Line], *values: Any) -> Line:
    """A line measured in a process of its own."""
    found: Line = alone(measure, *values)
    return found


def megabytes() -> float:
    """The most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def alone(function: Callable[..., Any], *values: Any) -> Any:
    """The function's answer, from a process started afresh."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *values).result()


def head(headings: Sequence[str]) -> str:
    return f"| {' | '.join(headings)} |\n|{'---:|' * len(headings)}"


def line(cells: Sequence[object]) -> str:
    return f"| {' | '.join(map(shown, cells))} |"


def shown(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.3f}" if abs(cell) < 10 else f"{cell:,.1f}"
    return "-" if cell is None else str(cell)

"""One line of a benchmark a process, so that memory is that line's own peak."""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable
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
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        total = standing.value.total
        return cls(size, seed, total, standing.bound, standing.gap, standing.seconds, megabytes, baselines)

    def __str__(self) -> str:
        bound = "-" if self.bound is None else f"{self.bound:,.1f}"
        gap = "-" if self.gap is None else f"{self.gap:.4%}"
        cells = (
            self.size,
            self.seed,
            f"{self.value:,.1f}",
            bound,
            gap,
            f"{self.seconds:.2f}",
            f"{self.megabytes:.0f}",
        )
        ratios = [f"{self.value / other:.3f}" if other else "-" for other in self.baselines]
        return "| " + " | ".join(map(str, (*cells, *ratios))) + " |"


def show(size: str, *baselines: str) -> None:
    """The head of the table, with a ratio to each baseline by name."""
    heads = (size, "seed", "value", "bound", "gap", "seconds", "MB", *(f"of {name}" for name in baselines))
    print("| " + " | ".join(heads) + " |")
    print("|" + "---:|" * len(heads), flush=True)


def measured(measure: Callable[..., Line], *values: Any) -> Line:
    """A line measured in a process of its own."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        return pool.submit(measure, *values).result()

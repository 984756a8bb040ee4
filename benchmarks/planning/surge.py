"""The surge planner against its own bound and first come, first served: `python -m benchmarks.planning.surge`."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from benchmarks.planning.city import surge as instance
from benchmarks.planning.table import Line, measured, show
from haitang.planning import surge
from haitang.planning.compiled import warm
from haitang.planning.surge.framing import frame
from haitang.planning.surge.greedy import first_come
from haitang.planning.surge.solving import KERNELS


def first_come_value(problem: surge.Problem) -> float:
    """The baseline: in the order of the list, everybody goes to the nearest place they could take."""
    framed = frame(problem)
    return framed.value(framed.whole(first_come(framed.model))).total


def measure(times: int, seconds: float, seed: int, more: dict[str, Any]) -> Line:
    problem = surge.read(instance(times, seed, **more))
    answer = surge.solve(problem, seconds=seconds, seed=seed)
    return Line.of(f"{len(problem.volunteers):,}", seed, answer.standing, first_come_value(problem))


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[1, 10, 100], help="cities of 2,639 volunteers"
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--seconds", type=float, nargs="+", default=[10.0, 60.0, 600.0], help="for each size")
    parser.add_argument("--alone", action="store_true", help="teams cost nothing")
    options = parser.parse_args(arguments)
    warm(KERNELS)
    show("volunteers", "first come")
    for at, times in enumerate(options.sizes):
        seconds = options.seconds[min(at, len(options.seconds) - 1)]
        for seed in options.seeds:
            more = {"weights": {"split": 0}} if options.alone else {}
            print(measured(measure, times, seconds, seed, more), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

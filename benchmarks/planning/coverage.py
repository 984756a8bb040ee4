"""The coverage planner against its own bound and against a greedy plan: `python -m benchmarks.planning.coverage`."""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np

from haitang.planning import coverage
from haitang.planning.coverage.framing import value_of

STEWARDS = {25: 17, 250: 170, 2500: 1700}
HOUSEHOLDS = 1_472  # of 25 buildings
COMPOUND = 25  # buildings that stand together
METRES = np.array([95_000.0, 111_000.0])  # of a degree of longitude and of latitude near Suzhou
HEADINGS = ("buildings", "stewards", "value", "bound", "gap", "seconds", "MB", "greedy", "ratio")


def instance(buildings: int, stewards: int, seed: int = 0, **more: Any) -> dict[str, Any]:
    """Invented compounds of 25 buildings, 70 m apart, within a town; each steward lives in one of them.

    Households are scaled to 1,472 for 25 buildings. `more` goes into the input as it is.
    """
    rng = np.random.default_rng(seed)
    compounds = -(-buildings // COMPOUND)
    centres = rng.uniform(0, 400 * np.sqrt(compounds), (compounds, 2))
    grid = np.stack(np.divmod(np.arange(buildings) % COMPOUND, 5), axis=1) * 70.0
    metres = centres[np.arange(buildings) // COMPOUND] + grid + rng.uniform(-15, 15, (buildings, 2))
    places = np.array([120.6, 31.3]) + metres / METRES
    homes = rng.permutation(buildings)[rng.permutation(np.arange(stewards) % buildings)]
    return {
        "kind": "coverage",
        "buildings": [
            {"id": f"b{row + 1}", "households": size, "lon": float(lon), "lat": float(lat)}
            for row, (size, (lon, lat)) in enumerate(zip(_households(rng, buildings), places, strict=True))
        ],
        "stewards": [
            {"id": f"s{row + 1}", "home_building": f"b{home + 1}"} for row, home in enumerate(homes)
        ],
        **more,
    }


def _households(rng: np.random.Generator, buildings: int) -> list[int]:
    sizes = rng.integers(24, 97, buildings)
    total = HOUSEHOLDS * buildings // COMPOUND
    scaled = np.floor(sizes * total / sizes.sum()).astype(int)
    scaled[: total - scaled.sum()] += 1
    return [int(size) for size in scaled]


def greedy_value(problem: coverage.Problem) -> float:
    """The baseline: in the order of the input, each building goes to the nearest steward with room."""
    room, owner = problem.places.copy(), np.full(len(problem.buildings), -1)
    for row in range(len(problem.buildings)):
        nearest = int(np.argmin(np.where(room > 0, problem.km[:, row], np.inf)))
        if room[nearest] > 0:
            owner[row] = nearest
            room[nearest] -= 1
    return value_of(problem, owner).total


@dataclass(frozen=True)
class Line:
    buildings: int
    stewards: int
    value: float
    bound: float
    gap: float
    seconds: float
    megabytes: float
    greedy: float
    ratio: float


def measure(buildings: int, stewards: int, seconds: float, seed: int) -> Line:
    problem = coverage.read(instance(buildings, stewards, seed))
    answer = coverage.solve(problem, seconds=seconds, seed=seed)
    standing, greedy = answer.standing, greedy_value(problem)
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    total = standing.value.total
    bound = float("nan") if standing.bound is None else standing.bound
    gap = float("nan") if standing.gap is None else standing.gap
    return Line(
        buildings, stewards, total, bound, gap, standing.seconds, kilobytes / 1024, greedy, total / greedy
    )


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="25,250,2500", help="numbers of buildings, with commas")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    print("| " + " | ".join(HEADINGS) + " |")
    print("|" + "---:|" * len(HEADINGS))
    for size in map(int, options.sizes.split(",")):
        stewards = STEWARDS.get(size, round(size * 0.68))
        # A process of its own for each size, so that memory is that size's own peak.
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=spawn) as pool:
            line = pool.submit(measure, size, stewards, options.seconds, options.seed).result()
        row = "{} | {} | {:.1f} | {:.1f} | {:.4%} | {:.2f} | {:.0f} | {:.1f} | {:.3f}"
        print(f"| {row.format(*astuple(line))} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

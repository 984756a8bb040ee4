"""The round planner against its bound, the norm table and events: `python -m benchmarks.planning.round`."""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np

from benchmarks.planning.norms import norm_plan, referee
from haitang.planning import compiled
from haitang.planning import round as rounds
from haitang.planning.round.draws import value_days
from haitang.planning.round.queueing import GROUP
from haitang.planning.round.thrift import fewest_thinkable, most_at_once
from haitang.planning.round.value import numbered, played, staff_minutes, value_of

HOUSEHOLDS, PEOPLE, COMPOUND = 1_472, 3_500, 25  # of a compound of 25 buildings
AT_HOME = 0.025  # of the people
SITES = ((90.0, 95.0), (230.0, 95.0), (90.0, 235.0), (230.0, 235.0))  # metres, of each compound's stations
METRES = np.array([95_000.0, 111_000.0])  # of a degree of longitude and of latitude near Suzhou
OPENS, CLOSES, DEADLINE = (f"2022-02-20T{hour}+08:00" for hour in ("07:00", "19:00", "15:00"))
HEADINGS = (
    *("buildings", "people", "seed", "value", "bound", "gap", "seconds", "MB", "by the table", "ratio"),
    *("staff-hours", "by the table", "most staff at once", "by the table", "least thinkable"),
    *("missed", "wait p95", "by events", "off"),
)


def instance(buildings: int = COMPOUND, seed: int = 0, **more: Any) -> dict[str, Any]:
    """Invented compounds of 25 buildings, 70 m apart, 3,500 people and four places for stations, within a town.

    `more` goes into the input as it is.
    """
    rng = np.random.default_rng(seed)
    compounds = -(-buildings // COMPOUND)
    centres = rng.uniform(0, 700 * np.sqrt(compounds), (compounds, 2))
    grid = np.stack(np.divmod(np.arange(buildings) % COMPOUND, 5), axis=1) * 70.0
    metres = centres[np.arange(buildings) // COMPOUND] + grid + rng.uniform(-15, 15, (buildings, 2))
    sites = (centres[:, None] + np.array(SITES)).reshape(-1, 2)
    households = _parts(rng.integers(24, 97, buildings), HOUSEHOLDS * buildings // COMPOUND)
    people = _parts(households, PEOPLE * buildings // COMPOUND)
    at_home = rng.binomial(people, AT_HOME)
    roles = ("sampler", "register", "order")
    return {
        "kind": "round",
        "buildings": [
            {
                "id": f"b{row + 1}",
                "households": int(households[row]),
                "people": int(people[row]),
                "homebound": int(at_home[row]),
                **_place(metres[row]),
            }
            for row in range(buildings)
        ],
        "stations": [
            {"id": f"s{row + 1}", **_place(site), "max_lanes": 8, "open": OPENS, "close": CLOSES}
            for row, site in enumerate(sites)
        ],
        "service_seconds": 36,
        "staff": dict.fromkeys(roles, 10 * compounds),
        "staff_per_lane": dict.fromkeys(roles, 1),
        "deadline": DEADLINE,
        "max_wait_minutes": 15,
        "no_show": 0.1,
        "door_visit_minutes": 4,
        **more,
    }


def _parts(sizes: np.ndarray[Any, Any], total: int) -> np.ndarray[Any, Any]:
    """Whole numbers in proportion to sizes, that sum to the total."""
    ends = np.round(np.cumsum(sizes) * total / sizes.sum()).astype(int)
    return np.diff(ends, prepend=0)


def _place(metres: np.ndarray[Any, Any]) -> dict[str, float]:
    lon, lat = np.array([120.6, 31.3]) + metres / METRES
    return {"lon": float(lon), "lat": float(lat)}


@dataclass(frozen=True)
class Line:
    buildings: int
    people: int
    seed: int
    value: float
    bound: float
    gap: float
    seconds: float
    megabytes: float
    norm: float
    ratio: float
    hours: float
    norm_hours: float
    most: int
    norm_most: int
    least: int
    missed: float
    wait: float
    by_events: float
    off: float


def measure(buildings: int, seconds: float, seed: int, stages: bool) -> Line:
    data = instance(buildings, seed)
    if stages:
        del data["service_seconds"], data["staff_per_lane"]
        staff = {role: count * -(-buildings // COMPOUND) for role, count in SCANNERS.items()}
        data |= {"stages": STAGES, "staff": staff}
    problem = rounds.read(data)
    answer = rounds.solve(problem, seconds=seconds, seed=seed)
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    table = numbered(norm_plan(problem))
    norm = value_of(problem, table, played(value_days(problem), table)).total
    standing, told = answer.standing, answer.forecast
    mean, _, _ = referee(problem, answer.plan, max(3, 200 * COMPOUND // buildings // 4), seed)
    return Line(
        buildings,
        sum(building.people for building in problem.buildings),
        seed,
        standing.value.total,
        standing.bound or 0.0,
        standing.gap or 0.0,
        standing.seconds,
        kilobytes / 1024,
        norm,
        standing.value.total / norm,
        staff_minutes(problem, answer.plan) / 60,
        staff_minutes(problem, table) / 60,
        int(most_at_once(problem, answer.plan).sum()),
        int(most_at_once(problem, table).sum()),
        int(fewest_thinkable(problem).sum()),
        standing.value.terms["missed"] / problem.weights.missed,
        told.wait_p95 or 0.0,
        mean,
        (told.wait_mean or 0.0) / max(mean, 1e-9) - 1.0,
    )


STAGES = [
    {"id": "scan", "service_seconds": 18, "staff_per_lane": {"register": 1}},
    {"id": "swab", "service_seconds": 36, "staff_per_lane": {"sampler": 1, "order": 1}},
]
SCANNERS = {"sampler": 10, "register": 8, "order": 10}


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 10, 100], help="times 25 buildings")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--seconds", type=float, nargs="+", default=[5.0, 20.0, 120.0], help="for each size")
    parser.add_argument("--stages", action="store_true", help="scan and swab apart")
    options = parser.parse_args(arguments)
    compiled.warm(GROUP)
    print("| " + " | ".join(HEADINGS) + " |")
    print("|" + "---:|" * len(HEADINGS))
    for at, size in enumerate(options.sizes):
        for seed in options.seeds:
            seconds = options.seconds[min(at, len(options.seconds) - 1)]
            # A process of its own for each line, so that memory is that line's own peak.
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
                line = pool.submit(measure, COMPOUND * size, seconds, seed, options.stages).result()
            row = (
                "{} | {} | {} | {:.0f} | {:.0f} | {:.1%} | {:.2f} | {:.0f} | {:.0f} | {:.2f} | {:.1f} | {:.1f} | "
                "{} | {} | {} | {:.1f} | {:.2f} | {:.2f} | {:+.1%}"
            )
            print(f"| {row.format(*astuple(line))} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

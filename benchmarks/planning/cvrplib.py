"""Public routing instances as buses questions, driving alone: `python -m benchmarks.planning.cvrplib [FILE.vrp ...]`.

Reads the CVRPLIB format (capacitated, EUC_2D rounded to whole numbers). All groups wait at the depot, which
is the only muster; a coach takes groups out and comes back. Best known values: vrp.galgos.inf.puc-rio.br.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.planning import table
from haitang.planning import buses, compiled
from haitang.planning.buses import kernels

INSTANCES = Path(__file__).parent / "instances"
LONG = 1_000_000.0  # minutes: no time limit of the buses question may bind here
HEADINGS = ("instance", "stops", "seed", "value", "best known", "above", "coaches", "seconds", "MB")


def read(text: str) -> dict[str, Any]:
    """Header entries by name in capitals, and sections as lists of rows of numbers."""
    found: dict[str, Any] = {}
    section = ""
    for line in text.splitlines():
        name, colon, value = (part.strip() for part in line.partition(":"))
        if colon:
            found[name] = value
        elif re.fullmatch(r"[A-Z_]+", line.strip()):
            section = line.strip()
            found[section] = []
        elif line.strip():
            found[section].append([float(number) for number in line.split()])
    return found


def distances(entries: dict[str, Any]) -> np.ndarray:
    """(n, n), rounded to whole numbers as TSPLIB does."""
    if entries["EDGE_WEIGHT_TYPE"] != "EUC_2D":
        raise ValueError(f"EDGE_WEIGHT_TYPE {entries['EDGE_WEIGHT_TYPE']} is not read")
    place = np.array(entries["NODE_COORD_SECTION"])[:, 1:]
    apart: np.ndarray = np.floor(np.sqrt(((place[:, None] - place[None]) ** 2).sum(axis=2)) + 0.5)
    return apart


def question(text: str) -> dict[str, Any]:
    """A coach for each stop, so that their number never binds; a minute stands for a unit of distance."""
    entries = read(text)
    apart, capacity = distances(entries), int(entries["CAPACITY"])
    demand = [int(row[1]) for row in entries["DEMAND_SECTION"]]
    depot = int(entries["DEPOT_SECTION"][0][0]) - 1
    names = [f"p{row}" for row in range(len(demand))]
    ids = [*names, "depot", "muster"]
    rows = [*range(len(names)), depot, depot]
    table_of = apart[np.ix_(rows, rows)].tolist()
    stops = [row for row in range(len(names)) if row != depot]
    return {
        "kind": "buses",
        "boarding_seconds": 0,
        "max_ride_minutes": 100_000,
        "matrix": {"ids": ids, "km": table_of, "minutes": table_of},
        "weights": {"left": 1_000_000, "late": 0, "driving": 1, "trips": 0, "vehicles": 0},
        "musters": [{"id": "muster"}],
        "posts": [{"id": names[row]} for row in stops],
        "depots": [{"id": "depot"}],
        "groups": [
            {
                "id": f"g{row}",
                "muster": "muster",
                "post": names[row],
                "count": demand[row],
                "ready": 0,
                "due": LONG,
            }
            for row in stops
        ],
        "vehicles": [
            {"id": f"v{row}", "seats": capacity, "depot": "depot", "available_from": 0, "available_to": LONG}
            for row in stops
        ],
    }


def best_known(text: str) -> float | None:
    """The last number of the comment, where CVRPLIB writes it."""
    numbers = re.findall(r"(?:best known|[Oo]ptimal|[Bb]est)[^\d]*([\d.]+)", read(text).get("COMMENT", ""))
    return float(numbers[-1]) if numbers else None


def measure(path: str, seconds: float, seed: int) -> tuple[object, ...]:
    text = Path(path).read_text(encoding="utf-8")
    problem = buses.read(question(text))
    compiled.warm(kernels.GROUP)
    answer = buses.solve(problem, seconds=seconds, seed=seed)
    value, best = answer.standing.value.total, best_known(text)
    above = None if best is None else f"{value / best - 1:.2%}"
    stops, coaches = len(problem.groups), len(answer.trips)
    return (
        Path(path).stem,
        stops,
        seed,
        value,
        best,
        above,
        coaches,
        answer.standing.seconds,
        table.megabytes(),
    )


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", default=sorted(map(str, INSTANCES.glob("*.vrp"))))
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    options = parser.parse_args(arguments)
    print(table.head(HEADINGS))
    for path in options.files:
        for seed in options.seeds:
            print(table.line(table.alone(measure, path, options.seconds, seed)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

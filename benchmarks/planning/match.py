"""The match planner against its own bound and first come, first served: `python -m benchmarks.planning.match`."""

from __future__ import annotations

import argparse
import sys
from typing import Any

import numpy as np

from benchmarks.planning.table import Line, measured, show
from haitang.planning import match
from haitang.planning.match.greedy import first_come, nearest
from haitang.planning.match.model import Model, joined

SIZE = 400  # needs, and as many offers, of one city
CATEGORIES = {
    "food": 0.34,
    "medicine": 0.2,
    "baby": 0.1,
    "repair": 0.1,
    "pets": 0.08,
    "lift": 0.1,
    "talk": 0.08,
}
DEGREE = np.array([1 / 95_000.0, 1 / 111_000.0])  # of longitude and latitude, for a metre near Suzhou
COMPOUND, BUILDINGS = 200, 25  # people of a compound who need or offer something; its buildings
CITY = 4_000.0  # metres: how far compounds of 400 needs and offers lie about


def instance(size: int = SIZE, seed: int = 0, **more: Any) -> dict[str, Any]:
    """Needs and offers of people in compounds of 25 buildings of up to 18 floors; some help is scarce.

    `more` goes into the input as it is.
    """
    rng = np.random.default_rng(seed)
    compounds = max(1, 2 * size // COMPOUND)
    centres = rng.uniform(0, CITY * np.sqrt(size / SIZE), (compounds, 2))
    grid = np.stack(np.divmod(np.arange(BUILDINGS), 5), axis=1) * 60.0
    places = np.array([120.6, 31.3]) + (centres[:, None] + grid) * DEGREE
    helpers = max(1, int(size * 0.8))
    return {
        "kind": "match",
        "needs": [_need(rng, f"n{n + 1}", places) for n in range(size)],
        "offers": [_offer(rng, f"o{n + 1}", places, helpers) for n in range(size)],
        "same_building_first": True,
        **more,
    }


def _spot(rng: np.random.Generator, places: np.ndarray) -> dict[str, Any]:
    compound, building = int(rng.integers(len(places))), int(rng.integers(BUILDINGS))
    lon, lat = places[compound, building]
    floor = int(rng.integers(1, 19))
    return {
        "lon": round(float(lon), 6),
        "lat": round(float(lat), 6),
        "building": f"c{compound + 1}b{building + 1}",
        "floor": floor,
    }


def _category(rng: np.random.Generator, tilt: float) -> str:
    share = np.array(list(CATEGORIES.values())) ** tilt
    return str(rng.choice(list(CATEGORIES), p=share / share.sum()))


def _need(rng: np.random.Generator, name: str, places: np.ndarray) -> dict[str, Any]:
    return {
        "id": name,
        "category": _category(rng, 1.0),
        "quantity": int(rng.choice([1, 2, 3], p=[0.7, 0.2, 0.1])),
        "urgency": int(rng.choice([1, 2, 3], p=[0.2, 0.5, 0.3])),
        **_spot(rng, places),
        "since": _at(int(rng.integers(0, 48))),
    }


def _offer(rng: np.random.Generator, name: str, places: np.ndarray, helpers: int) -> dict[str, Any]:
    return {
        "id": name,
        "category": _category(rng, 1.2),
        "quantity": int(rng.choice([1, 2, 3, 4], p=[0.6, 0.25, 0.1, 0.05])),
        **_spot(rng, places),
        "helper": f"h{int(rng.integers(helpers)) + 1}",
        "until": _at(int(rng.integers(12, 96))),
    }


def _at(hour: int) -> str:
    return f"2022-02-{20 + hour // 24:02d}T{hour % 24:02d}:00+08:00"


def measure(times: int, seconds: float, seed: int) -> Line:
    """Baselines: needs in their order, each from the first offers on the list, or from the nearest with some left."""
    problem = match.read(instance(SIZE * times, seed))
    answer = match.solve(problem, seconds=seconds, seed=seed)
    model = Model(problem)
    plain = [model.value(joined(model.locked, way(model))).total for way in (first_come, nearest)]
    return Line.of(f"{SIZE * times:,}", seed, answer.standing, *plain)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[1, 10, 25, 100], help="times 400 needs and offers"
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args(arguments)
    show("needs", "first come", "nearest")
    for times in options.sizes:
        for seed in options.seeds:
            print(measured(measure, times, options.seconds, seed), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

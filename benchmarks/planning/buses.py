"""The coach planner against its own bound and against a desk's plan: `python -m benchmarks.planning.buses`."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from benchmarks.planning import city, table
from haitang.planning import buses, compiled
from haitang.planning.buses import kernels
from haitang.planning.buses.timetable import trips_of, value_of

HEADINGS = (
    "cities",
    "groups",
    "coaches",
    "seed",
    "value",
    "bound",
    "gap",
    "seconds",
    "MB",
    "left",
    "trips",
    "used",
    "desk",
    "value / desk",
)
SECONDS = {1: 20.0, 10: 180.0, 100: 600.0}


def desk(problem: buses.Problem) -> float:
    """The baseline, first come first served, without those whom no coach can take.

    As groups become ready each goes with the coach that can be there first; groups ready by then for the same post,
    in the order of the input, go along while there are seats; the coach takes them there and is free again.
    """
    free = {vehicle.id: (vehicle.opens, vehicle.depot) for vehicle in problem.vehicles}
    routes: dict[str, list[tuple[str, int, bool]]] = {vehicle.id: [] for vehicle in problem.vehicles}
    waiting = sorted(
        (g for g in problem.groups if _way(problem, g.muster, g.post) <= problem.ride), key=_ready
    )
    points = {**problem.points, **{depot.id: depot for depot in problem.depots}}
    while waiting:
        first = waiting[0]
        arrivals = [
            (max(first.ready, since + _minutes(problem, points[at], points[first.muster])), name)
            for name, (since, at) in free.items()
        ]
        begin, name = min(arrivals)
        seats = next(vehicle.seats for vehicle in problem.vehicles if vehicle.id == name)
        riders: list[tuple[str, int, bool]] = []
        for group in list(waiting):
            same = group.muster == first.muster and group.post == first.post and group.ready <= begin
            if same and group.count <= seats:
                seats -= group.count
                riders.append((group.id, group.count, True))
                waiting.remove(group)
        people = sum(count for _, count, _ in riders)
        routes[name] += riders + [(group, count, False) for group, count, _ in riders]
        ride = _minutes(problem, points[first.muster], points[first.post])
        free[name] = (begin + ride + 2 * people * problem.boarding / 60, first.post)
        if not riders:
            raise ValueError(f"{first.id} is larger than every coach")
    told = [trips_of(problem, name, route) for name, route in routes.items()]
    trips = [trip for more, _ in told for trip in more]
    return value_of(problem, trips, [duty for _, duty in told if duty]).total


def _ready(group: buses.Group) -> float:
    return group.ready


def _way(problem: buses.Problem, start: str, end: str) -> float:
    return _minutes(problem, problem.points[start], problem.points[end])


def _minutes(problem: buses.Problem, start: Any, end: Any) -> float:
    return float(problem.travel.minutes([start], [end])[0, 0])


def measure(cities: int, seed: int, seconds: float, with_desk: bool) -> tuple[object, ...]:
    problem = buses.read(city.buses(cities, seed))
    compiled.warm(kernels.GROUP)
    answer = buses.solve(problem, seconds=seconds)
    standing, megabytes = answer.standing, table.megabytes()
    # Whom nobody can take costs both the same, and would hide the rest.
    lost = problem.weights.left * sum(
        len(entry.ids) for entry in answer.unmet if entry.reason.code == "too_far"
    )
    value = standing.value.total - lost
    bound = None if standing.bound is None else standing.bound - lost
    baseline = desk(problem) - lost if with_desk else None
    return (
        cities,
        len(problem.groups),
        len(problem.vehicles),
        seed,
        value,
        bound,
        None if bound is None else f"{1 - bound / value:.1%}",
        standing.seconds,
        megabytes,
        sum(answer.left.values()),
        len(answer.trips),
        len(answer.duties),
        baseline,
        None if baseline is None else value / baseline,
    )


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 10, 100], help="in cities")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--seconds", type=float, help="else 20, 180 and 600 by size")
    options = parser.parse_args(arguments)
    print(table.head(HEADINGS))
    for cities in options.sizes:
        for seed in options.seeds:
            seconds = options.seconds or SECONDS.get(cities, 20.0 * cities)
            print(table.line(table.alone(measure, cities, seed, seconds, cities <= 10)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

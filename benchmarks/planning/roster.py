"""The roster planner against its own bound and two rosters by hand: `python -m benchmarks.planning.roster`."""

from __future__ import annotations

import argparse
import sys

import numpy as np

from benchmarks.planning.city import roster as instance
from benchmarks.planning.table import Line, measured, show
from haitang.planning import roster
from haitang.planning.compiled import warm
from haitang.planning.places import Point
from haitang.planning.roster.framing import value_of
from haitang.planning.roster.rules import broken
from haitang.planning.roster.solving import KERNELS


def first_come(problem: roster.Problem) -> tuple[roster.Assignment, ...]:
    """People in the order of the list take, shift after shift, the nearest place that is left and that they may."""
    posts = [problem.post_rows[demand.place.post] for demand in problem.demands]
    shifts = np.array([problem.shift_rows[demand.place.shift] for demand in problem.demands])
    left = np.array([demand.count for demand in problem.demands])
    by_shift = [np.flatnonzero(shifts == row) for row in range(problem.calendar.count)]
    skills = {
        skill: number for number, skill in enumerate({demand.place.skill for demand in problem.demands})
    }
    skill = np.array([skills[demand.place.skill] for demand in problem.demands])
    found = []
    for person in problem.people:
        away = problem.travel.minutes([Point(person.id, person.home)], problem.posts)[0][posts]
        can = np.array([person.can(name) for name in skills])[skill]
        worked: list[int] = []
        for row, here in enumerate(by_shift):
            open_here = here[can[here] & (left[here] > 0)]
            if len(open_here) and broken(problem.calendar, person, worked, row) is None:
                demand = open_here[np.argmin(away[open_here])]
                worked.append(row)
                left[demand] -= 1
                found.append(roster.Assignment(person.id, problem.demands[demand].place))
    return tuple(found)


def nearest(problem: roster.Problem) -> tuple[roster.Assignment, ...]:
    """Demands in the order of the list, each place to the nearest who has the skill and may."""
    worked: list[list[int]] = [[] for _ in problem.people]
    homes = [Point(person.id, person.home) for person in problem.people]
    order: dict[str, list[int]] = {}
    found = []
    for demand in problem.demands:
        place, row = demand.place, problem.shift_rows[demand.place.shift]
        if place.post not in order:
            post = problem.posts[problem.post_rows[place.post]]
            order = {place.post: np.argsort(problem.travel.minutes(homes, [post])[:, 0]).tolist()}
        left = demand.count
        for person in order[place.post]:
            if not left:
                break
            who = problem.people[person]
            fits = who.can(place.skill) and row not in worked[person]
            if fits and broken(problem.calendar, who, worked[person], row) is None:
                worked[person].append(row)
                found.append(roster.Assignment(who.id, place))
                left -= 1
    return tuple(found)


def measure(times: int, seconds: float, seed: int) -> Line:
    problem = roster.read(instance(times, seed))
    answer = roster.solve(problem, seconds=seconds, seed=seed)
    by_hand = (value_of(problem, way(problem)).total for way in (first_come, nearest))
    return Line.of(f"{len(problem.people):,}", seed, answer.standing, *by_hand)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 10, 100], help="cities of 2,639 people")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument(
        "--seconds", type=float, nargs="+", default=[20.0, 180.0, 1800.0], help="for each size"
    )
    options = parser.parse_args(arguments)
    warm(KERNELS)
    show("people", "first come", "nearest")
    for at, times in enumerate(options.sizes):
        seconds = options.seconds[min(at, len(options.seconds) - 1)]
        for seed in options.seeds:
            print(measured(measure, times, seconds, seed), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

"""The fixed days on which plans are compared: who comes, when, and how long they need.

Numbers by splitmix64 (Steele, Lea and Flood 2014), so that any program can find the same ones.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from haitang.planning.places import Floats

from .problem import Problem

Words = npt.NDArray[np.uint64]
DAYS = 32  # of which value is the mean
DRAWS = 64  # for each person and day at most
AWAY = 1e12  # an arrival of somebody who does not come, in minutes: after everybody else
LATE = 2.0  # added to the place of an arrival within the time after the slot


def mix(words: Words) -> Words:
    """Well mixed words of 64 bits; arithmetic is modulo 2^64."""
    words = words + np.uint64(0x9E3779B97F4A7C15)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Words = words ^ (words >> np.uint64(31))
    return mixed


def uniform(days: Words, building: int, people: Words, draw: int) -> Floats:
    """(days, people) numbers in [0, 1)."""
    heads = mix(mix(days * np.uint64(DRAWS) + np.uint64(draw)) ^ np.uint64(building))
    words = mix(heads[:, None] ^ people[None, :])
    numbers: Floats = (words >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return numbers


class Draws:
    """What befalls each person on each of the days; found when first asked for, then kept.

    days: numbers of days; 0 to 31 are those that `value` is defined by. compiled: whether queues may be found by
    machine code, which takes half a second to load and then is far faster.
    """

    def __init__(self, problem: Problem, days: Words, compiled: bool = True) -> None:
        self.problem, self.days, self.compiled = problem, days, compiled
        self._known: dict[int, tuple[Floats, Floats]] = {}

    def of(self, building: int, first: int, people: int) -> tuple[Floats, Floats]:
        """place (days, people): part of the slot at which somebody arrives, LATE + part of the time allowed for
        being late, or AWAY; need (stages, days, people): minutes of service."""
        known = self._known.get(building)
        if known is None or known[0].shape[1] < first + people:
            walkers = self.problem.walkers
            whole = int(walkers[building]) if building < len(walkers) else 0
            known = self._known[building] = self._draw(building, max(first + people, whole))
        return known[0][:, first : first + people], known[1][:, :, first : first + people]

    def but(self, problem: Problem) -> Draws:
        """The same days for a problem that differs in nothing they depend on."""
        other = Draws(problem, self.days, self.compiled)
        other._known = self._known
        return other

    def forget(self) -> None:
        """Free the memory of what was found so far."""
        self._known.clear()

    def _draw(self, building: int, people: int) -> tuple[Floats, Floats]:
        habits, numbers = self.problem.habits, np.arange(people, dtype=np.uint64)
        place = uniform(self.days, building, numbers, 2)
        place[uniform(self.days, building, numbers, 1) < habits.late] += LATE
        place[uniform(self.days, building, numbers, 0) < habits.no_show] = AWAY
        need = [
            stage.seconds
            / 60.0
            * (1.0 + habits.spread * (2.0 * uniform(self.days, building, numbers, 3 + at) - 1.0))
            for at, stage in enumerate(self.problem.stages)
        ]
        return place, np.stack(need)


def value_days(problem: Problem, days: int = DAYS, compiled: bool = True) -> Draws:
    return Draws(problem, np.arange(days, dtype=np.uint64), compiled)


def other_days(problem: Problem, seed: int, days: int, compiled: bool = True) -> Draws:
    """Days that no plan was chosen by: for a forecast."""
    first = np.uint64((1 + seed % 2**20) << 20)
    return Draws(problem, first + np.arange(days, dtype=np.uint64), compiled)

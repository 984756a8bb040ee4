"""The 32 fixed days by which a round's missed people and waiting are defined, in plain Python.

Chance is splitmix64 (Steele, Lea and Flood 2014) of day, building, person and question: every program draws the same.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from haitang.planning.places import Floats

DAYS = 32
COMES, IS_LATE, WHEN, NEEDS = 0, 1, 2, 3  # questions; NEEDS + i for stage i
Words = npt.NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Invited:
    """(n) people of one station: building by position, number within it, and their slot in minutes."""

    building: Words
    person: Words
    start: Floats
    end: Floats


@dataclass(frozen=True)
class Chance:
    """Parts of people, minutes, and part of the service time that it varies by."""

    no_show: float
    late: float
    late_minutes: float
    spread: float


@dataclass(frozen=True)
class Lanes:
    """Of one station: lanes and seconds of each stage, and hours in minutes."""

    lanes: Sequence[int]
    seconds: Sequence[float]
    opens: float
    closes: float


def mix(x: Words) -> Words:
    """splitmix64: sums and products of whole numbers modulo 2^64."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def drawn(day: int, people: Invited, question: int) -> Floats:
    """(n) in [0, 1)"""
    first = mix(np.array([64 * day + question], dtype=np.uint64))
    word = mix(mix(first ^ people.building) ^ people.person) >> np.uint64(11)
    part: Floats = word.astype(np.float64) / 2.0**53
    return part


def spent(people: Invited, station: Lanes, chance: Chance) -> tuple[float, float]:
    """(people missed, minutes waited) of a station: the mean over all days."""
    days = [_day(day, people, station, chance) for day in range(DAYS)]
    return sum(missed for missed, _ in days) / DAYS, sum(waited for _, waited in days) / DAYS


def _day(day: int, people: Invited, station: Lanes, chance: Chance) -> tuple[int, float]:
    comes = drawn(day, people, COMES) >= chance.no_show
    late = drawn(day, people, IS_LATE) < chance.late
    part = drawn(day, people, WHEN)
    at = np.where(
        late, people.end + part * chance.late_minutes, people.start + part * (people.end - people.start)
    )
    here = np.flatnonzero(comes)
    waited, at = 0.0, at[here]
    for stage, (lanes, seconds) in enumerate(zip(station.lanes, station.seconds, strict=True)):
        swing = chance.spread * (2.0 * drawn(day, people, NEEDS + stage)[here] - 1.0)
        order = np.lexsort((people.person[here], people.building[here], at))
        begins = _begins(at[order], (seconds / 60.0 * (1.0 + swing))[order], lanes, station.opens)
        waited += float(np.maximum(0.0, np.minimum(begins, station.closes) - at[order]).sum())
        at[order] = begins + (seconds / 60.0 * (1.0 + swing))[order]
    return int((at > station.closes).sum()), waited


def _begins(arrivals: Floats, needs: Floats, lanes: int, opens: float) -> Floats:
    """(n) when each is served: in this order, on the lane that is free first."""
    free = [opens] * lanes
    begins = np.empty(len(arrivals))
    for n, (arrival, need) in enumerate(zip(arrivals.tolist(), needs.tolist(), strict=True)):
        begins[n] = max(arrival, free[0])
        heapq.heapreplace(free, begins[n] + need)
    return begins

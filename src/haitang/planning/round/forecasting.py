"""What a plan will be like on days it was not chosen by: when it ends, and how long people wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from haitang.planning.places import Floats

from .answer import Forecast
from .draws import AWAY, Draws, other_days
from .plan import Plan, Run
from .problem import Problem
from .queueing import Days, simulate_all

MOST_DAYS, LEAST_DAYS = 200, 8
AT_ONCE = 1_000_000  # person-days in memory
PERSON_DAYS = 4_000_000  # simulated at most, so that a city is not slower than a compound


def forecast(
    problem: Problem, plan: Plan, seed: int, person_days: float = PERSON_DAYS, compiled: bool = True
) -> Forecast:
    """person_days: how much to simulate, within LEAST_DAYS and MOST_DAYS."""
    people = sum(run.people for run in plan.runs)
    days = int(np.clip(person_days / max(people, 1), LEAST_DAYS, MOST_DAYS))
    draws = other_days(problem, seed, days, compiled)
    waits, ends, stations = [np.zeros(0)], [np.full(days, -np.inf)], {}
    away = turned = 0.0
    for run, played in _played(draws, plan.runs):
        mine, coming = _waits(played, run.end), float((played.arrival[0] < AWAY / 2).sum()) / days
        waits.append(mine)
        ends.append(_last(played, run.end))
        away += run.people - coming
        turned += played.missed(run.end)
        stations[problem.stations[run.station].id] = _told(mine, coming)
    everybody, last = np.concatenate(waits), np.max(ends, axis=0)
    came = last > -np.inf
    return Forecast(
        days,
        float(last[came].mean()) if came.any() else None,
        float(np.quantile(last[came], 0.95)) if came.any() else None,
        *_spread(everybody),
        away,
        turned,
        stations,
    )


def _played(draws: Draws, runs: Sequence[Run]) -> Iterator[tuple[Run, Days]]:
    """Run by run, some at a time."""
    hand: list[Run] = []
    for run in runs:
        hand.append(run)
        if len(draws.days) * sum(one.people for one in hand) >= AT_ONCE or run is runs[-1]:
            yield from zip(hand, simulate_all(draws, hand), strict=True)
            draws.forget()
            hand = []


def _waits(played: Days, close: float) -> Floats:
    """Minutes each who comes waits, over all stages, until the lanes close."""
    whole = np.zeros_like(played.arrival[0])
    for stage, (arrival, begin) in enumerate(zip(played.arrival, played.begin, strict=True)):
        if stage:
            # At each stage people are in the order in which they come to it.
            order = np.argsort(played.end[stage - 1], axis=1, kind="stable")
            whole = np.take_along_axis(whole, order, axis=1)
        whole += np.maximum(np.minimum(begin, close) - arrival, 0.0)
    found: Floats = whole[played.end[-1] < AWAY / 2]
    return found


def _last(played: Days, close: float) -> Floats:
    """(days) when the last one served is done; minus infinity where nobody is."""
    end = played.end[-1]
    last: Floats = np.where(end <= close, end, -np.inf).max(axis=1)
    return last


def _spread(waits: Floats) -> tuple[float | None, float | None, float | None]:
    if not len(waits):
        return None, None, None
    middle, most = np.quantile(waits, [0.5, 0.95])
    return float(middle), float(most), float(waits.mean())


def _told(waits: Floats, coming: float) -> dict[str, float]:
    middle, most, _ = _spread(waits)
    return {"people": coming, "wait_p50": middle or 0.0, "wait_p95": most or 0.0}

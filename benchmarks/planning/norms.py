"""A round as a desk plans it by the norm table, and how it goes when people are drawn one by one (simpy)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import simpy

from haitang.planning import round as rounds
from haitang.planning.round.doors import Rounds
from haitang.planning.round.layouts import layout
from haitang.planning.round.packing import place, tour_block
from haitang.planning.round.plan import Plan, Run, Slot

# National guideline, 3rd edition (March 2022): 600 to 800 people a table; Beijing 2020 and Jinjiang 2021: 100 to
# 131 an hour at a lane that runs smoothly; a timed ticket is valid for 15 minutes.
PEOPLE_PER_LANE = 700
PER_HOUR = 100
WINDOW = 15.0


def norm_plan(problem: rounds.Problem) -> Plan:
    """Each building to its nearest station in one slot of its own, one after the other; lanes by the table."""
    nearest = np.argmin(problem.walk, axis=1)
    runs = [
        run
        for station in range(len(problem.stations))
        if (run := _norm_run(problem, station, np.flatnonzero(nearest == station))) is not None
    ]
    # Teams are the planner's own: the table does not speak of them.
    outs = Rounds(problem).tours(problem.deadline - problem.begin)
    starts = place([tour_block(problem, out) for out in outs], problem.limits)
    tours = [out.moved(start) for out, start in zip(outs, starts, strict=True) if start is not None]
    return Plan(tuple(runs), tuple(tours))


def _norm_run(problem: rounds.Problem, station: int, buildings: Sequence[int]) -> Run | None:
    people = int(problem.walkers[buildings].sum())
    if not people:
        return None
    lanes = min(-(-people // PEOPLE_PER_LANE), problem.stations[station].max_lanes)
    opens, closes = float(problem.open[station]), float(problem.close[station])
    now, slots = opens, []
    for building in buildings:
        count = int(problem.walkers[building])
        minutes = np.ceil(count / (lanes * PER_HOUR) * 60.0 / WINDOW) * WINDOW
        if count and now + minutes <= closes:
            slots.append(Slot(int(building), station, now, now + minutes, count, 0))
            now += minutes
    end = min(now + problem.habits.late_minutes + 1.0, closes)
    return Run(station, layout(problem, lanes), opens, end, tuple(slots))


def referee(problem: rounds.Problem, plan: Plan, days: int, seed: int) -> tuple[float, float, float]:
    """(mean wait, 95th percentile, mean finish) in minutes, by events, with random numbers of its own."""
    rng = np.random.default_rng(seed)
    waits: list[float] = []
    finishes = []
    for _ in range(days):
        ends = [end for run in plan.runs for end in _day(problem, run, rng, waits)]
        finishes.append(max(ends, default=0.0))
    return float(np.mean(waits)), float(np.quantile(waits, 0.95)), float(np.mean(finishes))


def _day(problem: rounds.Problem, run: Run, rng: np.random.Generator, waits: list[float]) -> list[float]:
    """When each who comes to the run is done."""
    world = simpy.Environment(initial_time=run.start)
    lanes = [simpy.Resource(world, count) for count in run.lanes]
    habits, ends = problem.habits, []

    def person(arrival: float):  # type: ignore[no-untyped-def]
        yield world.timeout(arrival - run.start)
        waited = 0.0
        for stage, lane in zip(problem.stages, lanes, strict=True):
            came = world.now
            with lane.request() as turn:
                yield turn
                waited += max(0.0, min(world.now, run.end) - came)
                yield world.timeout(
                    stage.seconds / 60.0 * rng.uniform(1.0 - habits.spread, 1.0 + habits.spread)
                )
        waits.append(waited)
        ends.append(world.now)

    for slot in run.slots:
        for _ in range(slot.people):
            if rng.random() < habits.no_show:
                continue
            late = rng.random() < habits.late
            first, last = (slot.end, slot.end + habits.late_minutes) if late else (slot.start, slot.end)
            world.process(person(rng.uniform(first, last)))
    world.run()
    return [end for end in ends if end <= run.end]

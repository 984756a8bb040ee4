"""What a plan says in words: who stays behind, why, what would help; who was moved to another coach and why."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from haitang.planning.answers import Said, Unmet

from .problem import Change, Problem, Trip
from .reaching import Reach
from .timetable import moved_people, rode


def unmet_of(
    problem: Problem, reach: Reach, trips: Sequence[Trip], left: Mapping[str, int]
) -> tuple[Unmet, ...]:
    """A line for each reason, with an id for each person who stays behind: that of the group."""
    by_reason: dict[str, list[str]] = {}
    for group in left:
        by_reason.setdefault(_reason(problem, reach, group), []).append(group)
    return tuple(_tell(problem, code, groups, left) for code, groups in sorted(by_reason.items()))


def _reason(problem: Problem, reach: Reach, name: str) -> str:
    row = problem.group_rows[name]
    if not any(vehicle.seats for vehicle in problem.vehicles):
        return "no_vehicle"
    if reach.too_far[row]:
        return "too_far"
    if not reach.reachable[row]:
        return "out_of_time"
    if name in problem.pinned:
        return "locked_full"
    return "too_few_seats" if problem.weights.left >= 1 else "cheaper_left"


def _tell(problem: Problem, code: str, groups: list[str], left: Mapping[str, int]) -> Unmet:
    people = sum(left[name] for name in groups)
    first = min((problem.groups[problem.group_rows[name]] for name in groups), key=lambda group: group.due)
    moment = problem.clock.write(first.due)
    seats = max((vehicle.seats for vehicle in problem.vehicles), default=0)
    coaches = math.ceil(people / seats) if seats else 1
    numbers: dict[str, float | str] = {"people": people, "groups": len(groups)}
    many = f"{coaches} more coach{'' if coaches == 1 else 'es'}"
    ride, whom = f"{problem.ride:g} minutes", f"{people} people of {len(groups)} groups"
    texts = {
        "no_vehicle": ("there is no vehicle with seats", f"one coach before {moment}"),
        "too_far": (
            f"the direct way to their post takes longer than the {ride} anybody may ride",
            "a nearer post, a stop to change coaches, or a higher max_ride_minutes",
        ),
        "out_of_time": (
            "no vehicle could fetch them, take them there and be back in time",
            "a coach that is available earlier or longer",
        ),
        "locked_full": (
            "the vehicle they are locked to has no room for them in time",
            "taking the lock away, or a larger vehicle",
        ),
        "too_few_seats": (
            f"every vehicle that could take them in time is full ({whom})",
            f"{many} before {moment}",
        ),
        "cheaper_left": (
            "taking them costs more than leaving them behind weighs",
            "a higher weight of `left`",
        ),
    }
    reason, helps = texts[code]
    ids = tuple(name for name in groups for _ in range(left[name]))
    return Unmet("person", ids, Said(code, reason, numbers), Said(_REMEDY[code], helps, {"coaches": coaches}))


_REMEDY = {
    "no_vehicle": "more_coaches",
    "too_far": "nearer_post",
    "out_of_time": "longer_hours",
    "locked_full": "unlock",
    "too_few_seats": "more_coaches",
    "cheaper_left": "higher_weight",
}


def changes_of(problem: Problem, trips: Sequence[Trip]) -> tuple[Change, ...]:
    """Groups whose people, all or some, ride with another vehicle than before, or with none."""
    before = problem.previous.rode if problem.previous is not None else {}
    now, weighed = rode(trips), moved_people(problem, trips)
    found: list[Change] = []
    for group in problem.groups:
        for vehicle, count in before.get(group.id, {}).items():
            rides = now.get(group.id, {})
            fewer = min(count, group.count) - min(count, rides.get(vehicle, 0))
            if vehicle in problem.vehicle_rows:
                fewer = min(fewer, weighed.get((group.id, vehicle), 0))
            if fewer > 0:
                others = [name for name in rides if name not in before[group.id]] or [
                    name for name in rides if name != vehicle
                ]
                after = others[0] if others else None
                found.append(Change(group.id, fewer, vehicle, after, _why(problem, group.id, vehicle, after)))
    return tuple(found)


def _why(problem: Problem, group: str, before: str, after: str | None) -> Said:
    weight = problem.weights.change
    if group in problem.pinned and problem.pinned[group] == after:
        return Said("locked", "somebody decided so")
    if before not in problem.vehicle_rows:
        return Said("gone", f"{before} is not there any more")
    if after is None:
        return Said("none_left", "no vehicle has room for them")
    text = f"the plan gains more than the {weight:g} that each person moved weighs"
    return Said("better", text, {"change": weight})

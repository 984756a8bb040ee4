"""Who could not be reached, why, and the cheapest thing that would help."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np

from haitang.planning.answers import Said, Unmet

from .answer import Forecast
from .layouts import choices, layout
from .plan import Plan
from .problem import Problem

WORTH_TELLING = 0.5  # people on a mean day


def unmet_of(problem: Problem, plan: Plan) -> tuple[Unmet, ...]:
    slots = Counter[int]()
    for run in plan.runs:
        for slot in run.slots:
            slots[slot.building] += slot.people
    visits = Counter[int]()
    for tour in plan.tours:
        for visit in tour.visits:
            visits[visit.building] += visit.people
    short = {row: int(left) - slots[row] for row, left in enumerate(problem.walkers) if left > slots[row]}
    alone = {row: int(left) - visits[row] for row, left in enumerate(problem.homebound) if left > visits[row]}
    found = [_without_slot(problem, plan, short)] if short else []
    found += [_without_visit(problem, alone)] if alone else []
    return tuple(found)


def risks_of(problem: Problem, plan: Plan, told: Forecast) -> tuple[Unmet, ...]:
    """What chance may do to a plan that meets every wish: who is turned away, who waits too long."""
    return (*_turned_away(told), *_long_waits(problem, plan, told))


def _ids(problem: Problem, rows: dict[int, int]) -> tuple[str, ...]:
    return tuple(problem.buildings[row].id for row in rows)


def _without_slot(problem: Problem, plan: Plan, short: dict[int, int]) -> Unmet:
    people = sum(short.values())
    reason, help_ = _why_no_slot(problem, plan, people)
    return Unmet("slot", _ids(problem, short), reason, help_, people)


def _why_no_slot(problem: Problem, plan: Plan, people: int) -> tuple[Said, Said]:
    usable = [row for row in range(len(problem.stations)) if _usable(problem, row)]
    if not usable:
        return _nowhere(problem)
    lanes = math.ceil(_lane_minutes(problem, people) / _hours(problem, usable))
    able = sum(choices(problem, row)[-1][-1] for row in usable)
    space = sum(problem.stations[row].max_lanes for row in usable)
    standing = sum(run.lanes[-1] for run in plan.runs)
    role = _scarcest(problem)
    if role is not None and (standing < space or able < space):
        more = _role_for(problem, role, lanes)
        name = problem.roles[role]
        text = f"there are {problem.available[role]} of {name!r}, and every lane takes {_per_lane(problem, role)}"
        return (
            Said("too_few_staff", text, {"role": name, "staff": problem.available[role]}),
            Said(
                "more_staff",
                f"{more} more {name!r}, for {_lanes(lanes)}",
                {"more_staff": more, "lanes": lanes},
            ),
        )
    text = f"{_lanes(space)} can stand at the stations, and they are full until they close or the deadline"
    minutes = math.ceil(_lane_minutes(problem, people) / max(space, 1))
    help_text = f"{_lanes(lanes)} more, or {minutes} more minutes"
    return (
        Said("too_few_lanes", text, {"max_lanes": space}),
        Said("more_lanes", help_text, {"more_lanes": lanes, "more_minutes": minutes}),
    )


def _usable(problem: Problem, row: int) -> bool:
    return bool(choices(problem, row)) and problem.close[row] - problem.open[row] >= problem.width - 1e-6


def _nowhere(problem: Problem) -> tuple[Said, Said]:
    one = Said("a_station", "a station with a lane, open before the deadline", {"more_lanes": 1})
    if not problem.stations:
        return Said("no_station", "there is no station"), one
    if not any(station.max_lanes for station in problem.stations):
        return Said("no_lane", "no station may have a lane"), one
    staff = problem.staff_of(layout(problem, 1))
    short = [row for row in range(len(problem.roles)) if staff[row] > problem.limits[row]]
    if short:
        role = problem.roles[short[0]]
        more = int(staff[short[0]] - problem.limits[short[0]])
        return (
            Said(
                "too_few_staff", f"not one lane can be worked with {problem.available[short[0]]} of {role!r}"
            ),
            Said("more_staff", f"{more} more {role!r}", {"more_staff": more}),
        )
    return Said("no_time", "no station that may have lanes is open for one slot before the deadline"), one


def _lane_minutes(problem: Problem, people: int) -> float:
    slowest = max(stage.seconds for stage in problem.stages[-1:])
    return max(people * (1.0 - problem.habits.no_show), 1.0) * slowest / 60.0


def _hours(problem: Problem, usable: list[int]) -> float:
    """Minutes a further lane could be booked for."""
    longest = max(float(problem.close[row] - problem.open[row]) for row in usable)
    return max(longest - problem.habits.late_minutes, problem.width)


def _per_lane(problem: Problem, role: int) -> int:
    return int(problem.staff_of(layout(problem, 1))[role])


def _scarcest(problem: Problem) -> int | None:
    """The role that fewest lanes can be worked with."""
    each = problem.staff_of(layout(problem, 1))
    roles = [row for row in range(len(problem.roles)) if each[row]]
    return min(roles, key=lambda row: problem.limits[row] / each[row], default=None)


def _role_for(problem: Problem, role: int, lanes: int) -> int:
    """More of the role that so many more lanes take, beyond those who are over."""
    each = int(problem.staff_of(layout(problem, 1))[role])
    return max(1, lanes * each - int(problem.limits[role]) % each)


def _lanes(count: int) -> str:
    return f"{count} lane{'' if count == 1 else 's'}"


def _without_visit(problem: Problem, alone: dict[int, int]) -> Unmet:
    people = sum(alone.values())
    minutes = sum(float(problem.visit_minutes[row]) * many for row, many in alone.items())
    short = [row for row in range(len(problem.roles)) if problem.team_staff[row] > problem.limits[row]]
    if not problem.stations:
        reason = Said("no_station", "there is no station for a team to set out from")
        help_ = Said("a_station", "a station", {"more_lanes": 0})
    elif short:
        role = problem.roles[short[0]]
        more = int(problem.team_staff[short[0]] - problem.limits[short[0]])
        reason = Said(
            "too_few_staff", f"a team takes more of {role!r} than the {problem.available[short[0]]} there are"
        )
        help_ = Said("more_staff", f"{more} more {role!r}", {"more_staff": more})
    else:
        day = max(problem.deadline - problem.begin, 1.0)
        teams = max(1, math.ceil(minutes / day))
        reason = Said("no_team_free", "all who could make up a team are needed elsewhere until the deadline")
        text = f"{teams} more team{'' if teams == 1 else 's'}, or {math.ceil(minutes)} more minutes"
        help_ = Said("more_teams", text, {"more_teams": teams, "more_minutes": math.ceil(minutes)})
    return Unmet("visit", _ids(problem, alone), reason, help_, people)


def _turned_away(told: Forecast) -> list[Unmet]:
    if told.turned_away < WORTH_TELLING:
        return []
    people = math.ceil(told.turned_away)
    reason = Said(
        "closed_before_done",
        "they come, most of them late, and lanes close before it is their turn",
        {"people": round(told.turned_away, 1)},
    )
    help_ = Said("close_later", "a later deadline, or stations open longer", {"more_minutes": 15})
    return [Unmet("service", tuple(told.stations), reason, help_, people)]


def _long_waits(problem: Problem, plan: Plan, told: Forecast) -> list[Unmet]:
    late = [name for name, each in told.stations.items() if each["wait_p95"] > problem.max_wait]
    if not late:
        return []
    longest = max(told.stations[name]["wait_p95"] for name in late)
    text = f"one in twenty waits longer than {problem.max_wait:g} minutes, up to {longest:.1f} and more"
    lanes = {problem.stations[run.station].id: run.lanes[-1] for run in plan.runs}
    named = ", ".join(f"{name} ({lanes[name] + 1})" for name in late[:5])
    return [
        Unmet(
            "wait",
            tuple(late),
            Said("long_wait", text, {"wait_p95": round(float(np.float64(longest)), 2)}),
            Said("more_lanes", f"one lane more at {named}", {"more_lanes": len(late)}),
        )
    ]

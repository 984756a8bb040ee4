"""A plan and a bound in a moment, without compiled code: shift after shift the nearest who may."""

from __future__ import annotations

import numpy as np

from haitang.planning.deadline import Deadline

from .calendar import Flags, Floats, Ints
from .framing import Part, load_cost
from .kernels.facts import NONE, Facts


def nearest(part: Part, deadline: Deadline) -> Ints:
    """A plan (P, T) that keeps all rules: by weight, then shift, then scarcity; what time does not reach is empty."""
    facts, plan = part.facts, part.empty_plan()
    _keep(part, plan)
    left = part.left(plan)
    for weight in np.unique(facts.weight)[::-1]:
        for shift in range(plan.shape[1]):
            here = np.flatnonzero((facts.shift == shift) & (facts.weight == weight) & (left > 0))
            if not deadline.passed and len(here):
                _serve_all(facts, here, left, plan)
    return plan


def _serve_all(facts: Facts, demands: Ints, left: Ints, plan: Ints) -> None:
    """Demands of one shift."""
    shift, works = int(facts.shift[demands[0]]), plan != NONE
    able = facts.free[:, shift] & ~works[:, shift] & allowed(facts, works, shift)
    added = added_load(facts, works, shift)
    scarce = facts.can.sum(axis=0)[facts.skill[facts.group[demands]]]
    for demand in demands[np.argsort(scarce, kind="stable")].tolist():
        _serve(facts, demand, int(left[demand]), able, added, plan)


def _serve(facts: Facts, demand: int, count: int, able: Flags, added: Floats, plan: Ints) -> None:
    group = facts.group[demand]
    who = np.flatnonzero(able & facts.can[:, facts.skill[group]])
    cost = facts.travel[who, facts.post[group]] + added[who]
    if count < len(who):
        near = np.argpartition(cost, count - 1)[:count]
        who, cost = who[near], cost[near]
    chosen = who[cost < facts.weight[demand]]
    plan[chosen, facts.shift[demand]] = demand
    able[chosen] = False


def _keep(part: Part, plan: Ints) -> None:
    """What of an earlier plan still may be, each place no more often than it is asked for."""
    facts = part.facts
    left = part.left(plan)
    for shift in np.flatnonzero((facts.kept != NONE).any(axis=0)):
        here = facts.by_shift[facts.shift_begin[shift] : facts.shift_begin[shift + 1]]
        able = facts.free[:, shift] & (plan[:, shift] == NONE) & allowed(facts, plan != NONE, int(shift))
        for demand in here:
            group = facts.group[demand]
            again = able & (facts.kept[:, shift] == group) & facts.can[:, facts.skill[group]]
            who = np.flatnonzero(again)[: left[demand]]
            plan[who, shift] = demand
            able[who] = False


def allowed(facts: Facts, works: Flags, shift: int) -> Flags:
    """(P) who may work a shift beside others (P, T) by the rules."""
    rules = (is_rested, week_has_room, nights_fit, day_has_room)
    fine: Flags = np.logical_and.reduce([rule(facts, works, shift) for rule in rules])
    return fine


def _others(works: Flags, shift: int) -> Flags:
    works = works.copy()
    works[:, shift] = False
    return works


def is_rested(facts: Facts, works: Flags, shift: int) -> Flags:
    rows = np.arange(works.shape[1])
    clash = np.where(rows < shift, facts.next_free > shift, facts.next_free[shift] > rows)
    return np.asarray(~works[:, clash & (rows != shift)].any(axis=1))


def week_has_room(facts: Facts, works: Flags, shift: int) -> Flags:
    others, rows = _others(works, shift), np.arange(works.shape[1])
    room = np.ones(len(works), dtype=bool)
    for first in np.flatnonzero((facts.next_week > shift) & (rows <= shift)):
        count: Ints = others[:, first : facts.next_week[first]].sum(axis=1)
        np.logical_and(room, (count < facts.most_shifts) | ~(others[:, first] | (first == shift)), out=room)
    return room


def day_has_room(facts: Facts, works: Flags, shift: int) -> Flags:
    dates = facts.minutes[shift] > 0
    hours = _others(works, shift).astype(np.float64) @ facts.minutes[:, dates] + facts.minutes[shift, dates]
    room: Flags = (hours <= facts.most_minutes).all(axis=1)
    return room


def nights_fit(facts: Facts, works: Flags, shift: int) -> Flags:
    """(P) whose row of nights would not be too long."""
    if not facts.night[shift]:
        return np.ones(len(works), dtype=bool)
    others, date, row = _others(works, shift), facts.date[shift], np.ones(len(works), dtype=np.int64)
    for step in (-1, 1):
        on = np.ones(len(works), dtype=bool)
        for away in range(1, min(facts.most_nights, works.shape[1]) + 1):
            on &= others[:, facts.night & (facts.date == date + step * away)].any(axis=1)
            row += on
    fits: Flags = row <= facts.most_nights
    return fits


def added_load(facts: Facts, works: Flags, shift: int) -> Floats:
    """(P) what the shift adds to the load."""
    after = works.copy()
    after[:, shift] = True
    added: Floats = load_cost(facts, after) - load_cost(facts, works)
    return added


def first_prices(part: Part) -> Floats:
    """(D) what the nearest who can would cost: at these prices nobody gains anything by working, so nobody need be
    asked, and the sum over all places is a bound.
    """
    facts = part.facts
    away = np.empty((facts.can.shape[1], facts.travel.shape[1]))
    for skill in range(len(away)):
        away[skill] = facts.travel[facts.can[:, skill]].min(axis=0, initial=np.inf)
    prices: Floats = np.minimum(facts.weight, away[facts.skill, facts.post][facts.group] - facts.change)
    return prices


def first_bound(part: Part) -> float:
    """No plan of the part costs less (counted as Part.value does)."""
    facts = part.facts
    people, shifts = np.nonzero(facts.pinned != NONE)
    served = facts.pinned[people, shifts]
    pinned = facts.travel[people, facts.post[facts.group[served]]].sum()
    # Nobody keeps more than what they had, and what is pinned may be that.
    kept = facts.change * float((facts.kept[people, shifts] == facts.group[served]).sum())
    return float(first_prices(part) @ part.room + pinned - kept)

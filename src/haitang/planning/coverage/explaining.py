"""Why this steward for this building: what it costs, what would come next, and what rules out the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from haitang.planning.reading import BadInput

from .framing import value_of
from .model import Flags, Ints
from .problem import NOBODY, Answer, Problem
from .telling import name

MOST = 5  # alternatives that are named


@dataclass(frozen=True)
class Other:
    """Another steward for the building; other: the building they would hand over, if they are full."""

    steward: int
    other: int | None
    extra: float


def explain(problem: Problem, answer: Answer, building_id: str) -> dict[str, Any]:
    """Costs in minute-equivalents; texts in English, each with a code. BadInput for an unknown building."""
    if building_id not in problem.building_rows:
        raise BadInput(f"$.buildings: no building has the id {building_id!r}")
    row, owner = problem.building_rows[building_id], _owner(problem, answer)
    pinned = {problem.building_rows[lock.building] for lock in problem.locked}
    others = [] if row in pinned else sorted(_others(problem, owner, row, pinned), key=_rank)
    named = [_tell(problem, other) for other in others[:MOST]]
    mine = next((entry for entry in answer.assignments if entry.building == building_id), None)
    return {
        "building": building_id,
        "steward": mine.steward if mine else None,
        "backup": mine.backup if mine else None,
        **_why(problem, row, owner, row in pinned),
        "cost": _cost(problem, row, owner),
        "walk": _walk(problem, row, int(owner[row])),
        "next_best": named[0] if named else None,
        "others": named[1:],
        "excluded": _excluded(problem, row, owner, pinned),
    }


def _rank(other: Other) -> tuple[float, int]:
    return other.extra, other.steward


def _owner(problem: Problem, answer: Answer) -> Ints:
    owner = np.full(len(problem.buildings), NOBODY, dtype=np.int64)
    for entry in answer.assignments:
        owner[problem.building_rows[entry.building]] = problem.steward_rows[entry.steward]
    return owner


def _others(problem: Problem, owner: Ints, row: int, pinned: set[int]) -> Iterator[Other]:
    """For each other steward the cheapest way to have the building: with room at once, else in exchange."""
    has = np.bincount(owner[owner >= 0], minlength=len(problem.stewards))
    for steward in np.flatnonzero(problem.places > 0).tolist():
        if steward == owner[row]:
            continue
        if has[steward] < problem.places[steward]:
            yield Other(steward, None, _extra(problem, owner, row, steward, None))
            continue
        swaps = [other for other in np.flatnonzero(owner == steward).tolist() if other not in pinned]
        if swaps:
            tried = [Other(steward, other, _extra(problem, owner, row, steward, other)) for other in swaps]
            yield min(tried, key=lambda other: other.extra)


def _extra(problem: Problem, owner: Ints, row: int, steward: int, other: int | None) -> float:
    """What the value gains or loses if the building goes to the steward, and the other comes back for it."""
    weights, here = problem.weights, int(owner[row])
    moves = [(row, here, steward)] + ([(other, steward, here)] if other is not None else [])
    cost = sum(
        _seat(problem, building, to) - _seat(problem, building, origin) for building, origin, to in moves
    )
    for touched in {here, steward} - {NOBODY}:
        load = int(problem.households[owner == touched].sum())
        shift = sum(
            int(problem.households[building]) * ((to == touched) - (origin == touched))
            for building, origin, to in moves
        )
        cost += weights.uneven * (abs(load + shift - problem.mean) - abs(load - problem.mean))
    return cost


def _seat(problem: Problem, building: int, steward: int) -> float:
    weights, kept = problem.weights, int(problem.kept[building])
    moved = weights.change if kept not in (NOBODY, steward) else 0.0
    walking = weights.walking * float(problem.km[steward, building]) if steward >= 0 else weights.uncovered
    return walking + moved


def _tell(problem: Problem, other: Other) -> dict[str, Any]:
    steward = name(problem, other.steward)
    away = None if other.other is None else problem.buildings[other.other].id
    how = "with room for it" if away is None else f"in exchange for {away}"
    text = f"{steward} {how}: {abs(other.extra):.1f} {'more' if other.extra >= 0 else 'less'}"
    return {
        "steward": steward,
        "code": "move" if away is None else "exchange",
        "exchange": away,
        "extra": round(other.extra, 6),
        "text": text,
    }


def _why(problem: Problem, row: int, owner: Ints, pinned: bool) -> dict[str, str]:
    steward = int(owner[row])
    if pinned:
        return {"why_code": "locked", "why": "somebody decided so"}
    if steward == NOBODY:
        return {"why_code": "left_out", "why": "no steward has room, or every exchange costs more"}
    if problem.stewards[steward].home_building == problem.buildings[row].id:
        return {"why_code": "home", "why": f"{name(problem, steward)} lives there"}
    return {"why_code": "cheapest", "why": "in the whole plan this costs least"}


def _cost(problem: Problem, row: int, owner: Ints) -> dict[str, float]:
    """What the building adds to the value as things stand."""
    without = owner.copy()
    without[row] = NOBODY
    there, gone = value_of(problem, owner).terms, value_of(problem, without).terms
    if owner[row] == NOBODY:
        return {"total": problem.weights.uncovered, "uncovered": problem.weights.uncovered}
    terms = {term: round(there[term] - gone[term], 6) for term in ("walking", "uneven")}
    moved = problem.kept[row] not in (NOBODY, owner[row])
    terms |= {"changes": problem.weights.change} if moved else {}
    return {"total": round(sum(terms.values()), 6), **terms}


def _walk(problem: Problem, row: int, steward: int) -> dict[str, float] | None:
    if steward == NOBODY:
        return None
    km, minutes = float(problem.km[steward, row]), float(problem.minutes[steward, row])
    return {"km": round(km, 3), "minutes": round(minutes, 1)}


def _excluded(problem: Problem, row: int, owner: Ints, pinned: set[int]) -> list[dict[str, Any]]:
    """Stewards who could not have it, by rule; those who are full could only exchange."""
    has = np.bincount(owner[owner >= 0], minlength=len(problem.stewards))
    stuck = np.bincount([owner[building] for building in pinned], minlength=len(problem.stewards))
    away = np.arange(len(problem.stewards)) != owner[row]
    if row in pinned:
        return [_rule("locked", "a person's decision stands", problem, away)]
    full = away & (problem.places > 0) & (has >= problem.places)
    rules = (
        ("backup_only", "may have no building, only back one", away & (problem.places == 0)),
        ("all_locked", "have only buildings that somebody decided", full & (stuck >= has)),
        ("full", "have all the buildings they may; only an exchange is possible", full & (stuck < has)),
    )
    return [_rule(code, text, problem, who) for code, text, who in rules if who.any()]


def _rule(code: str, text: str, problem: Problem, who: Flags) -> dict[str, Any]:
    ids = [problem.stewards[steward].id for steward in np.flatnonzero(who)]
    return {"code": code, "text": text, "how_many": len(ids), "stewards": ids}

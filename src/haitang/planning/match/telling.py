"""What a match says in words: which needs stay open, why, what would help; what changed against an earlier one."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from haitang.planning.answers import Said, Unmet

from .model import Ints, Model, Pairs
from .problem import Change, Problem


def unmet_of(model: Model, given: Pairs) -> tuple[Unmet, ...]:
    """Needs by category and reason; `count` is the quantity that is missing."""
    problem = model.problem
    missing = model.quantity - np.bincount(given.need, given.amount, len(model.quantity)).astype(np.int64)
    left = model.supply - np.bincount(given.offer, given.amount, len(model.supply)).astype(np.int64)
    offers: defaultdict[str, list[int]] = defaultdict(list)
    for row, offer in enumerate(problem.offers):
        if offer.quantity:
            offers[offer.category].append(row)
    rows = {category: np.array(found, dtype=np.int64) for category, found in offers.items()}
    nothing = np.zeros(0, dtype=np.int64)
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for row in np.flatnonzero(missing > 0).tolist():
        category = problem.needs[row].category
        groups[category, _reason(model, row, rows.get(category, nothing), left)].append(row)
    return tuple(_unmet(problem, *key, found, missing) for key, found in groups.items())


def _reason(model: Model, need: int, rows: Ints, left: Ints) -> str:
    if not len(rows):
        return "no_offer"
    in_time = rows[model.needs.time[need] <= model.offers.time[rows]]
    if not len(in_time):
        return "ended"
    return "too_dear" if left[in_time].any() else "all_given"


def _unmet(problem: Problem, category: str, code: str, rows: list[int], missing: Ints) -> Unmet:
    count = int(missing[rows].sum())
    some = f"{count} more of {category!r}"
    reasons = {
        "no_offer": f"nobody offers {category!r}",
        "ended": f"every offer of {category!r} ended before the need arose",
        "all_given": f"all that is offered of {category!r} in time is given elsewhere or used up",
        "too_dear": f"what is left of {category!r} is so far away, or its helpers give so much, that it weighs more",
    }
    helps = {
        "no_offer": Said("more_offers", f"offers of {some}", {"more": count}),
        "ended": Said("longer_offers", f"offers of {some} that last longer", {"more": count}),
        "all_given": Said("more_offers", f"offers of {some}", {"more": count}),
        "too_dear": Said("more_helpers", f"other helpers near by with {some}", {"more": count}),
    }
    ids = tuple(problem.needs[row].id for row in rows)
    return Unmet("need", ids, Said(code, reasons[code], {"category": category}), helps[code], count)


def changes_of(model: Model, given: Pairs) -> tuple[Change, ...]:
    """Pairs that give more or less than in the earlier plan."""
    problem = model.problem
    now = {
        (problem.needs[need].id, problem.offers[offer].id): amount
        for need, offer, amount in zip(
            given.need.tolist(), given.offer.tolist(), given.amount.tolist(), strict=True
        )
    }
    before = {(pair.need, pair.offer): pair.quantity for pair in problem.previous or () if pair.quantity}
    locked = {(lock.need, lock.offer) for lock in problem.locked}
    return tuple(
        Change(*key, before.get(key, 0), now.get(key, 0), _why(problem, *key, before, now, key in locked))
        for key in dict.fromkeys([*before, *now])
        if before.get(key, 0) != now.get(key, 0)
    )


def _why(
    problem: Problem,
    need: str,
    offer: str,
    before: dict[tuple[str, str], int],
    now: dict[tuple[str, str], int],
    is_locked: bool,
) -> Said:
    if is_locked:
        return Said("locked", "somebody decided so")
    if need not in problem.need_rows or offer not in problem.offer_rows:
        return Said("gone", f"{need if need not in problem.need_rows else offer} is not there any more")
    if now.get((need, offer), 0) > before.get((need, offer), 0):
        return Said("served", "serves what is new, or what lost its helper")
    weight = problem.weights.change
    return Said(
        "better", f"less is needed or offered, or the plan gains more than the {weight:g} a change weighs"
    )

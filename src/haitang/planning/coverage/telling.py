"""What a plan says in words: who does what, what could not be met and would help, what changed and why."""

from __future__ import annotations

from collections import Counter

import numpy as np

from haitang.planning.answers import Said, Unmet

from .model import Ints
from .problem import BACKUPS, Assignment, Change, Problem


def name(problem: Problem, row: int) -> str | None:
    return problem.stewards[row].id if row >= 0 else None


def assignments_of(problem: Problem, owner: Ints, backup: Ints) -> tuple[Assignment, ...]:
    """In the order of the buildings; those left out have none."""
    return tuple(
        Assignment(building.id, problem.stewards[owner[row]].id, name(problem, int(backup[row])))
        for row, building in enumerate(problem.buildings)
        if owner[row] >= 0
    )


def stewards(count: int, before: str = "") -> str:
    return f"{count} {before}steward{'' if count == 1 else 's'}"


def unmet_of(problem: Problem, owner: Ints, backup: Ints) -> tuple[Unmet, ...]:
    left_out = tuple(problem.buildings[row].id for row in np.flatnonzero(owner < 0))
    bare = tuple(problem.buildings[row].id for row in np.flatnonzero((owner >= 0) & (backup < 0)))
    found = []
    if left_out:
        found.append(_buildings_left_out(problem, left_out))
    if bare:
        found.append(_backups_missing(problem, bare))
    return tuple(found)


def _buildings_left_out(problem: Problem, ids: tuple[str, ...]) -> Unmet:
    places, buildings = int(problem.places.sum()), len(problem.buildings)
    helpers = -(-len(ids) // _usual_places(problem))
    numbers = {"stewards": len(problem.stewards), "places": places, "buildings": buildings}
    if places < buildings:
        text = f"{stewards(len(problem.stewards))} may have {places} buildings in all; there are {buildings}"
        reason = Said("too_few_places", text, numbers)
    else:
        text = "every steward with room is so far that their walking would weigh more than leaving it out"
        reason = Said("too_far", text, numbers)
    near = " who live near" if reason.code == "too_far" else ""
    help_text = stewards(helpers, "more ") + near
    return Unmet("building", ids, reason, Said("more_stewards", help_text, {"more_stewards": helpers}))


def _usual_places(problem: Problem) -> int:
    """Buildings a further steward would have: what most stewards may, 2 if none may any."""
    usual = Counter(places for places in problem.places.tolist() if places > 0)
    return max(usual, key=lambda places: (usual[places], places)) if usual else 2


def _backups_missing(problem: Problem, ids: tuple[str, ...]) -> Unmet:
    if len(problem.stewards) == 1:
        reason = Said("only_one_steward", "nobody can back the only steward")
    else:
        text = f"every other steward backs {BACKUPS} buildings already"
        reason = Said("backups_full", text, {"backups_each": BACKUPS})
    helpers = -(-len(ids) // BACKUPS)
    help_text = stewards(helpers, "more ")
    return Unmet("backup", ids, reason, Said("more_stewards", help_text, {"more_stewards": helpers}))


def changes_of(problem: Problem, owner: Ints, backup: Ints) -> tuple[Change, ...]:
    """Buildings whose steward or backup is another than in the earlier plan."""
    before = {entry.building: entry for entry in problem.previous or ()}
    locked = {lock.building for lock in problem.locked}
    found: list[Change] = []
    for row, building in enumerate(problem.buildings):
        had = before.get(building.id)
        roles = (
            ("steward", had.steward if had else None, name(problem, int(owner[row]))),
            ("backup", had.backup if had else None, name(problem, int(backup[row]))),
        )
        for role, old, new in roles:
            if old != new:
                why = _why(problem, role, old, new, building.id in locked)
                found.append(Change(building.id, role, old, new, why))
    return tuple(found)


def _why(problem: Problem, role: str, old: str | None, new: str | None, locked: bool) -> Said:
    weight = problem.weights.change
    if locked and role == "steward":
        return Said("locked", "somebody decided so")
    if new is None:
        return Said("none_left", f"no {role} has room for it")
    if old is None:
        return Said("gap_filled", f"it had no {role}")
    if old not in problem.steward_rows:
        return Said("gone", f"{old} is not there any more")
    if role == "steward" and _had(problem, old) > problem.places[problem.steward_rows[old]]:
        return Said("full", f"{old} may have fewer buildings than before")
    if role == "backup":
        return Said(
            "backup_moved", f"{old} is the steward now, backs others, or lives much farther than {new}"
        )
    text = f"the plan gains more than the {weight:g} that a change weighs"
    return Said("better", text, {"change": weight})


def _had(problem: Problem, steward: str) -> int:
    present = problem.building_rows
    return sum(entry.steward == steward and entry.building in present for entry in problem.previous or ())

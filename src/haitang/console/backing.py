"""Buildings without a steward on duty, in the order of their need."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from haitang.operations.queries import State, cover

if TYPE_CHECKING:
    from haitang.teams.models import Care


def is_backed(care: "Care | None") -> bool:
    """Whether somebody on duty looks after a building, be it the backup."""
    return cover(care) is not State.NO


def ranked(gaps: "Iterable[Care]") -> "list[Care]":
    """Buildings with nobody at all first, then those whose backup is on duty."""
    return sorted(gaps, key=is_backed)


def suggested(care: "Care") -> UUID | None:
    """Whom the form for a building's steward begins with: who has it, else the backup, else nobody."""
    for member in (care.steward, care.backup):
        if member is not None and member.away_since is None:
            return member.pk
    return None

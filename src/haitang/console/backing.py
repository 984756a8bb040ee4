"""Buildings without a steward on duty, in the order of their need."""

from typing import TYPE_CHECKING
from uuid import UUID

from haitang.operations.queries import State, cover

if TYPE_CHECKING:
    from haitang.teams.models import Care


def is_backed(care: "Care | None") -> bool:
    """Whether somebody on duty looks after a building; lists sorted by it begin with those that have nobody at all."""
    return cover(care) is not State.NO


def suggested(care: "Care") -> UUID | None:
    """Whom the form for a building's steward begins with: who has it, else the backup, else nobody."""
    for member in (care.steward, care.backup):
        if member is not None and member.away_since is None:
            return member.pk
    return None

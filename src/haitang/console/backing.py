"""Buildings without a steward on duty, in the order of their need."""

from typing import TYPE_CHECKING

from haitang.operations.queries import State, cover

if TYPE_CHECKING:
    from haitang.teams.models import Care


def is_backed(care: "Care | None") -> bool:
    """Whether somebody on duty looks after a building; lists sorted by it begin with those that have nobody at all."""
    return cover(care) is not State.NO

"""Which compound a row of a list belongs to, by what the row itself says."""

import re
from collections.abc import Iterable

from haitang.registry import queries
from haitang.registry.models import Area

_BLANK = re.compile(r"\s+")


def names_of(compound: Area, said: Iterable[str]) -> set[str]:
    """Those of `said` that may mean this compound: they don't name a neighbour instead."""
    own, *others = (_plain(name) for name in (compound.name, *queries.neighbours(compound)))
    return {name for name in set(said) if _is_ours(_plain(name), own, others)}


def _is_ours(said: str, own: str, others: list[str]) -> bool:
    return own in said or not any(other in said for other in others)


def _plain(name: str) -> str:
    return _BLANK.sub("", name).casefold()

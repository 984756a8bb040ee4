"""Recognises Chinese identity numbers, so that none is ever kept."""

import re
from collections.abc import Iterable

from haitang.registry.ledger.shapes import Cell
from haitang.registry.ledger.writing import text_of

SHARE = 0.3
SHORTEST = 15
_FAR = 300  # characters, as far as cells are read at all
_MONTH_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_NUMBER = re.compile(
    rf"(?<!\d)(?:[1-9]\d{{5}}(?:18|19|20)\d{{2}}{_MONTH_DAY}\d{{3}}[\dXx]|[1-9]\d{{7}}{_MONTH_DAY}\d{{3}})(?!\d)"
)


def holds_identity_number(value: Cell) -> bool:
    """Whether the cell holds an identity number of 18 or 15 digits (GB 11643), also as a rounded float."""
    if isinstance(value, str):
        return len(value) >= SHORTEST and bool(
            _NUMBER.search(text_of(value).replace(" ", "").replace("-", ""))
        )
    if isinstance(value, float | int):
        return value >= 10 ** (SHORTEST - 1) and bool(_NUMBER.fullmatch(text_of(value)))
    return False


def count(values: Iterable[Cell]) -> int:
    """How many of these cells hold one."""
    long = (value for value in values if not isinstance(value, str) or len(value) >= SHORTEST)
    return sum(holds_identity_number(value[:_FAR] if isinstance(value, str) else value) for value in long)

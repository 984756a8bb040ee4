"""Divides the cells of a row among the people whom its name cell names: only in the same number and order."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from haitang.registry.ledger.phones import read_phones
from haitang.registry.ledger.shapes import Cell, Column, Said
from haitang.registry.ledger.writing import is_nothing, text_of

Parts: TypeAlias = list[str]

_HOUSEHOLDS = frozenset({"compound", "building", "unit", "room", "household_id", "name"})
_BETWEEN = re.compile(r"\s*[、/,;\n\r&+|]+\s*|\s+")
_BETWEEN_DATES = re.compile(r"\s*[、,;\n\r&+|]+\s*")
_TWO_AGES = re.compile(r"([1-9]\d)([1-9]\d)")
_SEXES = re.compile("[男女]+")


def divided(said: Said, columns: Iterable[Column], *, number: int) -> tuple[list[dict[int, Cell]], bool]:
    """The cells of each of `number` people, and whether something had to be left out because it doesn't say
    whose it is. What belongs to the household is everybody's."""
    shares: list[dict[int, Cell]] = [{} for _person in range(number)]
    is_whole = True
    for column in columns:
        value = said[column.index]
        if column.field in _HOUSEHOLDS:
            parts: list[Cell] = [value] * number
        else:
            parts = list(_parts(column.field, value, number))
            is_whole = is_whole and (len(parts) == number or is_nothing(text_of(value)))
        for place, share in enumerate(shares):
            share[column.index] = parts[place] if len(parts) == number else ""
    return shares, not is_whole


def _parts(field: str, value: Cell, number: int) -> Parts:
    if field not in _DIVIDED:
        return []
    return _DIVIDED[field](text_of(value), number)


def _phones(text: str, number: int) -> Parts:
    found, fault = read_phones(text)
    return list(found) if not fault and len(found) == number else []


def _ages(text: str, number: int) -> Parts:
    """Also two ages run together, which is how they come with two names run together: 3056."""
    together = _TWO_AGES.fullmatch(text)
    return list(together.groups()) if together else _BETWEEN.split(text)


def _sexes(text: str, number: int) -> Parts:
    return list(text) if _SEXES.fullmatch(text) else _BETWEEN.split(text)


def _words(text: str, number: int) -> Parts:
    return _BETWEEN.split(text)


def _dates(text: str, number: int) -> Parts:
    return _BETWEEN_DATES.split(text)


_DIVIDED: Mapping[str, Callable[[str, int], Parts]] = {
    "phone": _phones,
    "age": _ages,
    "birth_date": _dates,
    "sex": _sexes,
    "relation": _words,
}

"""Finds people whom one file names at two doors: they would be looked after twice, or at the wrong one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from haitang.registry.ledger.shapes import Row

Door: TypeAlias = tuple[str, str, str, str]


@dataclass(frozen=True)
class Twice:
    """Somebody at several doors: the rows that name them, the first at each door, in the order of the sheet."""

    rows: tuple[Row, ...]


def named_twice(rows: Iterable[Row]) -> list[Twice]:
    """Who has the same name and phone, or the same name and year of birth, at different doors, in the order of
    the sheet. A name alone is too frequent to say anything, and different years are different people."""
    same: dict[tuple[str, str | int], dict[Door, Row]] = {}
    years: dict[tuple[str, str | int], int] = {}
    for row in rows:
        for key in _keys(row):
            if row.birth_year is None or years.setdefault(key, row.birth_year) == row.birth_year:
                same.setdefault(key, {}).setdefault(_door(row), row)
    found: dict[Row, Twice] = {}
    for doors in same.values():
        if len(doors) > 1 and not all(row in found for row in doors.values()):
            twice = Twice(tuple(doors.values()))
            found |= dict.fromkeys(twice.rows, twice)
    return sorted(set(found.values()), key=lambda twice: twice.rows[0].number)


def _keys(row: Row) -> Iterator[tuple[str, str | int]]:
    for phone in row.phones:
        yield row.name, phone
    if row.birth_year is not None:
        yield row.name, row.birth_year


def _door(row: Row) -> Door:
    return row.compound, row.building, row.entrance, row.room

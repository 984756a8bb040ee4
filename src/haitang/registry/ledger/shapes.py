"""What reading a ledger gives: columns, rows, errors, notes, and the refusal of a whole file."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Text: TypeAlias = "str | _StrPromise"
Cell: TypeAlias = "str | int | float | bool | datetime.date | datetime.time | datetime.timedelta"
Said: TypeAlias = Mapping[int, Cell] | Sequence[Cell]  # a row's cells by the place of their column


class Unreadable(Exception):
    """The file as a whole can't be read; `message` says what is wrong, where, and how to mend it."""

    def __init__(self, code: str, message: Text) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


class CellRefused(Exception):
    """A cell can't be understood; `code` is a key of `messages.ERRORS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Column:
    """One column of the sheet and what it was taken for; `field` is "" when it is dropped."""

    index: int
    letter: str
    header: str
    field: str
    label: Text
    example: str
    dropped_because: Text = ""


class Row(NamedTuple):
    """One person behind one door; `number` counts the sheet's rows from 1."""

    number: int
    building: str
    entrance: str
    floor: int
    room: str
    name: str
    phones: tuple[str, ...]
    birth_year: int | None
    sex: str
    relation: str
    household_ref: str
    flags: tuple[str, ...]
    skills: tuple[str, ...]
    is_helper: bool
    compound: str


@dataclass(frozen=True)
class RowError:
    """What could not be read in one cell; whether the row was kept depends on the code."""

    row: int
    column: str
    code: str
    message: Text
    remedy: Text


@dataclass(frozen=True)
class Code:
    """A value of a column that stands for something, how many rows hold it, and what it was said to mean."""

    code: str
    count: int
    meaning: str = ""


@dataclass(frozen=True)
class Question:
    """A column of codes that mean different things in different files. `meanings` are what they may stand for,
    keys of `messages.MEANINGS`; a code without one is left out."""

    letter: str
    header: str
    codes: tuple[Code, ...]
    meanings: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether a code still waits for its meaning."""
        return any(not code.meaning for code in self.codes)


@dataclass(frozen=True)
class Reading:
    """A whole ledger as it was understood."""

    sheet: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    errors: tuple[RowError, ...]
    notes: tuple[Text, ...]
    header_row: int
    questions: tuple[Question, ...] = ()

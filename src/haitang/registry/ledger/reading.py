"""Reads a whole ledger: opens the file, settles the columns, then takes the rows one by one."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count, islice

from haitang.registry.ledger import headers, messages, sheets
from haitang.registry.ledger.codes import NO_ANSWERS, Answers
from haitang.registry.ledger.headers import Headings
from haitang.registry.ledger.keeping import LONGEST_CELL, Kept, Line
from haitang.registry.ledger.messages import unreadable
from haitang.registry.ledger.people import People
from haitang.registry.ledger.shapes import Column, Reading, Text
from haitang.registry.ledger.sheets import Book, Sheet

_DOOR = frozenset({"compound", "building", "room"})


@dataclass(frozen=True)
class Table:
    """A sheet as it was understood: its columns, and below the headings the cells of those that have a field.
    `placed` are these columns with their places in the lines."""

    sheet: str
    header_row: int
    columns: tuple[Column, ...]
    placed: list[Column]
    lines: list[Line]
    notes: list[Text]

    @property
    def first_number(self) -> int:
        """The number of the first line in the sheet."""
        return self.header_row + 1


def read(
    content: bytes,
    name: str,
    *,
    choices: Mapping[int, str] | None = None,
    answers: Answers = NO_ANSWERS,
    this_year: int,
) -> Reading:
    """What a ledger of CSV, XLSX, XLS or ODS bytes says; the good rows, and every error with its remedy.

    `choices` maps a column's index (from 0) to the field it holds, "" to drop it, and goes before the guess.
    `answers` maps a column's letter to what its codes stand for, keys of `messages.MEANINGS`.
    At most 20 MB, 200,000 rows and 100 columns. Raises Unreadable.
    """
    table = table_of(content, name, choices=choices)
    lacking = missing(table.columns)
    if lacking:
        errors = tuple(messages.row_error(table.header_row, "", code) for code in lacking)
        return Reading(table.sheet, table.columns, (), errors, tuple(table.notes), table.header_row)
    people = People(table.placed, this_year=this_year, answers=answers)
    people.take(table.lines, numbers=count(table.first_number))
    notes = (*table.notes, *people.notes())
    return Reading(
        table.sheet,
        table.columns,
        people.rows(),
        tuple(people.errors),
        notes,
        table.header_row,
        people.questions(),
    )


def table_of(
    content: bytes,
    name: str,
    *,
    choices: Mapping[int, str] | None,
    wanted: Callable[[Column], Column] | None = None,
) -> Table:
    """The best sheet of a file, without judging its rows; `wanted` may drop columns. Raises Unreadable."""
    book = sheets.open_book(partial(io.BytesIO, content), name)
    sheet, headings = best_sheet(book)
    rows = sheet.rows()
    kept = Kept(headings, choices, book.account)
    kept.take(islice(rows, headings.row + 1, None))
    columns = headers.columns(headings, kept.survey, choices)
    if wanted:
        columns = tuple(map(wanted, columns))
    notes = [*about_sheets(book, sheet, headings), *about_cells(kept.cut, rows.formulas)]
    filled = kept.fill_merged(rows.merged, columns)
    if filled:
        notes.append(messages.note("merged", count=filled))
    placed = kept.settle(columns)
    return Table(sheet.name, headings.row + 1, columns, placed, kept.lines, notes)


def best_sheet(book: Book) -> tuple[Sheet, Headings]:
    """The first of the sheets whose headings say the most. Raises Unreadable."""
    found = [(sheet, headers.find(sheet.first)) for sheet in book.sheets]
    headed = [(sheet, headings) for sheet, headings in found if headings]
    if not headed:
        raise unreadable("no_headings", sheet=book.sheets[0].name, limit=sheets.SEARCHED_ROWS)
    return max(headed, key=lambda pair: pair[1].score)


def about_sheets(book: Book, sheet: Sheet, headings: Headings) -> list[Text]:
    """How the file was read, and what was passed over: other sheets, rows above the headings."""
    others = [other.name for other in book.sheets if other.name != sheet.name]
    above = sum(1 for cells in sheet.first[: headings.row] if any(cell != "" for cell in cells))
    notes = list(book.notes)
    if others:
        notes.append(messages.note("other_sheets", names=messages.listed(others)))
    return [*notes, messages.note("rows_above", count=above)] if above else notes


def about_cells(cut: int, formulas: int) -> list[Text]:
    """Which cells were not read as they stand there."""
    notes = [messages.note("formulas", count=formulas)] if formulas else []
    return [*notes, messages.note("long_cells", count=cut, limit=LONGEST_CELL)] if cut else notes


def missing(columns: Sequence[Column]) -> list[str]:
    """The codes of what no ledger can do without, and no column gives."""
    fields = {column.field for column in columns}
    missing = [] if "name" in fields else ["no_name_column"]
    return missing if fields & _DOOR else [*missing, "no_door_column"]

"""Reads a whole ledger: opens the file, settles the columns, then takes the rows one by one."""

from collections.abc import Mapping, Sequence

from haitang.registry.ledger import headers, messages, sheets
from haitang.registry.ledger.codes import NO_ANSWERS, Answers
from haitang.registry.ledger.headers import Headings
from haitang.registry.ledger.messages import unreadable
from haitang.registry.ledger.people import People
from haitang.registry.ledger.shapes import Column, Reading, Text
from haitang.registry.ledger.sheets import Book, Rows, Sheet

_FILLED = frozenset({"compound", "building", "unit", "room", "household_id", "phone"})
_DOOR = frozenset({"compound", "building", "room"})


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
    book = sheets.open_book(content, name)
    sheet, headings = best_sheet(book)
    rows = sheet.rows(None)
    body = rows[headings.row + 1 :]
    columns = headers.columns(headings, body, choices)
    notes = [*book.notes, *about_sheets(book, sheet, rows, headings)]
    filled = fill_merged(rows, sheet, headings, columns)
    if filled:
        notes.append(messages.note("merged", count=filled))
    missing = _missing(columns)
    if missing:
        errors = tuple(messages.row_error(headings.row + 1, "", code) for code in missing)
        return Reading(sheet.name, columns, (), errors, tuple(notes), headings.row + 1)
    people = People(columns, this_year=this_year, answers=answers)
    people.take(body, first_number=headings.row + 2)
    notes += people.notes()
    return Reading(
        sheet.name,
        columns,
        people.rows(),
        tuple(people.errors),
        tuple(notes),
        headings.row + 1,
        people.questions(),
    )


def best_sheet(book: Book) -> tuple[Sheet, Headings]:
    """The first of the sheets whose headings say the most."""
    found = [(sheet, headers.find(sheet.rows(headers.SEARCHED_ROWS))) for sheet in book.sheets]
    headed = [(sheet, headings) for sheet, headings in found if headings]
    if not headed:
        raise unreadable("no_headings", sheet=book.sheets[0].name, limit=headers.SEARCHED_ROWS)
    return max(headed, key=lambda pair: pair[1].score)


def about_sheets(book: Book, sheet: Sheet, rows: Rows, headings: Headings) -> list[Text]:
    others = [other.name for other in book.sheets if other.name != sheet.name]
    above = sum(1 for cells in rows[: headings.row] if any(cell != "" for cell in cells))
    notes = [messages.note("other_sheets", names=", ".join(others))] if others else []
    return [*notes, messages.note("rows_above", count=above)] if above else notes


def fill_merged(rows: Rows, sheet: Sheet, headings: Headings, columns: Sequence[Column]) -> int:
    """Gives every row of a merged cell its value, for what a household shares; how many were filled."""
    common = {column.index for column in columns if column.field in _FILLED}
    filled = 0
    for (top, left), (bottom, right) in sheet.merged:
        if top <= headings.row or left not in common or top == bottom or right != left or top >= len(rows):
            continue
        for cells in rows[top + 1 : bottom + 1]:
            if cells[left] == "":
                cells[left] = rows[top][left]
                filled += 1
    return filled


def _missing(columns: Sequence[Column]) -> list[str]:
    fields = {column.field for column in columns}
    missing = [] if "name" in fields else ["no_name_column"]
    return missing if fields & _DOOR else [*missing, "no_door_column"]

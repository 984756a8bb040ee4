"""Opens a file by what it holds, not by what it is called, and gives its sheets as rows of cells."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath

import python_calamine

from haitang.registry.ledger import binary, messages, packages
from haitang.registry.ledger.messages import unreadable
from haitang.registry.ledger.shapes import Cell, Text

MAX_BYTES = 20 * 1024 * 1024
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ENCODING_NAMES = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "utf-16": "UTF-16", "gb18030": "GB 18030"}
_DELIMITERS = ",;\t"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")

Rows = list[list[Cell]]


@dataclass(frozen=True)
class Sheet:
    """A visible sheet; rows count from the sheet's first row, `merged` from 0 as (first, last) corners."""

    name: str
    rows: Callable[[int | None], Rows]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()


@dataclass(frozen=True)
class Book:
    """The sheets that may be read, and what to know about the others."""

    sheets: tuple[Sheet, ...]
    notes: tuple[Text, ...]


def check_size(size: int, name: str) -> None:
    """Refuse a file of too many bytes, before anybody reads them. Raises Unreadable."""
    if size > MAX_BYTES:
        raise unreadable("too_big", name=name, size=f"{size / 2**20:.1f}", limit=MAX_BYTES // 2**20)


def open_book(content: bytes, name: str) -> Book:
    """The sheets of CSV, XLSX, ODS or XLS bytes. Raises Unreadable."""
    check_size(len(content), name)
    if not content.strip():
        raise unreadable("empty", name=name)
    if content.startswith(b"PK"):
        parts = packages.weigh_zip(content, name)
        if not parts & {"xl/workbook.xml", "content.xml"}:
            raise unreadable("not_a_table", name=name)
        return _workbook(content, name)
    if content.startswith(binary.SIGNATURE):
        return _binary(content, name)
    return _text(content, name)


def _workbook(content: bytes, name: str) -> Book:
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        visible = [sheet.name for sheet in book.sheets_metadata if _is_shown(sheet)]
        hidden = [sheet.name for sheet in book.sheets_metadata if sheet.name not in visible]
        opened = [_sheet(book.get_sheet_by_name(title)) for title in visible]
    except python_calamine.PasswordError as fault:
        raise unreadable("locked", name=name) from fault
    except (python_calamine.CalamineError, OSError, ValueError) as fault:
        raise unreadable("damaged", name=name) from fault
    return _book(name, [sheet for sheet in opened if sheet], hidden)


def _binary(content: bytes, name: str) -> Book:
    found = binary.read_sheets(content, name)
    shown = []
    for sheet in found:
        if sheet.is_shown and sheet.end:
            packages.check_extent(sheet.name, sheet.end[0] + 1, sheet.end[1] + 1)
            shown.append(Sheet(sheet.name, partial(_first, sheet.rows), sheet.merged))
    return _book(name, shown, [sheet.name for sheet in found if not sheet.is_shown])


def _book(name: str, shown: Sequence[Sheet], hidden: Sequence[str]) -> Book:
    if not shown:
        raise unreadable("no_visible_sheet", name=name)
    return Book(tuple(shown), (messages.note("hidden_sheets", names=", ".join(hidden)),) if hidden else ())


def _first(rows: Rows, limit: int | None) -> Rows:
    return rows[:limit]


def _is_shown(sheet: python_calamine.SheetMetadata) -> bool:
    is_table = sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    return is_table and sheet.visible == python_calamine.SheetVisibleEnum.Visible


def _sheet(opened: python_calamine.CalamineSheet) -> Sheet | None:
    if opened.end is None:
        return None
    packages.check_extent(opened.name, opened.end[0] + 1, opened.end[1] + 1)

    def rows(limit: int | None) -> Rows:
        return opened.to_python(skip_empty_area=False, nrows=limit)

    return Sheet(opened.name, rows, tuple(opened.merged_cell_ranges or ()))


def _text(content: bytes, name: str) -> Book:
    text, encoding = _decoded(content, name)
    if _CONTROL.search(text):
        raise unreadable("not_a_table", name=name)
    title = PurePath(name).stem or name
    delimiter = max(_DELIMITERS, key=lambda mark: _score(text, mark))
    table: Rows = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            while record and not record[-1].strip():
                record.pop()
            packages.check_extent(title, len(table) + 1, len(record))
            table.append(list(record))
    except csv.Error as fault:
        raise unreadable("damaged", name=name) from fault
    sheet = Sheet(title, partial(_first, table))
    return Book((sheet,), (messages.note("encoding", encoding=_ENCODING_NAMES[encoding]),))


def _decoded(content: bytes, name: str) -> tuple[str, str]:
    marked = [encoding for mark, encoding in _BYTE_ORDER_MARKS if content.startswith(mark)]
    fault: UnicodeDecodeError | None = None
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError as refused:
            fault = refused
    line = content[: fault.start].count(b"\n") + 1 if fault else 1
    raise unreadable("bad_encoding", name=name, line=line) from fault


def _score(text: str, delimiter: str) -> tuple[int, int]:
    """How many of the first rows a delimiter divides, and into how many cells."""
    first: Iterable[str] = text[:20_000].splitlines()[:15]
    try:
        widths = [len(record) for record in csv.reader(first, delimiter=delimiter)]
    except csv.Error:
        return 0, 0
    return sum(1 for width in widths if width > 1), max(widths, default=0)

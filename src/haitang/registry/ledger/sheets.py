"""Opens a file by what it holds, not by what it is called, and gives its sheets as rows of cells."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import BinaryIO, Protocol

from haitang.registry.ledger import binary, messages, opendocument, workbooks
from haitang.registry.ledger.delimited import ENCODING_NAMES, Delimited
from haitang.registry.ledger.limits import COMPOUND, Account, Limits
from haitang.registry.ledger.messages import unreadable
from haitang.registry.ledger.packages import Package
from haitang.registry.ledger.references import Span
from haitang.registry.ledger.shapes import Cell, Text

SEARCHED_ROWS = 15
MAX_BYTES = COMPOUND.file

Rows = list[list[Cell]]
Source = Callable[[], BinaryIO]


class SheetRows(Protocol):
    """Rows to be read once; the rest is known when all were read."""

    @property
    def merged(self) -> Sequence[Span]: ...

    @property
    def formulas(self) -> int: ...

    def __iter__(self) -> Iterator[list[Cell]]: ...


@dataclass(frozen=True)
class Sheet:
    """A visible sheet: its first rows, and `rows` to begin reading all of them."""

    name: str
    first: Rows
    rows: Callable[[], SheetRows]


@dataclass(frozen=True)
class Book:
    """The sheets that may be read, and what to know about the others."""

    sheets: tuple[Sheet, ...]
    notes: tuple[Text, ...]
    account: Account


def check_size(size: int, name: str, *, limits: Limits = COMPOUND) -> None:
    """Refuse a file of too many bytes, before anybody reads them. Raises Unreadable."""
    if size > limits.file:
        raise unreadable("too_big", name=name, size=f"{size / 2**20:.1f}", limit=limits.file // 2**20)


def open_book(source: Source, name: str, *, limits: Limits = COMPOUND) -> Book:
    """The sheets of a CSV, XLSX, ODS or XLS file; `source` opens it anew each time. Raises Unreadable."""
    with source() as file:
        start = file.read(len(binary.SIGNATURE))
        size = file.seek(0, io.SEEK_END)
    check_size(size, name, limits=limits)
    account = Account(name, limits, size=size)
    if start.startswith(b"PK"):
        return _package(Package(source(), account))
    if start == binary.SIGNATURE:
        return _binary(source, account)
    return _text(source, account)


def _package(package: Package) -> Book:
    if workbooks.WORKBOOK in package:
        return _workbook(package)
    if opendocument.CONTENT in package:
        return _open_document(package)
    raise unreadable("not_a_table", name=package.account.name)


def _workbook(package: Package) -> Book:
    book = workbooks.Workbook(package)
    tables = [sheet for sheet in book.sheets if sheet.part and sheet.is_shown]
    hidden = [sheet.name for sheet in book.sheets if not sheet.is_shown]
    shown = []
    for sheet in tables:
        rows = partial(book.rows, sheet)
        shown.append(Sheet(sheet.name, list(islice(rows(), SEARCHED_ROWS)), rows))
    return _book(shown, hidden, package.account)


def _open_document(package: Package) -> Book:
    found = opendocument.tables(package, first=SEARCHED_ROWS)
    shown = [
        Sheet(table.name, table.first, partial(opendocument.TableRows, package, place))
        for place, table in enumerate(found)
        if table.is_shown
    ]
    return _book(shown, [table.name for table in found if not table.is_shown], package.account)


def _binary(source: Source, account: Account) -> Book:
    with source() as file:
        found = binary.read_sheets(file.read(), account)
    shown = [
        Sheet(sheet.name, list(islice(sheet, SEARCHED_ROWS)), partial(_Told, sheet.__iter__, sheet.merged))
        for sheet in found
        if sheet.is_shown
    ]
    return _book(shown, [sheet.name for sheet in found if not sheet.is_shown], account)


def _text(source: Source, account: Account) -> Book:
    text = Delimited(source, account)
    sheet = Sheet(text.title, list(islice(text.rows(), SEARCHED_ROWS)), partial(_Told, text.rows))
    note = messages.note("encoding", encoding=ENCODING_NAMES[text.encoding])
    return Book((sheet,), (note,), account)


def _book(found: Sequence[Sheet], hidden: Sequence[str], account: Account) -> Book:
    shown = tuple(sheet for sheet in found if sheet.first)
    if not shown:
        raise unreadable("no_visible_sheet", name=account.name)
    notes = (messages.note("hidden_sheets", names=messages.listed(hidden)),) if hidden else ()
    return Book(shown, notes, account)


@dataclass(frozen=True)
class _Told:
    """Rows of which everything is known before they are read."""

    lines: Callable[[], Iterator[list[Cell]]]
    merged: Sequence[Span] = ()
    formulas: int = 0

    def __iter__(self) -> Iterator[list[Cell]]:
        return self.lines()

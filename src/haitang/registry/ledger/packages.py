"""Weighs a spreadsheet file before it is opened: a small file may unpack to more than the machine has."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from haitang.registry.ledger.messages import unreadable

MAX_UNPACKED = 400 * 1024 * 1024
MAX_RATIO = 200
MAX_ROWS = 200_000
MAX_COLUMNS = 100
_RATIO_MATTERS_FROM = 4 * 1024 * 1024
_CHUNK = 1 << 16
_TABLE_ROOTS = {"worksheet", "document-content"}


def weigh_zip(content: bytes, name: str) -> set[str]:
    """Unpacks every part once without keeping it, and measures every sheet; the parts' names.

    The sizes that the file states about itself are not believed. Raises Unreadable.
    """
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for part in package.infolist():
                part.file_size = MAX_UNPACKED + 1
                extent = _Extent(part.filename, name)
                for chunk in _chunks(package, part):
                    total += len(chunk)
                    if total > MAX_UNPACKED or total > max(_RATIO_MATTERS_FROM, MAX_RATIO * len(content)):
                        raise unreadable("unpacks_too_big", name=name)
                    extent.feed(chunk)
            return {part.filename for part in package.infolist()}
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        struct.error,
    ) as fault:
        raise unreadable("damaged", name=name) from fault


def check_extent(sheet: str, rows: int, columns: int) -> None:
    """Raises Unreadable when a sheet is larger than any ledger."""
    if rows > MAX_ROWS:
        raise unreadable("too_many_rows", sheet=sheet, limit=MAX_ROWS)
    if columns > MAX_COLUMNS:
        raise unreadable("too_many_columns", sheet=sheet, limit=MAX_COLUMNS)


def _chunks(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


class _Extent:
    """Follows the cells of one XML part, if it is a sheet, and stops at the first that lies too far out.

    The reader allocates a sheet's whole rectangle at once: two cells far apart would end the process.
    """

    def __init__(self, part: str, name: str) -> None:
        self.name = name
        self.is_table: bool | None = None if part.lower().endswith(".xml") else False
        self.row = self.column = self.repeated_rows = self.repeated_columns = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype

    def feed(self, chunk: bytes) -> None:
        if self.is_table is not False:
            try:
                self.parser.Parse(chunk)
            except (expat.ExpatError, LookupError) as fault:
                raise unreadable("damaged", name=self.name) from fault

    def _refuse_doctype(self, *_details: object) -> None:
        raise unreadable("damaged", name=self.name)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if self.is_table is None:
            self.is_table = local in _TABLE_ROOTS
        follow = _FOLLOWED.get(local)
        if follow and self.is_table:
            follow(self, attributes)

    def _row(self, attributes: dict[str, str]) -> None:
        self.row = _whole(attributes.get("r"), self.row + 1)
        self.column = 0

    def _cell(self, attributes: dict[str, str]) -> None:
        letters = attributes.get("r", "").rstrip("0123456789")
        digits = attributes.get("r", "")[len(letters) :]
        self.row = _whole(digits, self.row)
        self.column = column_number(letters) if letters else self.column + 1

    def _value(self, _attributes: dict[str, str]) -> None:
        check_extent(self.name, self.row, self.column)

    def _table(self, _attributes: dict[str, str]) -> None:
        self.row = self.column = self.repeated_rows = 0

    def _ods_row(self, attributes: dict[str, str]) -> None:
        self.repeated_rows = _whole(attributes.get("table:number-rows-repeated"), 1)
        self.row += self.repeated_rows
        self.column = 0

    def _ods_cell(self, attributes: dict[str, str]) -> None:
        self.column += _whole(attributes.get("table:number-columns-repeated"), 1)
        if any(key.endswith(":value-type") for key in attributes):
            check_extent(self.name, self.row, self.column)


_FOLLOWED = {
    "row": _Extent._row,
    "c": _Extent._cell,
    "v": _Extent._value,
    "is": _Extent._value,
    "table": _Extent._table,
    "table-row": _Extent._ods_row,
    "table-cell": _Extent._ods_cell,
    "covered-table-cell": _Extent._ods_cell,
}


def column_number(letters: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + ord(letter) - 64
    return number


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else otherwise

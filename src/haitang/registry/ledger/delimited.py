"""Reads text of rows (CSV and its kin), line by line, in the encodings and with the marks that people use."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import PurePath
from typing import BinaryIO

from haitang.registry.ledger.limits import Account
from haitang.registry.ledger.messages import unreadable
from haitang.registry.ledger.shapes import Cell, Unreadable

ENCODING_NAMES = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "utf-16": "UTF-16", "gb18030": "GB 18030"}
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = ",;\t"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_LINE_END = re.compile(r"[\r\n]")
_CHUNK = 1 << 17
_LONGEST_LINE = (
    1 << 17
)  # characters, as many as the reader takes for one cell; also of a row of several lines
_END = "\ue000"
_SAMPLE = 20_000
_SAMPLE_LINES = 15

Source = Callable[[], BinaryIO]


class Delimited:
    """A file of rows; what it is was found out by reading it once."""

    def __init__(self, source: Source, account: Account) -> None:
        self.title = PurePath(account.name).stem or account.name
        self._source = source
        self._account = account
        self._is_blank = True
        self.encoding = self._told_encoding()
        if self._is_blank:
            raise unreadable("empty", name=account.name)
        with self._opened() as file:
            sample = file.read(_SAMPLE)
        if sample.lstrip().startswith("<"):
            raise unreadable("not_a_table", name=account.name)
        self._delimiter = max(_DELIMITERS, key=lambda mark: _score(sample, mark))

    def rows(self) -> Iterator[list[Cell]]:
        """The rows, each as wide as its last cell that says anything. Raises Unreadable."""
        with self._opened() as file:
            lines = _Lines(file)
            reader = csv.reader(chain(lines, [_END]), delimiter=self._delimiter)
            number = 0
            try:
                for record in reader:
                    if record == [_END]:
                        return
                    lines.begin_row()
                    while record and not record[-1].strip():
                        record.pop()
                    number += 1
                    self._account.reach(self.title, number, len(record))
                    yield list(record)
            except csv.Error as fault:
                raise self._unclosed(lines.begun) from fault
            raise self._unclosed(lines.begun_before)  # the last row took the mark of the end for its own

    def _opened(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(self._source(), encoding=self.encoding, newline="")

    def _unclosed(self, line: int) -> Unreadable:
        return unreadable("bad_quotes", name=self._account.name, line=line + 1)

    def _told_encoding(self) -> str:
        """The first encoding in which all of the file makes sense."""
        with self._source() as file:
            start = file.read(4)
        marked = [encoding for mark, encoding in _BYTE_ORDER_MARKS if start.startswith(mark)]
        line = 1
        for encoding in marked or ["utf-8", "gb18030"]:
            line = self._first_fault(encoding)
            if not line:
                return encoding
        raise unreadable("bad_encoding", name=self._account.name, line=line)

    def _first_fault(self, encoding: str) -> int:
        """The line of the first byte that makes no sense in an encoding; 0 when all do."""
        decoder = codecs.getincrementaldecoder(encoding)()
        lines = length = 0
        with self._source() as file:
            while True:
                piece = file.read(_CHUNK)
                try:
                    text = decoder.decode(piece, final=not piece)
                except UnicodeDecodeError as fault:
                    return lines + piece[: fault.start].count(b"\n") + 1
                length = self._check(text, length)
                self._is_blank = self._is_blank and not text.strip()
                lines += text.count("\n")
                if not piece:
                    return 0

    def _check(self, text: str, length: int) -> int:
        """Refuse what is no text of rows; how long the last line is so far."""
        if _CONTROL.search(text):
            raise unreadable("not_a_table", name=self._account.name)
        first, last = _LINE_END.search(text), max(text.rfind("\n"), text.rfind("\r"))
        if length + (first.start() if first else len(text)) > _LONGEST_LINE:
            raise unreadable("not_a_table", name=self._account.name)
        return len(text) - last - 1 if first else length + len(text)


class _Lines:
    """The lines of a file, up to where one row goes on for too long: a quotation mark was left open."""

    def __init__(self, file: Iterable[str]) -> None:
        self.begun = self.begun_before = 0  # the line above the present row, and above the one before it
        self._file = file
        self._read = self._length = 0

    def begin_row(self) -> None:
        """A row has ended, and the next begins."""
        self.begun_before, self.begun, self._length = self.begun, self._read, 0

    def __iter__(self) -> Iterator[str]:
        for line in self._file:
            self._length += len(line)
            if self._length > _LONGEST_LINE:
                raise csv.Error
            self._read += 1
            yield line


def _score(text: str, delimiter: str) -> tuple[int, int]:
    """How many of the first rows a delimiter divides, and into how many cells."""
    first = text.splitlines()[:_SAMPLE_LINES]
    try:
        widths = [len(record) for record in csv.reader(first, delimiter=delimiter)]
    except csv.Error:
        return 0, 0
    return sum(1 for width in widths if width > 1), max(widths, default=0)

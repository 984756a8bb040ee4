"""Reads the rows of an XLSX sheet one by one: what all programs write by pattern, the rest through the parser."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from haitang.registry.ledger.references import Span
from haitang.registry.ledger.shapes import Cell
from haitang.registry.ledger.worksheets import Cells, NumberedRow, SheetMarkup, put

_LONGEST_HEAD = 1 << 18
_LONGEST_ROW = 1 << 20
_ROWS_BEGIN, _ROW_ENDS, _ROWS_END = b"<sheetData>", b"</row>", b"</sheetData>"
# A row, or a cell: one without a value has one "<", one with a value four, one with a text of its own six.
_TOKEN = re.compile(
    r'<row r="([0-9]{1,7})"[^<>]*>'
    r'|<c r="([A-Z]{1,3})[0-9]{1,7}"(?: s="([0-9]{1,6})")?(?: t="([a-zA-Z]{1,9})")?'
    r'(?:/>|>(?:<v>([^<]+)</v>|<is><t(?: xml:space="preserve")?>([^<]+)</t></is>)</c>)'
)
_UNUSUAL = b"&\r" + bytes({*range(32)} - {*b"\t\n\r"})


class SheetRows:
    """The rows of one sheet; `merged` and `formulas` are known once all were read."""

    def __init__(self, pieces: Iterable[bytes], cells: Cells) -> None:
        self._pieces = iter(pieces)
        self._cells = cells
        self._markup = SheetMarkup(cells)

    @property
    def merged(self) -> Sequence[Span]:
        """Ranges of one column and several rows that look like one cell."""
        return self._markup.merged

    @property
    def formulas(self) -> int:
        """How many formulas came without a value; none is ever calculated."""
        return self._markup.formulas

    def __iter__(self) -> Iterator[list[Cell]]:
        """From the sheet's first row to the last that has a value, each as wide as its last value."""
        last = 0
        for number, line in self._numbered():
            if number <= last:
                raise self._cells.damage()
            self._cells.account.reach(self._cells.sheet, number, len(line))
            for _blank in range(last + 1, number):
                yield []
            last = number
            yield line

    def _numbered(self) -> Iterator[NumberedRow]:
        """The parser follows the sheet from its first byte to its last, all but the rows that need no parser."""
        markup, waiting = self._markup, self._past_head()
        is_plain = markup.is_between_rows
        while is_plain:
            end = waiting.rfind(_ROW_ENDS) + len(_ROW_ENDS)
            if end >= len(_ROW_ENDS):
                yield from self._rows_of(waiting[:end])
                waiting = waiting[end:]
            piece = b"" if _ROWS_END in waiting else next(self._pieces, b"")
            waiting += piece
            is_plain = bool(piece) and markup.is_between_rows and len(waiting) < _LONGEST_ROW
        for piece in chain([waiting], self._pieces):
            markup.feed(piece)
            yield from markup.taken()
        markup.close()

    def _past_head(self) -> bytes:
        """Parses up to where the rows begin; what was read beyond that."""
        head = b""
        for piece in self._pieces:
            head += piece
            begin = head.find(_ROWS_BEGIN) + len(_ROWS_BEGIN)
            if begin >= len(_ROWS_BEGIN):
                self._markup.feed(head[:begin])
                return head[begin:]
            if len(head) > _LONGEST_HEAD:
                break
        return head

    def _rows_of(self, piece: bytes) -> Iterator[NumberedRow]:
        """The rows of a piece that ends with a row."""
        rows = None if len(piece.translate(None, _UNUSUAL)) < len(piece) else self._understood(piece)
        if rows is None:
            self._markup.feed(piece)
            yield from self._markup.taken()
        elif rows:
            self._markup.row = rows[-1][0]
            yield from (row for row in rows if row[1])

    def _understood(self, piece: bytes) -> list[NumberedRow] | None:
        """The rows of a piece in which everything is as usual; None if anything in it is not."""
        try:
            text = piece.decode()
            return self._usual(text)
        except (ValueError, IndexError) as fault:
            raise self._cells.damage() from fault

    def _usual(self, text: str) -> list[NumberedRow] | None:
        cells, columns = self._cells, self._cells.columns
        strings, dates = cells.strings, cells.dates
        rows: list[NumberedRow] = []
        line: list[Cell] = []
        blanks = texts = 0
        found = _TOKEN.findall(text)
        for row, letters, style, kind, value, own in found:
            if value:
                if kind == "s":
                    cell: Cell = strings[int(value)]
                elif kind or style in dates:
                    cell = cells.value(kind, style, value)
                else:
                    cell = cells.number("", value)
            elif row:
                line = []
                rows.append((int(row), line))
                continue
            elif own:
                texts += 1
                cell = cells.value(kind, "", own)
            else:
                blanks += 1
                continue
            place = columns[letters] if letters in columns else cells.column(letters)
            if place == len(line):
                line.append(cell)
            else:
                put(line, place, cell)
        values = len(found) - len(rows) - blanks - texts
        tags = len(rows) + text.count("</row>") + blanks + 4 * values + 6 * texts
        return rows if tags == text.count("<") and "<v>-" not in text else None

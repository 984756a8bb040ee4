"""What stands in the cells of an XLSX sheet, read by the book: element by element."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from haitang.registry.ledger import references, serials
from haitang.registry.ledger.limits import Account
from haitang.registry.ledger.markup import Markup
from haitang.registry.ledger.messages import unreadable
from haitang.registry.ledger.references import Span
from haitang.registry.ledger.shapes import Cell, Unreadable

_MOST_MERGED = 200_000
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

NumberedRow = tuple[int, list[Cell]]


@dataclass(frozen=True)
class Styles:
    """The ids of the cell formats that show dates, and of those that show spans of time."""

    dates: Set[str] = frozenset()
    spans: Set[str] = frozenset()
    from_1904: bool = False


class Cells:
    """Turns what a sheet's markup says of a cell into its value."""

    def __init__(self, sheet: str, strings: Sequence[str], styles: Styles, account: Account) -> None:
        self.sheet = sheet
        self.account = account
        self.dates = styles.dates
        self.strings = strings
        self._styles = styles
        self.columns = {references.letter(index): index for index in range(account.limits.columns)}

    def column(self, letters: str) -> int:
        """The index of a column, unless it lies too far out."""
        if letters not in self.columns:
            self.account.reach(self.sheet, 1, references.column_number(letters))
            raise self.damage()
        return self.columns[letters]

    def value(self, kind: str, style: str, text: str) -> Cell:
        """A cell's value by its type and its format; "" for an error."""
        if kind == "s":
            return self.shared(text)
        if kind in ("", "n"):
            return self.number(style, text)
        if kind in ("str", "inlineStr"):
            return self.own(text)
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind not in ("d", "e"):
            raise self.damage()
        return serials.from_iso(text) if kind == "d" else ""

    def shared(self, text: str) -> str:
        """The shared text of this number."""
        try:
            index = int(text)
            return self.strings[index if index >= 0 else len(self.strings)]
        except (ValueError, IndexError) as fault:
            raise self.damage() from fault

    def own(self, text: str) -> str:
        """A text that stands in the cell itself."""
        self.account.keep_text(len(text))
        return unescaped(text)

    def number(self, style: str, text: str) -> Cell:
        """A number, or the date that its format makes of it."""
        try:
            number = float(text)
        except ValueError:
            return self.own(text)
        if style not in self.dates:
            return number
        is_span = style in self._styles.spans
        return serials.from_serial(number, from_1904=self._styles.from_1904, is_span=is_span)

    def damage(self) -> Unreadable:
        """The refusal of a sheet that doesn't follow its own format."""
        return unreadable("damaged", name=self.account.name)


class SheetMarkup(Markup):
    """Follows a sheet's markup; `row` is the number of its last row, `merged` its merged columns."""

    def __init__(self, cells: Cells) -> None:
        super().__init__(cells.account.name)
        self.row = 0
        self.merged: list[Span] = []
        self.formulas = 0  # without a value that was saved with them
        self._cells = cells
        self._taken: list[NumberedRow] = []
        self._line: list[Cell] | None = None
        self._at = -1
        self._kind = self._style = ""
        self._is_formula = False
        self._text: list[str] = []
        self._listens = self._is_spoken = self._is_in_rows = False

    @property
    def is_between_rows(self) -> bool:
        """Whether a row, in UTF-8, may follow just here."""
        is_there = self._is_in_rows and self.depth == 2 and not self.is_waiting
        return is_there and self.encoding.lower() in ("", "utf-8")

    def taken(self) -> list[NumberedRow]:
        """The rows with values that were completed since the last call."""
        taken, self._taken = self._taken, []
        return taken

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c" and self._line is not None:
            self._start_cell(attributes)
        elif tag in ("v", "t"):
            self._listens = not self._is_spoken
        elif tag == "f":
            self._is_formula = True
        elif tag == "row" and self._is_in_rows:
            self.row = int(attributes.get("r", self.row + 1))
            self._line, self._at = [], -1
        elif tag == "sheetData":
            self._is_in_rows = True
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif tag == "rPh":
            self._is_spoken = True  # how a text is spoken is no part of it

    def said(self, text: str) -> None:
        if self._listens:
            self._text.append(text)

    def end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self._listens = False
        elif tag == "c" and self._line is not None:
            self._end_cell(self._line)
        elif tag == "row":
            if self._line:
                self._taken.append((self.row, self._line))
            self._line = None
        elif tag == "sheetData":
            self._is_in_rows = False
        elif tag == "rPh":
            self._is_spoken = False

    def _start_cell(self, attributes: dict[str, str]) -> None:
        named = attributes.get("r")
        row, column = references.corner(named) if named else (self.row, 0)
        if not row or (self._line and row != self.row):
            raise self._cells.damage()
        self.row = row
        self._at = column - 1 if named else self._at + 1
        self._kind, self._style = attributes.get("t", ""), attributes.get("s", "0")
        self._is_formula = False
        self._text = []

    def _end_cell(self, line: list[Cell]) -> None:
        text = "".join(self._text)
        if not text:
            self.formulas += self._is_formula
            return
        put(
            line,
            self._cells.column(references.letter(self._at)),
            self._cells.value(self._kind, self._style, text),
        )

    def _merge(self, reference: str) -> None:
        (top, left), (bottom, right) = span = references.span(reference)
        if left == right and 0 <= top < bottom:
            self.merged.append(span)
        if len(self.merged) > _MOST_MERGED:
            raise unreadable("too_much", name=self.name)


def put(line: list[Cell], column: int, value: Cell) -> None:
    """Write a value into a row, which grows to hold it."""
    missing = column - len(line)
    if missing > 0:
        line.extend([""] * missing)
    if missing >= 0:
        line.append(value)
    else:
        line[column] = value


def unescaped(text: str) -> str:
    """_x000D_ and the like as the characters they stand for, as far as a text may have them."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match.group(1), 16)
    is_text = (code >= ord(" ") and not 0xD800 <= code <= 0xDFFF) or chr(code) in "\t\n\r"
    return chr(code) if is_text else ""

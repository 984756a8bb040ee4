"""Opens an XLSX workbook: its sheets by name, its shared texts, the formats that show dates."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from haitang.registry.ledger import serials
from haitang.registry.ledger.limits import Account
from haitang.registry.ledger.markup import Markup
from haitang.registry.ledger.messages import unreadable
from haitang.registry.ledger.packages import Package
from haitang.registry.ledger.rows import SheetRows
from haitang.registry.ledger.worksheets import Cells, Styles, unescaped

WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_STRINGS = "xl/sharedstrings.xml"
_MOST_LISTED = 10_000
_FIRST_STRING = b"<si>"
_STRING_ENDS = b"</si>"
_STRING = re.compile(r'<si><t(?: xml:space="preserve")?>([^<&\r\x00-\x08\x0b\x0c\x0e-\x1f]*)</t></si>')
_STRING_TAGS = 4
_COST_OF_A_STRING = 16  # characters of memory that even an empty one takes


@dataclass(frozen=True)
class Listed:
    """A sheet as the workbook lists it; `part` is where its rows are, "" for a chart and the like."""

    name: str
    is_shown: bool
    part: str


class Workbook:
    """An XLSX file. Its sheets are listed at once, all else is read when rows are asked for."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._account = package.account
        self._cells: tuple[list[str], Styles] | None = None
        relations, book = _Relations(self._account), _Sheets(self._account)
        relations.follow(package.chunks(_RELATIONS))
        book.follow(package.chunks(WORKBOOK))
        self._from_1904 = book.from_1904
        self.sheets = [
            Listed(name, state == "visible", relations.worksheets.get(relation, ""))
            for name, state, relation in book.sheets
        ]

    def rows(self, sheet: Listed) -> SheetRows:
        """The rows of one sheet."""
        if self._cells is None:
            self._cells = self._strings(), self._styles()
        strings, styles = self._cells
        return SheetRows(self._package.chunks(sheet.part), Cells(sheet.name, strings, styles, self._account))

    def _strings(self) -> list[str]:
        if _STRINGS not in self._package:
            return []
        shared = _Strings(self._account)
        shared.read(self._package.chunks(_STRINGS))
        return shared.strings

    def _styles(self) -> Styles:
        if _STYLES not in self._package:
            return Styles(from_1904=self._from_1904)
        formats = _Formats(self._account)
        formats.follow(self._package.chunks(_STYLES))
        return formats.styles(from_1904=self._from_1904)


class _Part(Markup):
    """A part of the workbook that lists things, of which there are never many."""

    def __init__(self, account: Account) -> None:
        super().__init__(account.name)
        self.account = account
        self._listed = 0

    def count(self) -> None:
        self._listed += 1
        if self._listed > _MOST_LISTED:
            raise unreadable("damaged", name=self.name)


class _Relations(_Part):
    """Which part of this file holds which worksheet."""

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self.worksheets: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            self.count()
            target = attributes.get("Target", "").replace("\\", "/")
            self.worksheets[attributes.get("Id", "")] = posixpath.join("/xl", target)


class _Sheets(_Part):
    """The sheets as (name, state, relation), in their order."""

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self.sheets: list[tuple[str, str, str]] = []
        self.from_1904 = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            self.count()
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets.append((attributes.get("name", ""), attributes.get("state", "visible"), relation))
        elif tag == "workbookPr":
            self.from_1904 = attributes.get("date1904", "0") in ("1", "true")


class _Formats(_Part):
    """Which cell formats show dates."""

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._codes: dict[str, str] = {}
        self._used: list[str] = []
        self._is_cells = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "cellXfs":
            self._is_cells = True
        elif tag == "xf" and self._is_cells:
            self._listed_format(attributes.get("numFmtId", "0"))
        elif tag == "numFmt":
            self.count()
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:200]

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._is_cells = False

    def styles(self, *, from_1904: bool) -> Styles:
        """The formats by the places that cells name them by."""
        told = [(int(number), self._codes.get(number)) for number in self._used]
        dates = {str(place) for place, of in enumerate(told) if serials.is_date_format(*of)}
        spans = {str(place) for place, of in enumerate(told) if serials.is_span_format(*of)}
        return Styles(frozenset(dates), frozenset(spans), from_1904)

    def _listed_format(self, number: str) -> None:
        if len(self._used) < 1 << 16:  # a cell can't name more
            self._used.append(number if number.isdecimal() and len(number) < 6 else "0")


class _Strings(Markup):
    """The texts that cells share, by number."""

    def __init__(self, account: Account) -> None:
        super().__init__(account.name)
        self.strings: list[str] = []
        self._account = account
        self._text: list[str] = []
        self._listens = self._is_spoken = False

    def read(self, pieces: Iterator[bytes]) -> None:
        """Take all; those written as usual by pattern, and only the rest through the parser."""
        waiting = b""
        for piece in pieces:
            waiting += piece
            end = waiting.rfind(_STRING_ENDS) + len(_STRING_ENDS)
            if end >= len(_STRING_ENDS):
                self._take(waiting[:end])
                waiting = waiting[end:]
            elif len(waiting) > 1 << 20:
                self.feed(waiting)
                waiting = b""
        self.feed(waiting)
        self.close()

    def _take(self, piece: bytes) -> None:
        begin = 0
        if self.depth == 0:
            begin = max(piece.find(_FIRST_STRING), 0)
            self.feed(piece[:begin])
        text = piece[begin:].decode("utf-8", "replace")
        found = _STRING.findall(text)
        is_usual = self.depth == 1 and not self.is_waiting and self.encoding.lower() in ("", "utf-8")
        if is_usual and _STRING_TAGS * len(found) == text.count("<") and "\ufffd" not in text:
            self._keep(found)
        else:
            self.feed(piece[begin:])

    def _keep(self, strings: list[str]) -> None:
        self._account.keep_text(sum(map(len, strings)) + _COST_OF_A_STRING * len(strings))
        self.strings += [unescaped(string) for string in strings]

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "si":
            self._text = []
        elif tag == "t":
            self._listens = not self._is_spoken
        elif tag == "rPh":
            self._is_spoken = True

    def said(self, text: str) -> None:
        if self._listens:
            self._text.append(text)

    def end(self, tag: str) -> None:
        if tag == "t":
            self._listens = False
        elif tag == "rPh":
            self._is_spoken = False
        elif tag == "si":
            self._keep(["".join(self._text)])

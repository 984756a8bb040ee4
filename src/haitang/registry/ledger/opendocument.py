"""Reads the tables of an ODS spreadsheet, row by row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from haitang.registry.ledger import serials
from haitang.registry.ledger.limits import Account
from haitang.registry.ledger.markup import Markup
from haitang.registry.ledger.messages import unreadable
from haitang.registry.ledger.packages import Package
from haitang.registry.ledger.references import Span
from haitang.registry.ledger.shapes import Cell

CONTENT = "content.xml"
_MANIFEST = "meta-inf/manifest.xml"
_NUMBERS = frozenset({"float", "percentage", "currency"})
_MOST_TABLES = 10_000
_MOST_MERGED = 200_000
_MOST_SPACES = 100
_BESIDE = frozenset(
    {"annotation", "frame", "custom-shape", "shapes"}
)  # notes and drawings stand inside cells


@dataclass
class Table:
    """A table; `first` are its first rows, `merged` ranges of one column, known once its rows were read."""

    name: str
    is_shown: bool
    first: list[list[Cell]] = field(default_factory=list)
    merged: list[Span] = field(default_factory=list)
    formulas: int = 0


def tables(package: Package, *, first: int) -> list[Table]:
    """All tables of a spreadsheet with their first rows. Raises Unreadable."""
    if _MANIFEST in package and any(b"encryption-data" in piece for piece in package.chunks(_MANIFEST)):
        raise unreadable("locked", name=package.account.name)
    content = _Content(package.account)
    for piece in package.chunks(CONTENT):
        content.feed(piece)
        for table, line in content.taken():
            if len(table.first) < first:
                table.first.append(line)
    content.close()
    if not content.is_spreadsheet:
        raise unreadable("not_a_table", name=package.account.name)
    return content.tables


class TableRows:
    """The rows of the table at a place among all, each as wide as its last value."""

    def __init__(self, package: Package, place: int) -> None:
        self._package = package
        self._content = _Content(package.account, only=place)
        self._place = place

    @property
    def merged(self) -> Sequence[Span]:
        """Ranges of one column and several rows that look like one cell."""
        return self._content.tables[self._place].merged

    @property
    def formulas(self) -> int:
        """How many formulas came without a value; none is ever calculated."""
        return self._content.tables[self._place].formulas

    def __iter__(self) -> Iterator[list[Cell]]:
        for piece in self._package.chunks(CONTENT):
            self._content.feed(piece)
            for _table, line in self._content.taken():
                yield line
        self._content.close()


class _Content(Markup):
    """Follows the content of a spreadsheet; with `only`, takes the rows of the table at that place alone."""

    def __init__(self, account: Account, *, only: int | None = None) -> None:
        super().__init__(account.name)
        self.tables: list[Table] = []
        self.is_spreadsheet = False
        self._account = account
        self._only = only
        self._hidden: set[str] = set()
        self._style = ""
        self._taken: list[tuple[Table, list[Cell]]] = []
        self._table: Table | None = None
        self._row = self._given = self._repeated = 0
        self._line: list[Cell] = []
        self._blanks = 0
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []
        self._beside = 0
        self._starts = {
            "style": self._start_style,
            "table-properties": self._start_properties,
            "spreadsheet": self._start_spreadsheet,
            "table": self._start_table,
            "table-row": self._start_row,
            "table-cell": self._start_cell,
            "covered-table-cell": self._start_cell,
        }

    def taken(self) -> list[tuple[Table, list[Cell]]]:
        """The rows that were completed since the last call, with their tables."""
        taken, self._taken = self._taken, []
        return taken

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._cell is not None:
            self._start_inside(tag, attributes)
        elif tag in self._starts:
            self._starts[tag](attributes)

    def said(self, text: str) -> None:
        if self._cell is not None and not self._beside:
            self._text.append(text)

    def end(self, tag: str) -> None:
        if self._cell is not None:
            if tag in _BESIDE:
                self._beside -= 1
            elif tag in ("table-cell", "covered-table-cell"):
                self._end_cell(self._cell)
        elif tag == "table-row" and self._table:
            self._end_row(self._table)
        elif tag == "table":
            self._table = None

    def _start_style(self, attributes: dict[str, str]) -> None:
        self._style = attributes.get("style:name", "")

    def _start_properties(self, attributes: dict[str, str]) -> None:
        if attributes.get("table:display") == "false" and len(self._hidden) < _MOST_TABLES:
            self._hidden.add(self._style)

    def _start_spreadsheet(self, _attributes: dict[str, str]) -> None:
        self.is_spreadsheet = True

    def _start_table(self, attributes: dict[str, str]) -> None:
        if not self.is_spreadsheet or self._table or len(self.tables) >= _MOST_TABLES:
            self._refuse()
        is_shown = attributes.get("table:style-name", "") not in self._hidden
        table = Table(attributes.get("table:name", ""), is_shown)
        self.tables.append(table)
        is_wanted = is_shown if self._only is None else len(self.tables) - 1 == self._only
        self._table = table if is_wanted else None
        self._row = self._given = 0

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._repeated = _times(attributes.get("table:number-rows-repeated"))
        self._line, self._blanks = [], 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._cell = attributes
        self._text = []

    def _start_inside(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _BESIDE:
            self._beside += 1
        elif self._beside:
            return
        elif tag == "s":
            self._text.append(" " * min(_times(attributes.get("text:c")), _MOST_SPACES))
        elif tag in ("p", "line-break", "tab") and (self._text or tag == "line-break"):
            self._text.append("\t" if tag == "tab" else "\n")
        elif tag in ("table", "table-cell", "table-row"):
            self._refuse()

    def _end_cell(self, cell: dict[str, str]) -> None:
        self._cell = None
        if not self._table:
            return
        value = self._value(cell)
        times = _times(cell.get("table:number-columns-repeated"))
        if value == "":
            self._table.formulas += "table:formula" in cell
            self._blanks += times
            return
        width = len(self._line) + self._blanks + times
        self._account.reach(self._table.name, self._row + self._repeated, width)
        self._line += [""] * self._blanks + [value] * times
        self._blanks = 0
        rows, columns = (_times(cell.get(f"table:number-{of}-spanned")) for of in ("rows", "columns"))
        if rows > 1 and columns == 1:
            self._table.merged.append(((self._row, width - 1), (self._row + rows - 1, width - 1)))
        if len(self._table.merged) > _MOST_MERGED:
            raise unreadable("too_much", name=self.name)

    def _end_row(self, table: Table) -> None:
        if self._line:
            self._account.reach(table.name, self._row + self._repeated, 1)
            self._taken += [(table, [])] * (self._row - self._given)
            self._taken += [(table, self._line)] * self._repeated
            self._given = self._row + self._repeated
        self._row += self._repeated

    def _value(self, cell: dict[str, str]) -> Cell:
        kind = cell.get("office:value-type", "string")
        if kind in _NUMBERS:
            return float(cell.get("office:value", "nan"))
        if kind == "boolean":
            return cell.get("office:boolean-value") == "true"
        if kind == "date":
            return serials.from_iso(cell.get("office:date-value", ""))
        text = cell.get("office:string-value") or "".join(self._text)
        self._account.keep_text(len(text))
        return text


def _times(text: str | None) -> int:
    return max(int(text), 1) if text and text.isascii() and text.isdigit() and len(text) < 10 else 1

"""Keeps of a sheet what a ledger may need, as clean texts, and looks at the rest in passing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, zip_longest

from haitang.registry.ledger import headers
from haitang.registry.ledger.headers import Headings, Survey
from haitang.registry.ledger.limits import Account
from haitang.registry.ledger.references import Span
from haitang.registry.ledger.shapes import Cell, Column
from haitang.registry.ledger.writing import text_of

LONGEST_CELL = 300
_FILLED = frozenset({"compound", "building", "unit", "room", "household_id", "phone"})
_CHUNK = 2000
_MOST_REMEMBERED = 50_000

Line = Sequence[Cell]


class Kept:
    """The cells of the columns that may be of use, as clean texts; of all others only what their column holds."""

    def __init__(
        self,
        headings: Headings,
        choices: Mapping[int, str] | None,
        account: Account,
        *,
        also: Iterable[int] = (),
    ) -> None:
        self.survey = Survey()
        self.lines: list[Line] = []
        self._used = sorted({*headers.may_be_used(headings, choices), *also})
        self._first = headings.row + 1
        self._account = account
        self._clean = _Clean()

    @property
    def cut(self) -> int:
        """How many cells were too long to be kept whole."""
        return self._clean.cut

    def take(self, rows: Iterable[Line]) -> None:
        """Keep all rows below the headings. Raises Unreadable."""
        for chunk in chunks_of(rows):
            self.lines += self.kept_of(chunk)

    def kept_of(self, chunk: Sequence[Line]) -> Iterator[Line]:
        """What is kept of some rows."""
        blank = ("",) * len(chunk)
        columns = list(zip_longest(*chunk, fillvalue=""))
        for index, column in enumerate(columns):
            self.survey.see(index, [cell for cell in column if cell != ""])
        used = [columns[index] if index < len(columns) else blank for index in self._used]
        self._account.keep_cells(sum(len(chunk) - column.count("") for column in used))
        return zip(*map(self._clean.column, used), strict=True) if used else iter([()] * len(chunk))

    def place_of(self, index: int) -> int:
        """Where in the lines the cells of a column stand."""
        return self._used.index(index)

    def settle(self, columns: Iterable[Column]) -> list[Column]:
        """Forget all columns but those with a field; these, with their new places in the lines."""
        chosen = [column for column in columns if column.field]
        places = [self.place_of(column.index) for column in chosen]
        if places != list(range(len(self._used))):
            self.lines = list(projected(self.lines, places))
        return [replace(column, index=place) for place, column in enumerate(chosen)]

    def fill_merged(self, merged: Iterable[Span], columns: Iterable[Column]) -> int:
        """Gives every row of a merged cell its value, for what a household shares; how many were filled."""
        shared = {
            column.index: self._used.index(column.index) for column in columns if column.field in _FILLED
        }
        spans = ((left, top - self._first, bottom - self._first) for (top, left), (bottom, right) in merged)
        filled = 0
        done: dict[int, int] = {}
        for left, top, bottom in sorted(spans):
            if left not in shared or not max(0, done.get(left, 0)) <= top < min(bottom, len(self.lines)):
                continue
            done[left] = bottom + 1  # ranges never overlap in an honest file
            filled += self._fill(shared[left], top, bottom)
        return filled

    def _fill(self, place: int, top: int, bottom: int) -> int:
        value = self.lines[top][place]
        filled = 0
        for number in range(top + 1, min(bottom + 1, len(self.lines))):
            line = self.lines[number]
            if line[place] == "":
                self.lines[number] = (*line[:place], value, *line[place + 1 :])
                filled += 1
        return filled


class _Clean(dict[str, str]):
    """Texts as they were written, with their clean forms; the same text is kept in memory once."""

    def __init__(self) -> None:
        super().__init__()
        self.cut = 0

    def __missing__(self, written: str) -> str:
        whole = text_of(written[: LONGEST_CELL + 1])
        clean = whole[:LONGEST_CELL]
        if clean != whole:
            self.cut += 1
            return clean
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        self[written] = clean
        return clean

    def column(self, cells: Iterable[Cell]) -> list[Cell]:
        """The cells, texts among them clean; True becomes a text, lest it be taken for 1."""
        return [
            self[cell] if type(cell) is str else str(cell) if isinstance(cell, bool) else cell
            for cell in cells
        ]


def chunks_of(rows: Iterable[Line]) -> Iterator[list[Line]]:
    """The rows, some at a time."""
    waiting = iter(rows)
    while chunk := list(islice(waiting, _CHUNK)):
        yield chunk


def projected(lines: Iterable[Line], places: Sequence[int]) -> Iterator[Line]:
    """Of each line the cells at these places."""
    return (tuple([line[place] for place in places]) for line in lines)

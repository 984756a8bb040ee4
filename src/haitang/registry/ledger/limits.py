"""How large a file may be, and the account that is kept while it is read."""

from dataclasses import dataclass

from haitang.registry.ledger.messages import unreadable

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """The most that a file may hold. `unpacked` bytes of a zip's parts in all, and its `ratio` to the packed ones;
    `cells` are those that are kept, `text` the characters of them that don't stand in the file itself."""

    file: int
    unpacked: int
    rows: int
    cells: int
    text: int
    columns: int = 100
    ratio: int = 200


COMPOUND = Limits(file=20 * MIB, unpacked=400 * MIB, rows=200_000, cells=2_400_000, text=40_000_000)
AREA = Limits(file=400 * MIB, unpacked=4096 * MIB, rows=1_100_000, cells=40_000_000, text=120_000_000)


class Account:
    """Counts what one file has used up of its limits; raises Unreadable at the first that is too much."""

    def __init__(self, name: str, limits: Limits, *, size: int) -> None:
        self.name = name
        self.limits = limits
        self._most_unpacked = min(limits.unpacked, max(4 * MIB, limits.ratio * size))
        self._unpacked = self._text = self._cells = 0

    def unpack(self, size: int) -> None:
        """Bytes that came out of a zip."""
        self._unpacked += size
        if self._unpacked > self._most_unpacked:
            raise unreadable("unpacks_too_big", name=self.name)

    def keep_text(self, size: int) -> None:
        """Characters of a text that stays in memory."""
        self._text += size
        if self._text > self.limits.text:
            raise unreadable("too_much", name=self.name)

    def keep_cells(self, number: int) -> None:
        """Cells that stay in memory."""
        self._cells += number
        if self._cells > self.limits.cells:
            raise unreadable("too_much", name=self.name)

    def reach(self, sheet: str, rows: int, columns: int) -> None:
        """A cell with a value in this row and column, from 1."""
        if rows > self.limits.rows:
            raise unreadable("too_many_rows", sheet=sheet, limit=self.limits.rows)
        if columns > self.limits.columns:
            raise unreadable("too_many_columns", sheet=sheet, limit=self.limits.columns)

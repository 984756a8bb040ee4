"""Divides the list of a whole town by its compounds in one pass, however long it is."""

import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from haitang.registry.ledger import doors, headers, messages, sheets
from haitang.registry.ledger.headers import Headings
from haitang.registry.ledger.keeping import Kept, Line, chunks_of
from haitang.registry.ledger.limits import AREA, COMPOUND
from haitang.registry.ledger.messages import unreadable
from haitang.registry.ledger.reading import about_cells, about_sheets, best_sheet, missing
from haitang.registry.ledger.shapes import Cell, Column, RowError, Text
from haitang.registry.ledger.sheets import Source
from haitang.registry.ledger.spool import Block, NumberedLine, Spool
from haitang.registry.ledger.writing import is_nothing, text_of, without_float_tail

_BLOCK = 1000  # rows of one compound
_WAITING = 40_000  # rows of all compounds
MOST_ROWS = COMPOUND.rows  # of one compound
_CHUNK_OF_BYTES = 1 << 20
_PACKED, _PACKED_ROW = (b"PK", b"\xd0\xcf"), 30
_MOST_NAMES = 20_000
_MOST_REMEMBERED = 50_000
_ESTATE = "小区"
_LONGEST_NAME = 40
_KIND_OF_AREA = re.compile(
    r"(?:居民委员会|村民委员会|社区居委会|居委会|村委会|社区|街道办事处|街道|新区|镇|乡|村|区|县|市)$"
)
# What the columns are headed that say where a compound lies; only these tell compounds of one name apart.
_WHERE = frozenset(
    {"社区", "社区名称", "所属社区", "村社区", "居委会", "居委", "村", "community", "committee", "village"}
    | {
        "街道",
        "街道名称",
        "所属街道",
        "乡镇",
        "镇",
        "镇街",
        "街镇",
        "镇街道",
        "乡镇街道",
        "town",
        "street",
        "subdistrict",
    }
    | {"区", "县", "区县", "行政区", "所属区", "district", "county"}
)


@dataclass(frozen=True)
class Place:
    """A compound that rows may belong to; `above` are the names and codes of the areas it lies in."""

    path: str
    code: str
    name: str
    above: tuple[str, ...]


@dataclass
class Part:
    """The rows of one compound, as blocks of a spool."""

    path: str
    rows: int = 0
    blocks: list[Block] = field(default_factory=list)


@dataclass
class Ambiguous:
    """A name that several compounds bear (their paths), and how many rows give it and nothing that tells more."""

    choices: tuple[str, ...]
    rows: int = 0


@dataclass(frozen=True)
class Heads:
    """What is true of all rows of a list: `places` say where in their cells the columns with a field stand."""

    sheet: str
    header_row: int
    columns: tuple[Column, ...]
    places: tuple[int, ...]


@dataclass(frozen=True)
class Division:
    """A list that was divided; with `errors` it lacks a column and can't be read.

    What belongs nowhere is only counted: `unknown` names no compound of the area, `ambiguous` several;
    `nameless` rows say nothing.
    """

    heads: Heads
    errors: tuple[RowError, ...]
    notes: list[Text]
    parts: list[Part]
    unknown: Counter[str]
    ambiguous: Mapping[str, Ambiguous]
    nameless: int

    @property
    def rows(self) -> int:
        """How many rows belong to some compound."""
        return sum(part.rows for part in self.parts)

    @property
    def too_long(self) -> list[Part]:
        """Compounds of more rows than one may have, which are not read."""
        return [part for part in self.parts if part.rows > MOST_ROWS]

    @property
    def lost(self) -> int:
        """How many rows belong to none."""
        return self.unknown.total() + sum(each.rows for each in self.ambiguous.values()) + self.nameless


def guess_rows(source: Source) -> int:
    """About how many rows a file has, rather more than less; for text, how many lines."""
    with source() as file:
        start = file.read(_CHUNK_OF_BYTES)
        if start.startswith(_PACKED):
            return file.seek(0, io.SEEK_END) // _PACKED_ROW
        lines = start.count(b"\n")
        while piece := file.read(_CHUNK_OF_BYTES):
            lines += piece.count(b"\n")
        return lines


def divide(
    source: Source, name: str, places: Iterable[Place], spool: Spool, *, seen: Callable[[int], object]
) -> Division:
    """Read a list of CSV, XLSX, XLS or ODS once and spool its rows by compound; `seen` is told of rows as they
    come by. At most 400 MB, 1,100,000 rows and 100 columns. Raises Unreadable."""
    book = sheets.open_book(source, name, limits=AREA)
    sheet, headings = best_sheet(book)
    told = _columns_of_place(headings, sheet.name)
    kept = Kept(headings, None, book.account, also=told)
    router = _Router(places, [kept.place_of(index) for index in told], spool)
    rows = sheet.rows()
    number = headings.row + 2
    for chunk in chunks_of(islice(rows, headings.row + 1, None)):
        router.take(kept.kept_of(chunk), first_number=number)
        number += len(chunk)
        seen(len(chunk))
    columns = headers.columns(headings, kept.survey, None)
    notes = [*about_sheets(book, sheet, headings), *about_cells(kept.cut, rows.formulas)]
    if rows.merged:
        notes.append(messages.note("not_filled", count=len(rows.merged)))
    heads = Heads(
        sheet.name, headings.row + 1, columns, tuple(kept.place_of(c.index) for c in columns if c.field)
    )
    errors = tuple(messages.row_error(heads.header_row, "", code) for code in missing(columns))
    return Division(heads, errors, notes, router.parts(), router.unknown, router.ambiguous, router.nameless)


def _columns_of_place(headings: Headings, sheet: str) -> list[int]:
    """The column that names the compound, then those that say where it lies."""
    told = [(*headers.canonical(text), index) for index, text in enumerate(headings.texts)]
    compound = sorted((rank, index) for field, rank, index in told if field == "compound")
    if not compound:
        raise unreadable("no_compound_column", sheet=sheet)
    where = [index for index, text in enumerate(headings.texts) if headers.plain(text) in _WHERE]
    return [compound[0][1], *where]


class _Router:
    """Finds each row's compound and spools the row there."""

    def __init__(self, places: Iterable[Place], told: Sequence[int], spool: Spool) -> None:
        self.unknown: Counter[str] = Counter()
        self.ambiguous: dict[str, Ambiguous] = {}
        self.nameless = 0
        self._told = told
        self._spool = spool
        self._places = _Places(places)
        self._found: dict[tuple[Cell, ...], str] = {}
        self._parts: dict[str, Part] = {}
        self._waiting: dict[str, list[NumberedLine]] = {}
        self._room = _WAITING

    def take(self, lines: Iterable[Line], *, first_number: int) -> None:
        """Some rows that follow one another."""
        for number, line in enumerate(lines, first_number):
            told = tuple([line[place] for place in self._told])
            path = self._found.get(told)
            if path is None:
                path = self._look_up(told)
            if path:
                self._put(path, number, tuple(line))
            elif any(cell != "" for cell in line):
                self._lose(told)

    def parts(self) -> list[Part]:
        """All rows so far by compound."""
        for path in list(self._waiting):
            self._write(path)
        return sorted(self._parts.values(), key=lambda part: part.path)

    def _look_up(self, told: tuple[Cell, ...]) -> str:
        if len(self._found) > _MOST_REMEMBERED:
            self._found.clear()
        choices = self._places.called(text_of(told[0]), [text_of(cell) for cell in told[1:]])
        self._found[told] = choices[0].path if len(choices) == 1 else ""
        return self._found[told]

    def _put(self, path: str, number: int, line: tuple[Cell, ...]) -> None:
        waiting = self._waiting.setdefault(path, [])
        waiting.append((number, line))
        self._room -= 1
        if len(waiting) >= _BLOCK:
            self._write(path)
        elif not self._room:
            for each in list(self._waiting):
                self._write(each)

    def _write(self, path: str) -> None:
        rows = self._waiting.pop(path)
        part = self._parts.setdefault(path, Part(path))
        part.blocks.append(self._spool.put(rows))
        part.rows += len(rows)
        self._room += len(rows)

    def _lose(self, told: tuple[Cell, ...]) -> None:
        called, *where = [text_of(cell)[:_LONGEST_NAME] for cell in told]
        choices = self._places.called(called, where)
        if is_nothing(called):
            self.nameless += 1
        elif choices:
            known = self.ambiguous.setdefault(called, Ambiguous(tuple(place.path for place in choices)))
            known.rows += 1
        else:
            self.unknown[called if len(self.unknown) < _MOST_NAMES or called in self.unknown else "…"] += 1


class _Places:
    """Compounds by the names and codes that people know them by."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._by_name: dict[str, list[Place]] = {}
        self._by_code: dict[str, list[Place]] = {}
        self._above: dict[str, frozenset[str]] = {}
        for place in places:
            self._by_name.setdefault(headers.plain(place.name), []).append(place)
            for code in {place.code, place.path.strip("/")}:
                self._by_code.setdefault(code.lower(), []).append(place)
            self._above[place.path] = frozenset(map(_bare, place.above))

    def called(self, text: str, where: Sequence[str]) -> list[Place]:
        """The compounds that a cell may mean, as far as the other cells can tell them apart."""
        if is_nothing(text):
            return []
        found = self._by_code.get(without_float_tail(text).strip("/").lower()) or self._named(text)
        for said in filter(None, map(_bare, where)):
            if len(found) > 1:
                found = [place for place in found if said in self._above[place.path]] or found
        return found

    def _named(self, text: str) -> list[Place]:
        for name in (text, doors.place_in(text)):
            plain = headers.plain(name)
            for form in (plain, plain.removesuffix(_ESTATE), plain + _ESTATE):
                if form in self._by_name:
                    return self._by_name[form]
        return []


def _bare(text: str) -> str:
    return _KIND_OF_AREA.sub("", headers.plain(text))

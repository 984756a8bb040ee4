"""Reads a list of people that is to be joined to a ledger: whatever each row tells of whom it means, and no more."""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial

from haitang.registry.ledger import births, doors, headers, messages, reading, vocabulary
from haitang.registry.ledger.doors import Door
from haitang.registry.ledger.identity import holds_identity_number
from haitang.registry.ledger.names import read_names
from haitang.registry.ledger.phones import read_phones
from haitang.registry.ledger.shapes import Cell, CellRefused, Column, RowError, Text
from haitang.registry.ledger.writing import is_nothing, text_of

WHO = frozenset({"compound", "building", "unit", "room", "name", "phone", "sex", "age", "birth_date"})
WHOLE = 11
_HIDDEN = re.compile(r"[*×xX●•□_]")
_MASKED = re.compile(r"(?:\+?86)?(1[\d*]{6}\d{4}|\*{3,7}\d{4})")
_TAIL = re.compile(r"(?:尾号|后四位|末四位)?:?(\d{4})")
_GROUPING = re.compile(r"[\s\-()]+")
_NO_ONE, _NOBODY = "no_name_column", "needs_person"
_NO_DOOR = Door("", "", 0, "")
_LONGEST_WORD = 20


@dataclass(frozen=True, slots=True)
class ListRow:
    """What one row tells; "" or () or None where it says nothing. A phone hides digits behind `*`."""

    number: int
    name: str
    phones: tuple[str, ...]
    building: str
    entrance: str
    room: str
    birth_year: int | None
    sex: str
    flags: tuple[str, ...]
    skills: tuple[str, ...]
    compound: str


@dataclass(frozen=True, slots=True)
class ListReading:
    """A whole list as it was understood. Errors of rows that were kept all the same are among `errors`."""

    sheet: str
    columns: tuple[Column, ...]
    rows: tuple[ListRow, ...]
    errors: tuple[RowError, ...]
    notes: tuple[Text, ...]
    header_row: int


def read_list(
    content: bytes,
    name: str,
    *,
    keeps: Set[str] = frozenset(),
    choices: Mapping[int, str] | None = None,
    this_year: int,
) -> ListReading:
    """What a list of CSV, XLSX, XLS or ODS bytes says of whom it means: by name or phone, best with a door.

    `keeps`: fields beyond those that tell who is meant; all other columns are dropped. Raises Unreadable.
    """
    table = reading.table_of(content, name, choices=choices, wanted=partial(_needed, keeps))
    notes = tuple(table.notes)
    if not {column.field for column in table.columns} & {"name", "phone"}:
        error = messages.row_error(table.header_row, "", _NO_ONE)
        return ListReading(table.sheet, table.columns, (), (error,), notes, table.header_row)
    lines = _Lines(table.placed, this_year)
    found = tuple(lines.take(table.lines, first_number=table.first_number))
    return ListReading(table.sheet, table.columns, found, tuple(lines.errors), notes, table.header_row)


def _needed(keeps: Set[str], column: Column) -> Column:
    if not column.field or column.field in WHO or column.field in keeps:
        return column
    return replace(column, field="", dropped_because=messages.DROPPED["no_use"])


def masked_phone(text: str) -> str:
    """A number of which digits are hidden or only the last four are told, as 11 places with `*`; else ""."""
    compact = _HIDDEN.sub("*", _GROUPING.sub("", text))
    found = _MASKED.fullmatch(compact) if "*" in compact else _TAIL.fullmatch(compact)
    return found.group(1).rjust(WHOLE, "*") if found else ""


class _Lines:
    """Takes the rows one by one, and collects what could not be read."""

    def __init__(self, columns: Sequence[Column], this_year: int) -> None:
        self.errors: list[RowError] = []
        self._this_year = this_year
        self._columns = [column for column in columns if column.field]
        self._of: dict[str, list[Column]] = {}
        for column in self._columns:
            self._of.setdefault(column.field, []).append(column)

    def take(self, body: Sequence[Sequence[Cell]], *, first_number: int) -> Iterable[ListRow]:
        """The rows that tell somebody; `first_number` is the number of the first of `body` in the sheet."""
        for number, cells in enumerate(body, first_number):
            said = {column.index: self._cell(number, cells, column) for column in self._columns}
            if any(value != "" for value in said.values()) and not self._repeats_headings(said):
                row = self._row(number, said)
                if row is not None:
                    yield row

    def _cell(self, number: int, cells: Sequence[Cell], column: Column) -> Cell:
        value = cells[column.index] if column.index < len(cells) else ""
        if holds_identity_number(value):
            self._fail(number, column, "identity_number")
            return ""
        return text_of(value) if isinstance(value, str) else value

    def _repeats_headings(self, said: Mapping[int, Cell]) -> bool:
        return all(
            headers.plain(str(said[column.index])) == headers.plain(column.header)
            for column in self._columns
            if said[column.index] != ""
        )

    def _row(self, number: int, said: Mapping[int, Cell]) -> ListRow | None:
        try:
            name = self._name(said)
        except CellRefused as fault:
            self._fail(number, self._of["name"][0], fault.code)
            return None
        phones = self._phones(number, said, name)
        if not name and not phones:
            self._fail(number, None, _NOBODY)
            return None
        door = self._door(number, said)
        return ListRow(
            number=number,
            name=name,
            phones=phones,
            building=door.building,
            entrance=door.entrance,
            room=door.room,
            birth_year=self._birth_year(number, said),
            sex=vocabulary.SEXES.get(self._text("sex", said).lower(), ""),
            flags=self._flags(said),
            skills=self._skills(said),
            compound=door.compound,
        )

    def _fail(self, number: int, column: Column | None, code: str) -> None:
        called = f"{column.letter} {column.header}".strip() if column else ""
        self.errors.append(messages.row_error(number, called, code))

    def _text(self, field: str, said: Mapping[int, Cell]) -> str:
        columns = self._of.get(field)
        text = text_of(said[columns[0].index]) if columns else ""
        return "" if is_nothing(text) else text

    def _name(self, said: Mapping[int, Cell]) -> str:
        text = self._text("name", said)
        try:
            named = read_names(text)[0] if text else (("", ""),)
            if len(named) > 1:
                raise CellRefused("two_people")
            return named[0][0]
        except CellRefused as fault:
            if fault.code == "two_people":
                raise
            return ""

    def _phones(self, number: int, said: Mapping[int, Cell], name: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for column in self._of.get("phone", ()):
            text = text_of(said[column.index])
            masked = masked_phone(text)
            phones, fault = ((masked,), "") if masked else read_phones(text, own=name)
            found.update(dict.fromkeys(phones))
            if fault:
                self._fail(number, column, fault)
        return tuple(found)

    def _door(self, number: int, said: Mapping[int, Cell]) -> Door:
        """The door as far as the row tells it; one that can't be read is told and left out."""
        columns = [column for field in ("room", "building", "unit") for column in self._of.get(field, ())]
        if any(isinstance(said[column.index], datetime.date) for column in columns):
            self._fail(number, columns[0], "door_is_date")
            return _NO_DOOR
        building, room = self._text("building", said), self._text("room", said)
        compound, entrance = self._text("compound", said), self._text("unit", said)
        try:
            return doors.read_door(building=building, entrance=entrance, room=room, compound=compound)
        except CellRefused as fault:
            if fault.code in ("needs_building", "needs_room"):
                return _part_of_door(building, room, compound)
            self._fail(number, columns[0] if columns else None, fault.code)
            return _NO_DOOR

    def _birth_year(self, number: int, said: Mapping[int, Cell]) -> int | None:
        for field, read in _BIRTHS.items():
            for column in self._of.get(field, ()):
                try:
                    year = read(said[column.index], this_year=self._this_year)
                except CellRefused as fault:
                    self._fail(number, column, fault.code)
                    continue
                if year is not None:
                    return year
        return None

    def _flags(self, said: Mapping[int, Cell]) -> tuple[str, ...]:
        found = {
            flag for word in self._words("vulnerable_flag", said) for flag in vocabulary.flags_in(word) or ()
        }
        for column in self._of.get("vulnerable_flag", ()):
            asked = vocabulary.flag_of_heading(column.header)
            if text_of(said[column.index]).lower() in (vocabulary.NO if asked[:1] == "-" else vocabulary.YES):
                found.add(asked.removeprefix("-"))
        return tuple(flag for flag in vocabulary.FLAGS if flag in found)

    def _skills(self, said: Mapping[int, Cell]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word[:_LONGEST_WORD] for word in self._words("volunteer_skill", said)))

    def _words(self, field: str, said: Mapping[int, Cell]) -> Iterable[str]:
        for column in self._of.get(field, ()):
            words = vocabulary.words_of(text_of(said[column.index]))
            yield from (word for word in words if not is_nothing(word))


def _part_of_door(building: str, room: str, compound: str) -> Door:
    """A building without a room, or a room without a building; the other half stays open."""
    try:
        if building:
            return Door(doors.building_number(building), "", 0, "", compound)
        alone = doors.read_door(building="1", room=room) if room else _NO_DOOR
        return replace(alone, building="", compound=compound)
    except CellRefused:
        return replace(_NO_DOOR, compound=compound)


_BIRTHS: dict[str, Callable[..., int | None]] = {
    "birth_date": births.year_from_birth,
    "age": births.year_from_age,
}

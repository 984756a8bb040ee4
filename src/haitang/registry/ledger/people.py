"""Takes the rows of a ledger one by one: a person behind a door, or an error that says how to mend it."""

import datetime
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from haitang.registry.ledger import births, doors, headers, messages, vocabulary
from haitang.registry.ledger.doors import Door
from haitang.registry.ledger.identity import holds_identity_number
from haitang.registry.ledger.names import read_name
from haitang.registry.ledger.phones import read_phones
from haitang.registry.ledger.shapes import Cell, CellRefused, Column, Row, RowError, Text
from haitang.registry.ledger.writing import is_nothing, text_of, without_float_tail

_DOOR_FIELD = {"needs_building": "building", "needs_room": "room"}
_DOOR_FIELDS = ("room", "building", "compound")
_LISTED = 20
_LONGEST_WORD = 20
_SHORT_WORD = 8


class People:
    """Collects the rows, the errors and what is worth a note, over all rows of one sheet."""

    def __init__(self, columns: Sequence[Column], *, this_year: int) -> None:
        self.this_year = this_year
        self.errors: list[RowError] = []
        self._columns = [column for column in columns if column.field]
        self._of: dict[str, list[Column]] = {}
        for column in self._columns:
            self._of.setdefault(column.field, []).append(column)
        self._kept: dict[Row, int] = {}
        self._identical: list[int] = []
        self._headings: list[int] = []
        self._unknown: dict[int, Counter[str]] = {}
        self._numeric: dict[str, Column] = {}
        self._repeats_building = False

    def take(self, body: Sequence[Sequence[Cell]], *, first_number: int) -> None:
        """Reads all rows; `first_number` is the number of the first of them in the sheet."""
        self._repeats_building = self._sees_building_repeated(body)
        for number, cells in enumerate(body, first_number):
            said = {column.index: self._cell(cells, column) for column in self._columns}
            if not any(value != "" for value in said.values()):
                continue
            if self._is_heading(said):
                self._headings.append(number)
                continue
            self._take_row(number, said)

    def rows(self) -> tuple[Row, ...]:
        """The people, each once, in the order of the sheet."""
        return tuple(replace(row, number=number) for row, number in self._kept.items())

    def notes(self) -> list[Text]:
        """What to know about the rows as a whole."""
        found: list[Text] = []
        for code, column in self._numeric.items():
            found.append(messages.note(code, column=_called(column)))
        for column in self._columns:
            if column.index in self._unknown:
                words = _counted(self._unknown[column.index])
                found.append(messages.note("unknown_words", column=_called(column), words=words))
        if self._identical:
            found.append(messages.note("identical_rows", rows=_listed(self._identical)))
        short = sum(1 for row in self._kept if row.floor == 1 and row.room.isdigit() and len(row.room) < 3)
        if short:
            found.append(messages.note("short_rooms", count=short))
        if self._headings:
            found.append(messages.note("repeated_headings", rows=_listed(self._headings)))
        return found

    @staticmethod
    def _cell(cells: Sequence[Cell], column: Column) -> Cell:
        value = cells[column.index] if column.index < len(cells) else ""
        return text_of(value) if isinstance(value, str) else value

    def _is_heading(self, said: Mapping[int, Cell]) -> bool:
        """Whether a row repeats the headings, as sheets that were printed page by page do."""
        names = [column for column in self._columns if said[column.index] != ""]
        return len(names) > 1 and all(
            headers.plain(str(said[column.index]))[:_LONGEST_WORD]
            == headers.plain(column.header)[:_LONGEST_WORD]
            for column in names
        )

    def _sees_building_repeated(self, body: Sequence[Sequence[Cell]]) -> bool:
        """Whether every room written as 8-2706 stands beside a building 8; then the 8 is no entrance."""
        building, room = self._of.get("building"), self._of.get("room")
        if not building or not room:
            return False
        is_any = False
        for cells in body:
            first = doors.is_two_parts(text_of(self._cell(cells, room[0])))
            if not first:
                continue
            try:
                if doors.building_number(text_of(self._cell(cells, building[0]))) != first.lstrip("0"):
                    return False
            except CellRefused:
                continue
            is_any = True
        return is_any

    def _take_row(self, number: int, said: dict[int, Cell]) -> None:
        for column in self._columns:
            if holds_identity_number(said[column.index]):
                self._fail(number, column, "identity_number")
                said[column.index] = ""
        faults = len(self.errors)
        door = self._door(number, said)
        name, role = self._name(number, said)
        if door is None or len(self.errors) > faults:
            return
        skills = self._skills(said)
        row = Row(
            number=0,
            building=door.building,
            entrance=door.entrance,
            floor=door.floor,
            room=door.room,
            name=name,
            phones=self._phones(number, said),
            birth_year=self._birth_year(number, said),
            sex=self._sex(said),
            relation=self._relation(said) or role,
            household_ref=without_float_tail(self._text("household_id", said))[:_LONGEST_WORD],
            flags=self._flags(said),
            skills=skills,
            is_helper=bool(skills) or self._text("helper", said).lower() in vocabulary.YES,
            compound=door.compound,
        )
        if self._kept.setdefault(row, number) != number:
            self._identical.append(number)

    def _fail(self, number: int, column: Column | None, code: str) -> None:
        self.errors.append(messages.row_error(number, _called(column) if column else "", code))

    def _first(self, *fields: str) -> Column | None:
        return next((self._of[field][0] for field in fields if field in self._of), None)

    def _text(self, field: str, said: Mapping[int, Cell]) -> str:
        columns = self._of.get(field)
        text = text_of(said[columns[0].index]) if columns else ""
        return "" if is_nothing(text) else text

    def _door(self, number: int, said: Mapping[int, Cell]) -> Door | None:
        dated = [column for column in self._columns if column.field in ("building", "unit", "room")]
        became_date = [column for column in dated if isinstance(said[column.index], datetime.date)]
        if became_date:
            self._fail(number, became_date[0], "door_is_date")
            return None
        try:
            return doors.read_door(
                building=self._text("building", said),
                entrance=self._text("unit", said),
                room=self._text("room", said),
                compound=self._text("compound", said),
                repeats_building=self._repeats_building,
            )
        except CellRefused as fault:
            self._fail(number, self._first(_DOOR_FIELD.get(fault.code, "room"), *_DOOR_FIELDS), fault.code)
            return None

    def _name(self, number: int, said: Mapping[int, Cell]) -> tuple[str, str]:
        column = self._of["name"][0]
        try:
            return read_name(text_of(said[column.index]))
        except CellRefused as fault:
            self._fail(number, column, fault.code)
            return "", ""

    def _phones(self, number: int, said: Mapping[int, Cell]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for column in self._of.get("phone", ()):
            phones, is_whole = read_phones(text_of(said[column.index]))
            found.update(dict.fromkeys(phones))
            if not is_whole:
                self._fail(number, column, "bad_phone")
        return tuple(found)

    def _birth_year(self, number: int, said: Mapping[int, Cell]) -> int | None:
        for field, read in _BIRTHS.items():
            for column in self._of.get(field, ()):
                try:
                    year = read(said[column.index], this_year=self.this_year)
                except CellRefused as fault:
                    self._fail(number, column, fault.code)
                    continue
                if year is not None:
                    return year
        return None

    def _sex(self, said: Mapping[int, Cell]) -> str:
        text = self._text("sex", said).lower()
        if without_float_tail(text) in vocabulary.NUMERIC_CODES:
            self._numeric.setdefault("numeric_sex", self._of["sex"][0])
        return vocabulary.SEXES.get(text, "")

    def _relation(self, said: Mapping[int, Cell]) -> str:
        """As written; where the heading asks whether this heads the household, 户主 or nothing."""
        text = self._text("relation", said)
        column = self._first("relation")
        if not column or not text:
            return ""
        if without_float_tail(text) in vocabulary.NUMERIC_CODES:
            self._numeric.setdefault("numeric_relation", column)
            return ""
        if "是否" in column.header:
            return "户主" if text.lower() in vocabulary.YES else ""
        return text[:_LONGEST_WORD]

    def _flags(self, said: Mapping[int, Cell]) -> tuple[str, ...]:
        found: set[str] = set()
        for column in self._of.get("vulnerable_flag", ()):
            for word in vocabulary.words_of(text_of(said[column.index])):
                flags = () if is_nothing(word) else vocabulary.flags_in(word)
                if flags is None:
                    self._unknown.setdefault(column.index, Counter())[word] += 1
                found.update(flags or ())
        return tuple(flag for flag in vocabulary.FLAGS if flag in found)

    def _skills(self, said: Mapping[int, Cell]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for column in self._of.get("volunteer_skill", ()):
            words = vocabulary.words_of(text_of(said[column.index]))
            found.update((word[:_LONGEST_WORD], None) for word in words if not is_nothing(word))
        return tuple(found)


_BIRTHS: dict[str, Callable[..., int | None]] = {
    "birth_date": births.year_from_birth,
    "age": births.year_from_age,
}


def _called(column: Column) -> str:
    return f"{column.letter} {column.header}".strip()


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:_LISTED]))
    return f"{shown}, … (+{len(numbers) - _LISTED})" if len(numbers) > _LISTED else shown


def _counted(words: Counter[str]) -> str:
    """The most frequent unknown words; long ones and numbers may be about somebody and are only counted."""
    short = [
        (word, count)
        for word, count in words.most_common()
        if len(word) <= _SHORT_WORD and not _has_digit(word)
    ]
    listed = [f"{word} × {count}" for word, count in short[:_LISTED]]
    rest = words.total() - sum(count for _word, count in short[:_LISTED])
    return ", ".join(listed + [f"… (+{rest})"] * bool(rest))


def _has_digit(word: str) -> bool:
    return any(character.isdigit() for character in word)

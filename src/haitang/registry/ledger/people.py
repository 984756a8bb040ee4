"""Takes the rows of a ledger one by one: a person behind a door, or an error that says how to mend it."""

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from haitang.registry.ledger import births, doors, headers, messages, sharing, vocabulary
from haitang.registry.ledger.codes import NO_ANSWERS, Answers, Codes, code_of, is_yes_or_no
from haitang.registry.ledger.doors import Door
from haitang.registry.ledger.identity import SHORTEST, holds_identity_number
from haitang.registry.ledger.names import Named, read_names
from haitang.registry.ledger.phones import read_phones
from haitang.registry.ledger.shapes import Cell, CellRefused, Column, Question, Row, RowError, Said, Text
from haitang.registry.ledger.writing import is_nothing, text_of, without_float_tail

_DOOR_FIELD = {"needs_building": "building", "needs_room": "room"}
_DOOR_FIELDS = ("room", "building", "compound")
_DOOR_SAID = ("building", "unit", "room", "compound")
_MOST_REMEMBERED = 50_000
_LISTED = 20
_LONGEST_WORD = 20
_SHORT_WORD = 8
_LONG_DIGITS = re.compile(r"\d[\d -]{5,}\d")
_EXPLAINS = re.compile(
    r"[*※(]*(?:填[表写报]|说明|注[:意]|备注:|提示|[合总小共]计|制表|审[核批]|报送|联系人:|温馨|请[填按勾如选])"
)
_MINGUO = re.compile("民[国國]")
_EXAMPLE = re.compile(r"\W*(?:例[:如子]|示例|样例|范例|必填|选填)")


class People:
    """Collects the rows, the errors and what is worth a note, over all rows of one sheet."""

    def __init__(self, columns: Sequence[Column], *, this_year: int, answers: Answers = NO_ANSWERS) -> None:
        self.this_year = this_year
        self.errors: list[RowError] = []
        self._columns = [column for column in columns if column.field]
        self._of: dict[str, list[Column]] = {}
        for column in self._columns:
            self._of.setdefault(column.field, []).append(column)
        self._in_door = [column for column in self._columns if column.field in ("building", "unit", "room")]
        self._where = [self._of[field][0].index for field in _DOOR_SAID if field in self._of]
        self._doors: dict[tuple[Cell, ...], Door] = {}
        self._years: dict[tuple[int, Cell], int | None] = {}
        self._kept: dict[tuple[object, ...], Row] = {}
        self._identical: list[int] = []
        self._headings: list[int] = []
        self._unknown: dict[int, Counter[str]] = {}
        self._codes = Codes(answers)
        self._shared: list[int] = []
        self._unclear: list[int] = []
        self._remarks: list[int] = []
        self._repeats_building = False

    def take(self, body: Sequence[Sequence[Cell]], *, numbers: Iterable[int]) -> None:
        """Reads all rows; `numbers` are theirs in the sheet."""
        self._repeats_building = self._sees_building_repeated(body)
        for number, cells in zip(numbers, body, strict=False):
            said = list(cells)
            first = next((value for value in said if value != ""), "")
            if first == "":
                continue
            if self._is_heading(said):
                self._headings.append(number)
            elif self._is_remark(said, str(first)):
                self._remarks.append(number)
            else:
                self._take_row(number, said)

    def rows(self) -> tuple[Row, ...]:
        """The people, each once, in the order of the sheet."""
        return tuple(self._kept.values())

    def questions(self) -> tuple[Question, ...]:
        """What only those who made the file know: which codes its columns hold and what they stand for."""
        return self._codes.questions()

    def notes(self) -> list[Text]:
        """What to know about the rows as a whole."""
        found: list[Text] = []
        for column in self._columns:
            if column.index in self._unknown:
                words = _counted(self._unknown[column.index])
                found.append(messages.note("unknown_words", column=_called(column), words=words))
        short = sum(
            1 for row in self._kept.values() if row.floor == 1 and row.room.isdigit() and len(row.room) < 3
        )
        if short:
            found.append(messages.note("short_rooms", count=short))
        lists = {
            "shared": self._shared,
            "shared_unclear": self._unclear,
            "identical_rows": self._identical,
            "repeated_headings": self._headings,
            "remarks": self._remarks,
        }
        return found + [messages.note(code, rows=_listed(rows)) for code, rows in lists.items() if rows]

    def _is_heading(self, said: Said) -> bool:
        """Whether a row repeats the headings, as sheets that were printed page by page do."""
        filled = 0
        for column in self._columns:
            value = said[column.index]
            if value == "":
                continue
            if headers.plain(str(value))[:_LONGEST_WORD] != headers.plain(column.header)[:_LONGEST_WORD]:
                return False
            filled += 1
        return filled > 1

    def _is_remark(self, said: Said, first: str) -> bool:
        """Whether a row explains the sheet, gives an example or adds up, as printed forms do above and below."""
        if _EXPLAINS.match(first) or _EXAMPLE.match(first):
            return True
        named = str(said[self._of["name"][0].index])
        if _EXAMPLE.match(named):
            return True
        is_alone = len(first) > _LONGEST_WORD and sum(1 for c in self._columns if said[c.index] != "") == 1
        return is_alone and not _has_digit(first)

    def _sees_building_repeated(self, body: Sequence[Sequence[Cell]]) -> bool:
        """Whether every room written as 8-2706 stands beside a building 8; then the 8 is no entrance."""
        building, room = self._of.get("building"), self._of.get("room")
        if not building or not room:
            return False
        is_any = False
        for cells in body:
            first = doors.is_two_parts(_text_in(cells[room[0].index]))
            if not first:
                continue
            try:
                if doors.building_number(_text_in(cells[building[0].index])) != first.lstrip("0"):
                    return False
            except CellRefused:
                continue
            is_any = True
        return is_any

    def _take_row(self, number: int, said: list[Cell]) -> None:
        for column in self._columns:
            value = said[column.index]
            if (type(value) is not str or len(value) >= SHORTEST) and holds_identity_number(value):
                self._fail(number, column, "identity_number")
                said[column.index] = ""
        door, names = self._door(number, said), self._names(number, said)
        if door is None or not names:
            return
        if len(names) == 1:
            self._keep(number, door, names[0], said)
            return
        shares, is_unclear = sharing.divided(said, self._columns, number=len(names))
        self._shared.append(number)
        self._unclear += [number] * is_unclear
        for named, share in zip(names, shares, strict=True):
            self._keep(number, door, named, share)

    def _keep(self, number: int, door: Door, named: Named, said: Said) -> None:
        name, role = named
        skills = self._skills(said)
        row = Row(
            number=number,
            building=door.building,
            entrance=door.entrance,
            floor=door.floor,
            room=door.room,
            name=name,
            phones=self._phones(number, said, name),
            birth_year=self._birth_year(number, said),
            sex=self._sex(said),
            relation=self._relation(said) or role,
            household_ref=without_float_tail(self._text("household_id", said))[:_LONGEST_WORD],
            flags=self._flags(said),
            skills=skills,
            is_helper=self._is_helper(said) or bool(skills),
            compound=door.compound,
        )
        if self._kept.setdefault(row[1:], row) is not row:
            self._identical.append(number)

    def _fail(self, number: int, column: Column | None, code: str) -> None:
        self.errors.append(messages.row_error(number, _called(column) if column else "", code))

    def _first(self, *fields: str) -> Column | None:
        return next((self._of[field][0] for field in fields if field in self._of), None)

    def _text(self, field: str, said: Said) -> str:
        columns = self._of.get(field)
        value = said[columns[0].index] if columns else ""
        text = value if type(value) is str else text_of(value)
        return "" if not text or is_nothing(text) else text

    def _door(self, number: int, said: Said) -> Door | None:
        cells = tuple([said[place] for place in self._where])
        if cells not in self._doors:
            door = self._new_door(number, said)
            if door is None:
                return None
            self._doors[cells] = door
        return self._doors[cells]

    def _new_door(self, number: int, said: Said) -> Door | None:
        for column in self._in_door:
            if isinstance(said[column.index], datetime.date):
                self._fail(number, column, "door_is_date")
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

    def _names(self, number: int, said: Said) -> tuple[Named, ...]:
        column = self._of["name"][0]
        try:
            names, fault = read_names(_text_in(said[column.index]))
        except CellRefused as no:
            self._fail(number, column, no.code)
            return ()
        if fault:
            self._fail(number, column, fault)
        return names

    def _phones(self, number: int, said: Said, name: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for column in self._of.get("phone", ()):
            phones, fault = read_phones(_text_in(said[column.index]), own=name)
            found.update(dict.fromkeys(phones))
            if fault:
                self._fail(number, column, fault)
        return tuple(found) or self._phones_beside_name(number, said, name)

    def _phones_beside_name(self, number: int, said: Said, name: str) -> tuple[str, ...]:
        column = self._of["name"][0]
        text = _text_in(said[column.index])
        if text == name or not _LONG_DIGITS.search(text):
            return ()
        found, fault = read_phones(text, own=name)
        if fault and self._shared[-1:] != [number]:
            self._fail(number, column, fault)
        return found

    def _birth_year(self, number: int, said: Said) -> int | None:
        for field, read in _BIRTHS.items():
            for column in self._of.get(field, ()):
                if said[column.index] == "":
                    continue
                try:
                    year = self._year(read, column, said[column.index])
                except CellRefused as fault:
                    self._fail(number, column, fault.code)
                    continue
                if year is not None:
                    return year
        return None

    def _year(self, read: Callable[..., int | None], column: Column, value: Cell) -> int | None:
        asked = column.index, value
        if asked not in self._years:
            if len(self._years) >= _MOST_REMEMBERED:
                self._years.clear()
            self._years[asked] = read(value, this_year=self.this_year, **_counting(column))
        return self._years[asked]

    def _sex(self, said: Said) -> str:
        text = self._raw("sex", said).lower()
        if text in vocabulary.SEXES or not text:
            return vocabulary.SEXES.get(text, "")
        return self._meaning("sex", text)

    def _relation(self, said: Said) -> str:
        """As written; where the heading asks whether this heads the household, 户主 or nothing."""
        text = self._raw("relation", said)
        if not text:
            return ""
        column = self._of["relation"][0]
        if code_of(text):
            meaning = self._meaning("relation", text)
            return "户主" if meaning == "yes" else vocabulary.RELATIONS.get(meaning, "")
        if is_yes_or_no(column):
            return "户主" if text.lower() in vocabulary.YES else ""
        return "" if is_nothing(text) else text[:_LONGEST_WORD]

    def _is_helper(self, said: Said) -> bool:
        text = self._raw("helper", said).lower()
        return text in vocabulary.YES or (bool(text) and self._meaning("helper", text) == "yes")

    def _raw(self, field: str, said: Said) -> str:
        """A cell's text, be it 0 or 无, which are answers in some columns."""
        columns = self._of.get(field)
        return _text_in(said[columns[0].index]) if columns else ""

    def _meaning(self, field: str, text: str) -> str:
        code = code_of(text)
        return self._codes.meaning(self._of[field][0], code) if code else ""

    def _flags(self, said: Said) -> tuple[str, ...]:
        found: set[str] = set()
        for column in self._of.get("vulnerable_flag", ()):
            text = _text_in(said[column.index])
            if text:
                found.update(self._flags_in(column, text))
        return tuple(flag for flag in vocabulary.FLAGS if flag in found)

    def _flags_in(self, column: Column, text: str) -> Iterable[str]:
        asked, word = vocabulary.flag_of_heading(column.header), text.lower()
        is_code = bool(code_of(text)) or (not asked and word in vocabulary.YES)
        said = self._codes.meaning(column, code_of(text) or word) if is_code else ""
        if not asked:
            return [said] if said else () if is_code else self._flag_words(column, text)
        is_yes, is_no = word in vocabulary.YES or said == "yes", word in vocabulary.NO or said == "no"
        if is_yes or is_no:
            return [asked.removeprefix("-")] if is_yes != asked.startswith("-") else ()
        return () if is_code else self._flag_words(column, text)

    def _flag_words(self, column: Column, text: str) -> Iterable[str]:
        for word in vocabulary.words_of(text):
            flags = () if is_nothing(word) else vocabulary.flags_in(word)
            if flags is None:
                self._unknown.setdefault(column.index, Counter())[word] += 1
            yield from flags or ()

    def _skills(self, said: Said) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for column in self._of.get("volunteer_skill", ()):
            text = _text_in(said[column.index])
            words = vocabulary.words_of(text) if text else ()
            found.update((word[:_LONGEST_WORD], None) for word in words if not is_nothing(word))
        return tuple(found)


_BIRTHS: dict[str, Callable[..., int | None]] = {
    "birth_date": births.year_from_birth,
    "age": births.year_from_age,
}


def _counting(column: Column) -> dict[str, bool]:
    """How a column counts years, if not from the usual beginning."""
    return {"is_minguo": True} if column.field == "birth_date" and _MINGUO.search(column.header) else {}


def _text_in(cell: Cell) -> str:
    """The text of a cell of which texts are clean already."""
    return cell if isinstance(cell, str) else text_of(cell)


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

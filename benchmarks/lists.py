"""Invented lists of people of an invented ledger, written down with a seeded amount of noise.

Every row of a list is drawn by itself; `NOISE` says how often, of all rows, each thing happens to it. The rates are
meant to be what a desk meets on a bad day: lists typed by many hands, from hearing, with half the columns left empty.

- **Who.** Four in five of the ledger are in the list. 6 % of the rows are of people in no ledger: relatives who were
  never entered (with the family's surname, and half of them with its phone), tenants behind a door of the ledger,
  and people of nowhere, some of whom bear the name of somebody who is in it. 1 % of the people stand there twice.
- **The name.** In traditional characters, with blanks in it, with who it is in brackets or a title, with a character
  hidden, in letters; one character a homophone, another one, missing, twice, or two changed about; or no name.
- **The door.** None; only the building; that of another door, since they moved; one digit wrong, or two changed about.
- **The phone.** None; middle digits hidden; only the last four; another number; one digit wrong; a child's is
  its family's.
- **Year of birth and sex.** Often not given; a year off where it was an age; wrong.

The ledger itself has the relatives that make it hard: in one household of fifty a child is given the name of a
grandparent who lives there, one character changed to a homophone or the same name with who it is in brackets.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from uuid import UUID

import opencc
from pypinyin import lazy_pinyin

from haitang.jobs.demonstration import names as invented
from haitang.jobs.demonstration.neighbourhood import YEAR, neighbourhood

NOISE = {
    "unknown": 0.06,
    "twice": 0.01,
    "traditional": 0.08,
    "blanks": 0.05,
    "brackets": 0.04,
    "title": 0.01,
    "hidden": 0.01,
    "letters": 0.003,
    "homophone": 0.04,
    "other_character": 0.008,
    "missing": 0.006,
    "extra": 0.006,
    "swapped": 0.003,
    "no_name": 0.003,
    "no_door": 0.04,
    "building_only": 0.02,
    "moved": 0.01,
    "door_digit": 0.008,
    "door_swap": 0.005,
    "no_phone": 0.2,
    "phone_hidden": 0.15,
    "phone_tail": 0.05,
    "wrong_phone": 0.015,
    "phone_digit": 0.01,
    "no_birth": 0.4,
    "birth_near": 0.06,
    "birth_wrong": 0.005,
    "no_sex": 0.3,
    "sex_wrong": 0.005,
}
IN_LIST = 0.8
NAMESAKES = 0.02
TITLES = ("女士", "先生", "同志")


@dataclass(frozen=True)
class Listed:
    """Somebody of the ledger, as joining sees them."""

    id: UUID
    household: UUID
    building: str
    entrance: str
    room: str
    name: str
    phones: tuple[str, ...]
    birth_year: int | None
    sex: str


@dataclass(frozen=True)
class Row:
    """A row of a list; `person` is whom it means, None for somebody in no ledger."""

    number: int
    name: str
    phones: tuple[str, ...]
    building: str
    entrance: str
    room: str
    birth_year: int | None
    sex: str
    person: UUID | None


def ledger(people: int, seed: int) -> list[Listed]:
    """At least `people` invented people, household by household, of as many gardens as that takes."""
    rng = Random(f"{seed}/ledger")
    found: list[Listed] = []
    garden = 0
    while len(found) < people:
        for home in neighbourhood(seed + 1000 * garden).garden.households:
            if len(found) >= people:
                break
            key = UUID(int=rng.getrandbits(128))
            family = [
                Listed(
                    id=UUID(int=rng.getrandbits(128)),
                    household=key,
                    building=str(int(home.building) + 100 * garden),
                    entrance=home.entrance,
                    room=home.room,
                    name=person.name,
                    phones=(person.phone,) if person.phone else (),
                    birth_year=person.birth_year,
                    sex=person.sex,
                )
                for person in home.people
            ]
            found += _with_namesake(family, rng)
        garden += 1
    return found


def _with_namesake(family: list[Listed], rng: Random) -> list[Listed]:
    if len(family) < 3 or rng.random() > NAMESAKES:
        return family
    elder, child = family[0], family[-1]
    name = f"{elder.name}（小）" if rng.random() < 0.3 else homophone(elder.name, rng)
    return [*family[:-1], replace(child, name=name)]


def written(people: Sequence[Listed], seed: int, *, noise: float = 1.0) -> list[Row]:
    """A list of those people with `noise` times the noise of NOISE."""
    rng = Random(f"{seed}/list")
    writer = _Writer(people, rng, noise)
    rows = []
    for person in people:
        if rng.random() < IN_LIST:
            rows.append(writer.row_of(person))
            if writer.happens("twice"):
                rows.append(writer.row_of(person))
        if writer.happens("unknown"):
            rows.append(writer.stranger())
    rng.shuffle(rows)
    return [replace(row, number=number) for number, row in enumerate(rows, 2)]


class _Writer:
    """Somebody who writes a list down."""

    def __init__(self, people: Sequence[Listed], rng: Random, noise: float) -> None:
        self.people, self.rng, self.noise = people, rng, noise
        self.families: dict[UUID, list[Listed]] = {}
        for person in people:
            self.families.setdefault(person.household, []).append(person)

    def happens(self, what: str) -> bool:
        return self.rng.random() < NOISE[what] * self.noise

    def row_of(self, person: Listed) -> Row:
        building, room = self._door(person)
        return Row(
            number=0,
            name=self._name(person.name),
            phones=self._phones(self._phone_of(person)),
            building=building,
            entrance=person.entrance,
            room=room,
            birth_year=self._birth(person.birth_year),
            sex=self._sex(person.sex),
            person=person.id,
        )

    def stranger(self) -> Row:
        """Somebody in no ledger: a relative, a tenant, or from nowhere, perhaps a namesake."""
        host = self.rng.choice(self.people)
        kind = self.rng.choice(("relative", "tenant", "nowhere", "namesake"))
        family = host.name[0] if kind == "relative" else invented.surname(self.rng)
        born = self.rng.randint(YEAR - 85, YEAR - 1)
        sex = self.rng.choice("fm")
        taken = frozenset(one.name for one in self.families[host.household])
        name = invented.full_name(self.rng, sex=sex, birth_year=born, family=family, taken=taken)
        if kind == "namesake":
            name = self.rng.choice(self.people).name
        phone = f"+86137{self.rng.randrange(10**8):08}"
        if kind == "relative" and self.rng.random() < 0.5:
            phone = host.phones[0] if host.phones else ""
        is_here = kind in ("relative", "tenant")
        building, room = self._door(host) if is_here else ("", "")
        return Row(
            number=0,
            name=self._name(name),
            phones=self._phones(phone),
            building=building,
            entrance="",
            room=room,
            birth_year=self._birth(born),
            sex=self._sex(sex),
            person=None,
        )

    def _name(self, name: str) -> str:
        if self.happens("no_name"):
            return ""
        for what, slip in SLIPS.items():
            if self.happens(what):
                name = slip(name, self.rng)
        for what, style in STYLES.items():
            if self.happens(what):
                return style(name, self.rng)
        return name

    def _door(self, person: Listed) -> tuple[str, str]:
        if self.happens("no_door"):
            return "", ""
        if self.happens("building_only"):
            return person.building, ""
        if self.happens("moved"):
            person = self.rng.choice(self.people)
        room = person.room
        if self.happens("door_digit"):
            place = self.rng.randrange(len(room))
            room = room[:place] + self.rng.choice("123456789") + room[place + 1 :]
        if self.happens("door_swap"):
            room = room[1:2] + room[:1] + room[2:]
        return person.building, room

    def _phone_of(self, person: Listed) -> str:
        if person.phones:
            return person.phones[0]
        theirs = [phone for one in self.families[person.household] for phone in one.phones]
        return self.rng.choice(theirs) if theirs else ""

    def _phones(self, phone: str) -> tuple[str, ...]:
        if not phone or self.happens("no_phone"):
            return ()
        if self.happens("wrong_phone"):
            return (f"+86138{self.rng.randrange(10**8):08}",)
        if self.happens("phone_digit"):
            place = self.rng.randrange(5, len(phone))
            phone = phone[:place] + str(self.rng.randrange(10)) + phone[place + 1 :]
        if self.happens("phone_hidden"):
            return (f"{phone[:6]}****{phone[-4:]}",)
        if self.happens("phone_tail"):
            return (f"*******{phone[-4:]}",)
        return (phone,)

    def _birth(self, year: int | None) -> int | None:
        if year is None or self.happens("no_birth"):
            return None
        if self.happens("birth_near"):
            return year + self.rng.choice((-1, 1))
        return self.rng.randint(YEAR - 90, YEAR) if self.happens("birth_wrong") else year

    def _sex(self, sex: str) -> str:
        if self.happens("no_sex"):
            return ""
        return {"f": "m", "m": "f"}[sex] if self.happens("sex_wrong") else sex


@cache
def _characters() -> str:
    """The 3,755 commonest characters (GB 2312, level one)."""
    codes = ((row, cell) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return "".join(bytes(code).decode("gb2312", "ignore") for code in codes)


@cache
def _homophones() -> dict[str, str]:
    found: dict[str, str] = {}
    for character in _characters():
        reading = lazy_pinyin(character)[0]
        found[reading] = found.get(reading, "") + character
    return found


@cache
def _traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def _place(name: str, rng: Random) -> int:
    """A character of a name to go wrong, the surname seldom."""
    return 0 if len(name) < 2 or rng.random() < 0.1 else rng.randrange(1, len(name))


def _replaced(name: str, place: int, character: str) -> str:
    return name[:place] + character + name[place + 1 :]


def homophone(name: str, rng: Random) -> str:
    """The name with one character written as another one that sounds the same."""
    place = _place(name, rng)
    others = _homophones().get(lazy_pinyin(name[place])[0], "").replace(name[place], "")
    return _replaced(name, place, rng.choice(others)) if others else name


def _other(name: str, rng: Random) -> str:
    return _replaced(name, _place(name, rng), rng.choice(_characters()))


def _missing(name: str, rng: Random) -> str:
    return _replaced(name, _place(name, rng), "") if len(name) > 2 else name


def _extra(name: str, rng: Random) -> str:
    place = _place(name, rng)
    return _replaced(name, place, name[place] * 2)


def _swapped(name: str, rng: Random) -> str:
    return name[0] + name[2:] + name[1:2] if len(name) > 2 else name


def _in_letters(name: str, rng: Random) -> str:
    return f"{lazy_pinyin(name[0])[0]} {''.join(lazy_pinyin(name[1:]))}".title()


def _hidden(name: str, rng: Random) -> str:
    return f"{name[0]}*{name[2:]}"


Slip = Callable[[str, Random], str]
SLIPS: dict[str, Slip] = {
    "homophone": homophone,
    "other_character": _other,
    "missing": _missing,
    "extra": _extra,
    "swapped": _swapped,
}
STYLES: dict[str, Slip] = {
    "letters": _in_letters,
    "hidden": _hidden,
    "traditional": lambda name, rng: str(_traditional().convert(name)),
    "blanks": lambda name, rng: " ".join(name),
    "brackets": lambda name, rng: f"{name}（{rng.choice(('女儿', '母亲', '户主', '本人'))}）",
    "title": lambda name, rng: name + rng.choice(TITLES),
}

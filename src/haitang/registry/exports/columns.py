"""The columns that a list may have, each with its heading, its HXL 1.1 tag, and how its cell is read.

Headings and words are those that an import reads, so a file that was taken out can come back. Tags are of the HXL
core dictionary, with attributes of our own where it has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from haitang.registry.exports.shapes import Asked, Cell, Choice, Sheet
from haitang.registry.ledger.messages import LABELS
from haitang.registry.ledger.vocabulary import FLAGS

if TYPE_CHECKING:
    from haitang.registry.queries import Door, Listed

WHAT: dict[str, str | Promise] = {
    "people": pgettext_lazy("list of", "people"),
    "households": pgettext_lazy("list of", "households"),
    "buildings": pgettext_lazy("list of", "buildings"),
}
ADMINISTRATION = ("#adm2+name", "#adm3+name", "#adm4+name", "#adm5+name")  # China's adm1 is the province
LEVELS = (_("City"), _("District"), _("Town"), _("Community"))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is called, its tag, and its cell of one row."""

    heading: str | Promise
    tag: str
    cell: Callable[[Any], Cell]


@dataclass(frozen=True, slots=True)
class Building:
    """A building with its counts."""

    name: str
    entrances: int
    households: int
    people: int
    alone: int


@dataclass(frozen=True, slots=True)
class Home:
    """A household with the name of its building and the flags of those who live there."""

    door: Door
    building: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A compound, or one building of it, as a list is made from it. `places`: the names above it from the city
    down to the compound."""

    places: Sequence[str]
    names: Mapping[UUID, str]
    doors: Sequence[Door]
    people: Sequence[Listed]
    this_year: int


def _yes(is_so: bool) -> str:
    return str(_("yes")) if is_so else ""


def _phones(person: Listed) -> str:
    """Without +86, for a cell must not begin with a plus."""
    return "; ".join(phone.removeprefix("+86") for phone in person.phones)


def _flags(flags: Iterable[str]) -> str:
    """In words that an import understands, in the reader's language."""
    in_chinese = (get_language() or "").startswith("zh")
    return "; ".join(FLAGS[flag][0] if in_chinese else flag.replace("_", " ") for flag in flags)


SEXES = {"f": _("female"), "m": _("male")}
DOOR = ("building", "entrance", "room")
COLUMNS: dict[str, dict[str, Column]] = {
    "people": {
        "building": Column(LABELS["building"], "#loc+building+code", lambda p: p.building),
        "entrance": Column(LABELS["unit"], "#loc+entrance+code", lambda p: p.entrance),
        "room": Column(_("Room"), "#loc+door+code", lambda p: p.room),
        "name": Column(LABELS["name"], "#contact+name", lambda p: p.name),
        "phone": Column(LABELS["phone"], "#contact+phone", _phones),
        "birth": Column(LABELS["birth_date"], "#date+birth+year", lambda p: p.birth_year or ""),
        "sex": Column(LABELS["sex"], "#beneficiary+sex", lambda p: str(SEXES.get(p.sex, ""))),
        "relation": Column(_("Relation to head"), "#beneficiary+relation", lambda p: p.relation),
        "flags": Column(_("Care needs"), "#beneficiary+type", lambda p: _flags(p.flags)),
        "skills": Column(_("Skills"), "#capacity+skill", lambda p: "; ".join(p.skills)),
        "helper": Column(_("Helper"), "#capacity+helper", lambda p: _yes(p.is_helper)),
    },
    "households": {
        "building": Column(LABELS["building"], "#loc+building+code", lambda h: h.building),
        "entrance": Column(LABELS["unit"], "#loc+entrance+code", lambda h: h.door.entrance),
        "room": Column(_("Room"), "#loc+door+code", lambda h: h.door.room),
        "floor": Column(_("Floor"), "#loc+floor+num", lambda h: h.door.floor),
        "people": Column(_("Number of people"), "#population+ind+num", lambda h: h.door.people),
        "provisional": Column(_("Provisional"), "#status+provisional", lambda h: _yes(h.door.is_provisional)),
        "flags": Column(_("Care needs"), "#beneficiary+type", lambda h: _flags(h.flags)),
    },
    "buildings": {
        "building": Column(LABELS["building"], "#loc+building+code", lambda b: b.name),
        "entrances": Column(_("Entrances"), "#loc+entrance+num", lambda b: b.entrances),
        "households": Column(_("Households"), "#population+hh+num", lambda b: b.households),
        "people": Column(_("Number of people"), "#population+ind+num", lambda b: b.people),
        "alone": Column(_("Living alone"), "#population+ind+alone+num", lambda b: b.alone),
    },
}
ALWAYS = {"people": DOOR, "households": (*DOOR, "floor", "people", "provisional")}


def sheet(asked: Asked, source: Source) -> Sheet:
    """The list that is asked for. A household counts as named where the list tells what somebody there needs."""
    held = COLUMNS[asked.what]
    always = ALWAYS.get(asked.what, tuple(held))
    columns = [column for key, column in held.items() if key in always or key in asked.columns]
    found = _ROWS[asked.what](asked, source)
    places = list(source.places) if asked.with_tags else list(source.places[-1:])
    headings = [*map(str, LEVELS), str(LABELS["compound"])][-len(places) :]
    tags = [*ADMINISTRATION, "#loc+compound+name"][-len(places) :]
    tells = asked.what == "people" or (
        asked.what == "households" and ("flags" in asked.columns or not asked.choice.is_everyone)
    )
    return Sheet(
        headings=[*headings, *(str(column.heading) for column in columns)],
        tags=[*tags, *(column.tag for column in columns)] if asked.with_tags else [],
        rows=[[*places, *(column.cell(row) for column in columns)] for row in found],
        named=len(found) if tells else 0,
    )


def chosen(people: Sequence[Listed], choice: Choice, *, this_year: int) -> list[Listed]:
    """Those of `people` who meet every criterion."""
    sizes = Counter(person.household for person in people)
    return [p for p in people if _meets(p, choice, sizes[p.household], this_year)]


def _meets(person: Listed, choice: Choice, size: int, this_year: int) -> bool:
    if choice.flags and not set(choice.flags) & set(person.flags):
        return False
    if choice.age_from and (person.birth_year is None or this_year - person.birth_year < choice.age_from):
        return False
    if choice.alone and size > 1 and "lives_alone" not in person.flags:
        return False
    return person.is_helper or not choice.helpers


def _people(asked: Asked, source: Source) -> list[Any]:
    return chosen(source.people, asked.choice, this_year=source.this_year)


def _households(asked: Asked, source: Source) -> list[Any]:
    meant = {p.household for p in chosen(source.people, asked.choice, this_year=source.this_year)}
    flags: dict[UUID, dict[str, None]] = {}
    for person in source.people:
        flags.setdefault(person.household, {}).update(dict.fromkeys(person.flags))
    return [
        Home(door, source.names[door.building], tuple(flags.get(door.id, ())))
        for door in source.doors
        if asked.choice.is_everyone or door.id in meant
    ]


def _buildings(_asked: Asked, source: Source) -> list[Any]:
    found = []
    for building, name in source.names.items():
        doors = [door for door in source.doors if door.building == building]
        found.append(
            Building(
                name=name,
                entrances=len({door.entrance for door in doors} - {""}),
                households=len(doors),
                people=sum(door.people for door in doors),
                alone=sum(door.lives_alone for door in doors),
            )
        )
    return found


_ROWS: dict[str, Callable[[Asked, Source], list[Any]]] = {
    "people": _people,
    "households": _households,
    "buildings": _buildings,
}

"""Reads about households and those who live in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from haitang.core.refusal import NotHere
from haitang.registry import sealed
from haitang.registry.models import Area, Household, HouseholdKind, Person
from haitang.registry.queries.places import path_in
from haitang.vault import queries as vault

LISTED = (
    *("id", "household_id", "household__building__name", "household__building_id"),
    *("household__entrance", "household__floor", "household__room", "sealed"),
    *("birth_year", "sex", "relation", "flags", "skills", "is_helper"),
)
DOOR = (
    *("id", "building_id", "entrance", "floor", "room", "number", "alone"),
    *("kind", "is_provisional", "said_people"),
)


@dataclass(frozen=True, slots=True)
class Door:
    """A household as the elevation draws it. `people`: those known by name and, where more are said to live
    there, the `unnamed`."""

    id: UUID
    building: UUID
    entrance: str
    floor: int
    room: str
    people: int
    lives_alone: bool
    kind: str = "flat"
    is_provisional: bool = False
    unnamed: int = 0


@dataclass(frozen=True, slots=True)
class Resident:
    """A person as a household's page shows them."""

    id: UUID
    name: str
    phones: tuple[str, ...]
    age: int | None
    relation: str
    flags: tuple[str, ...]
    skills: tuple[str, ...]
    is_helper: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A person of a compound's ledger with their door: what lists are joined to, printed and exported."""

    id: UUID
    household: UUID
    building: str  # as it is called, such as 22
    building_id: UUID
    entrance: str
    floor: int
    room: str
    name: str
    phones: tuple[str, ...]
    birth_year: int | None
    sex: str
    relation: str
    flags: tuple[str, ...]
    skills: tuple[str, ...]
    is_helper: bool


def kind_words(kind: str) -> str:
    """What a kind of household is called; the code itself where nobody knows it."""
    return str(HouseholdKind(kind).label) if kind in HouseholdKind.values else kind


def kinds() -> list[tuple[str, str]]:
    """The kinds of household, each with what it is called."""
    return [(kind.value, str(kind.label)) for kind in HouseholdKind]


def household_path(household_id: UUID) -> str:
    """The path of a household's building."""
    return path_in(Household.objects.filter(pk=household_id), "building__path")


def person_path(person_id: UUID) -> str:
    """The path of a person's building."""
    return path_in(Person.objects.filter(pk=person_id), "household__building__path")


def doors(compound: Area, *, building: Area | None = None) -> list[Door]:
    """The doors of a compound or of one building, by building, floor and room, with people counted."""
    rows = Household.objects.filter(compound=compound)
    if building is not None:
        rows = rows.filter(building=building)
    found = (
        rows.annotate(
            number=Count("people"), alone=Count("people", filter=Q(people__flags__contains=["lives_alone"]))
        )
        .order_by("building_id", "floor", "entrance", "room")
        .values_list(*DOOR)
    )
    return [_door(row) for row in found]


def _door(row: tuple[Any, ...]) -> Door:
    home, building, entrance, floor, room, named, alone, kind, is_provisional, said = row
    people = max(named, said or 0)
    return Door(
        id=home,
        building=building,
        entrance=entrance,
        floor=floor,
        room=room,
        people=people,
        lives_alone=bool(alone),
        kind=kind,
        is_provisional=is_provisional,
        unnamed=people - named,
    )


def on_the_way(door: Door | Household | Listed) -> tuple[str, int, str]:
    """The order in which a steward walks a building: entrance by entrance, from the top floor down."""
    return door.entrance.zfill(3), -door.floor, door.room.zfill(6)


def flags_by_household(compound: Area) -> dict[UUID, set[str]]:
    """The flags of the people of each household that has any."""
    found: dict[UUID, set[str]] = {}
    rows = Person.objects.filter(compound=compound).exclude(flags=[]).values_list("household_id", "flags")
    for household_id, flags in rows:
        found.setdefault(household_id, set()).update(flags)
    return found


def household(household_id: UUID) -> Household:
    """One household with its building, compound and people. The reader's right is the caller's to check."""
    rows = Household.objects.select_related("building", "compound").prefetch_related("people")
    found = rows.filter(pk=household_id).first()
    if found is None:
        raise NotHere
    return found


def note(of: Household) -> str:
    """What whoever comes to the door should know; "" without a note."""
    key = vault.keys_of([of.pk]).get(of.pk) if of.note else None
    return sealed.open_note(key, of.pk, bytes(of.note)) if key and of.note else ""


def residents(of: Household, *, this_year: int) -> list[Resident]:
    """The people of a household with their age this year, the eldest first."""
    held = list(of.people.all())
    words = opened((person.pk, of.pk, person.sealed) for person in held)
    found = [
        Resident(
            person.pk,
            *words[person.pk],
            this_year - person.birth_year if person.birth_year else None,
            person.relation,
            tuple(person.flags),
            tuple(person.skills),
            person.is_helper,
        )
        for person in held
        if person.pk in words
    ]
    return sorted(found, key=lambda person: (-(person.age or 0), person.name))


def names_of(people: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these people, without those that can't be read again."""
    rows = Person.objects.filter(pk__in=list(people)).values_list("id", "household_id", "sealed")
    return {person: name for person, (name, _phones) in opened(rows).items()}


def opened(
    rows: Iterable[tuple[UUID, UUID, Any]],
) -> dict[UUID, tuple[str, tuple[str, ...]]]:
    """Name and phones of people, given as (id, household, sealed); without those whose key is destroyed."""
    held = list(rows)
    keys = vault.keys_of({household for _person, household, _sealed in held})
    return {
        person: sealed.open_person(keys[household], person, bytes(words))
        for person, household, words in held
        if household in keys
    }


def helpers(compound: Area) -> list[Listed]:
    """Registered helpers who live in a compound, by building and name."""
    return _by_name(Person.objects.filter(compound=compound, is_helper=True))


def listed(people: Iterable[UUID]) -> list[Listed]:
    """These people with their doors, by building and name."""
    return _by_name(Person.objects.filter(pk__in=list(people)))


def listed_of(rows: QuerySet[Person]) -> list[Listed]:
    """These people with their doors, door by door."""
    return sorted(_listed(rows), key=_door_order)


def _by_name(rows: QuerySet[Person]) -> list[Listed]:
    ordered = _listed(rows.order_by("household__building__place"))
    places = {one.building_id: place for place, one in enumerate(ordered)}
    return sorted(ordered, key=lambda one: (places[one.building_id], one.name, one.id))


def roll(compound: Area, *, building: Area | None = None) -> list[Listed]:
    """Everyone in a compound's ledger, or in one building of it, by building, floor, entrance, room and name.

    The reader's right is the caller's to check."""
    rows = Person.objects.filter(compound=compound)
    if building is not None:
        rows = rows.filter(household__building=building)
    return sorted(_listed(rows), key=_door_order)


def _door_order(one: Listed) -> tuple[int, str, int, str, str, str]:
    return len(one.building), one.building, one.floor, one.entrance, one.room, one.name


def _listed(rows: QuerySet[Person]) -> list[Listed]:
    """These people with their doors, as far as their names can still be read."""
    # As plain values: a model for each person, household and building takes longer than opening all names does.
    found = list(rows.values_list(*LISTED))
    words = opened((row[0], row[1], row[7]) for row in found)
    return [_with_door(row, *words[row[0]]) for row in found if row[0] in words]


def _with_door(row: tuple[Any, ...], name: str, phones: tuple[str, ...]) -> Listed:
    birth_year, sex, relation, flags, skills, is_helper = row[8:]
    return Listed(
        id=row[0],
        household=row[1],
        building=row[2],
        building_id=row[3],
        entrance=row[4],
        floor=row[5],
        room=row[6],
        name=name,
        phones=phones,
        birth_year=birth_year,
        sex=sex,
        relation=relation,
        flags=tuple(flags),
        skills=tuple(skills),
        is_helper=is_helper,
    )

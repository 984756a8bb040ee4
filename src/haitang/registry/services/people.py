"""Writes people: sealed with their household's key, in bulk, and to be found again by those who may."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from haitang.registry import finding, sealed
from haitang.registry.models import Area, FormerPerson, Household, LedgerImport, Person
from haitang.vault import queries as vault
from haitang.vault import sealing
from haitang.vault import services as keys

KEPT = ("sealed", "birth_year", "sex", "relation", "flags", "skills", "is_helper")
PERSON = ("id", "compound_id", "household_id", "path", "mark", "came_with", *KEPT)
PERSON_TYPES = (
    *("uuid", "uuid", "uuid", "text", "int8", "uuid"),
    *("bytea", "int4", "text", "text", "text[]", "text[]", "bool"),
)
DOOR = ("id", "compound_id", "building_id", "entrance", "floor", "room", "reference", "path", "came_with")
DOOR_TYPES = ("uuid", "uuid", "uuid", "text", "int4", "text", "text", "text", "uuid")
# Rows behind row-level security take no COPY, so they are copied beside it and taken over from there.
BESIDE = "CREATE TEMP TABLE coming ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA"
COPY = "COPY coming ({columns}) FROM STDIN WITH (FORMAT BINARY)"
TAKE_OVER = "INSERT INTO {table} ({columns}) SELECT {columns} FROM coming"
CHANGE = """
UPDATE registry_person AS p SET ({columns}) = (SELECT {from_coming}) FROM coming AS c WHERE p.id = c.id
"""


@dataclass(slots=True)
class Known:
    """A person of a ledger in the clear, while a file is held against it."""

    id: UUID
    household: UUID
    name: str
    phones: Sequence[str] = ()
    birth_year: int | None = None
    sex: str = ""
    relation: str = ""
    flags: Sequence[str] = ()
    skills: Sequence[str] = ()
    is_helper: bool = False


def known_in(compound: Area) -> list[Known]:
    """Everyone in a compound's ledger whose name can still be read."""
    opening = vault.keys_in(compound.pk)
    rows = Person.objects.filter(compound=compound).values_list("id", "household_id", *KEPT)
    found = []
    for person, household, words, year, sex, relation, flags, skills, is_helper in rows.iterator():
        if household in opening:
            name, phones = sealed.open_person(opening[household], person, bytes(words))
            said = (phones, year, sex, relation, tuple(flags), tuple(skills), is_helper)
            found.append(Known(person, household, name, *said))
    return found


def add_doors(homes: Sequence[Household], *, given: UUID | None) -> None:
    """Add households with an import's id as what they came with."""
    _insert(
        "registry_household",
        DOOR,
        DOOR_TYPES,
        (
            (h.pk, h.compound_id, h.building_id, h.entrance, h.floor, h.room, h.reference, h.path, given)
            for h in homes
        ),
    )


def add_people(
    people: Sequence[Known], *, compound: Area, paths: Mapping[UUID, str], given: UUID | None
) -> None:
    """Add people to households, whose paths are given, with an import's id as what they came with."""
    opening = keys.keys_for(dict.fromkeys(one.household for one in people), compound=compound.pk)
    _insert(
        "registry_person",
        PERSON,
        PERSON_TYPES,
        (
            (
                one.id,
                compound.pk,
                one.household,
                paths[one.household],
                sealed.mark_of(opening[one.household], one.name),
                given,
                *_kept(one, opening[one.household]),
            )
            for one in people
        ),
    )


def _kept(one: Known, key: bytes) -> tuple[object, ...]:
    words = sealed.seal_person(key, one.id, one.name, one.phones)
    facts = (one.birth_year, one.sex, one.relation, list(one.flags), list(one.skills), one.is_helper)
    return words, *facts


def _insert(
    table: str, columns: Sequence[str], types: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    names = {"table": table, "columns": ", ".join(columns)}
    with connection.cursor() as cursor:
        _bring(cursor, names, types, rows)
        cursor.execute(TAKE_OVER.format(**names))
        cursor.execute("DROP TABLE coming")


def _bring(
    cursor: Any, names: Mapping[str, str], types: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    cursor.execute(BESIDE.format(**names))
    with cursor.copy(COPY.format(**names)) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def change_people(people: Sequence[Known], *, compound: Area, given: LedgerImport | None) -> None:
    """Write what is known of people over what was; an import keeps what was, so that it can be undone."""
    if given is not None:
        _keep_former(people, given)
    opening = keys.keys_for({one.household for one in people}, compound=compound.pk)
    columns = ("id", *KEPT)
    from_coming = ", ".join(f"c.{name}" for name in KEPT)
    with connection.cursor() as cursor:
        names = {"table": "registry_person", "columns": ", ".join(columns)}
        rows = ((one.id, *_kept(one, opening[one.household])) for one in people)
        _bring(cursor, names, (PERSON_TYPES[0], *PERSON_TYPES[-len(KEPT) :]), rows)
        cursor.execute(CHANGE.format(columns=", ".join(KEPT), from_coming=from_coming))
        cursor.execute("DROP TABLE coming")


def _keep_former(people: Sequence[Known], given: LedgerImport) -> None:
    rows = Person.objects.filter(pk__in=[one.id for one in people]).values("pk", "path", *KEPT)
    FormerPerson.objects.bulk_create(
        [FormerPerson(given=given, person_id=row.pop("pk"), **row) for row in rows], batch_size=2000
    )


def let_find(compound: Area, people: Iterable[Known], households: Iterable[UUID]) -> None:
    """Bring up to date by what these households of a compound are found; `people` are all who live in them."""
    wanted = set(households)
    if not wanted:
        return
    words: dict[UUID, set[str]] = {household: set() for household in wanted}
    for one in people:
        if one.household in wanted:
            words[one.household] |= finding.words_of([(one.name, one.phones)])
    key = keys.compound_keys(compound.pk).finding
    hashed = {word: sealing.token(key, word) for word in set().union(*words.values())}
    tokens = {household: [hashed[word] for word in own] for household, own in words.items()}
    keys.make_findable(tokens, compound=compound.pk)

"""Rules about people: the same one at two doors, alone without a phone, ages that can't be. They name nobody."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID

from haitang.registry.quality.shapes import Finding, Row, Site, finding

if TYPE_CHECKING:
    from haitang.registry.queries import Listed

GROWN = 16  # years; whoever is younger does not head a household
OLDEST = 110  # years
HEAD = "户主"


def twice(site: Site) -> Finding:
    """People of one name at two doors, with the same phone or born in the same year. Those by phone come first."""
    by_name: dict[str, list[Listed]] = defaultdict(list)
    for person in site.people:
        by_name["".join(unicodedata.normalize("NFKC", person.name).casefold().split())].append(person)
    found = [pair for namesakes in by_name.values() for pair in _pairs(namesakes)]
    rows = [
        Row("household", one.household, _door(one), {"other": _door(other), "same": same})
        for same, one, other in sorted(found, key=lambda pair: pair[0])
    ]
    return finding("twice", rows, of=len(site.people))


def _pairs(namesakes: list[Listed]) -> Iterator[tuple[str, Listed, Listed]]:
    """Each of one name with the first before them who may be the same person, and what speaks for it."""
    for place, one in enumerate(namesakes):
        for other in namesakes[:place]:
            same = _same(one, other)
            if same:
                yield same, one, other
                break


def _same(one: Listed, other: Listed) -> str:
    if one.household == other.household:
        return ""
    if set(one.phones) & set(other.phones):
        return "phone"
    if one.birth_year is None or one.birth_year != other.birth_year:
        return ""
    # Names repeat: two people of one name and age with a phone each are far more often two than one.
    return "" if one.phones and other.phones else "year"


def alone_without_phone(site: Site) -> Finding:
    """People who live alone and whom nobody can call."""
    homes = _homes(site)
    alone = [p for p in site.people if len(homes[p.household]) == 1 or "lives_alone" in p.flags]
    rows = [Row("household", p.household, _door(p)) for p in alone if not p.phones]
    return finding("alone_without_phone", rows, of=len(alone))


def children_alone(site: Site) -> Finding:
    """Households that only children live in, or that a child heads. Counts households with people."""
    homes = _homes(site)
    crowds = {door.id for door in site.doors if door.unnamed}
    rows = []
    for home, people in homes.items():
        young = [p for p in people if p.birth_year and site.this_year - p.birth_year < GROWN]
        is_alone = len(young) == len(people) and home not in crowds
        if young and (is_alone or any(p.relation == HEAD for p in young)):
            age = max(site.this_year - (p.birth_year or 0) for p in young)
            rows.append(Row("household", home, _door(young[0]), {"age": age}))
    return finding("children_alone", rows, of=len(homes))


def odd_ages(site: Site) -> Finding:
    """People older than anybody, or not born yet."""
    aged = [(p, site.this_year - p.birth_year) for p in site.people if p.birth_year]
    rows = [
        Row("household", person.household, _door(person), {"age": age})
        for person, age in aged
        if not 0 <= age <= OLDEST
    ]
    return finding("odd_ages", rows, of=len(aged))


def _homes(site: Site) -> dict[UUID, list[Listed]]:
    found: dict[UUID, list[Listed]] = {}
    for person in site.people:
        found.setdefault(person.household, []).append(person)
    return found


def _door(person: Listed) -> str:
    entrance = f"{person.entrance}-" if person.entrance else ""
    return f"{person.building}-{entrance}{person.room}"

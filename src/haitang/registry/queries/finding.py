"""Finds people and doors within one's scope, by what a tired person types."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from haitang.core.actor import Act, Actor
from haitang.registry import finding
from haitang.registry.models import Area, Household, Level, Person
from haitang.registry.queries.people import Listed, listed_of
from haitang.registry.queries.places import ancestors_of
from haitang.vault import queries as vault
from haitang.vault import sealing

MOST = 20
MOST_HOUSEHOLDS = 400  # looked through for one search
_DOOR = re.compile(
    r"(?:(?P<building>\w{1,8}?)(?:栋|幢|号楼|号|座|楼|#|-))?"
    r"(?:(?P<entrance>\w{1,4})(?:单元|-))?(?P<room>[A-Za-z]?[0-9][0-9A-Za-z]{0,7})室?"
)


@dataclass(frozen=True, slots=True)
class DoorFound:
    """A door that fits what was typed, in its building and compound."""

    household: UUID
    compound: str
    building: Area
    entrance: str
    room: str


@dataclass(frozen=True, slots=True)
class Found:
    """People and doors that fit, at most MOST each. `is_more`: there are others; type more of it."""

    people: list[Listed]
    doors: list[DoorFound]
    is_more: bool


def find(text: str, *, by: Actor) -> Found:
    """Whom and which doors `text` may mean where `by` reads households: by name, pinyin, initials, the last four
    digits or more of a phone, or a door such as 8-2706."""
    people, doors = _people(text, by), _doors(text, by)
    return Found(people[:MOST], doors[:MOST], len(people) > MOST or len(doors) > MOST)


def _people(text: str, by: Actor) -> list[Listed]:
    words = finding.words_to_try(text)
    if not words:
        return []
    keys = vault.finding_keys(_compounds(by.reach(Act.READ_HOUSEHOLD)))
    tokens = [sealing.token(key, word) for key in keys.values() for word in words]
    homes = vault.found_by(tokens, compounds=keys, most=MOST_HOUSEHOLDS)
    rows = Person.objects.filter(by.within(Act.READ_HOUSEHOLD), household__in=homes)
    return [one for one in listed_of(rows) if finding.is_meant(text, one.name, one.phones)]


def _compounds(paths: Iterable[str]) -> list[UUID]:
    """The compounds at, below or around `paths`."""
    around = Q(pk__in=[])
    for path in paths:
        around |= Q(path__startswith=path) | Q(path__in=ancestors_of(path))
    return list(Area.objects.filter(around, level=Level.COMPOUND).values_list("pk", flat=True))


def _doors(text: str, by: Actor) -> list[DoorFound]:
    typed = _DOOR.fullmatch("".join(text.split()))
    if typed is None:
        return []
    compounds = _compounds(by.reach(Act.READ_HOUSEHOLD))
    rows = Household.objects.filter(by.within(Act.READ_HOUSEHOLD), compound__in=compounds, room=typed["room"])
    if typed["building"]:
        rows = rows.filter(Q(building__code=typed["building"]) | Q(building__name=typed["building"]))
    if typed["entrance"]:
        rows = rows.filter(entrance=typed["entrance"])
    found = rows.select_related("building", "compound").order_by("path", "entrance")[: MOST + 1]
    return [DoorFound(h.pk, h.compound.name, h.building, h.entrance, h.room) for h in found]

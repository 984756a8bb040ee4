"""Households that no list knows yet: said by whoever stands before the door, confirmed, or taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from haitang.core import journal
from haitang.core.actor import Actor
from haitang.core.refusal import Invalid
from haitang.registry import queries, rules
from haitang.registry.ledger.doors import read_door
from haitang.registry.ledger.names import read_names
from haitang.registry.ledger.phones import read_phones
from haitang.registry.ledger.shapes import CellRefused
from haitang.registry.ledger.writing import text_of
from haitang.registry.models import GATE, Area, Household, Level, Person
from haitang.registry.services.people import Known, add_people, let_find
from haitang.registry.services.places import count_ledger, lock_above
from haitang.vault import services as vault

LONGEST_DOOR = 40
GATE_NAME = "门口"
GATE_PLACE = 9000  # after every building in the order of the site
GROUND = 1


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of a household: its kind, its door, how many people, perhaps whom to ask for."""

    kind: str
    door: str
    people: int
    name: str = ""
    phone: str = ""


@transaction.atomic
def add_household(place: Area, said: Said, *, by: Actor, now: datetime) -> Household:
    """Add a household to a building, or by the gate when `place` is the compound. It is provisional and counts
    at once. Raises Invalid."""
    rules.check_place(place, by=by)
    door = text_of(said.door)[:LONGEST_DOOR]
    rules.check_said(said.kind, door, said.people)
    contact = _contact(said)
    compound = _locked_compound(place)
    building = _gate(compound) if place.level == Level.COMPOUND else place
    entrance, floor, room = _read(building, door)
    if Household.objects.filter(building=building, entrance=entrance, room=room).exists():
        raise Invalid({"door": _("This door is in the ledger already. Open it in the door list.")})
    household = Household.objects.create(
        compound=compound,
        building=building,
        entrance=entrance,
        floor=floor,
        room=room,
        path=building.path,
        kind=said.kind,
        is_provisional=True,
        said_people=said.people,
        said_by=by.label,
        said_at=now,
    )
    if contact is not None:
        _write_person(household, *contact)
    count_ledger(compound)
    facts = {"kind": said.kind, "people": said.people}
    journal.record("household.add", household, by=by, at=now, path=building.path, **facts)
    return household


@transaction.atomic
def confirm_household(household_id: UUID, *, people: int, by: Actor, now: datetime) -> Household:
    """Say once more that a household is there, and how many live in it: it is provisional no longer."""
    household = _locked(household_id)
    rules.check_confirm(household, by=by)
    rules.check_people(people)
    household.is_provisional, household.said_people = False, people
    household.save(update_fields=["is_provisional", "said_people"])
    count_ledger(household.compound)
    facts = {"kind": household.kind, "people": people}
    journal.record("household.confirm", household, by=by, at=now, path=household.building.path, **facts)
    return household


@transaction.atomic
def take_back_household(household_id: UUID, *, by: Actor, now: datetime) -> None:
    """Undo a household that was added by mistake; one that was confirmed stays."""
    household = _locked(household_id)
    rules.check_take_back(household, by=by)
    facts = {"kind": household.kind, "people": household.said_people}
    journal.record("household.take_back", household, by=by, at=now, path=household.building.path, **facts)
    _forget_people(household)
    household.delete()
    count_ledger(household.compound)


def clear_gate(gate: Area) -> None:
    """Take away what stands for the doors by the gate, once there is none and nothing hangs on it."""
    try:
        Area.objects.filter(pk=gate.pk, code=GATE).delete()
    except ProtectedError:  # a door is left, or somebody holds a right there
        return


def confirm_listed(households: Iterable[Household]) -> int:
    """Households that a list names are provisional no longer; how many were."""
    wanted = [household.pk for household in households if household.is_provisional]
    return Household.objects.filter(pk__in=wanted).update(is_provisional=False) if wanted else 0


def _write_person(household: Household, name: str, phones: tuple[str, ...]) -> None:
    one, compound = Known(uuid7(), household.pk, name, phones), household.compound
    add_people([one], compound=compound, paths={household.pk: household.path}, given=None)
    let_find(compound, [one], [household.pk])


def _forget_people(household: Household) -> None:
    Person.objects.filter(household=household).delete()
    transaction.on_commit(lambda: vault.destroy_keys([household.pk]))


def _contact(said: Said) -> tuple[str, tuple[str, ...]] | None:
    """The one person to ask for, name and phones as a ledger would hold them; None where nobody is named."""
    name, phone = text_of(said.name), text_of(said.phone)
    if not name and not phone:
        return None
    try:
        named = read_names(name)[0]
        if len(named) > 1:
            raise CellRefused("two_people")
    except CellRefused as no:
        raise Invalid({"name": _("Give one person's name, or leave name and phone empty.")}) from no
    phones, fault = read_phones(phone)
    if fault:
        raise Invalid(
            {"phone": _("This can't be read as a phone number. Leave it empty if you don't have it.")}
        )
    return named[0][0], phones


def _read(building: Area, door: str) -> tuple[str, int, str]:
    """Entrance, floor and room of a door as it was said; what is no number of a room stands on the ground."""
    try:
        read = read_door(building=building.code, room=door)
    except CellRefused as no:
        if no.code == "door_conflict":
            raise Invalid({"door": _("This door names another building. Choose that building.")}) from no
        return "", GROUND, door
    if read.compound:  # words before the number are part of what it is called: 底商3
        return "", GROUND, door
    return read.entrance, read.floor, read.room


def _gate(compound: Area) -> Area:
    """What stands for the doors of a compound that lie in none of its buildings."""
    gate, _is_new = Area.objects.get_or_create(
        parent=compound,
        code=GATE,
        defaults={
            "level": Level.BUILDING,
            "name": GATE_NAME,
            "path": f"{compound.path}{GATE}/",
            "place": GATE_PLACE,
            "lon": compound.lon,
            "lat": compound.lat,
        },
    )
    return gate


def _locked_compound(place: Area) -> Area:
    """The compound of a building, or the compound itself; with all above it locked, for they will be counted."""
    compound = queries.compound_at(place.path)
    lock_above(compound)
    return compound


def _locked(household_id: UUID) -> Household:
    _locked_compound(queries.household(household_id).compound)
    return queries.household(household_id)

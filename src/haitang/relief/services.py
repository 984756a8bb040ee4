"""Writes about who was heard from."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from haitang.core import journal
from haitang.core.actor import Act, Actor
from haitang.core.refusal import NotHere
from haitang.registry import queries as registry
from haitang.relief import rules
from haitang.relief.models import Contact


@transaction.atomic
def record_contact(household_id: UUID, *, source: str, by: Actor, now: datetime) -> Contact:
    """Record that somebody of a household was heard from just now."""
    household = registry.household(household_id)
    by.check(Act.RECORD_CONTACT, household.building.path)
    rules.check_source(source)
    contact = Contact.objects.create(
        household=household,
        compound=household.compound,
        source=source,
        at=now,
        recorded_by=by.label,
        recorder=by.user_id,
    )
    journal.record("contact.record", contact, by=by, at=now, path=household.building.path, source=source)
    return contact


@transaction.atomic
def take_back_contact(contact_id: UUID, *, by: Actor, now: datetime) -> UUID:
    """Undo a contact noted by mistake; the journal keeps both rows. The id of its household."""
    rows = Contact.objects.select_for_update(of=["self"]).select_related("household__building")
    contact = rows.filter(pk=contact_id).first()
    if contact is None:
        raise NotHere
    path = contact.household.building.path
    by.check(Act.RECORD_CONTACT, path)
    rules.check_take_back(contact, by=by, now=now)
    journal.record("contact.take_back", contact, by=by, at=now, path=path, source=contact.source)
    contact.delete()
    return contact.household_id

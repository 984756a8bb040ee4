"""Writes about who was heard from."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from haitang.core import journal
from haitang.core.actor import Act, Actor
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
        household=household, compound=household.compound, source=source, at=now, recorded_by=by.label
    )
    journal.record("contact.record", contact, by=by, at=now, path=household.building.path, source=source)
    return contact

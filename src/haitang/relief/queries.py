"""Reads about who was heard from."""

from datetime import datetime
from uuid import UUID

from django.db.models import Max

from haitang.core.actor import Actor
from haitang.core.refusal import NotHere, Refused
from haitang.registry.models import Area
from haitang.relief import rules
from haitang.relief.models import Contact


def contact_path(contact_id: UUID) -> str:
    """The path of a contact's building, for the policy of its routes. Raises NotHere."""
    path = Contact.objects.filter(pk=contact_id).values_list("household__building__path", flat=True).first()
    if path is None:
        raise NotHere
    return path


def may_take_back(contact: Contact, *, by: Actor, now: datetime) -> bool:
    """Whether `by` may still take back what they noted, for a page that offers the button."""
    try:
        rules.check_take_back(contact, by=by, now=now)
    except Refused:
        return False
    return True


def heard_from(compound: Area) -> dict[UUID, datetime]:
    """When each household of a compound was last heard from; households never heard from are missing."""
    rows = Contact.objects.filter(compound=compound).values("household_id").annotate(last=Max("at"))
    return {row["household_id"]: row["last"] for row in rows}


def contacts(household_id: UUID) -> list[Contact]:
    """The last contacts with a household, newest first."""
    return list(Contact.objects.filter(household=household_id).order_by("-at")[:20])

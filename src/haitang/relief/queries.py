"""Reads about who was heard from."""

from datetime import datetime
from uuid import UUID

from django.db.models import Max

from haitang.registry.models import Area
from haitang.relief.models import Contact


def heard_from(compound: Area) -> dict[UUID, datetime]:
    """When each household of a compound was last heard from; households never heard from are missing."""
    rows = Contact.objects.filter(compound=compound).values("household_id").annotate(last=Max("at"))
    return {row["household_id"]: row["last"] for row in rows}


def contacts(household_id: UUID) -> list[Contact]:
    """The last contacts with a household, newest first."""
    return list(Contact.objects.filter(household=household_id).order_by("-at")[:20])

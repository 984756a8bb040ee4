"""Looking somebody up, which leaves a trace."""

from collections import Counter
from datetime import datetime

from django.db import transaction

from haitang.core import journal
from haitang.core.actor import Act, Actor
from haitang.core.refusal import NotHere
from haitang.registry import queries
from haitang.registry.models import Area, Person
from haitang.registry.queries import Found


@transaction.atomic
def find_people(text: str, *, by: Actor, now: datetime) -> Found:
    """Whom and which doors `text` may mean. Each compound where people were named gets a journal row with their
    number, never with what was typed."""
    if not by.holds(Act.READ_HOUSEHOLD):
        raise NotHere
    found = queries.find(text, by=by)
    homes = dict(Person.objects.filter(pk__in=[one.id for one in found.people]).values_list("pk", "compound"))
    for compound in Area.objects.filter(pk__in=set(homes.values())).order_by("path"):
        named = Counter(homes.values())[compound.pk]
        journal.record("people.find", compound, by=by, at=now, path=compound.path, people=named)
    return found

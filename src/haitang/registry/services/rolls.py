"""People taken out of here on paper: every list with names leaves a trace at the building whose people it holds."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from haitang.core import journal
from haitang.core.actor import Actor
from haitang.registry import queries, rules
from haitang.registry.models import Area
from haitang.registry.queries import Listed


@transaction.atomic
def print_rolls(
    compound: Area, buildings: Iterable[Area], *, with_phones: bool, by: Actor, now: datetime
) -> dict[UUID, list[Listed]]:
    """Everyone in each of a compound's buildings, to be printed; phones only where they are asked for."""
    found: dict[UUID, list[Listed]] = {}
    for building in buildings:
        rules.check_people_of(building, by=by)
        people = queries.roll(compound, building=building)
        facts = {"paper": "doors", "households": building.households, "people": len(people)}
        journal.record(
            "paper.print", building, by=by, at=now, path=building.path, phones=with_phones, **facts
        )
        found[building.pk] = people if with_phones else [replace(one, phones=()) for one in people]
    if not found:
        raise rules.NoDoors
    return found

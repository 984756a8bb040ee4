"""Acts that span rooms: one order starts everything, one lift ends everything."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from haitang.core.actor import Actor
from haitang.core.refusal import Refused
from haitang.incidents import services as incidents
from haitang.incidents.models import Order
from haitang.registry import queries as registry
from haitang.teams import services as teams

MOST_COMPOUNDS = 40


class TooManyCompounds(Refused):
    code = "too_many_compounds"
    message = _(
        "%(compounds)s compounds lie in this area; one order forms at most %(most)s teams. "
        "Draft an order for each community instead."
    )


@transaction.atomic
def confirm_order(order_id: UUID, *, by: Actor, now: datetime) -> Order:
    """Put an order in force: its checklist opens, and in each compound it covers a team forms with its lead,
    its stewards and a coverage plan. All of it happens, or nothing."""
    order = incidents.put_in_force(order_id, by=by, now=now)
    compounds = registry.compounds_below([order.area.path], with_doors=True)
    if len(compounds) > MOST_COMPOUNDS:
        raise TooManyCompounds(compounds=len(compounds), most=MOST_COMPOUNDS)
    for compound in compounds:
        teams.form_team(order, compound, by=by, now=now)
    return order


@transaction.atomic
def lift_order(order_id: UUID, *, by: Actor, now: datetime) -> Order:
    """Lift an order: its teams stand down and the rights they brought end. All of it, or nothing."""
    order = incidents.lift_order(order_id, by=by, now=now)
    teams.stand_down(order, by=by, now=now)
    return order

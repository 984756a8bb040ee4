"""Acts that span rooms: one order starts everything, one lift ends everything."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from haitang.accounts import queries as accounts
from haitang.core.actor import Actor
from haitang.core.refusal import Refused
from haitang.incidents import queries as incident_queries
from haitang.incidents import services as incidents
from haitang.incidents.models import Order
from haitang.registry import queries as registry
from haitang.registry import rules as registry_rules
from haitang.registry import services as registry_services
from haitang.registry.models import Area, Household, LedgerImport
from haitang.registry.services import Said
from haitang.relief import queries as relief
from haitang.teams import queries as team_queries
from haitang.teams import rules as team_rules
from haitang.teams import services as teams

MOST_COMPOUNDS = 40


class SomebodyAnswered(Refused):
    code = "somebody_answered"
    message = _("Somebody of this household was heard from, so it is there. Confirm it instead.")


class TooManyCompounds(Refused):
    code = "too_many_compounds"
    message = _(
        "%(compounds)s compounds lie in this area; one order forms at most %(most)s teams. "
        "Draft an order for each community instead."
    )


@transaction.atomic
def confirm_order(order_id: UUID, *, by: Actor, now: datetime) -> Order:
    """Put an order in force: its checklist opens, and in each compound it covers a team forms with its lead,
    its stewards and a coverage plan; where it takes another's place, the teams go on under it. All of it
    happens, or nothing."""
    former = incident_queries.former_of(order_id)
    if former is not None:
        teams.lock_teams_of(former)
    order = incidents.put_in_force(order_id, by=by, now=now)
    if order.lead is not None:
        team_rules.check_may_lead(order.lead, order.area.path, by=by, now=now)
    served = teams.hand_over(order, by=by, now=now)
    compounds = [
        compound
        for compound in registry.compounds_below([order.area.path], with_doors=True)
        if compound.pk not in served
    ]
    if len(compounds) > MOST_COMPOUNDS:
        raise TooManyCompounds(compounds=len(compounds), most=MOST_COMPOUNDS)
    teams.form_teams(order, compounds, by=by, now=now)
    return order


@transaction.atomic
def lift_order(order_id: UUID, *, by: Actor, now: datetime) -> Order:
    """Lift an order: its teams stand down and the rights they brought end. All of it, or nothing."""
    teams.lock_teams_of(order_id)
    order = incidents.lift_order(order_id, by=by, now=now)
    teams.stand_down(order, by=by, now=now)
    return order


@transaction.atomic
def import_ledger(import_id: UUID, *, by: Actor, now: datetime) -> LedgerImport:
    """Import a previewed ledger. Buildings that come with it join the work of the teams that stand there; where
    an order holds and no team could form for want of a ledger, it forms now."""
    teams.lock_teams_at(registry.ledger_import(import_id, by=by).compound)
    given = registry_services.apply_ledger(import_id, by=by, now=now)
    teams.take_in_ledger(given.compound)
    for order in team_queries.orders_without_team(given.compound):
        teams.form_teams(order, [given.compound], by=by, now=now)
    return given


@transaction.atomic
def undo_ledger(import_id: UUID, *, by: Actor, now: datetime) -> LedgerImport:
    """Undo an import as a whole, unless somebody it brought works here by now. Doors where somebody was heard
    from stay. Raises SomebodyWorks, CannotUndo."""
    given = registry.ledger_import(import_id, by=by)
    teams.lock_teams_at(given.compound)
    came = registry.came_with(given)
    working = team_queries.working(came) | accounts.users_of_residents(came).keys()
    if working:
        raise registry_rules.SomebodyWorks(count=len(working))
    heard = relief.heard_from(given.compound).keys()
    return registry_services.undo_ledger(import_id, keep=set(heard), by=by, now=now)


def add_household(place: Area, said: Said, *, by: Actor, now: datetime) -> Household:
    """Add a household that no list knows, provisionally. What stands by the gate joins the work of the teams."""
    compound = registry.compound_at(place.path)
    teams.lock_teams_at(compound)
    household = registry_services.add_household(place, said, by=by, now=now)
    teams.take_in_ledger(compound)
    return household


@transaction.atomic
def take_back_household(household_id: UUID, *, by: Actor, now: datetime) -> Household:
    """Undo a household added by mistake, unless somebody there was heard from. Gives it as it was."""
    household = registry.household(household_id)
    teams.lock_teams_at(household.compound)
    registry_rules.check_take_back(household, by=by)
    if relief.contacts(household_id):
        raise SomebodyAnswered
    registry_services.take_back_household(household_id, by=by, now=now)
    gate = household.building
    if gate.code == registry.GATE and not registry.doors(household.compound, building=gate):
        teams.give_up_building(gate)
        registry_services.clear_gate(gate)
    return household

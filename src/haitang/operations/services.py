"""Acts that span rooms: one order starts everything, one lift ends everything."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from haitang.accounts import queries as accounts
from haitang.accounts.models import Identity
from haitang.core import journal
from haitang.core.actor import Actor
from haitang.core.refusal import NotHere, Refused
from haitang.incidents import queries as incident_queries
from haitang.incidents import services as incidents
from haitang.incidents.models import Order
from haitang.operations import queries, rules
from haitang.operations.models import ExportRequest
from haitang.registry import queries as registry
from haitang.registry import rules as registry_rules
from haitang.registry import services as registry_services
from haitang.registry.exports import Asked, Sheet
from haitang.registry.ledger import Reading
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
    _set_to_work(given.compound, by=by, now=now)
    return given


@transaction.atomic
def import_reading(
    compound: Area, reading: Reading, *, name: str, sha256: str, by: Actor, now: datetime
) -> registry_services.Comparison:
    """Import what a file of many compounds says of this one, as `import_ledger` does; what came of it."""
    teams.lock_teams_at(compound)
    found = registry_services.apply_reading(compound, reading, name=name, sha256=sha256, by=by, now=now)
    _set_to_work(compound, by=by, now=now)
    return found


def _set_to_work(compound: Area, *, by: Actor, now: datetime) -> None:
    teams.take_in_ledger(compound)
    for order in team_queries.orders_without_team(compound):
        teams.form_teams(order, [compound], by=by, now=now)


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


@transaction.atomic
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


@dataclass(frozen=True, slots=True)
class Taken:
    """A list as it is handed over: `number` says which request it is of, and the how-manieth time."""

    export: ExportRequest
    sheet: Sheet
    number: str


@transaction.atomic
def request_export(area: Area, asked: Asked, *, reason: str, by: Actor, now: datetime) -> ExportRequest:
    """Ask for a list. One that gives away many people, alone or with what the same person took within a day,
    waits for a second person. Raises Invalid."""
    rules.check_request(area, asked, reason=reason, by=by)
    if by.identity is not None:  # two requests at once would each miss the other
        Identity.objects.select_for_update().get(pk=by.identity)
    sheet = registry.listing(area, asked, this_year=now.year)
    export = ExportRequest(
        area=area,
        what=asked.what,
        columns=list(asked.columns),
        criteria=asdict(asked.choice),
        with_tags=asked.with_tags,
        reason=reason.strip(),
        rows=len(sheet.rows),
        named=sheet.named,
        needs_second=bool(sheet.named) and sheet.named + _named_lately(by, now) > rules.MOST_ALONE,
        made_by_id=by.identity,
        made_by_label=by.label,
        made_by_unit=by.unit,
        made_at=now,
    )
    export.number = f"EX-{export.pk.hex[-8:].upper()}"
    export.save(force_insert=True)
    return _recorded(export, "export.request", by=by, now=now)


@transaction.atomic
def agree_to_export(export_id: UUID, *, by: Actor, now: datetime) -> ExportRequest:
    """Be the second person: who asked for the list may take it, for a day."""
    return _decided(export_id, accepted=True, by=by, now=now)


@transaction.atomic
def decline_export(export_id: UUID, *, by: Actor, now: datetime) -> ExportRequest:
    """Be the second person and say no."""
    return _decided(export_id, accepted=False, by=by, now=now)


@transaction.atomic
def take_export(export_id: UUID, *, form: str, by: Actor, now: datetime) -> Taken:
    """Make the list and hand it over, in `form` (csv or xlsx); each time is a row of the journal."""
    export = _locked_export(export_id)
    rules.check_take(export, named=0, by=by, now=now)
    sheet = registry.listing(export.area, queries.asked_of(export), this_year=now.year)
    rules.check_take(export, named=sheet.named, by=by, now=now)
    export.taken += 1
    export.save(update_fields=["taken"])
    number = f"{export.number}-{export.taken}"
    act = "people.export" if sheet.named else "export.take"
    _recorded(export, act, by=by, now=now, number=number, rows=len(sheet.rows), named=sheet.named, form=form)
    return Taken(export, sheet, number)


def _named_lately(by: Actor, now: datetime) -> int:
    """How many people the same person asked for lately without a second one: lists add up."""
    alone = ExportRequest.objects.filter(
        made_by=by.identity, needs_second=False, made_at__gt=now - rules.LASTS
    )
    total: int = alone.aggregate(named=Sum("named", default=0))["named"]
    return total


def _decided(export_id: UUID, *, accepted: bool, by: Actor, now: datetime) -> ExportRequest:
    export = _locked_export(export_id)
    rules.check_decide(export, by=by, now=now)
    export.accepted, export.decided_at = accepted, now
    export.decided_by_id, export.decided_by_label, export.decided_by_unit = by.identity, by.label, by.unit
    export.save(update_fields=["accepted", "decided_at", "decided_by", "decided_by_label", "decided_by_unit"])
    return _recorded(export, "export.agree" if accepted else "export.decline", by=by, now=now)


def _locked_export(export_id: UUID) -> ExportRequest:
    rows = ExportRequest.objects.select_for_update(of=["self"]).select_related("area__parent")
    export = rows.filter(pk=export_id).first()
    if export is None:
        raise NotHere
    return export


def _recorded(export: ExportRequest, act: str, *, by: Actor, now: datetime, **more: Any) -> ExportRequest:
    """The request, once the act on it is in the journal: numbers and what it is of, never who is on it."""
    facts = {"number": export.number, "what": export.what, "rows": export.rows, "named": export.named}
    journal.record(act, export, by=by, at=now, path=export.area.path, **facts | more)
    return export

"""Forming a team, giving it a lead, standing it down."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from haitang.accounts import queries as accounts_queries
from haitang.accounts import services as accounts
from haitang.accounts.models import User
from haitang.core import journal
from haitang.core.actor import Act, Actor
from haitang.incidents.models import Order
from haitang.incidents.playbooks import playbook
from haitang.registry import queries as registry
from haitang.registry.models import Area, Person
from haitang.teams import rules
from haitang.teams.models import Member, PlanKind, ReportIn, Team
from haitang.teams.services.coverage import answered, cause_of, locked_team, put_plan, settle_grants
from haitang.teams.services.members import add_residents

OLDEST_ASKED = 70  # who offers to help may be older; nobody older is asked unasked


@dataclass(frozen=True, slots=True)
class Assembled:
    """A team whose people and coverage are settled and which nobody has been told of yet."""

    team: Team
    lead: Member | None
    stewards: list[Member]
    answer: dict[str, Any]


@transaction.atomic
def form_teams(order: Order, compounds: Iterable[Area], *, by: Actor, now: datetime) -> list[Team]:
    """Form the action team of each compound: the order's lead, stewards proposed from those who reported in
    and then from registered helpers until the playbook's ratio is met, and coverage planned.

    All planning comes before the first journal row: a row keeps everyone else of its compound waiting.
    """
    assembled = [_assembled(order, compound, by=by, now=now) for compound in compounds]
    for one in assembled:
        compound = one.team.compound
        lead = one.lead.name if one.lead else ""
        facts = {"compound": compound.name, "lead": lead, "stewards": len(one.stewards)}
        journal.record("team.form", one.team, by=by, at=now, path=compound.path, **facts)
        put_plan(one.team, PlanKind.FORMED, one.answer, by=by, now=now)
    return [one.team for one in assembled]


def _assembled(order: Order, compound: Area, *, by: Actor, now: datetime) -> Assembled:
    by.check(Act.DECIDE_ORDER, compound.path)
    team = Team.objects.create(order=order, compound=compound, formed_at=now)
    lead = _make_lead(team, order.lead, now=now) if order.lead else None
    role = playbook(order.incident.playbook).role(rules.STEWARD)
    wanted = role.needed(buildings=len(registry.buildings(compound)), households=compound.households)
    people = proposed_stewards(compound, wanted, now=now, beside=order.lead)
    stewards = add_residents(team, people, role=rules.STEWARD, now=now)
    return Assembled(team, lead, stewards, answered(team))


@transaction.atomic
def appoint_lead(team_id: UUID, user_id: UUID, *, by: Actor, now: datetime) -> Member:
    """Give a team its lead, in place of the one it has. Appointing the same person again changes nothing."""
    team = locked_team(team_id)
    user = accounts_queries.user_by_id(user_id)
    rules.check_appoint(team, user, by=by, now=now)
    assert user is not None
    return _appoint(team, user, by=by, now=now)


def _appoint(team: Team, user: User, *, by: Actor, now: datetime) -> Member:
    held = team.members.filter(role=rules.LEAD, left_at=None)
    standing = held.filter(user=user).first()
    if standing is not None:
        return standing
    held.update(left_at=now)
    member = _make_lead(team, user, now=now)
    settle_grants(team, by=by, now=now)
    facts = {"name": member.name, "compound": team.compound.name}
    journal.record("team.appoint", member, by=by, at=now, path=team.compound.path, **facts)
    return member


def hand_over(order: Order, *, by: Actor, now: datetime) -> set[UUID]:
    """Let the teams of the order whose place this one takes go on under it, led by its lead if it names one.
    The compounds they serve."""
    served = set()
    for team in Team.objects.filter(order=order.succeeds_id, stood_down_at=None).select_related("compound"):
        team.order = order
        team.save(update_fields=["order"])
        if order.lead is not None:
            _appoint(team, order.lead, by=by, now=now)
        served.add(team.compound_id)
    return served


def _make_lead(team: Team, user: User, *, now: datetime) -> Member:
    unit = user.unit.name if user.unit else ""
    return Member.objects.create(
        team=team,
        user=user,
        person_id=user.resident_id,
        name=user.name,
        unit=unit,
        role=rules.LEAD,
        joined_at=now,
    )


def proposed_stewards(
    compound: Area, wanted: int, *, now: datetime, beside: User | None = None
) -> list[Person]:
    """Everyone of age who reported in, then helpers from the buildings with the fewest stewards until
    `wanted`; never `beside`, who leads."""
    reported = (
        ReportIn.objects.filter(compound=compound).order_by("at", "id").values_list("person_id", flat=True)
    )
    people = {one.pk: one for one in _able(Q(pk__in=list(reported)), now.year)}
    taken = {beside.resident_id} if beside else set()
    chosen = [people[pk] for pk in reported if pk in people and pk not in taken]
    taken |= set(reported)
    registered = Q(compound=compound, is_helper=True) & ~Q(pk__in=taken - {None})
    helpers = [one for one in _able(registered, now.year) if not _is_old(one.birth_year, now.year)]
    return _spread(chosen, helpers, wanted)


def _able(which: Q, year: int) -> list[Person]:
    """Those of age whose name can still be read: a member without a name helps nobody."""
    of_age = Q(birth_year=None) | Q(birth_year__lte=year - rules.OF_AGE)
    rows = Person.objects.filter(which, of_age).select_related("household__building", "compound")
    people = list(rows.order_by("household__building__place", "id"))
    names = registry.names_of(one.pk for one in people)
    return [one for one in people if one.pk in names]


def _is_old(birth_year: int | None, year: int) -> bool:
    return birth_year is not None and year - birth_year > OLDEST_ASKED


def _spread(chosen: list[Person], helpers: list[Person], wanted: int) -> list[Person]:
    """`chosen` and as many helpers as are wanted, each from the building with the fewest so far."""
    count = Counter(person.household.building_id for person in chosen)
    while helpers and len(chosen) < wanted:
        pick = min(helpers, key=lambda p: (count[p.household.building_id], p.household.building.place))
        helpers.remove(pick)
        chosen.append(pick)
        count[pick.household.building_id] += 1
    return chosen


def lock_teams_of(order_id: UUID) -> None:
    """Lock an order's standing teams before its own row and the journal, as every act on a team does."""
    _lock(Team.objects.filter(order=order_id))


def lock_teams_at(compound: Area) -> None:
    """Lock the teams standing in a compound before its ledger and the journal."""
    _lock(Team.objects.filter(compound=compound))


def _lock(teams: QuerySet[Team]) -> None:
    list(teams.filter(stood_down_at=None).order_by("pk").select_for_update(of=["self"]))


@transaction.atomic
def stand_down(order: Order, *, by: Actor, now: datetime) -> list[Team]:
    """Stand down the teams of an order: the rights they brought end now."""
    teams = Team.objects.select_for_update(of=["self"]).select_related("compound")
    standing = list(teams.filter(order=order, stood_down_at=None).order_by("compound__path"))
    for team in standing:
        by.check(Act.DECIDE_ORDER, team.compound.path)
        team.stood_down_at = now
        team.save(update_fields=["stood_down_at"])
        accounts.settle_team_grants(cause_of(team), {}, by=by, now=now)
        journal.record(
            "team.stand_down", team, by=by, at=now, path=team.compound.path, compound=team.compound.name
        )
    return standing

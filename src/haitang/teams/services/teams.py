"""Forming and standing down a team."""

from datetime import datetime

from django.db import transaction

from haitang.accounts import services as accounts
from haitang.core import journal
from haitang.core.actor import Act, Actor
from haitang.incidents.models import Order
from haitang.incidents.playbooks import playbook
from haitang.registry import queries as registry
from haitang.registry.models import Area, Person
from haitang.teams import rules
from haitang.teams.models import Care, Member, PlanKind, ReportIn, Team
from haitang.teams.services.coverage import cause_of, put_plan
from haitang.teams.services.members import add_residents

OLDEST_STEWARD = 70
YOUNGEST_STEWARD = 18


@transaction.atomic
def form_team(order: Order, compound: Area, *, by: Actor, now: datetime) -> Team:
    """Form the action team of a compound: the order's lead, stewards proposed from those who reported in
    and then from registered helpers until the playbook's ratio is met, and coverage planned."""
    by.check(Act.DECIDE_ORDER, compound.path)
    team = Team.objects.create(order=order, compound=compound, formed_at=now)
    buildings = registry.buildings(compound)
    Care.objects.bulk_create(Care(team=team, building=building) for building in buildings)
    lead = _appoint(team, order, now=now)
    steward = playbook(order.incident.playbook).role(rules.STEWARD)
    wanted = steward.needed(buildings=len(buildings), households=compound.households)
    stewards = add_residents(team, proposed_stewards(compound, wanted, now=now), role=rules.STEWARD, now=now)
    facts = {"compound": compound.name, "lead": lead.name if lead else "", "stewards": len(stewards)}
    journal.record("team.form", team, by=by, at=now, path=compound.path, **facts)
    put_plan(team, PlanKind.FORMED, by=by, now=now)
    return team


def _appoint(team: Team, order: Order, *, now: datetime) -> Member | None:
    if order.lead is None:
        return None
    unit = order.lead.unit.name if order.lead.unit else ""
    return Member.objects.create(
        team=team, user=order.lead, name=order.lead.name, unit=unit, role=rules.LEAD, joined_at=now
    )


def proposed_stewards(compound: Area, wanted: int, *, now: datetime) -> list[Person]:
    """Everyone who reported in, then helpers from the buildings with the fewest stewards until `wanted`."""
    reported = (
        ReportIn.objects.filter(compound=compound).order_by("at", "id").values_list("person_id", flat=True)
    )
    people = Person.objects.select_related("household__building", "compound").in_bulk(list(reported))
    chosen = [people[person_id] for person_id in reported if person_id in people]
    taken = {person.pk for person in chosen}
    count: dict[object, int] = {}
    for person in chosen:
        count[person.household.building_id] = count.get(person.household.building_id, 0) + 1
    helpers = [p for p in registry.helpers(compound) if p.pk not in taken and _is_of_age(p, now.year)]
    while helpers and len(chosen) < wanted:
        pick = min(helpers, key=lambda p: (count.get(p.household.building_id, 0), p.household.building.place))
        helpers.remove(pick)
        chosen.append(pick)
        count[pick.household.building_id] = count.get(pick.household.building_id, 0) + 1
    return chosen


def _is_of_age(person: Person, year: int) -> bool:
    return person.birth_year is None or YOUNGEST_STEWARD < year - person.birth_year <= OLDEST_STEWARD


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

"""Who looks after which building: planned, moved by hand, locked, planned again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from haitang.accounts import services as accounts
from haitang.accounts.models import Role, User
from haitang.core import journal
from haitang.core.actor import Actor
from haitang.core.refusal import NotHere
from haitang.planning import coverage
from haitang.registry import queries as registry
from haitang.registry.models import Area
from haitang.teams import rules
from haitang.teams.models import Care, CoveragePlan, Member, PlanKind, Team

PLAN_SECONDS = 2.0
SEED = 2022


@transaction.atomic
def plan_coverage(team_id: UUID, *, by: Actor, now: datetime) -> CoveragePlan:
    """Plan again: what people locked stays, what can be kept is kept, and the answer lists what changed."""
    team = locked_team(team_id)
    rules.check_lead(team, by=by)
    return put_plan(team, PlanKind.REPLANNED, by=by, now=now)


@transaction.atomic
def move_building(team_id: UUID, building_id: UUID, member_id: UUID, *, by: Actor, now: datetime) -> Care:
    """Give a building to a steward by hand; it is locked to them until unlocked."""
    team = locked_team(team_id)
    rules.check_lead(team, by=by)
    care = _care(team, building_id)
    member = _member(team, member_id)
    rules.check_steward(member, team)
    others = Care.objects.filter(team=team, steward=member, is_locked=True).exclude(pk=care.pk)
    rules.check_room(member, others.count())
    former = care.steward.name if care.steward else ""
    care.steward, care.is_locked = member, True
    if care.backup_id == member.pk:
        care.backup = None
    care.save(update_fields=["steward", "is_locked", "backup"])
    settle_grants(team, by=by, now=now)
    facts = {"building": care.building.name, "from": former, "to": member.name}
    journal.record("coverage.move", care, by=by, at=now, path=care.building.path, **facts)
    return care


@transaction.atomic
def lock_building(team_id: UUID, building_id: UUID, *, by: Actor, now: datetime) -> Care:
    """Keep a building with its steward when coverage is planned again."""
    return _set_lock(team_id, building_id, is_locked=True, by=by, now=now)


@transaction.atomic
def unlock_building(team_id: UUID, building_id: UUID, *, by: Actor, now: datetime) -> Care:
    """Let the planner move a building again."""
    return _set_lock(team_id, building_id, is_locked=False, by=by, now=now)


def _set_lock(team_id: UUID, building_id: UUID, *, is_locked: bool, by: Actor, now: datetime) -> Care:
    team = locked_team(team_id)
    rules.check_lead(team, by=by)
    care = _care(team, building_id)
    if is_locked and care.steward is None:
        raise rules.NotASteward
    care.is_locked = is_locked
    care.save(update_fields=["is_locked"])
    act = "coverage.lock" if is_locked else "coverage.unlock"
    journal.record(act, care, by=by, at=now, path=care.building.path, building=care.building.name)
    return care


def put_plan(team: Team, kind: PlanKind, *, by: Actor, now: datetime) -> CoveragePlan:
    """Plan a team's coverage from its members as they are now and put the answer in place."""
    cares = {str(care.building_id): care for care in team.cares.select_related("building", "steward")}
    buildings = [building for building in registry.buildings(team.compound) if str(building.pk) in cares]
    members = {str(member.pk): member for member in serving_stewards(team)}
    answer = solved(buildings, list(members.values()), list(cares.values()))
    for row in answer["assignments"]:
        care = cares[row["building"]]
        care.steward = members.get(row["steward"] or "")
        care.backup = members.get(row["backup"] or "")
        care.is_locked = care.is_locked and care.steward is not None
    for building_id in cares.keys() - {row["building"] for row in answer["assignments"]}:
        cares[building_id].steward = cares[building_id].backup = None
        cares[building_id].is_locked = False
    Care.objects.bulk_update(cares.values(), ["steward", "backup", "is_locked"])
    settle_grants(team, by=by, now=now)
    plan = CoveragePlan.objects.create(team=team, kind=kind, answer=answer, made_at=now, made_by=by.label)
    facts = {"status": answer["status"], "value": answer["value"]["total"], "bound": answer["bound"]}
    journal.record("coverage.plan", plan, by=by, at=now, path=team.compound.path, **facts)
    return plan


def solved(buildings: list[Area], members: list[Member], cares: list[Care]) -> dict[str, Any]:
    """The planner's answer for these buildings, stewards and what stands so far."""
    serving = {member.pk for member in members}
    before = [care for care in cares if care.steward_id or care.backup_id]
    question: dict[str, Any] = {
        "kind": "coverage",
        "buildings": [
            {"id": str(b.pk), "households": b.households, "lon": b.lon or 0.0, "lat": b.lat or 0.0}
            for b in buildings
        ],
        "stewards": [_steward(member, {b.pk for b in buildings}) for member in members],
        "locked": [
            {"building": str(care.building_id), "steward": str(care.steward_id)}
            for care in cares
            if care.is_locked and care.steward_id in serving
        ],
    }
    if before:
        rows = [
            {
                "building": str(care.building_id),
                "steward": str(care.steward_id) if care.steward_id else None,
                "backup": str(care.backup_id) if care.backup_id else None,
            }
            for care in before
        ]
        question["previous"] = {"kind": "coverage", "assignments": rows}
    return coverage.solve(coverage.read(question), seconds=PLAN_SECONDS, seed=SEED).as_dict()


def _steward(member: Member, buildings: set[UUID]) -> dict[str, Any]:
    row: dict[str, Any] = {"id": str(member.pk), "max_buildings": member.most_buildings}
    if member.home_id in buildings:
        row["home_building"] = str(member.home_id)
    elif member.home is not None and member.home.lon is not None:
        row |= {"lon": member.home.lon, "lat": member.home.lat}
    return row


def serving_stewards(team: Team) -> list[Member]:
    """Stewards on duty now, in the order they joined."""
    rows = team.members.filter(role=rules.STEWARD, left_at=None, away_since=None)
    return list(rows.select_related("home").order_by("joined_at", "id"))


def settle_grants(team: Team, *, by: Actor, now: datetime) -> None:
    """Give the lead the compound and each steward with an account the buildings in their care."""
    wanted: dict[tuple[User, str], list[Area]] = {}
    for lead in team.members.filter(role=rules.LEAD, left_at=None, user__isnull=False).select_related("user"):
        assert lead.user is not None
        wanted[(lead.user, Role.LEAD)] = [team.compound]
    for care in team.cares.select_related("building", "steward__user", "backup__user"):
        for member in (care.steward, care.backup):
            if member is not None and member.user is not None:
                wanted.setdefault((member.user, Role.STEWARD), []).append(care.building)
    accounts.settle_team_grants(cause_of(team), wanted, by=by, now=now)


def cause_of(team: Team) -> str:
    """How a team's grants name where they come from."""
    return f"team:{team.pk}"


def locked_team(team_id: UUID) -> Team:
    """A team, locked until the transaction ends. Raises NotHere."""
    rows = Team.objects.select_for_update(of=["self"]).select_related("compound", "order__incident")
    team = rows.filter(pk=team_id).first()
    if team is None:
        raise NotHere
    return team


def _care(team: Team, building_id: UUID) -> Care:
    care = team.cares.select_related("building", "steward").filter(building_id=building_id).first()
    if care is None:
        raise NotHere
    return care


def _member(team: Team, member_id: UUID) -> Member:
    member = team.members.filter(pk=member_id).first()
    if member is None:
        raise rules.NotASteward
    return member

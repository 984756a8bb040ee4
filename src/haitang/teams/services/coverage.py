"""Who looks after which building: planned, moved by hand, locked, planned again."""

from datetime import datetime
from statistics import fmean
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
    return put_plan(team, PlanKind.REPLANNED, answered(team), by=by, now=now)


@transaction.atomic
def move_building(team_id: UUID, building_id: UUID, member_id: UUID, *, by: Actor, now: datetime) -> Care:
    """Give a building to a steward by hand; it is locked to them until unlocked."""
    team = locked_team(team_id)
    rules.check_lead(team, by=by)
    care = _care(team, building_id)
    member = _member(team, member_id)
    rules.check_steward(member, team)
    rules.check_room(member, _locked_to(member, beside=care))
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
    if is_locked:
        if care.steward is None:
            raise rules.NotASteward
        rules.check_room(care.steward, _locked_to(care.steward, beside=care))
    care.is_locked = is_locked
    care.save(update_fields=["is_locked"])
    act = "coverage.lock" if is_locked else "coverage.unlock"
    journal.record(act, care, by=by, at=now, path=care.building.path, building=care.building.name)
    return care


def _locked_to(member: Member, *, beside: Care) -> int:
    """How many other buildings people's decisions keep with a member."""
    return Care.objects.filter(steward=member, is_locked=True).exclude(pk=beside.pk).count()


def take_in_buildings(team: Team) -> None:
    """Make every building of the compound part of the team's work: one that nobody counts is one nobody misses."""
    held = set(team.cares.values_list("building_id", flat=True))
    fresh = [building for building in registry.buildings(team.compound) if building.pk not in held]
    Care.objects.bulk_create(Care(team=team, building=building) for building in fresh)


def take_in_ledger(compound: Area) -> None:
    """After an import: new buildings become part of the work of the teams standing there, as gaps at first."""
    for team in Team.objects.filter(compound=compound, stood_down_at=None).order_by("pk"):
        take_in_buildings(locked_team(team.pk))


def give_up_building(building: Area) -> None:
    """Take a building without doors out of the work of the teams, unless somebody has it."""
    Care.objects.filter(building=building, steward=None, backup=None).delete()


def answered(team: Team) -> dict[str, Any]:
    """The planner's answer for a team and its compound as they are now."""
    take_in_buildings(team)
    return solved(team.compound, registry.buildings(team.compound), serving_stewards(team), _cares(team))


def _cares(team: Team) -> list[Care]:
    return list(team.cares.select_related("building", "steward"))


def put_plan(team: Team, kind: PlanKind, answer: dict[str, Any], *, by: Actor, now: datetime) -> CoveragePlan:
    """Put the planner's answer in place. A lock holds for the steward it was made for, and for nobody else."""
    cares = {str(care.building_id): care for care in _cares(team)}
    members = {str(member.pk): member for member in serving_stewards(team)}
    rows = {row["building"]: row for row in answer["assignments"]}
    for building_id, care in cares.items():
        row = rows.get(building_id, {})
        before = care.steward_id
        care.steward = members.get(row.get("steward") or "")
        care.backup = members.get(row.get("backup") or "")
        care.is_locked = care.is_locked and care.steward_id == before
    Care.objects.bulk_update(cares.values(), ["steward", "backup", "is_locked"])
    settle_grants(team, by=by, now=now)
    plan = CoveragePlan.objects.create(team=team, kind=kind, answer=answer, made_at=now, made_by=by.label)
    facts = {"status": answer["status"], "value": answer["value"]["total"], "bound": answer["bound"]}
    journal.record("coverage.plan", plan, by=by, at=now, path=team.compound.path, **facts)
    return plan


def solved(compound: Area, buildings: list[Area], members: list[Member], cares: list[Care]) -> dict[str, Any]:
    """The planner's answer for these buildings, stewards and what stands so far."""
    serving = {member.pk for member in members}
    before = [care for care in cares if care.steward_id]
    question: dict[str, Any] = {
        "kind": "coverage",
        "buildings": _places(compound, buildings),
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
                "steward": str(care.steward_id),
                "backup": str(care.backup_id) if care.backup_id else None,
            }
            for care in before
        ]
        question["previous"] = {"kind": "coverage", "assignments": rows}
    return coverage.solve(coverage.read(question), seconds=PLAN_SECONDS, seed=SEED).as_dict()


def _places(compound: Area, buildings: list[Area]) -> list[dict[str, Any]]:
    """The buildings as the planner asks for them. One that nobody has placed yet stands in the middle of the
    others, or where the compound lies: far from nobody, rather than on the equator."""
    placed = [(b.lon, b.lat) for b in buildings if b.lon is not None and b.lat is not None]
    middle = (
        (fmean(lon for lon, _lat in placed), fmean(lat for _lon, lat in placed))
        if placed
        else (compound.lon or 0.0, compound.lat or 0.0)
    )
    rows = []
    for building in buildings:
        is_placed = building.lon is not None and building.lat is not None
        lon, lat = (building.lon, building.lat) if is_placed else middle
        rows.append({"id": str(building.pk), "households": building.households, "lon": lon, "lat": lat})
    return rows


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

"""Reads about teams and coverage."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from haitang.core import reach
from haitang.core.actor import Act, Actor
from haitang.core.refusal import NotHere
from haitang.incidents.models import Order, OrderState
from haitang.registry import queries as registry
from haitang.registry.models import Area
from haitang.registry.queries import Listed, Resident
from haitang.teams import rules
from haitang.teams.models import Care, CoveragePlan, Member, ReportIn
from haitang.teams.models import Team as Team  # the doors name it, and may not read models

IS_GAP = Q(steward=None) | Q(steward__away_since__isnull=False)
HAS_BACKUP = Q(backup__isnull=False, backup__away_since=None)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many buildings of standing teams have a steward on duty, of how many."""

    covered: int
    buildings: int

    @property
    def gaps(self) -> int:
        return self.buildings - self.covered


@dataclass(frozen=True, slots=True)
class Change:
    """A building whose steward or backup (role) the last plan changed, with the code of its reason."""

    building: str
    role: str
    before: str
    after: str
    code: str


@dataclass(frozen=True, slots=True)
class Unmet:
    """What the last plan could not give (building or backup), for which buildings, why, and what would help."""

    what: str
    buildings: tuple[str, ...]
    reason_code: str
    would_help_code: str
    numbers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Proof:
    """The last plan with names in place of ids."""

    plan: CoveragePlan
    is_optimal: bool
    total: float
    bound: float | None
    gap: float | None
    changes: list[Change]
    unmet: list[Unmet]


@dataclass(frozen=True, slots=True)
class Serving:
    """A member and the buildings in their care."""

    member: Member
    cares: list[Care]
    backs: list[Care]

    @property
    def households(self) -> int:
        return sum(care.building.households for care in self.cares)


def team_path(team_id: UUID) -> str:
    """The path of a team's compound, for the policy of its routes."""
    path = Team.objects.filter(pk=team_id).values_list("compound__path", flat=True).first()
    if path is None:
        raise NotHere
    return path


def member_path(member_id: UUID) -> str:
    """The path of the compound of a member's team."""
    path = Member.objects.filter(pk=member_id).values_list("team__compound__path", flat=True).first()
    if path is None:
        raise NotHere
    return path


def team(team_id: UUID, *, by: Actor) -> Team:
    """One team that `by` may see. Raises NotHere."""
    rows = Team.objects.select_related("compound", "order__incident", "order__area")
    found = rows.filter(by.within(Act.VIEW_TEAM, "compound__path"), pk=team_id).first()
    if found is None:
        raise NotHere
    return found


def teams(*, by: Actor) -> list[Team]:
    """Teams standing where `by` may see them."""
    rows = Team.objects.filter(by.within(Act.VIEW_TEAM, "compound__path"), stood_down_at=None)
    return list(rows.select_related("compound", "order__incident").order_by("compound__path", "formed_at"))


def standing_at(compound: Area) -> list[Team]:
    """The teams standing in a compound, the newest first."""
    rows = Team.objects.filter(compound=compound, stood_down_at=None).select_related(
        "order__incident", "compound"
    )
    return list(rows.order_by("-formed_at", "-pk"))


def orders_without_team(compound: Area) -> list[Order]:
    """Orders in force that hold in a compound where they have formed no team, for want of a ledger."""
    rows = Order.objects.filter(
        area__path__in=registry.ancestors_of(compound.path), state=OrderState.IN_FORCE
    ).exclude(teams__compound=compound)
    return list(rows.select_related("incident", "area", "lead__identity", "lead__unit").order_by("pk"))


def cares(of: Team) -> list[Care]:
    """A team's buildings in the order of the site, with steward and backup."""
    rows = of.cares.select_related("building", "steward", "backup")
    return with_names(rows.order_by("building__place", "building__code"))


def with_names(of: Iterable[Care]) -> list[Care]:
    """The same, with the names of stewards and backups in full."""
    held = list(of)
    name(one for care in held for one in (care.steward, care.backup) if one is not None)
    return held


def name(members: Iterable[Member]) -> list[Member]:
    """The same members, residents by their full name: it is kept masked, and is known to whoever sees the team.
    Never save these."""
    held = list(members)
    living = {one.person_id for one in held if one.person_id is not None}
    if living:
        with reach.within(reach.EVERYWHERE):
            names = registry.names_of(living)
        for one in held:
            if one.person_id in names:
                one.name = names[one.person_id]
    return held


def is_gap(care: Care) -> bool:
    """No steward, or one who is away."""
    return care.steward is None or care.steward.away_since is not None


def who_may_offer(people: Iterable[Resident], *, by: Actor, compound: Area) -> set[UUID]:
    """Those of a household whose offer to help `by` may note: nobody under age."""
    if not by.may(Act.LEAD_TEAM, compound.path):
        return set()
    return {one.id for one in people if one.age is None or one.age >= rules.OF_AGE}


def serving(of: Team) -> list[Serving]:
    """A team's members, the lead first, then by name, with what is in their care."""
    held = cares(of)
    rows = of.members.filter(left_at=None).select_related("home", "household")
    ordered = sorted(
        name(rows), key=lambda m: (m.role != rules.LEAD, m.role, m.home.place if m.home else 0, m.name)
    )
    return [
        Serving(
            member,
            [care for care in held if care.steward_id == member.pk],
            [care for care in held if care.backup_id == member.pk],
        )
        for member in ordered
    ]


def candidates(of: Team) -> tuple[list[Listed], list[Listed]]:
    """Residents who could join: those who reported in, and registered helpers; members left out."""
    on_team = set(of.members.filter(left_at=None).values_list("person_id", flat=True))
    reported = set(ReportIn.objects.filter(compound=of.compound).values_list("person_id", flat=True))
    offered = registry.listed(reported - on_team)
    helpers = [one for one in registry.helpers(of.compound) if one.id not in on_team | reported]
    return offered, helpers


def working(people: Iterable[UUID]) -> set[UUID]:
    """Which of these people reported in or are on a standing team."""
    asked = list(people)
    offered = ReportIn.objects.filter(person__in=asked).values_list("person_id", flat=True)
    on_team = Member.objects.filter(person__in=asked, left_at=None, team__stood_down_at=None)
    found = {*offered, *on_team.values_list("person_id", flat=True)}
    return {person for person in found if person is not None}


def coverage(*, by: Actor, path: str = "") -> Coverage:
    """Coverage of the standing teams below `path` that `by` may see."""
    counted = _standing_cares(by, path).aggregate(all=Count("id"), gaps=Count("id", filter=IS_GAP))
    return Coverage(counted["all"] - counted["gaps"], counted["all"])


def total(of: Iterable[Coverage]) -> Coverage:
    """Several coverages as one."""
    held = list(of)
    return Coverage(sum(one.covered for one in held), sum(one.buildings for one in held))


def gaps(*, by: Actor, path: str = "", most: int | None = None) -> list[Care]:
    """Buildings of standing teams that no steward on duty looks after, those that no backup does either first,
    then by path; at most so many."""
    rows = _standing_cares(by, path).filter(IS_GAP).annotate(is_backed=HAS_BACKUP)
    ordered = rows.order_by("is_backed", "building__path")[:most]
    return with_names(ordered.select_related("building", "team__compound", "steward", "backup"))


def coverage_by_compound(*, by: Actor, path: str = "") -> dict[UUID, Coverage]:
    """Coverage for each compound with a standing team."""
    rows = _standing_cares(by, path).values("team__compound_id")
    counted = rows.annotate(all=Count("id"), gaps=Count("id", filter=IS_GAP))
    return {row["team__compound_id"]: Coverage(row["all"] - row["gaps"], row["all"]) for row in counted}


def _standing_cares(by: Actor, path: str) -> QuerySet[Care]:
    return Care.objects.filter(
        by.within(Act.VIEW_AREA, "building__path"),
        building__path__startswith=path,
        team__in=_newest_standing(),
    )


def _newest_standing() -> QuerySet[Team, Any]:
    """The team whose coverage counts in each compound: where two orders hold, a building still counts once."""
    standing = Team.objects.filter(stood_down_at=None).order_by("compound", "-formed_at", "-pk")
    return standing.distinct("compound").values("pk")


def own_cares(user_id: UUID | None) -> list[Care]:
    """The buildings in the care of a user's memberships, as steward first and then as backup."""
    mine = Care.objects.filter(team__stood_down_at=None).filter(
        Q(steward__user=user_id, steward__left_at=None) | Q(backup__user=user_id, backup__left_at=None)
    )
    rows = mine.select_related("building", "steward", "backup", "team__compound", "team__order__incident")
    return sorted(
        with_names(rows),
        key=lambda care: (
            care.steward is None or care.steward.user_id != user_id,
            care.team.compound.path,
            care.building.place,
        ),
    )


def memberships(user_id: UUID | None) -> list[Member]:
    """The standing teams a user serves on."""
    rows = Member.objects.filter(user=user_id, left_at=None, team__stood_down_at=None)
    return list(rows.select_related("team__compound", "team__order__incident").order_by("joined_at"))


def load_of(member: Member) -> int:
    """How many buildings a member looks after."""
    return member.cares.count()


def leads(of: Team) -> list[Member]:
    """Who leads a team."""
    return name(of.members.filter(role=rules.LEAD, left_at=None))


def proof(of: Team) -> Proof | None:
    """The last plan of a team, its buildings and stewards by name."""
    plan = of.plans.order_by("-made_at").first()
    if plan is None:
        return None
    answer = plan.answer
    buildings = {str(care.building_id): care.building.name for care in cares(of)}
    stewards = {str(member.pk): member.name for member in name(of.members.all())}
    return Proof(
        plan=plan,
        is_optimal=answer["status"] == "optimal",
        total=answer["value"]["total"],
        bound=answer["bound"],
        gap=answer["gap"],
        changes=[
            Change(
                building=buildings.get(row["building"], ""),
                role=row["role"],
                before=stewards.get(row["from"] or "", ""),
                after=stewards.get(row["to"] or "", ""),
                code=row["why_code"],
            )
            for row in answer.get("changes") or []
        ],
        unmet=[_unmet(row, buildings) for row in answer["unmet"]],
    )


def _unmet(row: dict[str, Any], buildings: Mapping[str, str]) -> Unmet:
    return Unmet(
        what=row["what"],
        buildings=tuple(buildings[item] for item in row["ids"] if item in buildings),
        reason_code=row["reason_code"],
        would_help_code=row["would_help_code"],
        numbers=row["numbers"],
    )

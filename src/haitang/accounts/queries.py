"""Reads about users and their rights."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from haitang.accounts import rules
from haitang.accounts.models import Demonstration, Grant, Invitation, Role
from haitang.accounts.models import User as User  # the doors name it, and may not read models
from haitang.accounts.rules import ROLE_MAY
from haitang.core import reach
from haitang.core.actor import NOBODY, Act, Actor, Right
from haitang.core.refusal import NotHere
from haitang.registry import queries as registry
from haitang.registry.models import Area, Level


def holding(now: datetime) -> Q:
    """Grants that hold at `now`."""
    return Q(ended_at=None, given_at__lte=now) & (Q(until=None) | Q(until__gt=now))


def actor_for(user: User | None, *, now: datetime) -> Actor:
    """The frozen actor of a signed-in user with the rights that hold at `now`; NOBODY when signed out."""
    if user is None:
        return NOBODY
    grants = Grant.objects.filter(holding(now), user=user).values_list("role", "area__path")
    rights = tuple(Right(role, path, ROLE_MAY[role]) for role, path in grants)
    unit = user.unit.name if user.unit else ""
    return Actor(user.id, user.identity_id, user.name, unit, rights)


def user_by_id(user_id: UUID) -> User | None:
    """An active user with identity and unit, or None."""
    return User.objects.select_related("identity", "unit").filter(pk=user_id, is_active=True).first()


def user_named(username: str) -> User | None:
    """The active user who signs in with this name, whatever its case; or None."""
    rows = User.objects.select_related("identity", "unit").filter(username__iexact=username, is_active=True)
    return rows.first()


def grants_within(*, by: Actor, now: datetime) -> QuerySet[Grant]:
    """Grants holding at `now` on areas whose people `by` manages."""
    return (
        Grant.objects.filter(by.within(Act.MANAGE_PEOPLE, "area__path"), holding(now))
        .select_related("user__identity", "user__unit", "area__parent")
        .order_by("area__path", "role", "user__username")
    )


@dataclass(frozen=True, slots=True)
class HeldGrant:
    """A grant as a desk sees it. `may_end`: this desk may end it; a team's grants end with the team."""

    grant: Grant
    may_end: bool


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """A role that a desk may give, and the levels of the areas it is given on."""

    role: Role
    levels: list[str]


def held_grants(path: str, *, by: Actor, now: datetime, most: int = 500) -> list[HeldGrant]:
    """Grants holding at `now` below `path` on areas whose people `by` manages."""
    rows = list(grants_within(by=by, now=now).filter(area__path__startswith=path)[:most])
    with_names(grant.user for grant in rows)
    return [
        HeldGrant(
            grant,
            not grant.cause
            and grant.user.identity_id != by.identity
            and rules.may_give(grant.role, grant.area, by=by),
        )
        for grant in rows
    ]


def roles_to_give(areas: Iterable[Area], *, by: Actor) -> list[RoleChoice]:
    """The roles that `by` may give on at least one of `areas`."""
    held = list(areas)
    return [
        RoleChoice(role, [str(level.label) for level in Level if level in rules.ROLE_LEVELS[role]])
        for role in Role
        if any(area.level in rules.ROLE_LEVELS[role] and rules.may_give(role, area, by=by) for area in held)
    ]


def grant_path(grant_id: UUID) -> str:
    """The path of a grant's area, for the policy of its routes."""
    path = Grant.objects.filter(pk=grant_id).values_list("area__path", flat=True).first()
    if path is None:
        raise NotHere
    return path


def leads_for(path: str, *, now: datetime) -> list[User]:
    """Users who may be appointed to lead at `path`: whoever holds a role there or above below town level."""
    at_or_above = [path[: i + 1] for i, letter in enumerate(path) if letter == "/"]
    grants = Grant.objects.filter(holding(now)).filter(
        Q(area__path__in=at_or_above) | Q(area__path__startswith=path),
        role__in=[Role.LEAD, Role.COMMUNITY_DESK, Role.VOLUNTEER, Role.STEWARD],
    )
    users = User.objects.filter(pk__in=grants.values("user"), is_active=True)
    return with_names(users.select_related("identity", "unit").order_by("identity__name"))


def with_names(users: Iterable[User]) -> list[User]:
    """The same users, residents by their full name, which is kept masked. Never save these."""
    held = list(users)
    living = {user.resident_id for user in held if user.resident_id is not None}
    if living:
        with reach.within(reach.EVERYWHERE):
            names = registry.names_of(living)
        for user in held:
            if user.resident_id in names:
                user.identity.name = names[user.resident_id]
    return held


def users_of_residents(person_ids: Iterable[UUID]) -> dict[UUID, User]:
    """The accounts of residents by person, where they have one."""
    users = User.objects.filter(resident__in=list(person_ids), is_active=True)
    return {user.resident_id: user for user in users if user.resident_id}


def handed_a_link(one: UUID, other: UUID) -> bool:
    """Whether either of two identities made a link through which an account of the other's got its password."""
    return Invitation.objects.filter(
        Q(made_by=one, user__identity=other) | Q(made_by=other, user__identity=one), used_at__isnull=False
    ).exists()


@dataclass(frozen=True, slots=True)
class Introduction:
    """One person whom a demonstration's sign-in page offers."""

    user_id: UUID
    username: str
    name: str
    role: str
    today: str


def introductions(language: str) -> list[Introduction]:
    """The demonstration's people, in order; empty in any other database."""
    rows = list(Demonstration.objects.select_related("user__identity").order_by("place"))
    with_names(row.user for row in rows)
    return [
        Introduction(
            row.user_id,
            row.user.username,
            row.user.name,
            str(Role(row.role).label),
            row.today_zh if language.startswith("zh") else row.today_en,
        )
        for row in rows
    ]


def introduced_user(user_id: UUID) -> User:
    """A person whom the demonstration's sign-in page offers. Raises NotHere, in any other database always."""
    user = User.objects.filter(pk=user_id, is_active=True, demonstration__isnull=False).first()
    if user is None:
        raise NotHere
    return user


def is_demonstration() -> bool:
    """Whether this database is marked as a demonstration."""
    return Demonstration.objects.exists()

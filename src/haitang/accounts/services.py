"""Every write to users and their rights."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet

from haitang.accounts import rules
from haitang.accounts.models import Demonstration, Grant, Identity, Invitation, Role, User
from haitang.core import journal
from haitang.core.actor import Act, Actor
from haitang.core.refusal import NotHere
from haitang.registry.models import Area, Unit
from haitang.registry.sealed import masked

INVITATION_LASTS = timedelta(days=2)


@transaction.atomic
def add_user(
    username: str, *, name: str, unit: str = "", resident: UUID | None = None, by: Actor, now: datetime
) -> User:
    """A user without a password and without rights, of a new identity; a resident's name is kept masked, as the
    ledger seals it. Raises NameTaken."""
    identity = Identity.objects.create(name=masked(name) if resident else name)
    of_unit = Unit.objects.get_or_create(name=unit)[0] if unit else None
    user = User(username=username, identity=identity, unit=of_unit, resident_id=resident)
    user.set_unusable_password()
    User.objects.bulk_create([user], ignore_conflicts=True)  # waits for whoever takes the name right now
    if not User.objects.filter(pk=user.pk).exists():
        raise rules.NameTaken
    return user


@transaction.atomic
def give_grant(
    user: User,
    *,
    role: Role,
    area: Area,
    until: datetime | None = None,
    cause: str = "",
    by: Actor,
    now: datetime,
) -> Grant:
    """Give a role on an area. Giving it anew with another `until` changes the day; the very same changes nothing."""
    rules.check_give(role, area, by=by)
    rules.check_not_own([user.identity_id], by=by)
    rules.check_until(until, now=now)
    return _grant(user, role=role, area=area, until=until, cause=cause, by=by, now=now)


def _grant(
    user: User, *, role: str, area: Area, until: datetime | None, cause: str, by: Actor, now: datetime
) -> Grant:
    new = Grant(user=user, role=role, area=area, cause=cause, given_by=by.label, given_at=now, until=until)
    held = _open_like(new).first()
    if held is not None and held.until is not None and held.until <= now:
        _end(held, by=by, now=now)
        held = None
    if held is None:
        Grant.objects.bulk_create([new], ignore_conflicts=True)  # waits for whoever gives the same right now
        held = _open_like(new).get()
    if held.pk == new.pk:
        _record_grant("grant.give", held, by=by, now=now)
    elif held.until != until:
        held.until = until
        held.save(update_fields=["until"])
        _record_grant("grant.change", held, by=by, now=now)
    return held


def _open_like(new: Grant) -> QuerySet[Grant]:
    """The open grant of the same right, if there is one, locked."""
    rows = Grant.objects.select_for_update(of=["self"]).select_related("user", "area")
    return rows.filter(user=new.user, role=new.role, area=new.area, cause=new.cause, ended_at=None)


def _record_grant(act: str, grant: Grant, *, by: Actor, now: datetime) -> None:
    until = grant.until.isoformat() if grant.until else ""
    facts = {"role": grant.role, "user": grant.user.username, "until": until}
    journal.record(act, grant, by=by, at=now, path=grant.area.path, **facts)


@transaction.atomic
def end_grant(grant_id: UUID, *, by: Actor, now: datetime) -> Grant:
    """End a grant now."""
    grant = Grant.objects.select_for_update(of=["self"]).select_related("user", "area").get(pk=grant_id)
    rules.check_end(grant, by=by)
    if grant.ended_at is None:
        _end(grant, by=by, now=now)
    return grant


def _end(grant: Grant, *, by: Actor, now: datetime) -> None:
    grant.ended_at = now
    grant.save(update_fields=["ended_at"])
    facts = {"role": grant.role, "user": grant.user.username}
    journal.record("grant.end", grant, by=by, at=now, path=grant.area.path, **facts)


@transaction.atomic
def settle_team_grants(
    cause: str, wanted: Mapping[tuple[User, str], list[Area]], *, by: Actor, now: datetime
) -> None:
    """Make the grants that `cause` (a team) brings exactly `wanted`: user and role to areas."""
    keep = {(user.pk, role, area.pk) for (user, role), areas in wanted.items() for area in areas}
    rows = Grant.objects.select_for_update(of=["self"]).select_related("user", "area")
    held = rows.filter(cause=cause, ended_at=None).order_by("pk")
    for grant in held:
        if (grant.user_id, grant.role, grant.area_id) not in keep:
            _end(grant, by=by, now=now)
    for (user, role), areas in wanted.items():
        for area in areas:
            _grant(user, role=role, area=area, until=None, cause=cause, by=by, now=now)


@transaction.atomic
def invite_user(
    username: str, *, name: str, unit: str, role: Role, area: Area, by: Actor, now: datetime
) -> tuple[User, str]:
    """A new user with one grant, and the one-time token of the link with which they choose a password."""
    rules.check_give(role, area, by=by)
    user = add_user(username, name=name, unit=unit, by=by, now=now)
    _grant(user, role=role, area=area, until=None, cause="", by=by, now=now)
    return user, _invite(user, by=by, now=now)


@transaction.atomic
def invite_again(username: str, *, by: Actor, now: datetime) -> tuple[User, str]:
    """A new link for someone who lost theirs or their password; earlier links end. Raises NotHere."""
    user = User.objects.select_for_update().filter(username=username, is_active=True).first()
    if user is None:
        raise NotHere
    grants = list(Grant.objects.filter(user=user, ended_at=None).select_related("area"))
    rules.check_invite_again(grants, by=by)
    rules.check_not_own([user.identity_id], by=by)
    Invitation.objects.filter(user=user, used_at=None).delete()
    for path in sorted({grant.area.path for grant in grants}):
        journal.record("user.invite", user, by=by, at=now, path=path, user=user.username)
    return user, _invite(user, by=by, now=now)


def _invite(user: User, *, by: Actor, now: datetime) -> str:
    token = secrets.token_urlsafe(24)
    Invitation.objects.create(
        user=user, made_by_id=by.identity, token_hash=_hashed(token), expires_at=now + INVITATION_LASTS
    )
    return token


@transaction.atomic
def accept_invitation(token: str, *, password: str, now: datetime) -> User:
    """Set the invited user's password; the link works once."""
    invitation = (
        Invitation.objects.select_for_update(of=["self"])
        .select_related("user")
        .filter(token_hash=_hashed(token), used_at=None, expires_at__gt=now)
        .first()
    )
    if invitation is None:
        raise rules.InvitationOver
    invitation.used_at = now
    invitation.save(update_fields=["used_at"])
    invitation.user.set_password(password)
    invitation.user.save(update_fields=["password"])
    return invitation.user


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody whom a demonstration's sign-in page offers: as what, and what they can do today."""

    user: User
    role: Role
    today_zh: str
    today_en: str


@transaction.atomic
def mark_demonstration(offers: Sequence[Offer], *, password: str, by: Actor) -> None:
    """Mark this database as a demonstration whose sign-in page offers these people; all know their password.

    Only whoever sits at the server's own command line may do that.
    """
    by.check(Act.MANAGE_PEOPLE, "")
    hashed = make_password(password)
    for place, offer in enumerate(offers, start=1):
        Demonstration.objects.create(
            user=offer.user,
            place=place,
            role=offer.role,
            today_zh=offer.today_zh,
            today_en=offer.today_en,
        )
        offer.user.password = hashed
        offer.user.save(update_fields=["password"])


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

"""Who may do what: the one table of roles, and what a sign-in must have shown."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from haitang.accounts.models import Grant
from haitang.accounts.models import Role as Role  # the doors name roles, and may not read models
from haitang.core.actor import Act, Actor
from haitang.core.refusal import Invalid, NotHere, Refused
from haitang.registry.models import Area, Level

COUNTS = {Act.VIEW_AREA, Act.VIEW_ORDER}
DESK = COUNTS | {
    Act.VIEW_COMPOUND,
    Act.VIEW_TEAM,
    Act.DRAFT_ORDER,
    Act.DECIDE_ORDER,
    Act.VIEW_JOURNAL,
    Act.MANAGE_PEOPLE,
    Act.DECIDE_EXPORT,
}
LEADING = COUNTS | {
    Act.VIEW_COMPOUND,
    Act.VIEW_TEAM,
    Act.LEAD_TEAM,
    Act.READ_HOUSEHOLD,
    Act.RECORD_CONTACT,
}

ROLE_MAY: dict[str, frozenset[Act]] = {
    Role.CITY_DESK: frozenset(DESK),
    Role.TOWN_DESK: frozenset(DESK),
    Role.COMMUNITY_DESK: frozenset(DESK | LEADING | {Act.IMPORT_LEDGER, Act.EXPORT_PEOPLE}),
    Role.LEAD: frozenset(LEADING),
    Role.STEWARD: frozenset({Act.VIEW_COMPOUND, Act.READ_HOUSEHOLD, Act.RECORD_CONTACT}),
    Role.VOLUNTEER: frozenset(),
    Role.AUDITOR: frozenset(COUNTS | {Act.VIEW_JOURNAL}),
}

# The level a role is given on; a desk may give the roles that come after its own, below its own area.
ROLE_LEVELS: dict[str, frozenset[str]] = {
    Role.CITY_DESK: frozenset({Level.CITY, Level.DISTRICT}),
    Role.TOWN_DESK: frozenset({Level.TOWN}),
    Role.COMMUNITY_DESK: frozenset({Level.COMMUNITY}),
    Role.LEAD: frozenset({Level.COMPOUND}),
    Role.STEWARD: frozenset({Level.BUILDING}),
    Role.VOLUNTEER: frozenset({Level.COMPOUND, Level.BUILDING}),
    Role.AUDITOR: frozenset({Level.CITY, Level.DISTRICT, Level.TOWN, Level.COMMUNITY, Level.COMPOUND}),
}
TOWN_DEPTH = 3


class RoleDoesNotFit(Refused):
    code = "role_does_not_fit"
    message = _("This role is not given on an area of this level. Choose an area that fits the role.")


class NotYours(Refused):
    code = "own_grant"
    message = _("Nobody gives or ends their own rights. Ask another desk.")


class BroughtByATeam(Refused):
    code = "brought_by_a_team"
    message = _(
        "A team brought this right, and it ends with the work there. Change who does what in the team."
    )


class NameTaken(Refused):
    code = "name_taken"
    message = _("Somebody signs in with this name already. Choose another.")


class InvitationOver(Refused):
    code = "invitation_over"
    status = 410
    message = _("This link was used or has expired. Ask whoever invited you for a new one.")


class LastSecondFactor(Refused):
    code = "last_second_factor"
    message = _("Your work needs a second factor. Add another one before you remove this one.")


def needs_second_factor(by: Actor) -> bool:
    """Whether a right reaches a town or more: then a password alone is not enough."""
    return any(right.path.count("/") <= TOWN_DEPTH for right in by.rights)


def may_give(role: str, area: Area, *, by: Actor) -> bool:
    """Whether `by` holds a desk above `area` whose role comes before `role`."""
    order = list(Role)
    return any(
        Act.MANAGE_PEOPLE in right.acts
        and area.path.startswith(right.path)
        and (right.role not in order or order.index(Role(right.role)) < order.index(Role(role)))
        for right in by.rights
    )


def check_give(role: str, area: Area, *, by: Actor) -> None:
    if not may_give(role, area, by=by):
        raise NotHere
    if area.level not in ROLE_LEVELS[role]:
        raise RoleDoesNotFit


def check_invite_again(grants: Iterable[Grant], *, by: Actor) -> None:
    """Refuse unless `by` could give all of a user's rights: a new password must not reach further than that."""
    held = list(grants)
    if not held:
        by.check(Act.MANAGE_PEOPLE, "")
    for grant in held:
        check_give(grant.role, grant.area, by=by)


def check_end(grant: Grant, *, by: Actor) -> None:
    check_give(grant.role, grant.area, by=by)
    check_not_own([grant.user.identity_id], by=by)
    if grant.cause:
        raise BroughtByATeam


def check_until(until: datetime | None, *, now: datetime) -> None:
    if until is not None and until <= now:
        raise Invalid({"until": _("Choose a day that is still to come.")})


def check_not_own(identities: Iterable[object], *, by: Actor) -> None:
    if by.identity in identities:
        raise NotYours

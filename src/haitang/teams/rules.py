"""When a team may change, and by whom."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from haitang.accounts import queries as accounts
from haitang.accounts.models import User
from haitang.core.actor import Act, Actor
from haitang.core.refusal import Refused
from haitang.teams.models import Member, Team

LEAD = "lead"
STEWARD = "steward"
OF_AGE = 18


class TeamStoodDown(Refused):
    code = "team_stood_down"
    message = _("The order was lifted and the team has stood down.")


class NotASteward(Refused):
    code = "not_a_steward"
    message = _("This person is not a steward of the team, or has left it. Choose a steward.")


class StewardAway(Refused):
    code = "steward_away"
    message = _("This steward is away. Choose another, or mark them as back first.")


class StewardFull(Refused):
    code = "steward_full"
    message = _("This steward already has %(most)s buildings, the most agreed for them. Choose another.")


class AlreadyMember(Refused):
    code = "already_member"
    message = _("This person is on the team already.")


class LeadStays(Refused):
    code = "lead_stays"
    message = _("A team keeps its lead. Appoint another lead first.")


class TooYoung(Refused):
    code = "too_young"
    message = _("Nobody under 18 looks after a building. Choose somebody older.")


class CannotLead(Refused):
    code = "cannot_lead"
    message = _("This person holds no right here that lets them lead. Choose somebody from the list.")


class AppointsThemselves(Refused):
    code = "appoints_themselves"
    message = _("Nobody makes themselves the lead. Ask a second person to decide it.")


def check_lead(team: Team, *, by: Actor) -> None:
    """Whoever leads at the team's compound may change a team that is still standing."""
    by.check(Act.LEAD_TEAM, team.compound.path)
    if team.stood_down_at is not None:
        raise TeamStoodDown


def check_appoint(team: Team, user: User | None, *, by: Actor, now: datetime) -> None:
    """A desk appoints somebody other than itself who holds a right there."""
    by.check(Act.DECIDE_ORDER, team.compound.path)
    if team.stood_down_at is not None:
        raise TeamStoodDown
    check_may_lead(user, team.compound.path, by=by, now=now)


def check_may_lead(user: User | None, path: str, *, by: Actor, now: datetime) -> None:
    """Leading brings rights to a whole compound: only for who is known there, and never given to oneself."""
    if user is None or user not in accounts.leads_for(path, now=now):
        raise CannotLead
    if by.identity is not None and by.identity == user.identity_id:
        raise AppointsThemselves


def is_of_age(birth_year: int | None, year: int) -> bool:
    """Whether somebody may look after a building in `year`, as far as the ledger knows."""
    return birth_year is None or year - birth_year >= OF_AGE


def check_age(birth_year: int | None, *, now: datetime) -> None:
    if not is_of_age(birth_year, now.year):
        raise TooYoung


def check_steward(member: Member, team: Team) -> None:
    if member.team_id != team.pk or member.role != STEWARD or member.left_at is not None:
        raise NotASteward
    if member.away_since is not None:
        raise StewardAway


def check_room(member: Member, in_care: int) -> None:
    """`in_care`: buildings locked to the member by people's decisions, the new one not counted."""
    if in_care >= member.most_buildings:
        raise StewardFull(most=member.most_buildings)

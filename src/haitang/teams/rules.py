"""When a team may change, and by whom."""

from django.utils.translation import gettext_lazy as _

from haitang.core.actor import Act, Actor
from haitang.core.refusal import Refused
from haitang.teams.models import Member, Team

LEAD = "lead"
STEWARD = "steward"
CARES = {LEAD, STEWARD}


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


def check_lead(team: Team, *, by: Actor) -> None:
    """Whoever leads at the team's compound may change a team that is still standing."""
    by.check(Act.LEAD_TEAM, team.compound.path)
    if team.stood_down_at is not None:
        raise TeamStoodDown


def check_steward(member: Member, team: Team) -> None:
    if member.team_id != team.pk or member.role != STEWARD or member.left_at is not None:
        raise NotASteward
    if member.away_since is not None:
        raise StewardAway


def check_room(member: Member, in_care: int) -> None:
    """`in_care`: buildings locked to the member by people's decisions, the new one not counted."""
    if in_care >= member.most_buildings:
        raise StewardFull(most=member.most_buildings)

"""Who is on a team: reporting in, enlisting, being away, leaving."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from haitang.accounts import queries as accounts
from haitang.core import journal
from haitang.core.actor import Act, Actor
from haitang.core.refusal import NotHere
from haitang.registry import queries as registry
from haitang.registry.models import Person
from haitang.registry.sealed import masked
from haitang.teams import rules
from haitang.teams.models import Care, Member, ReportIn, Team
from haitang.teams.services.coverage import locked_team, settle_grants


@transaction.atomic
def report_in(person_id: UUID, *, source: str, by: Actor, now: datetime) -> ReportIn:
    """Record that a resident offers to help where they live. Reporting in twice changes nothing."""
    person = _person(person_id)
    path = person.household.building.path
    by.check(Act.LEAD_TEAM, person.compound.path)
    found, is_new = ReportIn.objects.get_or_create(
        person=person, defaults={"compound": person.compound, "source": source, "at": now}
    )
    if is_new:
        journal.record("report_in", found, by=by, at=now, path=path, source=source)
    return found


@transaction.atomic
def enlist(team_id: UUID, person_id: UUID, *, role: str, by: Actor, now: datetime) -> Member:
    """Take a resident onto the team."""
    team = locked_team(team_id)
    rules.check_lead(team, by=by)
    person = _person(person_id)
    if person.compound_id != team.compound_id:
        raise NotHere
    if team.members.filter(person=person, left_at=None).exists():
        raise rules.AlreadyMember
    rules.check_age(person.birth_year, now=now)
    member = add_residents(team, [person], role=role, now=now)[0]
    settle_grants(team, by=by, now=now)
    journal.record("member.join", member, by=by, at=now, path=team.compound.path, name=member.name, role=role)
    return member


def add_residents(team: Team, people: list[Person], *, role: str, now: datetime) -> list[Member]:
    """Members made of residents, with their account where they have one; their names are kept masked."""
    users = accounts.users_of_residents(person.pk for person in people)
    names = registry.names_of(person.pk for person in people)
    members = []
    for person in people:
        user = users.get(person.pk)
        members.append(
            Member(
                team=team,
                person=person,
                user=user,
                name=masked(names[person.pk]),
                unit=user.unit.name if user and user.unit else "",
                role=role,
                home=person.household.building,
                household=person.household,
                joined_at=now,
            )
        )
    return Member.objects.bulk_create(members)


@transaction.atomic
def mark_away(member_id: UUID, *, by: Actor, now: datetime) -> Member:
    """Say that a member can't work for now: their buildings show as gaps until planned again."""
    member = _locked(member_id, by=by)
    if member.away_since is None:
        _set_away(member, now, act="member.away", by=by, now=now)
    return member


@transaction.atomic
def mark_back(member_id: UUID, *, by: Actor, now: datetime) -> Member:
    """Say that a member is back."""
    member = _locked(member_id, by=by)
    if member.away_since is not None:
        _set_away(member, None, act="member.back", by=by, now=now)
    return member


def _set_away(member: Member, since: datetime | None, *, act: str, by: Actor, now: datetime) -> None:
    member.away_since = since
    member.save(update_fields=["away_since"])
    journal.record(act, member, by=by, at=now, path=member.team.compound.path, name=member.name)


@transaction.atomic
def leave(member_id: UUID, *, by: Actor, now: datetime) -> Member:
    """Take a member off the team: their buildings become gaps, their team rights end."""
    member = _locked(member_id, by=by)
    if member.role == rules.LEAD:
        raise rules.LeadStays
    if member.left_at is None:
        member.left_at = now
        member.save(update_fields=["left_at"])
        Care.objects.filter(steward=member).update(steward=None, is_locked=False)
        Care.objects.filter(backup=member).update(backup=None)
        settle_grants(member.team, by=by, now=now)
        path = member.team.compound.path
        journal.record("member.leave", member, by=by, at=now, path=path, name=member.name)
    return member


def _locked(member_id: UUID, *, by: Actor) -> Member:
    team_id = Member.objects.filter(pk=member_id).values_list("team_id", flat=True).first()
    if team_id is None:
        raise NotHere
    team = locked_team(team_id)
    rules.check_lead(team, by=by)
    member = Member.objects.get(pk=member_id)
    member.team = team
    return member


def _person(person_id: UUID) -> Person:
    rows = Person.objects.select_related("household__building", "compound")
    person = rows.filter(pk=person_id).first()
    if person is None or not registry.names_of([person.pk]):
        raise NotHere
    return person

"""Teams and building coverage: who looks after which building, moved by hand and planned again."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haitang.accounts import queries as accounts
from haitang.accounts.queries import User
from haitang.console import backing, planning
from haitang.console.policy import Request, page
from haitang.core.actor import Act, Actor
from haitang.core.refusal import NotHere
from haitang.incidents.playbooks import playbook
from haitang.teams import queries, services
from haitang.teams.queries import Team


class BuildingForm(forms.Form):
    building = forms.UUIDField()


class MoveForm(BuildingForm):
    steward = forms.UUIDField()


class LeadForm(forms.Form):
    lead = forms.UUIDField()


class EnlistForm(forms.Form):
    person = forms.UUIDField()


@page(Act.VIEW_TEAM)
def teams(request: Request) -> HttpResponse:
    found = queries.teams(by=request.actor)
    if len(found) == 1:
        return redirect("console:team", found[0].pk)
    held = queries.coverage_by_compound(by=request.actor)
    rows = [(team, held.get(team.compound_id), queries.leads(team)) for team in found]
    return render(request, "teams/teams.html", {"rows": rows, "now": timezone.now()})


@page(Act.VIEW_TEAM, of=queries.team_path)
def team(request: Request, team_id: UUID) -> HttpResponse:
    by = request.actor
    found = queries.team(team_id, by=by)
    proof = queries.proof(found)
    may_lead = by.may(Act.LEAD_TEAM, found.compound.path) and found.stood_down_at is None
    offered, helpers = queries.candidates(found) if may_lead else ([], [])
    language = get_language() or ""
    book = playbook(found.order.incident.playbook)
    serving, cares = queries.serving(found), queries.cares(found)
    view = {
        "team": found,
        "level": book.level(found.order.level),
        "level_title": book.level(found.order.level).title.in_language(language),
        "cares": [(care, backing.suggested(care)) for care in cares],
        "gaps": backing.ranked(filter(queries.is_gap, cares)),
        "serving": [(row, book.role(row.member.role).title.in_language(language)) for row in serving],
        "stewards": [row for row in serving if row.member.role == "steward" and not row.member.away_since],
        "proof": planning.in_words(proof, is_changed=planning.is_changed(proof, cares)) if proof else None,
        "offered": offered,
        "helpers": helpers,
        "may_lead": may_lead,
        "may_be_lead": _may_be_lead(found, by=by),
        "now": timezone.now(),
    }
    return render(request, "teams/team.html", view)


def _may_be_lead(of: Team, *, by: Actor) -> list[User]:
    """Whom `by` may appoint to lead a team: nobody unless `by` decides orders there."""
    if of.stood_down_at is not None or not by.may(Act.DECIDE_ORDER, of.compound.path):
        return []
    leading = {member.user_id for member in queries.leads(of)}
    known = accounts.leads_for(of.compound.path, now=timezone.now())
    return [user for user in known if user.pk not in leading and user.identity_id != by.identity]


@page(Act.LEAD_TEAM, of=queries.team_path, methods=("POST",))
def plan(request: Request, team_id: UUID) -> HttpResponse:
    services.plan_coverage(team_id, by=request.actor, now=timezone.now())
    messages.success(request, _("Coverage is planned again. What changed stands below."))
    return redirect("console:team", team_id)


@page(Act.LEAD_TEAM, of=queries.team_path, methods=("POST",))
def move(request: Request, team_id: UUID) -> HttpResponse:
    form = _valid(MoveForm(request.POST))
    building, steward = form["building"], form["steward"]
    care = services.move_building(team_id, building, steward, by=request.actor, now=timezone.now())
    messages.success(
        request, _("Building %(name)s has a new steward and stays so.") % {"name": care.building.name}
    )
    if care.steward and (held := queries.load_of(care.steward)) > care.steward.most_buildings:
        facts = {"name": care.steward.name, "held": held, "most": care.steward.most_buildings}
        messages.warning(
            request,
            _("%(name)s now has %(held)s buildings; %(most)s were agreed. Plan again to share them out.")
            % facts,
        )
    return redirect("console:team", team_id)


@page(Act.LEAD_TEAM, of=queries.team_path, methods=("POST",))
def lock(request: Request, team_id: UUID) -> HttpResponse:
    building = _valid(BuildingForm(request.POST))["building"]
    services.lock_building(team_id, building, by=request.actor, now=timezone.now())
    return redirect("console:team", team_id)


@page(Act.LEAD_TEAM, of=queries.team_path, methods=("POST",))
def unlock(request: Request, team_id: UUID) -> HttpResponse:
    building = _valid(BuildingForm(request.POST))["building"]
    services.unlock_building(team_id, building, by=request.actor, now=timezone.now())
    return redirect("console:team", team_id)


@page(Act.LEAD_TEAM, of=queries.team_path, methods=("POST",))
def enlist(request: Request, team_id: UUID) -> HttpResponse:
    person = _valid(EnlistForm(request.POST))["person"]
    member = services.enlist(team_id, person, role="steward", by=request.actor, now=timezone.now())
    messages.success(
        request, _("%(name)s is on the team. Plan again to give them buildings.") % {"name": member.name}
    )
    return redirect("console:team", team_id)


@page(Act.DECIDE_ORDER, of=queries.team_path, methods=("POST",))
def appoint(request: Request, team_id: UUID) -> HttpResponse:
    lead = _valid(LeadForm(request.POST))["lead"]
    member = services.appoint_lead(team_id, lead, by=request.actor, now=timezone.now())
    messages.success(request, _("%(name)s leads the team from now on.") % {"name": member.name})
    return redirect("console:team", team_id)


@page(Act.LEAD_TEAM, of=queries.member_path, methods=("POST",))
def away(request: Request, member_id: UUID) -> HttpResponse:
    member = services.mark_away(member_id, by=request.actor, now=timezone.now())
    return redirect("console:team", member.team_id)


@page(Act.LEAD_TEAM, of=queries.member_path, methods=("POST",))
def back(request: Request, member_id: UUID) -> HttpResponse:
    member = services.mark_back(member_id, by=request.actor, now=timezone.now())
    return redirect("console:team", member.team_id)


@page(Act.LEAD_TEAM, of=queries.member_path, methods=("POST",))
def leave(request: Request, member_id: UUID) -> HttpResponse:
    member = services.leave(member_id, by=request.actor, now=timezone.now())
    return redirect("console:team", member.team_id)


def _valid(form: forms.Form) -> dict[str, UUID]:
    if not form.is_valid():
        raise NotHere
    return form.cleaned_data


routes = [
    path("teams/", teams, name="teams"),
    path("teams/<uuid:team_id>/", team, name="team"),
    path("teams/<uuid:team_id>/plan", plan, name="plan_coverage"),
    path("teams/<uuid:team_id>/move", move, name="move_building"),
    path("teams/<uuid:team_id>/lock", lock, name="lock_building"),
    path("teams/<uuid:team_id>/unlock", unlock, name="unlock_building"),
    path("teams/<uuid:team_id>/enlist", enlist, name="enlist"),
    path("teams/<uuid:team_id>/lead", appoint, name="appoint_lead"),
    path("members/<uuid:member_id>/away", away, name="mark_away"),
    path("members/<uuid:member_id>/back", back, name="mark_back"),
    path("members/<uuid:member_id>/leave", leave, name="leave"),
]

"""Places as pages: a compound with its elevation, a building, a household."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haitang.console import backing, elevation, timeline
from haitang.console.policy import Request, page
from haitang.core.actor import Act
from haitang.incidents import queries as incidents
from haitang.operations import queries as operations
from haitang.operations.queries import Show, State
from haitang.registry import queries as registry
from haitang.registry import services
from haitang.relief import queries as relief
from haitang.relief import services as relief_services
from haitang.teams import queries as teams
from haitang.teams import services as team_services

TIMELINE = 8


def _show(request: Request) -> Show:
    asked = request.GET.get("show", "")
    return Show(asked) if asked in set(Show) else Show.COVERED


@page(Act.VIEW_COMPOUND, of=registry.compound_path)
def compound(request: Request, compound_id: UUID) -> HttpResponse:
    by, now, language = request.actor, timezone.now(), get_language() or ""
    found = registry.area(compound_id, by=by, act=Act.VIEW_COMPOUND)
    state = operations.compound_state(found, show=_show(request), now=now)
    reads_households = by.may(Act.READ_HOUSEHOLD, found.path)
    drawing = elevation.draw(state, reads_households=reads_households)
    view = {
        "state": state,
        "gaps": sorted(state.gaps, key=lambda building: backing.is_backed(building.care)),
        "drawing": drawing,
        "reads_households": reads_households,
        "table": elevation.table(state, drawing),
        "trail": registry.trail(found.path)[:-1],
        "orders": incidents.in_force_on(found.path, language=language, now=now),
        "leads": teams.leads(state.team) if state.team else [],
        "may_lead": by.may(Act.LEAD_TEAM, found.path),
        "may_import": by.may(Act.IMPORT_LEDGER, found.path),
        "may_record": by.may(Act.RECORD_CONTACT, found.path),
        "may_export": by.may(Act.EXPORT_PEOPLE, found.path),
        "may_draft": by.may(Act.DRAFT_ORDER, found.path),
        "happened": timeline.below(found.path, by=by, most=TIMELINE),
        "shows": elevation.shows(),
        "now": now,
    }
    page_name = "registry/_elevation.html" if request.htmx else "registry/compound.html"
    return render(request, page_name, view)


@page(Act.VIEW_COMPOUND, of=registry.building_path)
def building(request: Request, building_id: UUID) -> HttpResponse:
    by, now = request.actor, timezone.now()
    found = registry.area(building_id, by=by, act=Act.VIEW_COMPOUND)
    place = registry.trail(found.path)[-2]
    state = operations.compound_state(place, show=_show(request), now=now, only=found)
    reads_households = by.may(Act.READ_HOUSEHOLD, found.path)
    doors = elevation.door_rows(state)
    is_called = state.show is Show.CONTACT and reads_households
    view = {
        "state": state,
        "building": state.buildings[0],
        "compound": place,
        "opens_compound": by.may(Act.VIEW_COMPOUND, place.path),
        "reads_households": reads_households,
        "drawing": elevation.draw(state, reads_households=reads_households),
        "doors": doors,
        "to_reach": [row for row in doors if row.state != State.YES] if is_called else [],
        "reached": [row for row in doors if row.state == State.YES] if is_called else [],
        "may_record": by.may(Act.RECORD_CONTACT, found.path),
        "may_export": by.may(Act.EXPORT_PEOPLE, found.path),
        "shows": elevation.shows(),
        "now": now,
    }
    return render(request, "registry/building.html", view)


@page(Act.READ_HOUSEHOLD, of=registry.household_path)
def household(request: Request, household_id: UUID) -> HttpResponse:
    by, now = request.actor, timezone.now()
    found = services.read_household(household_id, by=by, now=now)
    people = registry.residents(found, this_year=now.year)
    view = {
        "household": found,
        "people": people,
        "counted": max(len(people), found.said_people or 0),
        "unnamed": max((found.said_people or 0) - len(people), 0),
        "kind_words": registry.kind_words(found.kind),
        "contacts": (contacts := relief.contacts(household_id)),
        "undoable": {c.pk for c in contacts if relief.may_take_back(c, by=by, now=now)},
        "note": registry.note(found),
        "card": registry.living_card(household_id),
        "may_record": by.may(Act.RECORD_CONTACT, found.building.path),
        "may_offer": teams.who_may_offer(people, by=by, compound=found.compound),
        "may_forget": by.may(Act.IMPORT_LEDGER, found.building.path),
        "opens_compound": by.may(Act.VIEW_COMPOUND, found.compound.path),
    }
    return render(request, "registry/household.html", view)


@page(Act.RECORD_CONTACT, of=registry.household_path, methods=("POST",))
def heard_from(request: Request, household_id: UUID) -> HttpResponse:
    source = request.POST.get("source", "")
    relief_services.record_contact(household_id, source=source, by=request.actor, now=timezone.now())
    messages.success(request, _("Recorded: somebody here was heard from."))
    return _back(request, household_id)


@page(Act.RECORD_CONTACT, of=registry.household_path, methods=("POST",))
def note(request: Request, household_id: UUID) -> HttpResponse:
    services.write_note(household_id, request.POST.get("note", ""), by=request.actor, now=timezone.now())
    messages.success(request, _("The note is kept."))
    return redirect("console:household", household_id)


@page(Act.IMPORT_LEDGER, of=registry.household_path, methods=("POST",))
def forget(request: Request, household_id: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")
    services.forget_household(household_id, reason, by=request.actor, now=timezone.now())
    messages.success(request, _("Forgotten: nothing of them can be read again, not in older copies either."))
    return redirect("console:household", household_id)


@page(Act.RECORD_CONTACT, of=relief.contact_path, methods=("POST",))
def take_back(request: Request, contact_id: UUID) -> HttpResponse:
    household_id = relief_services.take_back_contact(contact_id, by=request.actor, now=timezone.now())
    messages.success(request, _("Taken back: as if it had not been noted."))
    return redirect("console:household", household_id)


def _back(request: Request, household_id: UUID) -> HttpResponse:
    """Where a steward goes on: with the list they came from, else at the household."""
    if request.POST.get("from") != "list":
        return redirect("console:household", household_id)
    building_id = registry.household(household_id).building_id
    return redirect(f"{reverse('console:building', args=[building_id])}?show={Show.CONTACT}#doors")


@page(Act.LEAD_TEAM, of=registry.person_path, methods=("POST",))
def report_in(request: Request, person_id: UUID) -> HttpResponse:
    found = team_services.report_in(person_id, source="desk", by=request.actor, now=timezone.now())
    messages.success(request, _("Recorded: this person offers to help where they live."))
    return redirect("console:household", found.person.household_id)


routes = [
    path("compounds/<uuid:compound_id>/", compound, name="compound"),
    path("buildings/<uuid:building_id>/", building, name="building"),
    path("households/<uuid:household_id>/", household, name="household"),
    path("households/<uuid:household_id>/heard", heard_from, name="heard_from"),
    path("households/<uuid:household_id>/note", note, name="household_note"),
    path("households/<uuid:household_id>/forget", forget, name="forget_household"),
    path("contacts/<uuid:contact_id>/take-back", take_back, name="take_back"),
    path("people/<uuid:person_id>/report-in", report_in, name="report_in"),
]

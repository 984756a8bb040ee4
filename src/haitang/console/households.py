"""A household that no list knows: added at its door in a few taps, confirmed, or taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from haitang.console import scope
from haitang.console.policy import Request, page
from haitang.core.actor import Act, Actor
from haitang.core.refusal import Invalid
from haitang.operations import services as operations
from haitang.registry import queries as registry
from haitang.registry import services
from haitang.registry.queries import Area

FEW = (1, 2, 3, 4, 5, 6)  # how many people are one tap away
MISSING = -1  # people whom nobody counted


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """The form: where it stands, what it may be; what was typed, and what is wrong with it."""

    area: Area
    compound: Area
    buildings: list[Area]
    kinds: list[tuple[str, str]]
    few: tuple[int, ...]
    opens_compound: bool
    given: Mapping[str, str]
    errors: Mapping[str, str | Promise]


class HouseholdForm(forms.Form):
    """A household as it was said; whether it makes sense is the rules' to say."""

    place = forms.CharField(required=False)
    kind = forms.CharField(required=False)
    door = forms.CharField(required=False, max_length=60)
    people = forms.IntegerField(required=False)
    more = forms.IntegerField(required=False)
    name = forms.CharField(required=False, max_length=60)
    phone = forms.CharField(required=False, max_length=60)


@page(Act.RECORD_CONTACT, of=registry.area_path, methods=("GET", "POST"))
def add_household(request: Request, area_id: UUID) -> HttpResponse:
    by = request.actor
    area = registry.area(area_id, by=by, act=Act.RECORD_CONTACT)
    if request.method == "GET":
        return _form(request, area, {}, {})
    form = HouseholdForm(request.POST)
    if not form.is_valid():
        return _form(request, area, request.POST.dict(), {f: str(w[0]) for f, w in form.errors.items()})
    try:
        place = _place(area, form.cleaned_data["place"], by=by)
        made = operations.add_household(place, _said(form.cleaned_data), by=by, now=timezone.now())
    except Invalid as no:
        return _form(request, area, request.POST.dict(), no.errors)
    messages.success(
        request, _("Added, and counted from now on. It is provisional until somebody confirms it.")
    )
    return redirect("console:household", made.pk)


def _place(area: Area, chosen: str, *, by: Actor) -> Area:
    """Where the household stands: what was chosen, else the building that the page is about."""
    if chosen:
        return registry.area(scope.id_in(chosen), by=by, act=Act.RECORD_CONTACT)
    if area.level == "compound":
        raise Invalid({"place": _("Choose a building, or by the gate.")})
    return area


def _said(given: Mapping[str, Any]) -> services.Said:
    people = given["more"] if given["more"] is not None else given["people"]
    return services.Said(
        kind=given["kind"],
        door=given["door"],
        people=MISSING if people is None else people,
        name=given["name"],
        phone=given["phone"],
    )


def _form(
    request: Request, area: Area, given: Mapping[str, str], errors: Mapping[str, str | Promise]
) -> HttpResponse:
    compound = registry.compound_at(area.path)
    view = NewHousehold(
        area=area,
        compound=compound,
        buildings=[b for b in registry.buildings(compound) if b.code != registry.GATE],
        kinds=registry.kinds(),
        few=FEW,
        opens_compound=request.actor.may(Act.VIEW_COMPOUND, compound.path),
        given=given,
        errors=errors,
    )
    return render(request, "registry/add_household.html", {"view": view}, status=422 if errors else 200)


@page(Act.RECORD_CONTACT, of=registry.household_path, methods=("POST",))
def confirm_household(request: Request, household_id: UUID) -> HttpResponse:
    said = request.POST.get("people", "")
    people = int(said) if said.isdecimal() and len(said) < len("1000") else MISSING
    services.confirm_household(household_id, people=people, by=request.actor, now=timezone.now())
    messages.success(request, _("Confirmed: this household is in the ledger."))
    return redirect("console:household", household_id)


@page(Act.RECORD_CONTACT, of=registry.household_path, methods=("POST",))
def take_back_household(request: Request, household_id: UUID) -> HttpResponse:
    gone = operations.take_back_household(household_id, by=request.actor, now=timezone.now())
    messages.success(request, _("Taken back: the household is not in the ledger and not counted."))
    by_the_gate = gone.building.code == registry.GATE
    return (
        redirect("console:compound", gone.compound_id)
        if by_the_gate
        else redirect("console:building", gone.building_id)
    )


routes = [
    path("areas/<uuid:area_id>/households/new", add_household, name="add_household"),
    path("households/<uuid:household_id>/confirm", confirm_household, name="confirm_household"),
    path("households/<uuid:household_id>/take-back", take_back_household, name="take_back_household"),
]

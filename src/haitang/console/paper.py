"""Printing: household cards, door lists and the building list, as PDF."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang import paper
from haitang.console import scope, sheets
from haitang.console.policy import Request, page
from haitang.core.actor import Act
from haitang.core.refusal import NotHere, Refused
from haitang.operations import queries as operations
from haitang.operations.queries import BuildingState, CompoundState, Show
from haitang.registry import queries as registry
from haitang.registry import services
from haitang.registry.queries import Area, CardFigures
from haitang.relief import queries as relief


class NoFonts(Refused):
    code = "no_fonts"
    status = 503
    message = gettext_lazy(
        "Nothing can be printed here yet: the fonts are missing. Ask whoever runs the server to run `make build`."
    )


@dataclass(frozen=True, slots=True)
class Group:
    """A steward's buildings, to be chosen in one go; `value` is their ids."""

    words: str
    value: str


@dataclass(frozen=True, slots=True)
class PrintPage:
    """What may be printed of a compound or of one of its buildings."""

    now: datetime
    compound: Area
    area: Area
    state: CompoundState
    cards: CardFigures | None
    groups: list[Group]
    opens_compound: bool

    @property
    def is_compound(self) -> bool:
        return self.area == self.compound


@page(Act.VIEW_COMPOUND, of=registry.compound_path)
def compound(request: Request, compound_id: UUID) -> HttpResponse:
    return _page(request, registry.area(compound_id, by=request.actor, act=Act.VIEW_COMPOUND))


@page(Act.READ_HOUSEHOLD, of=registry.building_path)
def building(request: Request, building_id: UUID) -> HttpResponse:
    return _page(request, registry.area(building_id, by=request.actor, act=Act.READ_HOUSEHOLD))


def _page(request: Request, area: Area) -> HttpResponse:
    by, now = request.actor, timezone.now()
    state = _state(area, now=now)
    reads = by.may(Act.READ_HOUSEHOLD, area.path)
    view = PrintPage(
        now=now,
        compound=state.compound,
        area=area,
        state=state,
        cards=registry.card_figures(area) if reads else None,
        groups=_groups(state) if reads else [],
        opens_compound=by.may(Act.VIEW_COMPOUND, state.compound.path),
    )
    return render(request, "paper/print.html", {"view": view})


def _state(area: Area, *, now: datetime) -> CompoundState:
    """The buildings of a compound, or the one that `area` is."""
    place = registry.compound_around(area)
    only = area if area != place else None
    return operations.compound_state(place, show=Show.COVERED, now=now, only=only)


def _groups(state: CompoundState) -> list[Group]:
    """Each steward with their buildings, in the order of the site."""
    held: dict[str, list[BuildingState]] = {}
    for each in state.buildings:
        held.setdefault(each.care.steward.name if each.care and each.care.steward else "", []).append(each)
    return [
        Group(
            words=f"{name or _('no steward')} · {', '.join(each.building.name for each in mine)}",
            value=" ".join(str(each.building.pk) for each in mine),
        )
        for name, mine in held.items()
    ]


class CardsForm(forms.Form):
    """Which cards: those of a building, and only where there is none yet."""

    building = forms.UUIDField(required=False)
    which = forms.ChoiceField(choices=[("missing", ""), ("all", "")])


class DoorsForm(forms.Form):
    """Which buildings, by their ids, all of them if none is named; and whether phones stand on the lists."""

    buildings = forms.CharField(required=False, max_length=4000)
    phones = forms.BooleanField(required=False)


@page(Act.READ_HOUSEHOLD, of=registry.printable_path, methods=("POST",))
def cards(request: Request, area_id: UUID) -> HttpResponse:
    by, now = request.actor, timezone.now()
    form = CardsForm(request.POST)
    if not form.is_valid():
        raise NotHere
    area = registry.area(form.cleaned_data["building"] or area_id, by=by, act=Act.READ_HOUSEHOLD)
    check_fonts()
    issue = services.issue_cards if form.cleaned_data["which"] == "all" else services.issue_missing_cards
    issued = issue(area, by=by, now=now)
    return _cards(request, registry.compound_around(area), issued, now=now)


@page(Act.READ_HOUSEHOLD, of=registry.household_path, methods=("POST",))
def card(request: Request, household_id: UUID) -> HttpResponse:
    now = timezone.now()
    check_fonts()
    issued = services.reissue_card(household_id, by=request.actor, now=now)
    return _cards(request, registry.household(household_id).compound, [issued], now=now)


def _cards(
    request: Request, place: Area, issued: list[services.IssuedCard], *, now: datetime
) -> HttpResponse:
    address = request.build_absolute_uri(reverse("card")).partition("://")[2].rstrip("/")
    sheet = sheets.card_sheet(place, issued, address=address, now=now)
    return _pdf(paper.print_cards(sheet), f"{place.name} {_('Household cards')}", now=now)


@page(Act.READ_HOUSEHOLD, of=registry.printable_path, methods=("POST",))
def doors(request: Request, area_id: UUID) -> HttpResponse:
    by, now = request.actor, timezone.now()
    area = registry.area(area_id, by=by, act=Act.READ_HOUSEHOLD)
    form = DoorsForm(request.POST)
    if not form.is_valid():
        raise NotHere
    check_fonts()
    state = _narrowed(_state(area, now=now), form.cleaned_data["buildings"].split())
    people = services.print_rolls(
        state.compound,
        [each.building for each in state.buildings],
        with_phones=form.cleaned_data["phones"],
        by=by,
        now=now,
    )
    heard = relief.heard_from(state.compound)
    given = sheets.door_lists(state, people, heard, by=by, now=now)
    return _pdf(paper.print_door_lists(given), f"{state.compound.name} {_('Door list')}", now=now)


def _narrowed(state: CompoundState, ids: list[str]) -> CompoundState:
    """Only the buildings with these ids; all where none is given. Raises NotHere."""
    wanted = {scope.id_in(text) for text in ids}
    buildings = [each for each in state.buildings if not wanted or each.building.pk in wanted]
    return replace(state, buildings=buildings)


@page(Act.VIEW_COMPOUND, of=registry.compound_path)
def buildings(request: Request, compound_id: UUID) -> HttpResponse:
    by, now = request.actor, timezone.now()
    check_fonts()
    found = registry.area(compound_id, by=by, act=Act.VIEW_COMPOUND)
    tells_alone = by.may(Act.READ_HOUSEHOLD, found.path)
    state = _state(found, now=now)
    if not state.buildings:
        raise NotHere
    given = sheets.building_list(state, tells_alone=tells_alone, by=by, now=now)
    return _pdf(paper.print_building_list(given), f"{found.name} {_('Building list')}", now=now)


def check_fonts() -> None:
    """Before anything is written: a card must not end for one that can't be printed."""
    try:
        paper.check_fonts()
    except paper.FontsMissing as fault:
        raise NoFonts from fault


def _pdf(pdf: bytes, name: str, *, now: datetime) -> HttpResponse:
    """A file to be kept until it is printed: shown in the browser, a reload would write again."""
    response = HttpResponse(pdf, content_type="application/pdf")
    file = f"{name} {timezone.localtime(now):%Y-%m-%d %H%M}.pdf"
    response["Content-Disposition"] = str(content_disposition_header(True, file))
    return response


routes = [
    path("compounds/<uuid:compound_id>/print/", compound, name="print_compound"),
    path("compounds/<uuid:compound_id>/buildings.pdf", buildings, name="print_buildings"),
    path("buildings/<uuid:building_id>/print/", building, name="print_building"),
    path("areas/<uuid:area_id>/cards.pdf", cards, name="print_cards"),
    path("areas/<uuid:area_id>/doors.pdf", doors, name="print_doors"),
    path("households/<uuid:household_id>/card.pdf", card, name="print_card"),
]

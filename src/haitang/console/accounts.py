"""People and rights: who may do what where; rights given and ended, people invited."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.validators import RegexValidator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from haitang.accounts import queries, services
from haitang.accounts.queries import HeldGrant, RoleChoice
from haitang.accounts.rules import Role
from haitang.console import scope
from haitang.console.policy import Request, page
from haitang.core.actor import Act, Actor
from haitang.core.refusal import Invalid, NotHere, Refused
from haitang.registry import queries as registry

SIGN_IN_NAME = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{1,39}$",
    gettext_lazy("Two to forty small letters, digits, dots or dashes, beginning with a letter or digit."),
)
FIELDS = {"name_taken": "username", "own_grant": "username", "role_does_not_fit": "role"}
FILL_IN = gettext_lazy("Please fill this in.")
CHOOSE = gettext_lazy("Choose one.")
WORDS = {
    "required": FILL_IN,
    "max_length": gettext_lazy("Too long: at most %(limit_value)d characters."),
    "null_characters_not_allowed": gettext_lazy(
        "A character in here can't be stored. Please type this again."
    ),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a form, and what is wrong with it."""

    given: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str | Promise] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RightsPage:
    """Who holds which right in a place, and the forms to invite a person and to give a right.

    `link` is shown once, right after inviting `invited`; `problem` is about no field.
    """

    now: datetime
    scope: scope.Scope
    grants: list[HeldGrant]
    roles: list[RoleChoice]
    invite: Typed = Typed()
    give: Typed = Typed()
    problem: str = ""
    invited: str = ""
    link: str = ""


class GrantForm(forms.Form):
    """Whom, what and where."""

    username = forms.CharField(max_length=150, error_messages=WORDS)
    role = forms.ChoiceField(
        choices=Role.choices, error_messages=dict.fromkeys(("required", "invalid_choice"), CHOOSE)
    )
    area = forms.UUIDField(error_messages=dict.fromkeys(("required", "invalid"), CHOOSE))


class GiveForm(GrantForm):
    """A right for somebody who signs in already."""

    until = forms.DateField(required=False)


class InviteForm(GrantForm):
    """A new person with one right."""

    username = forms.CharField(validators=[SIGN_IN_NAME], error_messages=WORDS)
    name = forms.CharField(max_length=60, error_messages=WORDS)
    unit = forms.CharField(max_length=120, required=False, error_messages=WORDS)


class LinkForm(forms.Form):
    """Whose link was lost."""

    username = forms.CharField(max_length=150)


@page(Act.MANAGE_PEOPLE)
def index(request: Request) -> HttpResponse:
    return _show(request, _page(request.GET.get("area", ""), by=request.actor))


def _page(asked: str, *, by: Actor) -> RightsPage:
    now = timezone.now()
    where = scope.picked(asked, by=by, act=Act.MANAGE_PEOPLE)
    return RightsPage(
        now=now,
        scope=where,
        grants=queries.held_grants(where.path, by=by, now=now),
        roles=queries.roles_to_give(where.areas, by=by),
    )


def _show(request: Request, view: RightsPage, *, status: int = 200) -> HttpResponse:
    return render(request, "accounts/rights.html", {"view": view}, status=status)


def _again(request: Request, form: str, errors: Mapping[str, str | Promise]) -> HttpResponse:
    """The page with what was typed into the form `invite` or `give` and what is wrong with it."""
    typed = Typed(request.POST.dict(), errors)
    view = _page(request.POST.get("within", ""), by=request.actor)
    return _show(
        request, replace(view, invite=typed) if form == "invite" else replace(view, give=typed), status=422
    )


@never_cache
@page(Act.MANAGE_PEOPLE, methods=("POST",))
def invite(request: Request) -> HttpResponse:
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _again(request, "invite", _first(form))
    try:
        name, token = _invite(form.cleaned_data, by=request.actor)
    except Refused as no:
        return _again(request, "invite", _marked(no))
    return _with_link(request, name, token)


def _invite(given: dict[str, Any], *, by: Actor) -> tuple[str, str]:
    user, token = services.invite_user(
        given["username"],
        name=given["name"],
        unit=given["unit"],
        role=Role(given["role"]),
        area=registry.area(given["area"], by=by, act=Act.MANAGE_PEOPLE),
        by=by,
        now=timezone.now(),
    )
    return user.name, token


@never_cache
@page(Act.MANAGE_PEOPLE, methods=("POST",))
def invite_again(request: Request) -> HttpResponse:
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _no_link(request, _("Nobody signs in with this name. Invite them instead."))
    username = form.cleaned_data["username"]
    try:
        user, token = services.invite_again(username, by=request.actor, now=timezone.now())
    except NotHere:
        words = _("This person also holds rights that you don't give. Ask the desk above you for the link.")
        return _no_link(request, words)
    return _with_link(request, user.name, token)


def _no_link(request: Request, words: str) -> HttpResponse:
    view = _page(request.POST.get("within", ""), by=request.actor)
    return _show(request, replace(view, problem=words), status=422)


def _with_link(request: Request, name: str, token: str) -> HttpResponse:
    """The page that shows a one-time link, this once: it is kept nowhere."""
    link = f"{settings.ORIGIN}{reverse('invited')}#{token}"
    view = _page(request.POST.get("within", ""), by=request.actor)
    return _show(request, replace(view, invited=name, link=link))


@page(Act.MANAGE_PEOPLE, methods=("POST",))
def give(request: Request) -> HttpResponse:
    form = GiveForm(request.POST)
    if not form.is_valid():
        return _again(request, "give", _first(form))
    user = queries.user_named(form.cleaned_data["username"])
    if user is None:
        words = _("Nobody signs in with this name. Invite them instead.")
        return _again(request, "give", {"username": words})
    try:
        _give(user, form.cleaned_data, by=request.actor)
    except Refused as no:
        return _again(request, "give", _marked(no))
    messages.success(request, _("Given. The right holds from now."))
    return _back(request)


def _give(user: Any, given: dict[str, Any], *, by: Actor) -> None:
    services.give_grant(
        user,
        role=Role(given["role"]),
        area=registry.area(given["area"], by=by, act=Act.MANAGE_PEOPLE),
        until=_end_of(given["until"]),
        by=by,
        now=timezone.now(),
    )


def _end_of(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59))) if day else None


@page(Act.MANAGE_PEOPLE, of=queries.grant_path, methods=("POST",))
def end(request: Request, grant_id: UUID) -> HttpResponse:
    services.end_grant(grant_id, by=request.actor, now=timezone.now())
    messages.success(request, _("Ended. The right no longer holds."))
    return _back(request)


def _back(request: Request) -> HttpResponse:
    within = request.POST.get("within", "")
    return redirect(f"{reverse('console:rights')}?{urlencode({'area': within})}")


def _first(form: forms.Form) -> dict[str, str]:
    return {name: str(words[0]) for name, words in form.errors.items()}


def _marked(no: Refused) -> Mapping[str, str | Promise]:
    """A refusal at the field it is about; one that is about no field goes on its way."""
    if isinstance(no, Invalid):
        return no.errors
    if no.code not in FIELDS:
        raise no
    return {FIELDS[no.code]: str(no)}


routes = [
    path("rights/", index, name="rights"),
    path("rights/invite", invite, name="invite"),
    path("rights/link", invite_again, name="invite_again"),
    path("rights/give", give, name="give_right"),
    path("grants/<uuid:grant_id>/end", end, name="end_right"),
]

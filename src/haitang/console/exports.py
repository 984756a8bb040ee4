"""Lists taken out: ask for one by area and criteria, a second person agrees, who asked takes it, marked as theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from haitang.console.policy import Request, page
from haitang.console.templatetags.pages import FLAGS
from haitang.core.actor import Act
from haitang.core.refusal import Invalid
from haitang.operations import queries, rules, services
from haitang.operations.queries import ExportRequest
from haitang.registry import exports as writer
from haitang.registry import queries as registry
from haitang.registry.exports import COLUMNS, DOOR, WHAT, Asked, Choice, Stamp
from haitang.registry.queries import Area

FORMS = {
    "csv": (writer.csv_of, "text/csv; charset=utf-8"),
    "xlsx": (writer.xlsx_of, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
OFFERED = {  # the columns that may be chosen; the others are always there
    "people": tuple(key for key in COLUMNS["people"] if key not in DOOR),
    "households": ("flags",),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that may be ticked."""

    value: str
    words: str | Promise
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class AskPage:
    """The form for a list: of what, with which columns, of whom, why."""

    area: Area
    compound: Area
    what: str
    kinds: list[Offer]
    columns: list[Offer]
    flags: list[Offer]
    most_alone: int
    given: Mapping[str, str]
    errors: Mapping[str, str | Promise]


@dataclass(frozen=True, slots=True)
class ExportPage:
    """A list that was asked for: what it is of, who decided, what the reader may do. Never who is on it."""

    now: datetime
    export: ExportRequest
    what: str | Promise
    columns: list[str | Promise]
    criteria: list[str | Promise]
    may_decide: bool
    may_take: bool
    is_theirs: bool
    lapses_at: datetime


class AskForm(forms.Form):
    """A list as it was asked for; whether it may be is the rules' to say."""

    what = forms.CharField(required=False)
    age_from = forms.IntegerField(required=False)
    alone = forms.BooleanField(required=False)
    helpers = forms.BooleanField(required=False)
    with_tags = forms.BooleanField(required=False)
    reason = forms.CharField(required=False, max_length=300)


@page(Act.DECIDE_EXPORT)
def index(request: Request) -> HttpResponse:
    by, now = request.actor, timezone.now()
    view = {
        "now": now,
        "waiting": queries.waiting_exports(by=by, now=now),
        "exports": [(export, WHAT.get(export.what, "")) for export in queries.exports(by=by)],
        "places": registry.areas_within(by=by, act=Act.EXPORT_PEOPLE, levels=["compound"]),
    }
    return render(request, "exports/index.html", view)


@page(Act.EXPORT_PEOPLE, of=registry.area_path, methods=("GET", "POST"))
def ask(request: Request, area_id: UUID) -> HttpResponse:
    by = request.actor
    area = registry.area(area_id, by=by, act=Act.EXPORT_PEOPLE)
    if request.method == "GET":
        return _ask_page(request, area, {})
    form = AskForm(request.POST)
    if not form.is_valid():
        return _ask_page(request, area, {field: str(words[0]) for field, words in form.errors.items()})
    try:
        asked, reason = _asked(request.POST, form.cleaned_data), form.cleaned_data["reason"]
        made = services.request_export(area, asked, reason=reason, by=by, now=timezone.now())
    except Invalid as no:
        return _ask_page(request, area, no.errors)
    if made.needs_second:
        messages.success(request, _("Asked for. A second person of another unit now has to agree."))
    return redirect("console:export", made.pk)


def _asked(sent: QueryDict, given: Mapping[str, Any]) -> Asked:
    choice = Choice(
        flags=tuple(sent.getlist("flag")),
        age_from=given["age_from"],
        alone=given["alone"],
        helpers=given["helpers"],
    )
    columns = tuple(sent.getlist("column"))
    return Asked(given["what"], columns, choice, given["with_tags"])


def _ask_page(request: Request, area: Area, errors: Mapping[str, str | Promise]) -> HttpResponse:
    given = request.POST or request.GET
    what = given.get("what", "")
    what = what if what in WHAT else "people"
    columns = given.getlist("column") if request.POST else ["name"]
    view = AskPage(
        area=area,
        compound=registry.compound_at(area.path),
        what=what,
        kinds=[Offer(key, words, key == what) for key, words in WHAT.items()],
        columns=[Offer(key, COLUMNS[what][key].heading, key in columns) for key in OFFERED.get(what, ())],
        flags=[Offer(flag, words, flag in given.getlist("flag")) for flag, words in FLAGS.items()],
        most_alone=rules.MOST_ALONE,
        given={key: str(value) for key, value in given.items()},
        errors=errors,
    )
    return render(request, "exports/ask.html", {"view": view}, status=422 if errors else 200)


@page(Act.DECIDE_EXPORT, of=queries.export_path)
def show(request: Request, export_id: UUID) -> HttpResponse:
    by, now = request.actor, timezone.now()
    export = queries.export(export_id, by=by)
    asked = queries.asked_of(export)
    view = ExportPage(
        now=now,
        export=export,
        what=WHAT[export.what],
        columns=[COLUMNS[export.what][key].heading for key in asked.columns],
        criteria=_criteria(asked.choice),
        may_decide=queries.may_decide(export, by=by, now=now),
        may_take=queries.may_take(export, by=by, now=now),
        is_theirs=by.identity is not None and by.identity == export.made_by_id,
        lapses_at=(export.decided_at or export.made_at) + rules.LASTS,
    )
    return render(request, "exports/show.html", {"view": view})


def _criteria(choice: Choice) -> list[str | Promise]:
    """Whom a list is of, in words; empty when it is of everybody."""
    words: list[str | Promise] = [FLAGS.get(flag, flag) for flag in choice.flags]
    if choice.age_from:
        words.append(_("%(n)s years or older") % {"n": choice.age_from})
    if choice.alone:
        words.append(_("living alone"))
    if choice.helpers:
        words.append(_("registered helpers"))
    return words


@page(Act.DECIDE_EXPORT, of=queries.export_path, methods=("POST",))
def agree(request: Request, export_id: UUID) -> HttpResponse:
    services.agree_to_export(export_id, by=request.actor, now=timezone.now())
    messages.success(request, _("Agreed. Who asked may take the list, for a day."))
    return redirect("console:export", export_id)


@page(Act.DECIDE_EXPORT, of=queries.export_path, methods=("POST",))
def decline(request: Request, export_id: UUID) -> HttpResponse:
    services.decline_export(export_id, by=request.actor, now=timezone.now())
    messages.success(request, _("Declined. Nobody takes this list."))
    return redirect("console:export", export_id)


@page(Act.EXPORT_PEOPLE, of=queries.export_path, methods=("POST",))
def take(request: Request, export_id: UUID) -> HttpResponse:
    form = request.POST.get("form", "")
    if form not in FORMS:
        raise Invalid({"form": _("Choose CSV or XLSX.")})
    now = timezone.now()
    taken = services.take_export(export_id, form=form, by=request.actor, now=now)
    write, content_type = FORMS[form]
    response = HttpResponse(write(taken.sheet, _stamp(taken, now)), content_type=content_type)
    name = f"{taken.number}-{taken.export.what}-{timezone.localtime(now):%Y%m%d-%H%M}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _stamp(taken: services.Taken, now: datetime) -> Stamp:
    """Who took the list, in one line that every file carries."""
    export, at = taken.export, timezone.localtime(now)
    facts = {
        "number": taken.number,
        "name": export.made_by_label,
        "unit": export.made_by_unit or "–",
        "time": f"{at:%Y-%m-%d %H:%M}",
        "rows": len(taken.sheet.rows),
    }
    words = _("Export %(number)s, taken by %(name)s, %(unit)s, %(time)s, %(rows)s rows.") % facts
    if taken.sheet.named:
        words += " " + _("Personal data: only for the work it was taken for, then delete it.")
    title = capfirst(str(WHAT[export.what]))
    return Stamp(title, export.made_by_label, export.made_by_unit, taken.number, at, words)


routes = [
    path("exports/", index, name="exports"),
    path("areas/<uuid:area_id>/export", ask, name="ask_export"),
    path("exports/<uuid:export_id>/", show, name="export"),
    path("exports/<uuid:export_id>/agree", agree, name="agree_to_export"),
    path("exports/<uuid:export_id>/decline", decline, name="decline_export"),
    path("exports/<uuid:export_id>/take", take, name="take_export"),
]

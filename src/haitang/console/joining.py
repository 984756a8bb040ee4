"""Lists joined to a ledger: choose one, look through what is not certain, finish, see who is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.console import comparing
from haitang.console.ledger import NO_COMPOUND, NO_FILE
from haitang.console.policy import Request, page
from haitang.console.templatetags.pages import FLAGS
from haitang.core.actor import Act, Actor
from haitang.core.refusal import Invalid, NotHere
from haitang.registry import ledger, queries, services
from haitang.registry.joining.kinds import KINDS, Kind
from haitang.registry.queries import Area, JoinedList

MOST_ROWS = 300
NO_KIND = gettext_lazy("Say what kind of list it is.")


@dataclass(frozen=True, slots=True)
class ListsPage:
    """The lists in reach and the form for a new one."""

    now: datetime
    compounds: list[Area]
    lists: list[JoinedList]
    kinds: list[Kind]
    flags: Mapping[str, str | Promise]
    chosen: Mapping[str, str]
    errors: Mapping[str, str | Promise]


@dataclass(frozen=True, slots=True)
class ListPage:
    """One list: its figures and who is left; `first` is the next row to look at."""

    now: datetime
    given: JoinedList
    kind: Kind
    trail: list[Area]
    report: queries.Report | None
    errors: list[ledger.RowError]

    @property
    def first(self) -> int | None:
        """The next row that waits for a look."""
        return next(iter(self.report.standing.undecided), None) if self.report else None

    @property
    def unlisted(self) -> list[tuple[str, object]]:
        """The first rows of people in no ledger, each with its door as people say it."""
        rows = self.report.unlisted_at_doors[:MOST_ROWS] if self.report else []
        return [(comparing.door_of(row), row) for row in rows]

    @property
    def present(self) -> list[tuple[str, object, object]]:
        """Who of the list lives here, each with the door as the ledger has it."""
        return [
            (comparing.door_of(person), row, person)
            for row, person in (self.report.present if self.report else [])
        ]


class ListForm(forms.Form):
    """A file of a kind for a compound; the kind may say what holds for everyone in it, as special_care:disabled."""

    compound = forms.UUIDField(error_messages=dict.fromkeys(("required", "invalid"), NO_COMPOUND))
    kind = forms.CharField(error_messages={"required": NO_KIND})
    file = forms.FileField(
        allow_empty_file=True, error_messages=dict.fromkeys(("required", "missing", "invalid"), NO_FILE)
    )


class DecisionForm(forms.Form):
    """Whom a row means: one person, or nobody of those shown, which must be said and is never taken for granted."""

    person = forms.UUIDField(required=False)
    nobody = forms.BooleanField(required=False)

    def clean(self) -> None:
        if bool(self.cleaned_data.get("person")) == self.cleaned_data.get("nobody"):
            raise forms.ValidationError("person or nobody", code="unclear")


@page(Act.IMPORT_LEDGER)
def index(request: Request) -> HttpResponse:
    return _index(request, {"compound": request.GET.get("compound", "")}, {})


def _index(request: Request, chosen: Mapping[str, str], errors: Mapping[str, str | Promise]) -> HttpResponse:
    by = request.actor
    view = ListsPage(
        now=timezone.now(),
        compounds=queries.areas_within(by=by, act=Act.IMPORT_LEDGER, levels=["compound"]),
        lists=queries.joined_lists(by=by),
        kinds=list(KINDS.values()),
        flags=FLAGS,
        chosen=chosen,
        errors=errors,
    )
    return render(request, "joining/index.html", {"view": view}, status=422 if errors else 200)


@page(Act.IMPORT_LEDGER, methods=("POST",))
def new(request: Request) -> HttpResponse:
    chosen = {name: request.POST.get(name, "") for name in ("compound", "kind")}
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _index(request, chosen, {field: str(words[0]) for field, words in form.errors.items()})
    try:
        given = _join(form, by=request.actor)
    except ledger.Unreadable as no:
        return _index(request, chosen, {"file": no.message})
    except Invalid as no:
        return _index(request, chosen, no.errors)
    return redirect("console:joined_list", given.pk)


def _join(form: ListForm, *, by: Actor) -> JoinedList:
    compound = queries.area(form.cleaned_data["compound"], by=by, act=Act.IMPORT_LEDGER)
    file: UploadedFile = form.cleaned_data["file"]
    name = file.name or ""
    ledger.check_size(file.size or 0, name)
    kind, _colon, mark = form.cleaned_data["kind"].partition(":")
    now = timezone.now()
    return services.join_list(compound, file.read(), kind=kind, mark=mark, name=name, by=by, now=now)


@page(Act.IMPORT_LEDGER, of=queries.list_path)
def show(request: Request, list_id: UUID) -> HttpResponse:
    given = queries.joined_list(list_id, by=request.actor)
    report = queries.list_report(given)
    told = report.standing.contents.errors if report else ()
    view = ListPage(
        now=timezone.now(),
        given=given,
        kind=KINDS[given.kind],
        trail=queries.trail(given.compound.path),
        report=report,
        errors=[ledger.row_error(*error) for error in told[:MOST_ROWS]],
    )
    return render(request, "joining/show.html", {"view": view})


@page(Act.IMPORT_LEDGER, of=queries.list_path)
def review(request: Request, list_id: UUID, row: int) -> HttpResponse:
    found = services.look_at(list_id, row, by=request.actor, now=timezone.now())
    view = {
        "review": found,
        "door": comparing.door_of(found.row),
        "pairs": comparing.pairs_of(found),
        "trail": queries.trail(found.given.compound.path),
    }
    return render(request, "joining/review.html", view)


@page(Act.IMPORT_LEDGER, of=queries.list_path, methods=("POST",))
def decide(request: Request, list_id: UUID, row: int) -> HttpResponse:
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise NotHere
    person = form.cleaned_data["person"]
    after = services.decide_row(list_id, row, person=person, by=request.actor, now=timezone.now())
    if after is not None:
        return redirect("console:list_row", list_id, after)
    messages.success(request, _("Every row has been looked at."))
    return redirect("console:joined_list", list_id)


@page(Act.IMPORT_LEDGER, of=queries.list_path, methods=("POST",))
def again(request: Request, list_id: UUID) -> HttpResponse:
    services.compare_again(list_id, by=request.actor, now=timezone.now())
    messages.success(request, _("Compared with the ledger as it stands now. What you decided stays decided."))
    return redirect("console:joined_list", list_id)


@page(Act.IMPORT_LEDGER, of=queries.list_path, methods=("POST",))
def finish(request: Request, list_id: UUID) -> HttpResponse:
    services.finish_list(list_id, by=request.actor, now=timezone.now())
    return redirect("console:joined_list", list_id)


@page(Act.IMPORT_LEDGER, of=queries.list_path, methods=("POST",))
def add(request: Request, list_id: UUID) -> HttpResponse:
    given = services.add_unlisted(list_id, by=request.actor, now=timezone.now())
    messages.success(request, _("These are the people of the list who are in no ledger. Check, then import."))
    return redirect("console:ledger_import", given.pk)


@page(Act.IMPORT_LEDGER, of=queries.list_path, methods=("POST",))
def forget(request: Request, list_id: UUID) -> HttpResponse:
    services.forget_list(list_id, by=request.actor, now=timezone.now())
    messages.success(request, _("The list is forgotten. Only its figures stay."))
    return redirect("console:joined_lists")


routes = [
    path("ledger/lists/", index, name="joined_lists"),
    path("ledger/lists/new", new, name="new_list"),
    path("ledger/lists/<uuid:list_id>/", show, name="joined_list"),
    path("ledger/lists/<uuid:list_id>/rows/<int:row>/", review, name="list_row"),
    path("ledger/lists/<uuid:list_id>/rows/<int:row>/decide", decide, name="decide_row"),
    path("ledger/lists/<uuid:list_id>/again", again, name="compare_again"),
    path("ledger/lists/<uuid:list_id>/finish", finish, name="finish_list"),
    path("ledger/lists/<uuid:list_id>/add", add, name="add_unlisted"),
    path("ledger/lists/<uuid:list_id>/forget", forget, name="forget_list"),
]

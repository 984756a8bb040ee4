"""Ledgers: choose a file, see what it says and what importing it would do, import it or drop it."""

import csv
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

from haitang.console.policy import Request, page
from haitang.core.actor import Act, Actor
from haitang.operations import services as operations
from haitang.registry import ledger, queries, services
from haitang.registry.exports import harmless
from haitang.registry.queries import Area, LedgerImport

MOST_ERRORS = 200
COLUMN = "column-"
CODE = "code-"
NO_COMPOUND = gettext_lazy("Choose a compound.")
NO_FILE = gettext_lazy("Choose a file.")


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """The imports in reach and the form for a new one."""

    now: datetime
    compounds: list[Area]
    imports: list[LedgerImport]
    chosen: str
    errors: Mapping[str, str | Promise]


@dataclass(frozen=True, slots=True)
class ImportPage:
    """One import: its preview while the file is here, what it did afterwards."""

    now: datetime
    given: LedgerImport
    trail: list[Area]
    preview: services.Preview | None
    errors: list[ledger.RowError]
    twice: list[ledger.Twice]
    fields: Mapping[str, object]
    may_undo: bool
    meanings: Mapping[str, object]

    @property
    def columns(self) -> list[ledger.Column]:
        """The file's columns, those that are taken first."""
        found = self.preview.reading.columns if self.preview else ()
        return sorted(found, key=lambda column: not column.field)

    @property
    def dropped(self) -> list[ledger.Column]:
        """Columns that an import leaves out."""
        return [column for column in self.columns if not column.field]

    @property
    def open_questions(self) -> int:
        """Columns some of whose codes are left out for want of an answer."""
        return sum(question.is_open for question in self.preview.reading.questions) if self.preview else 0


class FileForm(forms.Form):
    """A file for a compound."""

    compound = forms.UUIDField(error_messages=dict.fromkeys(("required", "invalid"), NO_COMPOUND))
    file = forms.FileField(
        allow_empty_file=True, error_messages=dict.fromkeys(("required", "missing", "invalid"), NO_FILE)
    )


@page(Act.IMPORT_LEDGER)
def index(request: Request) -> HttpResponse:
    return _index(request, request.GET.get("compound", ""), {})


def _index(request: Request, chosen: str, errors: Mapping[str, str | Promise]) -> HttpResponse:
    by = request.actor
    view = LedgerPage(
        now=timezone.now(),
        compounds=queries.areas_within(by=by, act=Act.IMPORT_LEDGER, levels=["compound"]),
        imports=queries.imports(by=by),
        chosen=chosen,
        errors=errors,
    )
    return render(request, "ledger/index.html", {"view": view}, status=422 if errors else 200)


@page(Act.IMPORT_LEDGER, methods=("POST",))
def new(request: Request) -> HttpResponse:
    chosen = request.POST.get("compound", "")
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _index(request, chosen, {field: str(words[0]) for field, words in form.errors.items()})
    try:
        given = _preview(form.cleaned_data["compound"], form.cleaned_data["file"], by=request.actor)
    except ledger.Unreadable as no:
        return _index(request, chosen, {"file": no.message})
    return redirect("console:ledger_import", given.pk)


def _preview(compound_id: UUID, file: UploadedFile, *, by: Actor) -> LedgerImport:
    compound, name = queries.area(compound_id, by=by, act=Act.IMPORT_LEDGER), file.name or ""
    ledger.check_size(file.size or 0, name)
    return services.preview_ledger(compound, file.read(), name=name, by=by, now=timezone.now())


@page(Act.IMPORT_LEDGER, of=queries.import_path)
def show(request: Request, import_id: UUID) -> HttpResponse:
    given = queries.ledger_import(import_id, by=request.actor)
    preview = services.preview(import_id, by=request.actor) if given.state == "previewed" else None
    view = ImportPage(
        now=timezone.now(),
        given=given,
        trail=queries.trail(given.compound.path),
        preview=preview,
        errors=preview.errors[:MOST_ERRORS] if preview else [],
        twice=preview.twice if preview else [],
        fields=ledger.FIELDS,
        may_undo=queries.may_undo(given, by=request.actor, now=timezone.now()),
        meanings=ledger.MEANINGS,
    )
    return render(request, "ledger/preview.html" if preview else "ledger/result.html", {"view": view})


@page(Act.IMPORT_LEDGER, of=queries.import_path, methods=("POST",))
def columns(request: Request, import_id: UUID) -> HttpResponse:
    given = {
        name.removeprefix(COLUMN): field for name, field in request.POST.items() if name.startswith(COLUMN)
    }
    choices = {int(index): str(field) for index, field in given.items() if index.isdecimal()}
    services.change_columns(import_id, choices, by=request.actor, now=timezone.now())
    messages.success(request, _("Read again with these columns."))
    return redirect("console:ledger_import", import_id)


@page(Act.IMPORT_LEDGER, of=queries.import_path, methods=("POST",))
def answers(request: Request, import_id: UUID) -> HttpResponse:
    said: dict[str, dict[str, str]] = {}
    for name, meaning in request.POST.items():
        letter, _between, code = name.removeprefix(CODE).partition(":")
        if name.startswith(CODE) and code:
            said.setdefault(letter, {})[code] = str(meaning)
    services.answer_questions(import_id, said, by=request.actor, now=timezone.now())
    messages.success(request, _("Read again with these answers."))
    return redirect("console:ledger_import", import_id)


@page(Act.IMPORT_LEDGER, of=queries.import_path)
def errors(request: Request, import_id: UUID) -> HttpResponse:
    found = services.preview(import_id, by=request.actor).errors
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="errors.csv"'
    response.write("\ufeff")  # without it a spreadsheet takes the Chinese for something else
    lines = csv.writer(response)
    lines.writerow([_("Row"), _("Column"), _("What is wrong"), _("How to mend it")])
    lines.writerows(harmless([error.row, error.column, error.message, error.remedy]) for error in found)
    return response


@page(Act.IMPORT_LEDGER, of=queries.import_path, methods=("POST",))
def apply(request: Request, import_id: UUID) -> HttpResponse:
    operations.import_ledger(import_id, by=request.actor, now=timezone.now())
    return redirect("console:ledger_import", import_id)


@page(Act.IMPORT_LEDGER, of=queries.import_path, methods=("POST",))
def drop(request: Request, import_id: UUID) -> HttpResponse:
    services.drop_ledger(import_id, by=request.actor, now=timezone.now())
    messages.success(request, _("The file is dropped and forgotten. The ledger is as it was."))
    return redirect("console:ledger")


@page(Act.IMPORT_LEDGER, of=queries.import_path, methods=("POST",))
def undo(request: Request, import_id: UUID) -> HttpResponse:
    operations.undo_ledger(import_id, by=request.actor, now=timezone.now())
    messages.success(request, _("The import is undone. The ledger is as it was before."))
    return redirect("console:ledger_import", import_id)


routes = [
    path("ledger/", index, name="ledger"),
    path("ledger/new", new, name="new_ledger"),
    path("ledger/<uuid:import_id>/", show, name="ledger_import"),
    path("ledger/<uuid:import_id>/columns", columns, name="ledger_columns"),
    path("ledger/<uuid:import_id>/answers", answers, name="ledger_answers"),
    path("ledger/<uuid:import_id>/errors.csv", errors, name="ledger_errors"),
    path("ledger/<uuid:import_id>/apply", apply, name="apply_ledger"),
    path("ledger/<uuid:import_id>/undo", undo, name="undo_ledger"),
    path("ledger/<uuid:import_id>/drop", drop, name="drop_ledger"),
]

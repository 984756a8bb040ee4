"""The journal as a page: who did what, where and when, and the hashes that prove nothing was changed since."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone

from haitang.console import scope
from haitang.console.policy import Request, page
from haitang.console.sentences import KINDS
from haitang.console.sentences import sentence as sentence
from haitang.core import journal
from haitang.core.actor import Act, Actor
from haitang.core.journal import JournalEntry, JournalHead
from haitang.registry import queries as registry

PAGE = 50
MOST_HEADS = 20

PAGES = {
    "order": (Act.VIEW_ORDER, "console:order"),
    "team": (Act.VIEW_TEAM, "console:team"),
    "household": (Act.READ_HOUSEHOLD, "console:household"),
    "ledgerimport": (Act.IMPORT_LEDGER, "console:ledger_import"),
    "exportrequest": (Act.DECIDE_EXPORT, "console:export"),
    "area": (Act.VIEW_AREA, "console:area"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the journal as people read it. `url`: the page of what it is about, if the reader may open it."""

    at: datetime
    words: str
    who: str
    unit: str
    place: str
    url: str
    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Chain:
    """The end of one chain: how many rows it has and the hash that stands for all of them."""

    place: str
    rows: int
    hash: str


@dataclass(frozen=True, slots=True)
class JournalPage:
    """A page of the journal with its filters; `older` is the query of the page behind it."""

    now: datetime
    scope: scope.Scope
    kinds: dict[str, object]
    kind: str
    text: str
    rows: list[Row]
    is_first: bool
    newest: str
    older: str
    chains: list[Chain]
    all_chains: int


class FilterForm(forms.Form):
    """What the reader looks for."""

    act = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS], required=False)
    text = forms.CharField(max_length=100, required=False)
    before = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)


@page(Act.VIEW_JOURNAL)
def index(request: Request) -> HttpResponse:
    given = FilterForm(request.GET)
    given.is_valid()
    view = _page(request, given.cleaned_data, by=request.actor, now=timezone.now())
    return render(request, "journal/index.html", {"view": view})


def _page(request: Request, given: dict[str, object], *, by: Actor, now: datetime) -> JournalPage:
    where = scope.picked(request.GET.get("area", ""), by=by, act=Act.VIEW_JOURNAL)
    kind, text, before = str(given.get("act") or ""), str(given.get("text") or ""), given.get("before")
    rows = _narrowed(journal.entries(by=by, path=where.path), kind=kind, text=text)
    entries = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    query = request.GET.copy()
    query.pop("before", None)
    newest = query.urlencode()
    query["before"] = str(entries[PAGE - 1].pk) if len(entries) > PAGE else ""
    heads = _heads(where.path, by=by)
    return JournalPage(
        now=now,
        scope=where,
        kinds=dict(KINDS),
        kind=kind,
        text=text,
        rows=_rows(entries[:PAGE], by=by),
        is_first=not before,
        newest=newest,
        older=query.urlencode() if query["before"] else "",
        chains=_chains(heads[:MOST_HEADS]),
        all_chains=len(heads),
    )


def _narrowed(rows: QuerySet[JournalEntry], *, kind: str, text: str) -> QuerySet[JournalEntry]:
    if kind:
        rows = rows.filter(act__startswith=kind)
    if text:
        rows = rows.annotate(written=Cast("facts", TextField())).filter(
            Q(written__icontains=text) | Q(actor_label__icontains=text) | Q(actor_unit__icontains=text)
        )
    return rows


def _rows(entries: list[JournalEntry], *, by: Actor) -> list[Row]:
    places = registry.place_names(entry.path for entry in entries)
    return [
        Row(
            at=entry.at,
            words=sentence(entry),
            who=entry.actor_label,
            unit=entry.actor_unit,
            place=places.get(entry.path, entry.path),
            url=_url(entry, by=by),
            number=entry.seq,
            hash=entry.hash,
        )
        for entry in entries
    ]


def _url(entry: JournalEntry, *, by: Actor) -> str:
    act, name = PAGES.get(entry.kind, (None, ""))
    return reverse(name, args=[entry.subject]) if act and by.may(act, entry.path) else ""


def _heads(below: str, *, by: Actor) -> list[JournalHead]:
    if below:
        return journal.heads(journal.chain_of(below))
    return [head for top in by.reach(Act.VIEW_JOURNAL) for head in journal.heads(journal.chain_of(top))]


def _chains(heads: list[JournalHead]) -> list[Chain]:
    places = registry.place_names(head.chain for head in heads)
    return [Chain(places.get(head.chain, head.chain), head.seq, head.hash) for head in heads]


routes = [path("journal/", index, name="journal")]

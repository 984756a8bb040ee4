"""The first screens: home by role, the overview of a scope, buildings without a steward, my own work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language

from haitang.console import scope, timeline, zones
from haitang.console.policy import Request, page
from haitang.core.actor import Act, Actor
from haitang.incidents import queries as incidents
from haitang.operations import queries as operations
from haitang.registry import queries as registry
from haitang.registry.queries import Area, Figures
from haitang.teams import queries as teams

TIMELINE = 12
GAPS = 4
ORDERS = 4  # of a kind: the page stays short however long the night


@dataclass(frozen=True, slots=True)
class Overview:
    """What a desk sees first: the scope's figures, what is missing, what happened."""

    now: datetime
    area: Area | None
    trail: list[object]
    figures: Figures
    in_force: list[incidents.OrderView]
    drafts: list[incidents.OrderView]
    coverage: teams.Coverage
    gaps: Sequence[object]
    open_tasks: int
    all_tasks: int
    late_tasks: int
    waiting_exports: int
    rows: list[operations.Row]
    may_draft: bool
    orderable: bool
    bounds: str
    happened: list[timeline.Happening]

    @property
    def narrowed(self) -> str:
        """What an address of a list ends in to show the rows of these figures only."""
        return f"?area={self.area.pk}" if self.area else ""

    @property
    def overdue(self) -> list[incidents.OrderView]:
        return [order for order in self.in_force if order.is_overdue]

    @property
    def lived_in(self) -> list[operations.Row]:
        """The areas below that have a ledger."""
        return [row for row in self.rows if row.area.households]

    @property
    def without_ledger(self) -> list[operations.Row]:
        """The areas below of which nobody is known yet: each named, none filling the page."""
        return [row for row in self.rows if not row.area.households]

    @property
    def has_more_orders(self) -> bool:
        """Whether more orders wait or are overdue than the page tells of."""
        return max(len(self.overdue), len(self.drafts)) > ORDERS


@page(None)
def home(request: Request) -> HttpResponse:
    by = request.actor
    if by.holds(Act.MANAGE_PEOPLE) or by.holds(Act.VIEW_TEAM):
        led = teams.memberships(by.user_id)
        if led and not by.holds(Act.MANAGE_PEOPLE):
            return redirect("console:compound", led[0].team.compound_id)
        return redirect("console:overview")
    if by.holds(Act.VIEW_JOURNAL):
        return redirect("console:journal")
    return redirect("console:my_work")


@page(Act.VIEW_AREA)
def overview(request: Request) -> HttpResponse:
    tops = registry.tops(by=request.actor, act=Act.VIEW_AREA)
    if len(tops) == 1:
        return _overview(request, tops[0].pk)
    return _overview(request, None)


@page(Act.VIEW_AREA, of=registry.area_path)
def area(request: Request, area_id: UUID) -> HttpResponse:
    return _overview(request, area_id)


def _overview(request: Request, area_id: UUID | None) -> HttpResponse:
    view = overview_of(area_id, by=request.actor, language=get_language() or "", now=timezone.now())
    page_name = "operations/_fresh.html" if request.htmx else "operations/overview.html"
    return render(request, page_name, {"view": view})


def overview_of(area_id: UUID | None, *, by: Actor, language: str, now: datetime) -> Overview:
    """The overview of one area, or of everything in scope when `area_id` is None."""
    found = registry.area(area_id, by=by) if area_id else None
    below = found.path if found else ""
    held = registry.children(found) if found else registry.tops(by=by, act=Act.VIEW_AREA)
    covered = teams.coverage_by_compound(by=by, path=below)
    counts = incidents.task_counts(by=by, path=below, now=now)
    in_force = incidents.orders(by=by, language=language, now=now, path=below, state="in_force")
    return Overview(
        now=now,
        area=found,
        trail=list(registry.trail(below)[:-1]),
        figures=registry.figures([below] if below else by.reach(Act.VIEW_AREA)),
        in_force=in_force,
        drafts=incidents.orders(by=by, language=language, now=now, path=below, state="drafted"),
        coverage=teams.total(covered.values()),
        gaps=teams.gaps(by=by, path=below, most=GAPS),
        open_tasks=counts.open,
        all_tasks=counts.all,
        late_tasks=counts.late,
        waiting_exports=len(operations.waiting_exports(by=by, now=now, path=below)),
        rows=operations.rows_below(held, covered),
        may_draft=by.holds(Act.DRAFT_ORDER),
        orderable=incidents.is_orderable(found),
        bounds=zones.bounds(below) if below and not in_force else "",
        happened=timeline.below(below, by=by, most=TIMELINE),
    )


@page(Act.VIEW_AREA)
def gaps(request: Request) -> HttpResponse:
    by = request.actor
    only = scope.only(request.GET.get("area", ""), by=by, act=Act.VIEW_AREA)
    below = only.path if only else ""
    view = {
        "only": only,
        "gaps": teams.gaps(by=by, path=below),
        "coverage": teams.coverage(by=by, path=below),
        "now": timezone.now(),
    }
    return render(request, "operations/gaps.html", view)


@page(None)
def my_work(request: Request) -> HttpResponse:
    language, now = get_language() or "", timezone.now()
    places = registry.tops_of(request.actor.paths())
    view = {
        "cares": teams.own_cares(request.actor.user_id),
        "memberships": teams.memberships(request.actor.user_id),
        "user_id": request.actor.user_id,
        "places": places,
        "orders": incidents.in_force_at([place.path for place in places], language=language, now=now),
        "now": now,
    }
    return render(request, "operations/my_work.html", view)


routes = [
    path("", home, name="home"),
    path("overview/", overview, name="overview"),
    path("areas/<uuid:area_id>/", area, name="area"),
    path("gaps/", gaps, name="gaps"),
    path("my/", my_work, name="my_work"),
]

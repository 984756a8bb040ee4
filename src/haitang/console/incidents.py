"""Orders and their checklists: list, draft, decide, tick."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haitang.accounts import queries as accounts
from haitang.console import scope
from haitang.console.policy import Request, page
from haitang.core.actor import Act, Actor
from haitang.core.refusal import Invalid
from haitang.incidents import queries, rules, services
from haitang.incidents.playbooks import load
from haitang.operations import services as operations
from haitang.registry import queries as registry

REVIEW_AFTER = timedelta(days=2)
NEW_INCIDENT = "new:"
LONGEST_REASON = 300  # as the form's field says


@dataclass(frozen=True, slots=True)
class DraftPage:
    """What the form for a new order offers."""

    areas: list[Any]
    incidents: list[Any]
    playbooks: list[Any]
    leads: list[Any]
    language: str
    given: dict[str, str]
    errors: dict[str, str | Promise]


class DraftForm(forms.Form):
    """An order as it was typed; whether it makes sense is the rules' to say."""

    area = forms.UUIDField()
    incident = forms.CharField()
    level = forms.CharField()
    legal_basis = forms.CharField(required=False)
    reason = forms.CharField(required=False)
    starts_at = forms.DateTimeField()
    review_at = forms.DateTimeField()
    lead = forms.UUIDField(required=False)


@page(Act.VIEW_ORDER)
def orders(request: Request) -> HttpResponse:
    by, now = request.actor, timezone.now()
    only = scope.only(request.GET.get("area", ""), by=by, act=Act.VIEW_ORDER)
    below = only.path if only else ""
    view = {
        "only": only,
        "orders": queries.orders(by=by, language=get_language() or "", now=now, path=below),
        "may_draft": by.holds(Act.DRAFT_ORDER),
        "now": now,
    }
    return render(request, "incidents/orders.html", view)


@page(Act.VIEW_ORDER, of=queries.order_path, or_above=True)
def order(request: Request, order_id: UUID) -> HttpResponse:
    by, now, language = request.actor, timezone.now(), get_language() or ""
    view = queries.order(order_id, by=by, language=language, now=now)
    context = {
        "view": view,
        "choices": queries.choices(view.order, by=by),
        "may_continue": view.order.state == "in_force" and by.may(Act.DRAFT_ORDER, view.area.path),
        "former": queries.orders_beside(view.order).first(),
        "proposals": queries.proposals(view.order),
        "tasks": queries.tasks(view.order, language=language, now=now),
        "may_tick": by.may(Act.LEAD_TEAM, view.area.path),
        "compounds": [
            compound
            for compound in registry.compounds_below([view.area.path], with_doors=True)
            if by.may(Act.VIEW_COMPOUND, compound.path)
        ],
        "figures": registry.figures([view.area.path]),
        "now": now,
    }
    return render(request, "incidents/order.html", context)


@page(Act.DRAFT_ORDER, methods=("GET", "POST"))
def draft(request: Request) -> HttpResponse:
    if request.method == "GET":
        return _draft_page(request, _suggested(request), {})
    form = DraftForm(request.POST)
    if not form.is_valid():
        problem = _("Please fill this in.")
        return _draft_page(request, request.POST.dict(), dict.fromkeys(form.errors, problem))
    try:
        made = _draft(form.cleaned_data, by=request.actor, now=timezone.now())
    except Invalid as no:
        return _draft_page(request, request.POST.dict(), no.errors)
    messages.success(
        request, _("Drafted. A second person of another unit or a higher area now has to confirm it.")
    )
    return redirect("console:order", made.pk)


def _draft(given: dict[str, Any], *, by: Actor, now: datetime) -> Any:
    area = registry.area(given["area"], by=by, act=Act.DRAFT_ORDER)
    slug, incident = _incident(given["incident"], by=by)
    return services.draft_order(
        incident,
        opens=slug,
        area=area,
        level=given["level"],
        legal_basis=given["legal_basis"],
        reason=given["reason"],
        starts_at=given["starts_at"],
        review_at=given["review_at"],
        lead=accounts.user_by_id(given["lead"]) if given["lead"] else None,
        by=by,
        now=now,
    )


def _incident(given: str, *, by: Actor) -> tuple[str, Any]:
    """The playbook of an incident to be opened, or the incident that goes on."""
    if given.startswith(NEW_INCIDENT):
        return given.removeprefix(NEW_INCIDENT), None
    return "", queries.incident(given, by=by)


def _suggested(request: Request) -> dict[str, str]:
    """What the form begins with: nothing that weighs on people is chosen beforehand, unless an order goes on."""
    if request.GET.get("continues"):
        return _continued(request)
    now = timezone.localtime().replace(second=0, microsecond=0)
    return {
        "area": request.GET.get("area", ""),
        "starts_at": now.strftime("%Y-%m-%dT%H:%M"),
        "review_at": (now + REVIEW_AFTER).strftime("%Y-%m-%dT%H:%M"),
    }


def _continued(request: Request) -> dict[str, str]:
    """An order that is to go on, at the same or at another level."""
    by, language = request.actor, get_language() or ""
    asked = scope.id_in(request.GET["continues"])
    view = queries.order(asked, by=by, language=language, now=timezone.now())
    now = timezone.localtime().replace(second=0, microsecond=0)
    return {
        "area": str(view.area.pk),
        "incident": str(view.order.incident_id),
        "level": view.order.level,
        "legal_basis": view.legal_basis,
        "reason": view.order.reason,
        "lead": str(view.order.lead_id or ""),
        "starts_at": now.strftime("%Y-%m-%dT%H:%M"),
        "review_at": (now + REVIEW_AFTER).strftime("%Y-%m-%dT%H:%M"),
    }


def _draft_page(request: Request, given: dict[str, str], errors: dict[str, str | Promise]) -> HttpResponse:
    by, now = request.actor, timezone.now()
    view = DraftPage(
        areas=registry.areas_within(by=by, act=Act.DRAFT_ORDER, levels=rules.ORDERED_LEVELS),
        incidents=queries.ongoing(by=by, language=get_language() or ""),
        playbooks=list(load().values()),
        leads=[user for path in by.reach(Act.DRAFT_ORDER) for user in accounts.leads_for(path, now=now)],
        language=get_language() or "",
        given=given,
        errors=errors,
    )
    return render(request, "incidents/draft.html", {"view": view}, status=422 if errors else 200)


@page(Act.DECIDE_ORDER, of=queries.order_path, methods=("POST",))
def confirm(request: Request, order_id: UUID) -> HttpResponse:
    operations.confirm_order(order_id, by=request.actor, now=timezone.now())
    messages.success(request, _("The order is in force. The team has formed and coverage is planned."))
    return redirect("console:order", order_id)


@page(Act.DECIDE_ORDER, of=queries.order_path, methods=("POST",))
def lift(request: Request, order_id: UUID) -> HttpResponse:
    operations.lift_order(order_id, by=request.actor, now=timezone.now())
    messages.success(request, _("The order is lifted. The team has stood down and its rights have ended."))
    return redirect("console:order", order_id)


@page(Act.DECIDE_ORDER, of=queries.order_path, methods=("POST",))
def drop(request: Request, order_id: UUID) -> HttpResponse:
    services.drop_order(order_id, by=request.actor, now=timezone.now())
    messages.success(request, _("The draft is dropped."))
    return redirect("console:order", order_id)


@page(Act.DRAFT_ORDER, of=queries.order_path, methods=("POST",))
def propose(request: Request, order_id: UUID, to_state: str) -> HttpResponse:
    reason = request.POST.get("reason", "").replace("\x00", "")[:LONGEST_REASON]
    state = queries.state_named(to_state)
    services.propose_change(order_id, state, reason=reason, by=request.actor, now=timezone.now())
    messages.success(request, _("Proposed. A second person now has to decide it."))
    return redirect("console:order", order_id)


@page(Act.DECIDE_ORDER, of=queries.order_path, methods=("POST",))
def decline(request: Request, order_id: UUID, to_state: str) -> HttpResponse:
    state = queries.state_named(to_state)
    services.decline_change(order_id, state, by=request.actor, now=timezone.now())
    messages.success(request, _("Declined. The order stays as it is."))
    return redirect("console:order", order_id)


@page(Act.VIEW_ORDER)
def checklist(request: Request) -> HttpResponse:
    by, now, language = request.actor, timezone.now(), get_language() or ""
    only = scope.only(request.GET.get("area", ""), by=by, act=Act.VIEW_ORDER)
    below = only.path if only else ""
    found = queries.orders(by=by, language=language, now=now, path=below, state="in_force")
    view = {
        "only": only,
        "groups": [
            (
                view,
                queries.tasks(view.order, language=language, now=now),
                by.may(Act.LEAD_TEAM, view.area.path),
            )
            for view in found
        ],
        "counts": queries.task_counts(by=by, path=below, now=now),
        "now": now,
    }
    return render(request, "incidents/checklist.html", view)


@page(Act.LEAD_TEAM, of=queries.task_path, methods=("POST",))
def tick(request: Request, item_id: UUID) -> HttpResponse:
    item = services.tick_task(item_id, by=request.actor, now=timezone.now())
    return _task(request, item.order_id)


@page(Act.LEAD_TEAM, of=queries.task_path, methods=("POST",))
def untick(request: Request, item_id: UUID) -> HttpResponse:
    item = services.untick_task(item_id, by=request.actor, now=timezone.now())
    return _task(request, item.order_id)


def _task(request: Request, order_id: UUID) -> HttpResponse:
    return (
        redirect("console:checklist") if "checklist" in request.POST else redirect("console:order", order_id)
    )


routes = [
    path("orders/", orders, name="orders"),
    path("orders/new", draft, name="draft_order"),
    path("orders/<uuid:order_id>/", order, name="order"),
    path("orders/<uuid:order_id>/confirm", confirm, name="confirm_order"),
    path("orders/<uuid:order_id>/lift", lift, name="lift_order"),
    path("orders/<uuid:order_id>/drop", drop, name="drop_order"),
    path("orders/<uuid:order_id>/propose/<slug:to_state>", propose, name="propose_change"),
    path("orders/<uuid:order_id>/decline/<slug:to_state>", decline, name="decline_change"),
    path("checklist/", checklist, name="checklist"),
    path("tasks/<uuid:item_id>/done", tick, name="tick_task"),
    path("tasks/<uuid:item_id>/undone", untick, name="untick_task"),
]

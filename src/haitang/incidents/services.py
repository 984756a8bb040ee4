"""Every write to incidents, orders and checklists."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from haitang.accounts.models import User
from haitang.core import journal
from haitang.core.actor import Act, Actor
from haitang.core.refusal import NotHere
from haitang.incidents import queries, rules
from haitang.incidents.models import ChecklistItem, Incident, Order, OrderState, Proposal
from haitang.incidents.playbooks import playbook
from haitang.registry.models import Area


@transaction.atomic
def open_incident(slug: str, *, area: Area, by: Actor, now: datetime) -> Incident:
    """Open an incident of playbook `slug`, for the widest area around `area` that `by` answers for."""
    by.check(Act.DRAFT_ORDER, area.path)
    rules.check_playbook(slug)
    widest = next(path for path in by.reach(Act.DRAFT_ORDER) if area.path.startswith(path))
    place = Area.objects.filter(path=widest).first() or area
    incident = Incident.objects.create(playbook=slug, area=place, opened_at=now)
    journal.record("incident.open", incident, by=by, at=now, path=place.path, playbook=slug)
    return incident


@transaction.atomic
def draft_order(
    incident: Incident | None,
    *,
    opens: str = "",
    area: Area,
    level: str,
    legal_basis: str,
    reason: str,
    starts_at: datetime,
    review_at: datetime,
    lead: User | None,
    by: Actor,
    now: datetime,
) -> Order:
    """Draft an order and propose it. Without an incident going on, one of the playbook `opens` begins."""
    by.check(Act.DRAFT_ORDER, area.path)
    incident = incident or open_incident(opens, area=area, by=by, now=now)
    rules.check_incident(incident, area=area)
    rules.check_lead(lead, area=area, now=now)
    words = {"reason": reason, "legal_basis": legal_basis}
    book = playbook(incident.playbook)
    rules.check_draft(
        area=area, level=level, playbook=book, words=words, start=starts_at, review=review_at, now=now
    )
    order = Order.objects.create(
        incident=incident,
        area=area,
        level=level,
        legal_basis=legal_basis.strip(),
        reason=reason.strip(),
        starts_at=starts_at,
        review_at=review_at,
        lead=lead,
        issuer=_issuer(area, by=by),
        drafted_at=now,
    )
    _propose(order, OrderState.IN_FORCE, reason="", by=by, now=now)
    return _recorded(order, "order.draft", by=by, now=now)


@transaction.atomic
def propose_change(
    order_id: UUID, to_state: OrderState, *, reason: str, by: Actor, now: datetime
) -> Proposal:
    """Be the first of the two people who change an order's state. Proposing twice changes nothing."""
    order = _locked(order_id)
    rules.check_propose(order, to_state, reason=reason, by=by)
    held = open_proposal(order, to_state)
    if held is not None:
        return held
    proposal = _propose(order, to_state, reason=reason, by=by, now=now)
    facts = {"area": order.area.name, "level": order.level, "to": to_state, "reason": reason}
    journal.record("order.propose", order, by=by, at=now, path=order.area.path, **facts)
    return proposal


@transaction.atomic
def decline_change(order_id: UUID, to_state: OrderState, *, by: Actor, now: datetime) -> Order:
    """Be the second person and say no: the proposal ends, the order stays as it is."""
    order = _locked(order_id)
    rules.check_change(order, to_state, by=by)
    proposal = open_proposal(order, to_state)
    rules.check_second_person(proposal, by=by)
    _decide(proposal, accepted=False, by=by, now=now)
    facts = {"area": order.area.name, "level": order.level, "to": to_state}
    journal.record("order.decline", order, by=by, at=now, path=order.area.path, **facts)
    return order


@transaction.atomic
def put_in_force(order_id: UUID, *, by: Actor, now: datetime) -> Order:
    """Be the second person: the order holds from now and its checklist opens. One of the same incident that
    holds on the same area gives way to it in the same moment, so that nobody is left uncovered in between."""
    order = _changed(order_id, OrderState.IN_FORCE, by=by, now=now)
    rules.check_still_due(order, now=now)
    former = queries.orders_beside(order).select_for_update(of=["self"]).first()
    if former is not None:
        _give_way(former, by=by, now=now)
    order.state, order.in_force_at, order.succeeds = OrderState.IN_FORCE, now, former
    try:
        with transaction.atomic():
            order.save(update_fields=["state", "in_force_at", "succeeds"])
    except IntegrityError as clash:
        raise rules.AlreadyInForce from clash
    _open_checklist(order)
    return _recorded(order, "order.confirm", by=by, now=now)


@transaction.atomic
def lift_order(order_id: UUID, *, by: Actor, now: datetime) -> Order:
    """Be the second person: the order no longer holds."""
    order = _changed(order_id, OrderState.LIFTED, by=by, now=now)
    order.state, order.ended_at = OrderState.LIFTED, now
    order.save(update_fields=["state", "ended_at"])
    _recorded(order, "order.lift", by=by, now=now)
    _close_if_over(order.incident, by=by, now=now)
    return order


@transaction.atomic
def drop_order(order_id: UUID, *, by: Actor, now: datetime) -> Order:
    """Be the second person: the draft is given up."""
    order = _changed(order_id, OrderState.DROPPED, by=by, now=now)
    order.state, order.ended_at = OrderState.DROPPED, now
    order.save(update_fields=["state", "ended_at"])
    _end_proposals(order, by=by, now=now)
    return _recorded(order, "order.drop", by=by, now=now)


@transaction.atomic
def tick_task(item_id: UUID, *, by: Actor, now: datetime) -> ChecklistItem:
    """Say that a checklist task is done."""
    item = _task(item_id, by=by)
    if item.done_at is None:
        item.done_at, item.done_by = now, by.label
        item.save(update_fields=["done_at", "done_by"])
        journal.record("checklist.done", item, by=by, at=now, path=item.order.area.path, task=item.key)
    return item


@transaction.atomic
def untick_task(item_id: UUID, *, by: Actor, now: datetime) -> ChecklistItem:
    """Take back that a checklist task is done."""
    item = _task(item_id, by=by)
    if item.done_at is not None:
        item.done_at, item.done_by = None, ""
        item.save(update_fields=["done_at", "done_by"])
        journal.record("checklist.undone", item, by=by, at=now, path=item.order.area.path, task=item.key)
    return item


def _give_way(order: Order, *, by: Actor, now: datetime) -> None:
    order.state, order.ended_at = OrderState.LIFTED, now
    order.save(update_fields=["state", "ended_at"])
    _end_proposals(order, by=by, now=now)
    _recorded(order, "order.give_way", by=by, now=now)


def _end_proposals(order: Order, *, by: Actor, now: datetime) -> None:
    for proposal in order.proposals.filter(decided_at=None):
        _decide(proposal, accepted=False, by=by, now=now)


def _close_if_over(incident: Incident, *, by: Actor, now: datetime) -> None:
    """An incident is over when its last order is lifted and none waits."""
    if incident.orders.filter(state__in=[OrderState.DRAFTED, OrderState.IN_FORCE]).exists():
        return
    incident.closed_at = now
    incident.save(update_fields=["closed_at"])
    facts = {"playbook": incident.playbook}
    journal.record("incident.close", incident, by=by, at=now, path=incident.area.path, **facts)


def _issuer(area: Area, *, by: Actor) -> str:
    """Who orders, as the public reads it: a unit, else the place whose desk it is, never a person."""
    if by.unit:
        return by.unit
    desk = next(path for path in by.reach(Act.DRAFT_ORDER) if area.path.startswith(path))
    return Area.objects.filter(path=desk).values_list("name", flat=True).first() or area.name


def open_proposal(order: Order, to_state: str) -> Proposal | None:
    """The undecided proposal that `order` should become `to_state`."""
    return order.proposals.filter(to_state=to_state, decided_at=None).first()


def _locked(order_id: UUID) -> Order:
    rows = Order.objects.select_for_update(of=["self"]).select_related("area", "incident__area", "lead")
    order = rows.filter(pk=order_id).first()
    if order is None:
        raise NotHere
    return order


def _propose(order: Order, to_state: str, *, reason: str, by: Actor, now: datetime) -> Proposal:
    paths = [path for path in by.reach(Act.DRAFT_ORDER) if order.area.path.startswith(path)]
    return Proposal.objects.create(
        order=order,
        to_state=to_state,
        reason=reason,
        made_by_id=by.identity,
        made_by_label=by.label,
        made_by_unit=by.unit,
        made_by_path=paths[0],
        made_at=now,
    )


def _changed(order_id: UUID, to_state: OrderState, *, by: Actor, now: datetime) -> Order:
    """The locked order, once its open proposal is accepted by a second person."""
    order = _locked(order_id)
    rules.check_change(order, to_state, by=by)
    proposal = open_proposal(order, to_state)
    rules.check_second_person(proposal, by=by)
    _decide(proposal, accepted=True, by=by, now=now)
    return order


def _decide(proposal: Proposal | None, *, accepted: bool, by: Actor, now: datetime) -> None:
    assert proposal is not None
    proposal.accepted, proposal.decided_at = accepted, now
    proposal.decided_by_id, proposal.decided_by_label, proposal.decided_by_unit = (
        by.identity,
        by.label,
        by.unit,
    )
    proposal.save()


def _recorded(order: Order, act: str, *, by: Actor, now: datetime) -> Order:
    """The order, once the act on it is in the journal."""
    journal.record(act, order, by=by, at=now, path=order.area.path, area=order.area.name, level=order.level)
    return order


def _open_checklist(order: Order) -> None:
    """The playbook's tasks for the level; what was done under the order before stays done."""
    before = order.succeeds.checklist.exclude(done_at=None) if order.succeeds else []
    done = {item.key: (item.done_at, item.done_by) for item in before}
    checks = playbook(order.incident.playbook).checks_at(order.level)
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            order=order,
            key=check.key,
            place=place,
            due_at=order.starts_at + timedelta(hours=check.due_hours),
            done_at=done.get(check.key, (None, ""))[0],
            done_by=done.get(check.key, (None, ""))[1],
        )
        for place, check in enumerate(checks)
    )


def _task(item_id: UUID, *, by: Actor) -> ChecklistItem:
    rows = ChecklistItem.objects.select_for_update(of=["self"]).select_related("order__area")
    item = rows.filter(pk=item_id).first()
    if item is None:
        raise NotHere
    rules.check_tick(item, by=by)
    return item

"""Reads about incidents, orders and checklists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, Value, When

from haitang.core.actor import Act, Actor
from haitang.core.refusal import NotHere
from haitang.incidents import rules
from haitang.incidents.models import ChecklistItem, Incident, Order, OrderState, Proposal
from haitang.incidents.playbooks import Check, Level, Playbook, playbook
from haitang.registry.models import Area
from haitang.registry.queries import ancestors_of

RANK = Case(
    When(state=OrderState.DRAFTED, then=Value(0)),
    When(state=OrderState.IN_FORCE, then=Value(1)),
    default=Value(2),
)


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order with the words of its playbook in one language, as it stands at `now`."""

    order: Order
    area: Area
    level: Level
    level_title: str
    playbook: Playbook
    legal_basis: str
    is_overdue: bool

    @property
    def state(self) -> str:
        return "overdue" if self.is_overdue else self.order.state


@dataclass(frozen=True, slots=True)
class Choice:
    """A change of state an order may make: who proposed it, and whether the reader may propose or decide."""

    to_state: str
    proposal: Proposal | None
    may_propose: bool
    may_decide: bool


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """How many checklist items of orders in force there are, are open, are late."""

    all: int
    open: int
    late: int


@dataclass(frozen=True, slots=True)
class Task:
    """A checklist item with its words."""

    item: ChecklistItem
    check: Check
    title: str
    detail: str
    owner: str
    is_late: bool


def order_path(order_id: UUID) -> str:
    """The path of an order's area, for the policy of its routes."""
    path = Order.objects.filter(pk=order_id).values_list("area__path", flat=True).first()
    if path is None:
        raise NotHere
    return path


def task_path(item_id: UUID) -> str:
    """The path of a checklist item's order, for the policy of its routes."""
    path = ChecklistItem.objects.filter(pk=item_id).values_list("order__area__path", flat=True).first()
    if path is None:
        raise NotHere
    return path


def is_orderable(area: Area | None) -> bool:
    """Whether an order may name this area."""
    return area is not None and area.level in rules.ORDERED_LEVELS


def legal_basis_in(text: str, book: Playbook, language: str) -> str:
    """A legal basis in the reader's language when the playbook knows it, else as it was written."""
    for basis in book.legal_bases:
        if text in (basis.zh, basis.en):
            return basis.in_language(language)
    return text


def view_of(order: Order, *, language: str, now: datetime) -> OrderView:
    """An order, its area and incident fetched, with its words in `language`."""
    book = playbook(order.incident.playbook)
    level = book.level(order.level)
    return OrderView(
        order=order,
        area=order.area,
        level=level,
        level_title=level.title.in_language(language),
        playbook=book,
        legal_basis=legal_basis_in(order.legal_basis, book, language),
        is_overdue=order.state == OrderState.IN_FORCE and order.review_at < now,
    )


def order(order_id: UUID, *, by: Actor, language: str, now: datetime) -> OrderView:
    """One order that `by` may see. Raises NotHere."""
    found = _orders().filter(_seen(by, "area__path", "state"), pk=order_id).first()
    if found is None:
        raise NotHere
    return view_of(found, language=language, now=now)


def orders_beside(order: Order) -> QuerySet[Order]:
    """The order in force whose place `order` would take: of the same incident, on the same area."""
    rows = Order.objects.filter(incident=order.incident_id, area=order.area_id, state=OrderState.IN_FORCE)
    return rows.exclude(pk=order.pk)


def former_of(order_id: UUID) -> UUID | None:
    """The id of the order whose place this one would take, if there is one."""
    order = Order.objects.filter(pk=order_id).first()
    return orders_beside(order).values_list("pk", flat=True).first() if order else None


def orders(*, by: Actor, language: str, now: datetime, path: str = "", state: str = "") -> list[OrderView]:
    """Orders that `by` may see below `path`, or that hold there from above: drafts, then those in force by
    review date, then the ended."""
    rows = _orders().filter(_seen(by, "area__path", "state"), _about(path, "area__path", "state"))
    if state:
        rows = rows.filter(state=state)
    return [view_of(row, language=language, now=now) for row in rows.order_by(RANK, "review_at")[:500]]


def _seen(by: Actor, path: str, state: str) -> Q:
    """Orders within one's right, and those in force above it: they hold here too. `path`, `state`: fields."""
    above = {place for reach in by.reach(Act.VIEW_ORDER) for place in ancestors_of(reach)}
    return by.within(Act.VIEW_ORDER, path) | Q(**{f"{path}__in": above, state: OrderState.IN_FORCE})


def _about(below: str, path: str, state: str) -> Q:
    """Orders on an area or below it, and those in force above."""
    holds = Q(**{f"{path}__in": ancestors_of(below), state: OrderState.IN_FORCE})
    return Q(**{f"{path}__startswith": below}) | holds


def in_force_on(path: str, *, language: str, now: datetime) -> list[OrderView]:
    """Orders in force on the area at `path` or on one above it: they hold for whoever is there."""
    return in_force_at([path], language=language, now=now)


def in_force_at(paths: Iterable[str], *, language: str, now: datetime) -> list[OrderView]:
    """Orders in force on any of `paths` or above, each once."""
    above = {place for path in paths for place in ancestors_of(path)}
    rows = _orders().filter(area__path__in=above, state=OrderState.IN_FORCE).order_by("-in_force_at")
    return [view_of(row, language=language, now=now) for row in rows]


def published(*, language: str, now: datetime) -> list[OrderView]:
    """Orders in force, for anyone: the newest first. Nothing about persons is in them."""
    rows = _orders().filter(state=OrderState.IN_FORCE).order_by("-in_force_at")
    return [view_of(row, language=language, now=now) for row in rows[:1000]]


def state_named(name: str) -> OrderState:
    """The order state called `name`. Raises NotHere."""
    if name not in OrderState.values:
        raise NotHere
    return OrderState(name)


def choices(order: Order, *, by: Actor) -> list[Choice]:
    """What may happen to an order next, as `by` sees it."""
    found = []
    for to_state in sorted(rules.NEXT[order.state]):
        proposal = order.proposals.filter(to_state=to_state, decided_at=None).first()
        may_propose = proposal is None and by.may(Act.DRAFT_ORDER, order.area.path)
        may_decide = by.may(Act.DECIDE_ORDER, order.area.path) and rules.may_decide(proposal, by=by)
        found.append(Choice(to_state, proposal, may_propose, may_decide))
    return found


def proposals(order: Order) -> list[Proposal]:
    """Who proposed and who decided what, in order of time."""
    return list(order.proposals.order_by("made_at"))


def open_incidents(*, by: Actor) -> list[Incident]:
    """Incidents going on where `by` drafts orders or above."""
    reach = Q(pk__in=[])
    for path in by.reach(Act.DRAFT_ORDER):
        reach |= Q(area__path__startswith=path) | Q(area__path__in=ancestors_of(path))
    return list(Incident.objects.filter(reach, closed_at=None).order_by("-opened_at"))


@dataclass(frozen=True, slots=True)
class Ongoing:
    """An incident that goes on, as a form offers it."""

    pk: UUID
    title: str
    opened_at: datetime


def ongoing(*, by: Actor, language: str) -> list[Ongoing]:
    """Incidents that a new order of `by` may belong to."""
    return [
        Ongoing(found.pk, playbook(found.playbook).title.in_language(language), found.opened_at)
        for found in open_incidents(by=by)
    ]


def incident(incident_id: str, *, by: Actor) -> Incident:
    """One open incident that `by` may draft orders in. Raises NotHere."""
    for found in open_incidents(by=by):
        if str(found.pk) == incident_id:
            return found
    raise NotHere


def tasks(order: Order, *, language: str, now: datetime) -> list[Task]:
    """An order's checklist in the playbook's order."""
    book = playbook(order.incident.playbook)
    checks = {check.key: check for check in book.checklist}
    items = order.checklist.order_by("place")
    return [_task(item, checks[item.key], book, language, now) for item in items if item.key in checks]


def _task(item: ChecklistItem, check: Check, book: Playbook, language: str, now: datetime) -> Task:
    return Task(
        item=item,
        check=check,
        title=check.title.in_language(language),
        detail=check.detail.in_language(language),
        owner=book.role(check.owner).title.in_language(language),
        is_late=item.done_at is None and item.due_at < now,
    )


def task_counts(*, by: Actor, path: str = "", now: datetime) -> TaskCounts:
    """Counts of the checklists below `path` that `by` may see."""
    not_done = Q(done_at=None)
    rows = ChecklistItem.objects.filter(
        _seen(by, "order__area__path", "order__state"),
        _about(path, "order__area__path", "order__state"),
        order__state=OrderState.IN_FORCE,
    )
    counted = rows.aggregate(
        all=Count("id"),
        open=Count("id", filter=not_done),
        late=Count("id", filter=not_done & Q(due_at__lt=now)),
    )
    return TaskCounts(**counted)


def _orders() -> QuerySet[Order]:
    return Order.objects.select_related("area", "incident", "lead__identity", "lead__unit")

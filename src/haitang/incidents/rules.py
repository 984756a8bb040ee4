"""When an order may be drafted, put in force, lifted or dropped, and by whom."""

from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haitang.core.actor import Act, Actor
from haitang.core.refusal import Invalid, Refused
from haitang.incidents.models import ChecklistItem, Order, OrderState, Proposal
from haitang.incidents.playbooks import Playbook, load
from haitang.registry.models import Area, Level

NEXT: dict[str, set[str]] = {
    OrderState.DRAFTED: {OrderState.IN_FORCE, OrderState.DROPPED},
    OrderState.IN_FORCE: {OrderState.LIFTED},
    OrderState.LIFTED: set(),
    OrderState.DROPPED: set(),
}
ORDERED_LEVELS = {Level.TOWN, Level.COMMUNITY, Level.COMPOUND}
OLDEST_START = timedelta(days=2)


class NotPossibleNow(Refused):
    code = "order_state"
    message = _("The order has moved on in the meantime. Look at its page again.")


class NeedsSecondPerson(Refused):
    code = "needs_second_person"
    message = _("You proposed this yourself. A second person has to decide it.")


class NeedsOtherUnit(Refused):
    code = "needs_other_unit"
    message = _("The second person must be of another unit, or of a higher area than whoever proposed it.")


class NobodyProposed(Refused):
    code = "nobody_proposed"
    message = _("Nobody has proposed this yet. Propose it; then a second person decides.")


class AlreadyInForce(Refused):
    code = "already_in_force"
    message = _("An order of this incident is in force here already. Lift it first.")


class ChecklistClosed(Refused):
    code = "checklist_closed"
    message = _("The order has ended, and its checklist with it.")


def check_draft(
    *,
    area: Area,
    level: str,
    playbook: Playbook,
    words: dict[str, str],
    start: datetime,
    review: datetime,
    now: datetime,
) -> None:
    """Refuse with Invalid a draft that names nonsense; `words` holds reason and legal_basis."""
    blank = _("Please fill this in: it is published.")
    errors: dict[str, str | Promise] = {field: blank for field, text in words.items() if not text.strip()}
    if area.level not in ORDERED_LEVELS:
        errors["area"] = _("Choose a town, a community or a compound.")
    if level not in {known.slug for known in playbook.levels}:
        errors["level"] = _("Choose one of the playbook's levels.")
    if start < now - OLDEST_START:
        errors["starts_at"] = _("The start lies more than two days back. Choose a later one.")
    if review <= start:
        errors["review_at"] = _("The review must come after the start.")
    elif review - start > timedelta(hours=playbook.review_hours_max):
        errors["review_at"] = _("The playbook asks for an earlier review. Choose an earlier time.")
    if errors:
        raise Invalid(errors)


def check_playbook(slug: str) -> None:
    if slug not in load():
        raise Invalid(
            {"incident": _("Choose what happened: one of the playbooks, or an incident that goes on.")}
        )


def check_change(order: Order, to_state: str, *, by: Actor) -> None:
    """Refuse what the table of states or the person's rights don't allow."""
    by.check(Act.DECIDE_ORDER, order.area.path)
    if to_state not in NEXT[order.state]:
        raise NotPossibleNow


def check_propose(order: Order, to_state: str, *, by: Actor) -> None:
    by.check(Act.DRAFT_ORDER, order.area.path)
    if to_state not in NEXT[order.state]:
        raise NotPossibleNow


def check_second_person(proposal: Proposal | None, *, by: Actor) -> None:
    """The second person is another human being, of another unit or of a higher area."""
    if proposal is None:
        raise NobodyProposed
    if by.identity is None or by.identity == proposal.made_by_id:
        raise NeedsSecondPerson
    is_higher = any(
        proposal.made_by_path.startswith(path) and proposal.made_by_path != path
        for path in by.reach(Act.DECIDE_ORDER)
    )
    is_other_unit = bool(by.unit) and by.unit != proposal.made_by_unit
    if not (is_higher or is_other_unit):
        raise NeedsOtherUnit


def may_decide(proposal: Proposal | None, *, by: Actor) -> bool:
    """Whether `by` could be the second person, for a page that offers the button."""
    try:
        check_second_person(proposal, by=by)
    except Refused:
        return False
    return True


def check_tick(item: ChecklistItem, *, by: Actor) -> None:
    by.check(Act.LEAD_TEAM, item.order.area.path)
    if item.order.state != OrderState.IN_FORCE:
        raise ChecklistClosed

"""When an order may be drafted, put in force, lifted or dropped, and by whom."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haitang.accounts import queries as accounts
from haitang.accounts.models import User
from haitang.core.actor import Act, Actor
from haitang.core.refusal import Invalid, Refused
from haitang.incidents.models import ChecklistItem, Incident, Order, OrderState, Proposal
from haitang.incidents.playbooks import Playbook, load
from haitang.registry.models import Area, Level

NEXT: dict[str, set[str]] = {
    OrderState.DRAFTED: {OrderState.IN_FORCE, OrderState.DROPPED},
    OrderState.IN_FORCE: {OrderState.LIFTED},
    OrderState.LIFTED: set(),
    OrderState.DROPPED: set(),
}
ENDS = {OrderState.LIFTED, OrderState.DROPPED}
ORDERED_LEVELS = {Level.TOWN, Level.COMMUNITY, Level.COMPOUND}
OLDEST_START = timedelta(days=2)
LATEST_START = timedelta(days=7)


class NotPossibleNow(Refused):
    code = "order_state"
    message = _("The order has moved on in the meantime. Look at its page again.")


class NeedsSecondPerson(Refused):
    code = "needs_second_person"
    message = _("You proposed this yourself. A second person has to decide it.")


class HandedTheLink(Refused):
    code = "handed_the_link"
    message = _(
        "One of you handed the other the link to their account, so the two of you count as one. "
        "Somebody else has to decide."
    )


class NeedsOtherUnit(Refused):
    code = "needs_other_unit"
    message = _("The second person must be of another unit, or of a higher area than whoever proposed it.")


class NobodyProposed(Refused):
    code = "nobody_proposed"
    message = _("Nobody has proposed this yet. Propose it; then a second person decides.")


class AlreadyInForce(Refused):
    code = "already_in_force"
    message = _("Another order of this incident came into force here in the same moment. Look at it first.")


class ReviewPassed(Refused):
    code = "review_passed"
    message = _("The review time of this draft has passed. Drop it, and draft the order anew.")


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
    errors = {**_wordless(words), **_untimely(start, review, playbook, now=now)}
    if area.level not in ORDERED_LEVELS:
        errors["area"] = _("Choose a town, a community or a compound.")
    if level not in {known.slug for known in playbook.levels}:
        errors["level"] = _("Choose one of the playbook's levels.")
    if _is_of_another_hazard(words["legal_basis"], playbook):
        errors["legal_basis"] = _("This law is about another kind of emergency. Choose one that fits.")
    if errors:
        raise Invalid(errors)


def _wordless(words: dict[str, str]) -> dict[str, str | Promise]:
    blank = _("Please fill this in: it is published.")
    return {field: blank for field, text in words.items() if not text.strip()}


def _untimely(
    start: datetime, review: datetime, playbook: Playbook, *, now: datetime
) -> dict[str, str | Promise]:
    errors: dict[str, str | Promise] = {}
    if start < now - OLDEST_START:
        errors["starts_at"] = _("The start lies more than two days back. Choose a later one.")
    elif start > now + LATEST_START:
        errors["starts_at"] = _("The start lies more than seven days ahead. Choose an earlier one.")
    if review <= start:
        errors["review_at"] = _("The review must come after the start.")
    elif review - start > timedelta(hours=playbook.review_hours_max):
        errors["review_at"] = _("The playbook asks for an earlier review. Choose an earlier time.")
    return errors


def _is_of_another_hazard(text: str, playbook: Playbook) -> bool:
    return not _cites(playbook, text) and any(_cites(book, text) for book in load().values())


def _cites(book: Playbook, text: str) -> bool:
    return any(text.strip() in (basis.zh, basis.en) for basis in book.legal_bases)


def check_lead(lead: User | None, *, area: Area, now: datetime) -> None:
    """A lead is somebody who holds a right there already, or none is named yet."""
    if lead is not None and lead not in accounts.leads_for(area.path, now=now):
        raise Invalid({"lead": _("This person holds no right here. Choose somebody from the list.")})


def check_incident(incident: Incident, *, area: Area) -> None:
    """An order belongs to an incident that goes on where the order is to hold."""
    if incident.closed_at is not None or not area.path.startswith(incident.area.path):
        raise Invalid({"incident": _("This emergency goes on somewhere else, or is over. Choose another.")})


def check_still_due(order: Order, *, now: datetime) -> None:
    """A draft that lay too long says what was true then."""
    if order.review_at <= now:
        raise ReviewPassed


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


def check_propose(order: Order, to_state: str, *, reason: str, by: Actor) -> None:
    by.check(Act.DRAFT_ORDER, order.area.path)
    if to_state not in NEXT[order.state]:
        raise NotPossibleNow
    if to_state in ENDS and not reason.strip():
        raise Invalid({"reason": _("Say why: the second person decides on it.")})


def check_second_person(proposal: Proposal | None, *, by: Actor) -> None:
    """The second person is another human being, of another unit or of a higher area."""
    if proposal is None:
        raise NobodyProposed
    check_another_person(proposal.made_by_id, by=by)
    is_higher = any(
        proposal.made_by_path.startswith(path) and proposal.made_by_path != path
        for path in by.reach(Act.DECIDE_ORDER)
    )
    is_other_unit = bool(by.unit) and by.unit != proposal.made_by_unit
    if not (is_higher or is_other_unit):
        raise NeedsOtherUnit


def check_another_person(first: UUID | None, *, by: Actor) -> None:
    """Refuse whoever is the same human being as the `first` one, or handed one of the two the other's account."""
    if by.identity is None or by.identity == first:
        raise NeedsSecondPerson
    if first is not None and accounts.handed_a_link(by.identity, first):
        raise HandedTheLink


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

"""What the journal's rows say to people: one sentence for each act."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from haitang.accounts.rules import Role
from haitang.core.journal import JournalEntry
from haitang.core.refusal import NotHere
from haitang.incidents import queries as incidents
from haitang.incidents.playbooks import Playbook, Text, load
from haitang.registry import queries as registry
from haitang.registry.exports import WHAT

KINDS: dict[str, str | Promise] = {
    "order": _("Orders"),
    "incident": _("Incidents"),
    "checklist": _("Checklist"),
    "team": _("Teams"),
    "coverage": _("Coverage"),
    "member": _("Members"),
    "report_in": _("Report-ins"),
    "ledger": _("Ledger"),
    "list": _("Joined lists"),
    "export": _("Lists asked for"),
    "people": _("People looked up or taken out on a list"),
    "keys": _("Keys"),
    "household": _("Households looked at or added"),
    "contact": _("Contacts"),
    "card": _("Household cards"),
    "paper": _("Printed lists"),
    "grant": _("Rights"),
    "user": _("Invitations"),
    "area": _("Areas"),
}

SENTENCES: dict[str, str | Promise] = {
    "area.add": _("%(areas)s areas added"),
    "ledger.preview": _("A ledger file was looked through before importing it"),
    "ledger.import": _("Ledger of %(compound)s imported: %(people)s people new, %(changed)s changed"),
    "ledger.drop": _("A ledger file was dropped without importing it"),
    "ledger.undo": _("The import of %(people)s people into the ledger of %(compound)s was undone"),
    "keys.change": _("The keys that open the names of %(compound)s were changed"),
    "household.note": _("The note of a household was written"),
    "household.forget": _("A household was forgotten for good: %(reason)s"),
    "list.join": _("A list was held against the ledger of %(compound)s: %(rows)s rows, %(certain)s matched"),
    "list.again": _("A list was compared again with the ledger of %(compound)s"),
    "list.decide": _("Somebody said whom a row of a list means"),
    "list.finish": _("A list was joined to the ledger of %(compound)s: %(changed)s people changed"),
    "list.forget": _("A list was forgotten before its day was over"),
    "people.find": _("Somebody was looked up by name: %(people)s people shown"),
    "household.read": _("A household's page was opened"),
    "card.issue": _("%(new)s household cards issued, %(ended)s older ones ended"),
    "card.reissue": _("A household got a new card, so that an older one is worth nothing"),
    "paper.print": _("A door list with names was printed: %(people)s people"),
    "export.request": _("A list of %(what)s was asked for: %(number)s, %(rows)s rows"),
    "export.agree": _("A second person agreed to the list %(number)s"),
    "export.decline": _("A second person declined the list %(number)s"),
    "export.take": _("A list of %(what)s was taken: %(number)s, %(rows)s rows"),
    "people.export": _("A list of %(what)s was taken: %(number)s, %(named)s people or households on it"),
    "household.add": _("A household in no list was added: %(kind)s, %(people)s people as said"),
    "household.confirm": _("A household was confirmed: %(kind)s, %(people)s people"),
    "household.take_back": _("A household that was added by mistake was taken back"),
    "contact.record": _("A household was heard from"),
    "contact.take_back": _("A household was not heard from after all"),
    "report_in": _("A resident reported in to help"),
    "grant.give": _("%(user)s was given the role %(role)s until %(until)s"),
    "grant.give/until": _("%(user)s was given the role %(role)s"),
    "grant.change": _("%(user)s now holds the role %(role)s until %(until)s"),
    "grant.change/until": _("%(user)s now holds the role %(role)s until somebody ends it"),
    "grant.end": _("The role %(role)s of %(user)s ended"),
    "user.invite": _("%(user)s was sent a new sign-in link"),
    "incident.open": _("Incident opened: %(playbook)s"),
    "order.draft": _("Order drafted: %(level)s for %(area)s"),
    "order.propose": _("Proposed that the order for %(area)s become: %(to)s"),
    "order.decline": _("Declined that the order for %(area)s become: %(to)s"),
    "order.confirm": _("Order in force: %(level)s for %(area)s"),
    "order.give_way": _("Order replaced by the next one: %(level)s for %(area)s"),
    "order.lift": _("Order lifted: %(level)s for %(area)s"),
    "order.drop": _("Draft dropped: %(level)s for %(area)s"),
    "checklist.done": _("Done: %(task)s"),
    "checklist.undone": _("Not done after all: %(task)s"),
    "team.form": _("Team of %(compound)s formed: led by %(lead)s, %(stewards)s stewards"),
    "team.form/lead": _("Team of %(compound)s formed without a lead, %(stewards)s stewards"),
    "incident.close": _("Incident over: %(playbook)s"),
    "team.appoint": _("%(name)s leads the team of %(compound)s"),
    "team.stand_down": _("Team of %(compound)s stood down"),
    "coverage.plan": _("Building coverage planned"),
    "coverage.move": _("Building %(building)s went from %(from)s to %(to)s"),
    "coverage.move/from": _("Building %(building)s was given to %(to)s"),
    "coverage.lock": _("Building %(building)s stays with its steward"),
    "coverage.unlock": _("Building %(building)s may be planned anew"),
    "member.join": _("%(name)s joined the team as %(role)s"),
    "member.away": _("%(name)s stepped away"),
    "member.back": _("%(name)s is back"),
    "member.leave": _("%(name)s left the team"),
}


def sentence(entry: JournalEntry) -> str:
    """What a row of the journal says, in the reader's language."""
    without = (key for key in SENTENCES if key.startswith(f"{entry.act}/"))
    key = next((key for key in without if entry.facts.get(key.partition("/")[2], "") == ""), entry.act)
    words = SENTENCES.get(key)
    return str(words) % _Facts(entry.act, entry.facts) if words else entry.act


class _Facts(dict[str, Any]):
    """A row's facts, the codes among them in words; a fact that an old row lacks is a dash."""

    def __init__(self, act: str, facts: dict[str, Any]) -> None:
        coded = CODED if not act.startswith("coverage.") else {}
        super().__init__({name: coded.get(name, str)(value) for name, value in facts.items()})

    def __missing__(self, name: str) -> str:
        return "–"


def _in_playbooks(found: Callable[[Playbook], Iterator[tuple[str, Text]]]) -> Callable[[str], str]:
    """Words for a code that some playbook defines; the code itself where none does any more."""

    def words(code: str) -> str:
        texts = (text for book in load().values() for key, text in found(book) if key == code)
        text = next(texts, None)
        return text.in_language(get_language() or "") if text else code

    return words


_team_role = _in_playbooks(lambda book: ((role.slug, role.title) for role in book.roles))


def _role(code: str) -> str:
    return str(Role(code).label) if code in Role.values else _team_role(code)


def _state(code: str) -> str:
    try:
        return str(incidents.state_named(code).label)
    except NotHere:
        return code


def _day(code: str) -> str:
    return timezone.localdate(datetime.fromisoformat(code)).isoformat() if code else ""


def _what(code: str) -> str:
    return str(WHAT.get(code, code))


def _kind(code: str) -> str:
    return registry.kind_words(code)


CODED: dict[str, Callable[[str], str]] = {
    "level": _in_playbooks(lambda book: ((level.slug, level.title) for level in book.levels)),
    "playbook": _in_playbooks(lambda book: iter([(book.slug, book.title)])),
    "task": _in_playbooks(lambda book: ((check.key, check.title) for check in book.checklist)),
    "role": _role,
    "kind": _kind,
    "what": _what,
    "to": _state,
    "until": _day,
}

"""When places and ledgers may change."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from haitang.core.actor import Act, Actor
from haitang.core.refusal import Invalid, Refused
from haitang.registry.models import Area, ImportState, LedgerImport, Level

UNDONE_WITHIN = timedelta(days=7)
KEYS_SETTLE = timedelta(hours=1)  # a key is made a moment before what it seals
LONGEST_NOTE = 200


class ImportEnded(Refused):
    code = "import_ended"
    message = _("This file was imported or dropped already. Choose the file again.")


class CannotUndo(Refused):
    code = "cannot_undo"
    message = _(
        "Only the last import of a compound can be undone, within seven days. Correct the ledger by a new import."
    )


class SomebodyWorks(Refused):
    code = "somebody_works"
    message = _(
        "%(count)s of the people this import brought work here now: on a team, or with an account. Take them off "
        "the team first, or correct the ledger by a new import."
    )


def check_undo(given: LedgerImport, *, last: LedgerImport | None, by: Actor, now: datetime) -> None:
    check_import(given.compound, by=by)
    is_late = given.ended_at is None or now - given.ended_at > UNDONE_WITHIN
    if given.state != ImportState.APPLIED or last is None or last.pk != given.pk or is_late:
        raise CannotUndo


def note_of(text: str) -> str:
    """A household's note in one piece. Raises Invalid."""
    note = " ".join(text.split())
    if len(note) > LONGEST_NOTE:
        raise Invalid({"note": _("Keep the note under 200 characters: what helps at the door, no more.")})
    return note


def reason_of(text: str) -> str:
    """Why something is done that can't be undone. Raises Invalid."""
    reason = " ".join(text.split())
    if not reason:
        raise Invalid({"reason": _("Say why: the reason stays in the journal.")})
    return reason[:LONGEST_NOTE]


def check_import(compound: Area, *, by: Actor) -> None:
    by.check(Act.IMPORT_LEDGER, compound.path)
    if compound.level != Level.COMPOUND:
        raise Invalid({"compound": _("A ledger belongs to a compound. Choose one.")})


def check_open(given: LedgerImport, *, by: Actor) -> None:
    check_import(given.compound, by=by)
    if given.state != ImportState.PREVIEWED:
        raise ImportEnded

"""When places and ledgers may change."""

from django.utils.translation import gettext_lazy as _

from haitang.core.actor import Act, Actor
from haitang.core.refusal import Invalid, Refused
from haitang.registry.models import Area, ImportState, LedgerImport, Level


class ImportEnded(Refused):
    code = "import_ended"
    message = _("This file was imported or dropped already. Choose the file again.")


def check_import(compound: Area, *, by: Actor) -> None:
    by.check(Act.IMPORT_LEDGER, compound.path)
    if compound.level != Level.COMPOUND:
        raise Invalid({"compound": _("A ledger belongs to a compound. Choose one.")})


def check_open(given: LedgerImport, *, by: Actor) -> None:
    check_import(given.compound, by=by)
    if given.state != ImportState.PREVIEWED:
        raise ImportEnded

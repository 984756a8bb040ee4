"""Reads about ledger imports."""

from datetime import datetime
from uuid import UUID

from haitang.core.actor import Act, Actor
from haitang.core.refusal import NotHere, Refused
from haitang.registry import rules
from haitang.registry.models import Area, ImportState, LedgerImport, Person
from haitang.registry.queries.places import path_in


def import_path(import_id: UUID) -> str:
    """The path of an import's compound."""
    return path_in(LedgerImport.objects.filter(pk=import_id), "compound__path")


def ledger_import(import_id: UUID, *, by: Actor) -> LedgerImport:
    """One import of a compound whose ledger `by` may import. Raises NotHere."""
    rows = LedgerImport.objects.select_related("compound")
    found = rows.filter(by.within(Act.IMPORT_LEDGER, "compound__path"), pk=import_id).first()
    if found is None:
        raise NotHere
    return found


def imports(*, by: Actor) -> list[LedgerImport]:
    """The last imports that `by` may see, newest first, without their files."""
    rows = LedgerImport.objects.defer("content").select_related("compound")
    return list(rows.filter(by.within(Act.IMPORT_LEDGER, "compound__path")).order_by("-made_at")[:50])


def imported_at(given: LedgerImport) -> datetime | None:
    """When the very same file was last imported into the same compound."""
    same = LedgerImport.objects.filter(
        compound=given.compound_id, sha256=given.sha256, state=ImportState.APPLIED
    )
    return same.order_by("-ended_at").values_list("ended_at", flat=True).first()


def last_applied(compound: Area) -> LedgerImport | None:
    """The last import into a compound that stands."""
    applied = LedgerImport.objects.filter(compound=compound, state=ImportState.APPLIED)
    return applied.defer("content").order_by("-ended_at", "-pk").first()


def may_undo(given: LedgerImport, *, by: Actor, now: datetime) -> bool:
    """Whether `by` may still undo an import, for a page that offers the button."""
    try:
        rules.check_undo(given, last=last_applied(given.compound), by=by, now=now)
    except Refused:
        return False
    return True


def came_with(given: LedgerImport) -> list[UUID]:
    """The people an import brought."""
    rows = Person.objects.filter(compound=given.compound_id, came_with=given.pk)
    return list(rows.values_list("pk", flat=True))

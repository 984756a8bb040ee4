"""Reads about ledger imports."""

from datetime import datetime
from uuid import UUID

from haitang.core.actor import Act, Actor
from haitang.core.refusal import NotHere
from haitang.registry.models import ImportState, LedgerImport
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

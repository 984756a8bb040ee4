"""Changes the keys under which a compound's names are sealed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from haitang.core import journal
from haitang.core.actor import Act, Actor
from haitang.registry.models import Area
from haitang.vault import services as vault


@transaction.atomic
@transaction.atomic(using=vault.ALIAS)
def change_keys(compound_id: UUID, *, by: Actor, now: datetime) -> int:
    """Wrap a compound's households' keys by a new key of its own, and that by the newest master key. Returns how
    many households' keys those are."""
    compound = Area.objects.filter(pk=compound_id).first()
    by.check(Act.IMPORT_LEDGER, compound.path if compound else "")
    wrapped = vault.change_keys(compound_id)
    if compound is not None:  # keys may outlive a place, for a copy of the ledger from before
        journal.record("keys.change", compound, by=by, at=now, path=compound.path, compound=compound.name)
    return wrapped

"""Writes to one household: read with a trace, its note, and forgetting it for good."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from haitang.core import journal
from haitang.core.actor import Act, Actor
from haitang.registry import queries, rules, sealed
from haitang.registry.models import Household, HouseholdCard, JoinedList, LedgerImport, Person
from haitang.registry.services.places import count_ledger, lock_above
from haitang.vault import queries as keys
from haitang.vault import services as vault


@transaction.atomic
def read_household(household_id: UUID, *, by: Actor, now: datetime) -> Household:
    """A household with its people; that it was looked at is a journal row."""
    by.check(Act.READ_HOUSEHOLD, queries.household_path(household_id))
    household = queries.household(household_id)
    journal.record("household.read", household, by=by, at=now, path=household.building.path)
    return household


@transaction.atomic
def write_note(household_id: UUID, note: str, *, by: Actor, now: datetime) -> Household:
    """What whoever comes to the door should know, sealed like a name; empty takes the note away."""
    by.check(Act.RECORD_CONTACT, queries.household_path(household_id))
    text = rules.note_of(note)
    household = (
        Household.objects.select_for_update(of=["self"]).select_related("building").get(pk=household_id)
    )
    key = vault.keys_for([household.pk], compound=household.compound_id)[household.pk]
    household.note = sealed.seal_note(key, household.pk, text) if text else None
    household.save(update_fields=["note"])
    journal.record("household.note", household, by=by, at=now, path=household.building.path)
    return household


@transaction.atomic
def forget_household(household_id: UUID, reason: str, *, by: Actor, now: datetime) -> Household:
    """Remove a household's people and note, end its card, and destroy its key: no copy of the ledger can be read for it
    again.

    The door stays. The key goes once the rest is written; should that fail, `destroy_lost_keys` does it."""
    by.check(Act.IMPORT_LEDGER, queries.household_path(household_id))
    reason = rules.reason_of(reason)
    rows = Household.objects.select_for_update(of=["self"]).select_related("building", "compound")
    household = rows.get(pk=household_id)
    gone = Person.objects.filter(household=household).delete()[1].get("registry.Person", 0)
    household.note, household.reference = None, ""
    household.save(update_fields=["note", "reference"])
    HouseholdCard.objects.filter(household=household, ended_at=None).update(ended_at=now)
    lock_above(household.compound)
    count_ledger(household.compound)
    facts = {"people": gone, "reason": reason}
    journal.record("household.forget", household, by=by, at=now, path=household.building.path, **facts)
    transaction.on_commit(lambda: vault.destroy_keys([household_id]))
    return household


def destroy_lost_keys(compounds: Iterable[UUID], *, now: datetime) -> int:
    """Destroy keys, an hour old at least, of households where nothing sealed is kept. Returns how many."""
    return sum(
        vault.destroy_keys(keys.keys_before(now - rules.KEYS_SETTLE, compound=compound) - _sealing(compound))
        for compound in compounds
    )


def _sealing(compound: UUID) -> set[UUID]:
    """The households of a compound, and the files, whose key still seals something."""
    homes = set(Person.objects.filter(compound=compound).values_list("household_id", flat=True))
    noted = Household.objects.filter(compound=compound, note__isnull=False)
    open_files = LedgerImport.objects.filter(compound=compound, content__isnull=False)
    open_lists = JoinedList.objects.filter(compound=compound, content__isnull=False)
    return homes.union(*(rows.values_list("pk", flat=True) for rows in (noted, open_files, open_lists)))

"""Undoes an import as a whole, as long as it is the last of its compound."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import ProtectedError

from haitang.core import journal
from haitang.core.actor import Actor
from haitang.core.refusal import NotHere
from haitang.registry import queries, rules
from haitang.registry.models import Area, FormerPerson, Household, ImportState, LedgerImport, Level, Person
from haitang.registry.services.people import KEPT, known_in, let_find
from haitang.registry.services.places import count_ledger, lock_above
from haitang.vault import services as vault

GIVE_BACK = """
UPDATE registry_person AS p SET ({columns}) = (SELECT {former})
FROM registry_formerperson AS f WHERE f.person_id = p.id AND f.given_id = %s
"""


@transaction.atomic
@transaction.atomic(using=vault.ALIAS)
def undo_ledger(import_id: UUID, *, keep: Collection[UUID], by: Actor, now: datetime) -> LedgerImport:
    """Take back everything an import added or changed. Households in `keep` stay as empty doors: something was
    recorded there since. Raises NotHere, CannotUndo."""
    rows = LedgerImport.objects.select_for_update(of=["self"]).select_related("compound")
    given = rows.filter(pk=import_id).first()
    if given is None:
        raise NotHere
    compound = Area.objects.select_for_update(no_key=True).get(pk=given.compound_id)
    rules.check_undo(given, last=queries.last_applied(compound), by=by, now=now)
    touched = _give_back(given)
    gone = _take_out(given, keep)
    let_find(compound, known_in(compound), touched - gone)
    vault.destroy_keys(gone)
    lock_above(compound)
    count_ledger(compound)
    given.state, given.ended_at = ImportState.UNDONE, now
    given.save(update_fields=["state", "ended_at"])
    facts = {"compound": compound.name, "file": given.sha256, "people": given.figures.get("people", 0)}
    journal.record("ledger.undo", given, by=by, at=now, path=compound.path, **facts)
    return given


def _give_back(given: LedgerImport) -> set[UUID]:
    """Write back what was known before; the households concerned."""
    with connection.cursor() as cursor:
        former = ", ".join(f"f.{name}" for name in KEPT)
        cursor.execute(GIVE_BACK.format(columns=", ".join(KEPT), former=former), [given.pk])
    Household.objects.filter(pk__in=given.placed).update(entrance="")
    Household.objects.filter(pk__in=given.confirmed).update(is_provisional=True)
    people = FormerPerson.objects.filter(given=given).values("person")
    homes = set(Person.objects.filter(pk__in=people).values_list("household_id", flat=True))
    FormerPerson.objects.filter(given=given).delete()
    return homes


def _take_out(given: LedgerImport, keep: Collection[UUID]) -> set[UUID]:
    """Remove who and what came with an import; the households that went."""
    compound = given.compound
    came = Person.objects.filter(compound=compound, came_with=given.pk)
    came.delete()
    homes = Household.objects.filter(compound=compound, came_with=given.pk, people=None).exclude(pk__in=keep)
    gone = set(homes.values_list("pk", flat=True))
    homes.delete()
    if given.figures.get("buildings"):
        for building in Area.objects.filter(parent=compound, level=Level.BUILDING, doors=None):
            _remove(building)
    return gone


def _remove(building: Area) -> None:
    """A building that came with the import and holds nothing; one that work refers to stays."""
    try:
        with transaction.atomic():
            building.delete()
    except ProtectedError:
        return


def forget_former(*, now: datetime) -> int:
    """Forget what imports changed so long ago that they can't be undone. Returns how many rows went."""
    return FormerPerson.objects.filter(given__ended_at__lt=now - rules.UNDONE_WITHIN).delete()[0]

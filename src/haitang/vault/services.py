"""Every write to keys and to what finds a name."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.conf import settings
from django.db import connections, transaction

from haitang.vault import queries, sealing
from haitang.vault.models import CompoundKey, Findable, HouseholdKey
from haitang.vault.queries import CompoundKeys

ALIAS = "keys"
COPY_KEYS = "COPY vault_householdkey (household, compound, wrapped) FROM STDIN WITH (FORMAT BINARY)"
COPY_FINDABLE = "COPY vault_findable (household, compound, tokens) FROM STDIN WITH (FORMAT BINARY)"


@transaction.atomic(using=ALIAS)
def compound_keys(compound: UUID) -> CompoundKeys:
    """A compound's keys, made if it has none; nobody changes them until the transaction ends."""
    if not CompoundKey.objects.filter(pk=compound).exists():
        new = CompoundKey(compound=compound)
        _wrap(new, CompoundKeys(sealing.draw_key(), sealing.draw_key()))
        CompoundKey.objects.bulk_create([new], ignore_conflicts=True)
    return queries.opened(CompoundKey.objects.select_for_update().get(pk=compound))


def _wrap(held: CompoundKey, keys: CompoundKeys) -> None:
    """Wrap a compound's keys by the newest master key."""
    newest: bytes = settings.MASTER_KEYS()[0]
    held.master = queries.master_id(newest)
    held.wrapped = sealing.seal(newest, keys.wrapping, held.compound.bytes)
    held.finder = sealing.seal(newest, keys.finding, held.compound.bytes)


@transaction.atomic(using=ALIAS)
def keys_for(households: Iterable[UUID], *, compound: UUID) -> dict[UUID, bytes]:
    """The keys of these households of a compound, made for those that have none."""
    wanted = list(households)
    wrapping = compound_keys(compound).wrapping
    held = queries.keys_of(wanted)
    fresh = {household: sealing.draw_key() for household in wanted if household not in held}
    with connections[ALIAS].cursor() as cursor, cursor.copy(COPY_KEYS) as copy:
        copy.set_types(["uuid", "uuid", "bytea"])
        for household, key in fresh.items():
            copy.write_row((household, compound, sealing.seal(wrapping, key, household.bytes)))
    return held | fresh


@transaction.atomic(using=ALIAS)
def make_findable(tokens: Mapping[UUID, Iterable[int]], *, compound: UUID) -> None:
    """Let households be found by these tokens, and by none that they had before."""
    Findable.objects.filter(household__in=list(tokens)).delete()
    with connections[ALIAS].cursor() as cursor, cursor.copy(COPY_FINDABLE) as copy:
        copy.set_types(["uuid", "uuid", "int8[]"])
        for household, own in tokens.items():
            copy.write_row((household, compound, sorted(set(own))))


@transaction.atomic(using=ALIAS)
def destroy_keys(households: Iterable[UUID]) -> int:
    """Destroy the keys of households and what finds them: what they sealed, here or in any copy of the ledger,
    is gone. Returns how many keys there were."""
    gone = list(households)
    Findable.objects.filter(household__in=gone).delete()
    return HouseholdKey.objects.filter(household__in=gone).delete()[0]


@transaction.atomic(using=ALIAS)
def change_keys(compound: UUID) -> int:
    """Give a compound a new wrapping key under the newest master key, and wrap its households' keys by it.
    Returns how many those were."""
    old = compound_keys(compound)
    fresh = CompoundKeys(sealing.draw_key(), old.finding)
    held = CompoundKey.objects.get(pk=compound)
    _wrap(held, fresh)
    held.save(update_fields=["wrapped", "finder", "master"])
    rows = list(HouseholdKey.objects.filter(compound=compound))
    for row in rows:
        key = sealing.unseal(old.wrapping, bytes(row.wrapped), row.household.bytes)
        row.wrapped = sealing.seal(fresh.wrapping, key, row.household.bytes)
    HouseholdKey.objects.bulk_update(rows, ["wrapped"], batch_size=2000)
    return len(rows)

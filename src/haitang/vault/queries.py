"""Keys, opened for those who read or write sealed texts."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connections

from haitang.vault import rules, sealing
from haitang.vault.models import CompoundKey, HouseholdKey

# Scopes that read names are a community at most: looking through its own rows needs no index that every import feeds.
FOUND = """
SELECT household FROM vault_findable
WHERE compound = ANY(%s) AND EXISTS (SELECT FROM unnest(tokens) held WHERE held = ANY(%s))
ORDER BY household LIMIT %s
"""
# One statement, so that a key and what wraps it belong together while keys are being changed.
KEYS = """
SELECT h.household, h.compound, h.wrapped, c.wrapped, c.master
FROM vault_householdkey h JOIN vault_compoundkey c ON c.compound = h.compound
WHERE {} = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class CompoundKeys:
    """A compound's keys in the clear: one wraps its households' keys, under the other names are looked up."""

    wrapping: bytes
    finding: bytes


def master_id(key: bytes) -> str:
    """What a master key is called: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(key).hexdigest()[:16]


def masters() -> dict[str, bytes]:
    """The master keys that are here, by their ids."""
    return {master_id(key): bytes(key) for key in settings.MASTER_KEYS()}


def master(called: str) -> bytes:
    """The master key of this id. Raises MasterKeyMissing."""
    key = masters().get(called)
    if key is None:
        raise rules.MasterKeyMissing
    return key


def masters_in_use() -> list[str]:
    """The ids of the master keys that wrap some compound's keys."""
    return list(CompoundKey.objects.order_by().values_list("master", flat=True).distinct())


def opened(held: CompoundKey) -> CompoundKeys:
    """A compound's keys in the clear."""
    key, about = master(held.master), held.compound.bytes
    return CompoundKeys(
        sealing.unseal(key, bytes(held.wrapped), about), sealing.unseal(key, bytes(held.finder), about)
    )


def keys_of(households: Iterable[UUID]) -> dict[UUID, bytes]:
    """The keys of these households that have one."""
    wanted = list(households)
    return _keys("h.household", wanted) if wanted else {}


def keys_in(compound: UUID) -> dict[UUID, bytes]:
    """The keys of all households of a compound that have one."""
    return _keys("h.compound", [compound])


def _keys(column: str, ids: list[UUID]) -> dict[UUID, bytes]:
    found: dict[UUID, bytes] = {}
    wrapping: dict[UUID, bytes] = {}
    with connections["keys"].cursor() as cursor:
        cursor.execute(KEYS.format(column), [ids])
        for household, compound, wrapped, compounds, called in cursor:
            if compound not in wrapping:
                wrapping[compound] = sealing.unseal(master(called), bytes(compounds), compound.bytes)
            found[household] = sealing.unseal(wrapping[compound], bytes(wrapped), household.bytes)
    return found


def finding_keys(compounds: Iterable[UUID]) -> dict[UUID, bytes]:
    """The keys under which the names of these compounds are looked up, where they have any."""
    held = CompoundKey.objects.filter(compound__in=list(compounds))
    return {one.compound: opened(one).finding for one in held}


def found_by(tokens: Iterable[int], *, compounds: Iterable[UUID], most: int) -> list[UUID]:
    """Households of these compounds that hold any of `tokens`, at most so many."""
    with connections["keys"].cursor() as cursor:
        cursor.execute(FOUND, [list(compounds), list(tokens), most])
        return [household for (household,) in cursor]


def keys_before(moment: datetime, *, compound: UUID) -> set[UUID]:
    """Households of a compound whose key was made before `moment`."""
    rows = HouseholdKey.objects.filter(compound=compound, made_at__lt=moment)
    return set(rows.values_list("household", flat=True))


def compounds_with_keys() -> list[UUID]:
    """The compounds that have keys."""
    return list(CompoundKey.objects.order_by("compound").values_list("compound", flat=True))

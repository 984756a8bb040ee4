"""What of a household is sealed with its key: names, phones and notes, and the mark by which a name is known again."""

import json
from collections.abc import Sequence
from uuid import UUID

from haitang.vault import sealing

CARD = b"card "


def seal_person(key: bytes, person: UUID, name: str, phones: Sequence[str]) -> bytes:
    """A person's name and phones for `Person.sealed`."""
    return sealing.seal(key, json.dumps([name, *phones], ensure_ascii=False).encode(), person.bytes)


def open_person(key: bytes, person: UUID, sealed: bytes) -> tuple[str, tuple[str, ...]]:
    """The name and the phones in `Person.sealed`. Raises vault.sealing.Unreadable."""
    name, *phones = json.loads(sealing.unseal(key, sealed, person.bytes))
    return name, tuple(phones)


def mark_of(key: bytes, name: str) -> int:
    """By what a name is known again in its household, and nowhere else."""
    return sealing.token(key, name)


def seal_note(key: bytes, household: UUID, note: str) -> bytes:
    """A note for `Household.note`."""
    return sealing.seal(key, note.encode(), household.bytes)


def open_note(key: bytes, household: UUID, sealed: bytes) -> str:
    """The note in `Household.note`. Raises vault.sealing.Unreadable."""
    return sealing.unseal(key, sealed, household.bytes).decode()


def seal_file(key: bytes, given: UUID, content: bytes) -> bytes:
    """A file for as long as it is looked through; the key is the import's own."""
    return sealing.seal(key, content, given.bytes)


def open_file(key: bytes, given: UUID, sealed: bytes) -> bytes:
    """The file again. Raises vault.sealing.Unreadable."""
    return sealing.unseal(key, sealed, given.bytes)


def seal_token(key: bytes, household: UUID, token: bytes) -> bytes:
    """A card's token for `HouseholdCard.sealed`; neither it nor a note opens as the other."""
    return sealing.seal(key, token, CARD + household.bytes)


def open_token(key: bytes, household: UUID, sealed: bytes) -> bytes:
    """The token in `HouseholdCard.sealed`. Raises vault.sealing.Unreadable."""
    return sealing.unseal(key, sealed, CARD + household.bytes)


def masked(name: str) -> str:
    """A name for those who need not know it: 王小明 is 王**."""
    return name[:1] + "*" * max(1, min(len(name) - 1, 3))

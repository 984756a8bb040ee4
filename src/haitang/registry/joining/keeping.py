"""What is kept of a list while it is looked through, as sealed bytes: names never stand in the database as text."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any
from uuid import UUID

from haitang.registry.joining.shapes import Candidate, Match, Verdict
from haitang.vault import sealing

Decisions = Mapping[int, UUID | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of a list as it is kept: a `Line` with what its kind may write."""

    number: int
    name: str
    phones: tuple[str, ...]
    building: str
    entrance: str
    room: str
    birth_year: int | None
    sex: str
    flags: tuple[str, ...]
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What is kept of a file: its rows, (row, column, code) of each error, the headings that were left out, and how
    many rows name another compound."""

    rows: tuple[Kept, ...]
    errors: tuple[tuple[int, str, str], ...]
    left_out: tuple[str, ...]
    elsewhere: int


def seal(value: object, *, key: bytes, of: UUID) -> bytes:
    """Plain JSON as bytes that only `key` opens, and only for the list it belongs to."""
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return sealing.seal(key, plain.encode(), of.bytes)


def unseal(sealed: bytes, *, key: bytes, of: UUID) -> Any:
    """The value again. Raises vault.sealing.Unreadable for any other bytes."""
    return json.loads(sealing.unseal(key, sealed, of.bytes))


def of_contents(contents: Contents) -> list[Any]:
    """As plain JSON."""
    return list(astuple(contents))


def contents_of(value: Any) -> Contents:
    """From plain JSON."""
    rows, errors, left_out, elsewhere = value
    kept = tuple(_kept(row) for row in rows)
    return Contents(
        kept, tuple((row, column, code) for row, column, code in errors), tuple(left_out), elsewhere
    )


def _kept(row: list[Any]) -> Kept:
    number, name, phones, building, entrance, room, birth_year, sex, flags, skills = row
    door = (building, entrance, room)
    return Kept(number, name, tuple(phones), *door, birth_year, sex, tuple(flags), tuple(skills))


def of_matches(matches: Sequence[Match]) -> list[Any]:
    """As plain JSON."""
    return [astuple(match) for match in matches]


def matches_of(value: Any) -> tuple[Match, ...]:
    """From plain JSON."""
    return tuple(
        Match(
            row,
            Verdict(verdict),
            tuple(Candidate(UUID(person), tuple(codes), chance) for person, codes, chance in candidates),
            repeats,
        )
        for row, verdict, candidates, repeats in value
    )


def of_decisions(decisions: Decisions) -> dict[str, str]:
    """As plain JSON; "" for a row that means none of those who were shown."""
    return {str(row): str(person or "") for row, person in decisions.items()}


def decisions_of(value: Any) -> dict[int, UUID | None]:
    """From plain JSON."""
    return {int(row): UUID(person) if person else None for row, person in value.items()}

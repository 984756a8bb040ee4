"""What joining takes and gives: rows of a list, people of a ledger, and what became of each row."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Line(Protocol):
    """A row of a list; what it does not say is "", () or None. A phone may hide digits behind `*`."""

    @property
    def number(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def phones(self) -> tuple[str, ...]: ...
    @property
    def building(self) -> str: ...
    @property
    def entrance(self) -> str: ...
    @property
    def room(self) -> str: ...
    @property
    def birth_year(self) -> int | None: ...
    @property
    def sex(self) -> str: ...


class Person(Protocol):
    """Somebody of a ledger, with the door."""

    @property
    def id(self) -> UUID: ...
    @property
    def household(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def phones(self) -> tuple[str, ...]: ...
    @property
    def building(self) -> str: ...
    @property
    def entrance(self) -> str: ...
    @property
    def room(self) -> str: ...
    @property
    def birth_year(self) -> int | None: ...
    @property
    def sex(self) -> str: ...


class Verdict(StrEnum):
    """What became of a row: one person, one to five who may be meant, or nobody in the ledger."""

    CERTAIN = "certain"
    LIKELY = "likely"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom a row may mean. `evidence`: codes of `words.EVIDENCE`; `chance`: 0 to 1, by the model."""

    person: UUID
    evidence: tuple[str, ...]
    chance: float


@dataclass(frozen=True, slots=True)
class Match:
    """What became of the row numbered `row`. `repeats`: the row that takes the same person with evidence as
    good or better."""

    row: int
    verdict: Verdict
    candidates: tuple[Candidate, ...] = ()
    repeats: int | None = None


Lines = Sequence[Line]
People = Sequence[Person]

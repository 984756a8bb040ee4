"""What the rules look at, and what each of them finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from haitang.registry.queries import Door, Listed


@dataclass(frozen=True)
class Site:
    """A compound as its ledger has it. `names`: what each building is called; those `outside` have no floors."""

    doors: Sequence[Door]
    people: Sequence[Listed]
    names: Mapping[UUID, str]
    this_year: int
    outside: frozenset[UUID] = frozenset()

    def label(self, door: Door) -> str:
        """A door as people write it, such as 8-3-2706."""
        entrance = f"{door.entrance}-" if door.entrance else ""
        return f"{self.names[door.building]}-{entrance}{door.room}"

    @cached_property
    def flats(self) -> dict[UUID, list[Door]]:
        """The flats of each building that some list names: what can be expected to follow a pattern."""
        found: dict[UUID, list[Door]] = {}
        for door in self.doors:
            if door.kind == "flat" and not door.is_provisional and door.building not in self.outside:
                found.setdefault(door.building, []).append(door)
        return found


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to look at. `kind`: household, building, area or import, with its id; `facts` say what is odd."""

    kind: str
    id: UUID
    label: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found: `number` of `of`; `rows` may be fewer, where one row stands for several."""

    code: str
    number: int
    of: int
    rows: Sequence[Row]


def finding(code: str, rows: Sequence[Row], *, of: int, number: int | None = None) -> Finding:
    """A finding whose number is that of its rows unless said otherwise."""
    return Finding(code, len(rows) if number is None else number, of, rows)

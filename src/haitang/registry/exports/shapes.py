"""What is asked for, and what is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

Cell = str | int


@dataclass(frozen=True, slots=True)
class Choice:
    """Which people, by criteria only: any of `flags`, at least `age_from` years, living alone, helpers."""

    flags: tuple[str, ...] = ()
    age_from: int | None = None
    alone: bool = False
    helpers: bool = False

    @property
    def is_everyone(self) -> bool:
        """Whether nobody is left out."""
        return self == Choice()


@dataclass(frozen=True, slots=True)
class Asked:
    """A list as somebody wants it: people, households or buildings, with these columns, of those chosen."""

    what: str
    columns: tuple[str, ...] = ()
    choice: Choice = Choice()
    with_tags: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table ready to be written; `tags` is the HXL row, empty without one. `named`: how many it gives away, as
    people by name or as households by what somebody there needs."""

    headings: Sequence[str]
    tags: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    named: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every file carries: its title, who took it, when, under which number; `words` say so in one line."""

    title: str
    author: str
    unit: str
    number: str
    at: datetime
    words: str

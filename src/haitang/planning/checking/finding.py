"""What is wrong with a plan, and reading a plan that may be damaged: a fault is noted by its path, never raised."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from haitang.planning.reading import BadInput, Node
from haitang.planning.times import Clock


class Absent:
    """Stands for what could not be read, after the fault was noted: whatever is asked of it stays silent."""


ABSENT = Absent()


@dataclass(frozen=True)
class Finding:
    """path: where in the answer; rule: a stable code; by: how far off, in the unit that the text names."""

    path: str
    rule: str
    text: str
    by: float | None = None

    def __str__(self) -> str:
        return f"{self.path}: {self.text} [{self.rule}]"


@dataclass
class Faults:
    """Findings in the order they were made, each once."""

    noted: dict[Finding, None] = field(default_factory=dict)

    def note(self, path: str, rule: str, text: str, by: float | None = None) -> None:
        self.noted[Finding(path, rule, text, by)] = None

    @property
    def found(self) -> list[Finding]:
        return list(self.noted)


@dataclass(frozen=True)
class Entry:
    """A value within the answer, where it stands (`$.trips[3]`), and where its faults are noted."""

    value: Any
    path: str
    faults: Faults

    def note(self, rule: str, text: str, by: float | None = None) -> None:
        self.faults.note(self.path, rule, text, by)

    @property
    def is_there(self) -> bool:
        return self.value is not ABSENT

    @property
    def is_null(self) -> bool:
        return self.value is None

    def get(self, key: str) -> Entry:
        """A member that must be there, be it null."""
        found = self.maybe(key)
        if found.value is ABSENT and isinstance(self.value, Mapping):
            found.note("missing", f"{key!r} is missing")
        return found

    def maybe(self, key: str) -> Entry:
        """A member that may be left out."""
        if self.is_there and not isinstance(self.value, Mapping):
            self._wrong("an object")
        value = self.value.get(key, ABSENT) if isinstance(self.value, Mapping) else ABSENT
        return Entry(value, f"{self.path}.{key}", self.faults)

    def items(self) -> Iterator[Entry]:
        if isinstance(self.value, list | tuple):
            for index, value in enumerate(self.value):
                yield Entry(value, f"{self.path}[{index}]", self.faults)
        else:
            self._wrong("a list")

    def text(self) -> str | None:
        if isinstance(self.value, str) and self.value.strip():
            return self.value
        self._wrong("text")
        return None

    def number(self) -> float | None:
        if (
            isinstance(self.value, int | float)
            and not isinstance(self.value, bool)
            and _is_finite(self.value)
        ):
            return float(self.value)
        self._wrong("a finite number")
        return None

    def count(self, least: int = 0) -> int | None:
        """A whole number of at least this."""
        if isinstance(self.value, int) and not isinstance(self.value, bool) and _is_finite(self.value):
            if self.value >= least:
                return self.value
            self.note("too_small", f"is {self.value}, must be {least} or more", least - self.value)
        else:
            self._wrong("a whole number")
        return None

    def minute(self, clock: Clock) -> float | None:
        """A moment, in minutes of the clock."""
        if not self.is_there:
            return None
        try:
            return clock.minute(Node(self.value, self.path))
        except BadInput as wrong:
            self.note("bad_time", str(wrong).removeprefix(f"{self.path}: "))
            return None

    def one_of(self, known: Collection[str], kind: str) -> str | None:
        """An id of the input."""
        name = self.text()
        if name is not None and name not in known:
            self.note("unknown_id", f"no {kind} has the id {name!r}")
            return None
        return name

    def _wrong(self, expected: str) -> None:
        if self.is_there:
            self.note("wrong_type", f"must be {expected}, is {_shown(self.value)}")


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _shown(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", str: "text", type(None): "null"}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return names.get(type(value), "an object" if isinstance(value, Mapping) else "a list")

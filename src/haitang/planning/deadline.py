"""A point on the monotonic clock that a search must not pass."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Deadline:
    """Seconds allowed from birth; `spent` and `left` in seconds."""

    seconds: float
    born: float = field(default_factory=time.monotonic)

    @property
    def spent(self) -> float:
        return time.monotonic() - self.born

    @property
    def left(self) -> float:
        return max(0.0, self.seconds - self.spent)

    @property
    def passed(self) -> bool:
        return self.spent >= self.seconds

    def share(self, part: float) -> Deadline:
        """A deadline within this one: the given part of the time still left."""
        return Deadline(self.left * part)

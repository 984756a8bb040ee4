"""Times as the planner counts them: minutes from one origin, read from ISO 8601 with offset or from numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .reading import Fields, Node

TIME_KEYS = ("start",)
DAY = 1_440.0  # minutes
MOST_MINUTES = 3_660 * DAY  # ten years either way of the origin: more is a slip of the keyboard


@dataclass(frozen=True)
class Span:
    """From start to end, both in minutes of a clock."""

    start: float
    end: float

    @property
    def minutes(self) -> float:
        return self.end - self.start

    def covers(self, other: Span) -> bool:
        """Whether the other lies within this one; touching ends count as within."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True)
class Clock:
    """Minute 0 is `origin`; without one, times are bare minutes and minute 0 is a midnight.

    takes_minutes: whether bare minutes may stand in the input, as they may from a `start` or where all are bare.
    """

    origin: datetime | None = None
    takes_minutes: bool = True

    def minute(self, node: Node) -> float:
        """Minutes from the origin. BadInput without offset, or where minutes have nothing to count from."""
        if not isinstance(node.value, str):
            if not self.takes_minutes:
                raise node.refuse("is in minutes while other times are ISO 8601; these need $.start")
            return node.number(-MOST_MINUTES, MOST_MINUTES)
        moment = read_moment(node)
        if self.origin is None:
            raise node.refuse("is ISO 8601 while other times are in minutes; these need $.start")
        minute = (moment - self.origin) / timedelta(minutes=1)
        if abs(minute) > MOST_MINUTES:
            raise node.refuse("is more than ten years from the other times")
        return minute

    def span(self, fields: Fields, first: str = "start", last: str = "end") -> Span:
        """Two members of an object as a span; BadInput if it ends before it starts."""
        span = Span(self.minute(fields[first]), self.minute(fields[last]))
        if span.end < span.start:
            raise fields[last].refuse(f"must not be before {first!r}")
        return span

    def write(self, minute: float) -> str | float:
        """ISO 8601 in the origin's offset to the second, or minutes where there is no origin."""
        if self.origin is None:
            return int(minute) if minute == int(minute) else round(minute, 6)
        moment = self.origin + timedelta(seconds=round(minute * 60))
        return moment.isoformat(timespec="seconds" if moment.second else "minutes")

    def day(self, minute: float) -> int:
        """Calendar days from the origin's own day, in the origin's offset."""
        return math.floor((minute + self._since_midnight) / DAY)

    def minute_of_day(self, minute: float) -> float:
        """0 up to 1,440, in the origin's offset."""
        return (minute + self._since_midnight) % DAY

    @property
    def _since_midnight(self) -> float:
        if self.origin is None:
            return 0.0
        midnight = self.origin.replace(hour=0, minute=0, second=0, microsecond=0)
        return (self.origin - midnight) / timedelta(minutes=1)


def read_clock(root: Fields, times: Iterable[Node | None] = ()) -> Clock:
    """From `start` if the input has it; else the first of these times says whether all are ISO 8601 or minutes.

    Without `start` the origin is the midnight before that first time, in its own offset.
    """
    start = root.get("start")
    if start is not None:
        return Clock(read_moment(start))
    first = next((node for node in times if node is not None and node.value is not None), None)
    if first is None or not isinstance(first.value, str):
        return Clock()
    return Clock(read_moment(first).replace(hour=0, minute=0, second=0, microsecond=0), takes_minutes=False)


def read_moment(node: Node) -> datetime:
    """An instant from ISO 8601 with offset; BadInput for any other."""
    text = node.text()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise node.refuse(f"must be a time such as 2022-02-20T04:30+08:00, is {text!r}") from problem
    if moment.tzinfo is None:
        raise node.refuse(f"needs an offset such as +08:00, is {text!r}")
    # A moment near year 1 or 9999 can't be told in another offset.
    if not 1900 <= moment.year <= 2200:
        raise node.refuse(f"must be between the years 1900 and 2200, is {text!r}")
    return moment

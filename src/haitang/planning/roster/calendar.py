"""What the rules ask of the shifts: which follow each other closely, share a week, a date or a night."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from haitang.planning.times import DAY

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
WEEK = 7 * DAY
ROUNDING = 1e-6  # minutes
NO_DATE = 2**40


@dataclass(frozen=True)
class Rules:
    """What no plan breaks; protective_suit_hours is how long one suit lasts, which no rule of a plan asks."""

    min_rest_hours: float = 11.0
    max_shifts_7_days: int = 5
    max_nights_in_row: int = 2
    max_hours_day: float = 8.0
    protective_suit_hours: float = 4.0

    @property
    def rest_minutes(self) -> float:
        return self.min_rest_hours * 60.0

    @property
    def day_minutes(self) -> float:
        return self.max_hours_day * 60.0 + ROUNDING


@dataclass(frozen=True)
class Shift:
    """start and end in minutes of the input's clock.

    local: the start in minutes from the midnight of day 0 in the shift's own offset; a night belongs to the
    date it starts on.
    """

    id: str
    start: float
    end: float
    night: bool
    local: float

    @property
    def minutes(self) -> float:
        return self.end - self.start

    @property
    def date(self) -> int:
        return math.floor(self.local / DAY)

    @cached_property
    def by_date(self) -> Mapping[int, float]:
        """Minutes on each date."""
        found: dict[int, float] = {}
        here, end = self.local, self.local + self.minutes
        while here < end:
            date = math.floor(here / DAY)
            until = min((date + 1) * DAY, end)
            found[date] = until - here
            here = until
        return found

    def suits(self, hours: float) -> int:
        """Protective suits one after the other, each worn for so many hours at most."""
        return max(1, math.ceil(self.minutes / 60.0 / hours - ROUNDING))


class Calendar:
    """Shifts in order of start (ties: of end, then as given), and what of the rules depends on them alone."""

    def __init__(self, shifts: Sequence[Shift], rules: Rules) -> None:
        self.shifts = sorted(shifts, key=lambda shift: (shift.start, shift.end))
        self.rules = rules
        self.start: Floats = np.array([shift.start for shift in self.shifts], dtype=np.float64)
        self.end: Floats = np.array([shift.end for shift in self.shifts], dtype=np.float64)
        self.night: Flags = np.array([shift.night for shift in self.shifts], dtype=bool)
        self.date: Ints = np.array([shift.date for shift in self.shifts], dtype=np.int64)

    @property
    def count(self) -> int:
        return len(self.shifts)

    @cached_property
    def next_free(self) -> Ints:
        """(T) first shift that begins after this one and the rest that follows it."""
        return self._first(self.end + self.rules.rest_minutes)

    @cached_property
    def next_week(self) -> Ints:
        """(T) first shift that begins 168 hours later or more."""
        return self._first(self.start + WEEK)

    @cached_property
    def block_end(self) -> Ints:
        """(T) first shift of the next of the weeks that are counted from the first start."""
        since = self.start - self.start[:1]
        return self._first(self.start[:1] + (since // WEEK + 1) * WEEK)

    def _first(self, times: Floats) -> Ints:
        return np.searchsorted(self.start, times - ROUNDING, side="left").astype(np.int64)

    @cached_property
    def first_night(self) -> Ints:
        """(T + 1) earliest date of a night from this shift on."""
        dates = np.append(np.where(self.night, self.date, NO_DATE), NO_DATE)
        earliest: Ints = np.minimum.accumulate(dates[::-1])[::-1]
        return earliest

    @cached_property
    def touched(self) -> Sequence[frozenset[int]]:
        """(T + 1) dates on which shifts from this one on have hours."""
        found = [frozenset[int]()]
        for shift in reversed(self.shifts):
            found.append(found[-1] | shift.by_date.keys())
        return found[::-1]

    @cached_property
    def minutes(self) -> Floats:
        """(T, dates) of each shift on each date, dates that have any in ascending order."""
        dates = {date: at for at, date in enumerate(sorted(self.touched[0]))}
        table = np.zeros((self.count, len(dates)))
        for row, shift in enumerate(self.shifts):
            for date, minutes in shift.by_date.items():
                table[row, dates[date]] = minutes
        return table

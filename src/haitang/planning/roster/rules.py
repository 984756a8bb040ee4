"""Which rule keeps a person from working a shift, in words; plain, for one person at a time."""

from __future__ import annotations

from collections.abc import Iterable

from haitang.planning.answers import Said

from .calendar import WEEK, Calendar
from .patterns import longest_row
from .problem import Person


def broken(calendar: Calendar, person: Person, others: Iterable[int], shift: int) -> Said | None:
    """Why the person can't work the shift (a row of the calendar) beside others they work, or None if they can."""
    worked = sorted(set(others) - {shift})
    if calendar.shifts[shift].id in person.unavailable:
        return Said("unavailable", f"is not available in {calendar.shifts[shift].id}")
    for rule in (_rest, _week, _nights, _day):
        said = rule(calendar, worked, shift)
        if said is not None:
            return said
    return None


def _rest(calendar: Calendar, worked: list[int], shift: int) -> Said | None:
    for other in worked:
        early, late = min(other, shift), max(other, shift)
        if calendar.next_free[early] > late:
            hours, name = calendar.rules.min_rest_hours, calendar.shifts[other].id
            between = calendar.shifts[late].start - calendar.shifts[early].end
            text = f"works {name}, and between two shifts must rest {hours:g} hours"
            return Said(
                "rest", text, {"shift": name, "hours": hours, "hours_between": round(between / 60.0, 3)}
            )
    return None


def _week(calendar: Calendar, worked: list[int], shift: int) -> Said | None:
    starts = sorted(calendar.shifts[row].start for row in [*worked, shift])
    mine, most = calendar.shifts[shift].start, calendar.rules.max_shifts_7_days
    for first in starts:
        if first <= mine < first + WEEK and sum(first <= start < first + WEEK for start in starts) > most:
            return Said("week", f"has {most} shifts within 168 hours already", {"max_shifts_7_days": most})
    return None


def _nights(calendar: Calendar, worked: list[int], shift: int) -> Said | None:
    if not calendar.night[shift]:
        return None
    most, dates = calendar.rules.max_nights_in_row, {int(calendar.date[shift])}
    dates.update(int(calendar.date[row]) for row in worked if calendar.night[row])
    if longest_row(dates) <= most:
        return None
    return Said("nights", f"would work more than {most} nights in a row", {"max_nights_in_row": most})


def _day(calendar: Calendar, worked: list[int], shift: int) -> Said | None:
    used = calendar.minutes[[*worked, shift]].sum(axis=0)
    here = calendar.minutes[shift] > 0
    if not (used[here] > calendar.rules.day_minutes).any():
        return None
    hours = calendar.rules.max_hours_day
    return Said("day", f"would work more than {hours:g} hours on one date", {"max_hours_day": hours})

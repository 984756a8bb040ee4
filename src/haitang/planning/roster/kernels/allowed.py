"""Whether a person may work one more shift, and what it adds to their load's cost."""

from __future__ import annotations

from haitang.planning.compiled import inner

from .facts import NONE, Facts, Ints


@inner
def is_allowed(facts: Facts, row: Ints, shift: int) -> bool:
    """row (T): the person's plan, which keeps all rules; what it holds for the shift itself doesn't count."""
    return (
        _is_rested(facts, row, shift)
        and _week_has_room(facts, row, shift)
        and _day_has_room(facts, row, shift)
        and (not facts.night[shift] or _row_of_nights(facts, row, shift) <= facts.most_nights)
    )


@inner
def _is_rested(facts: Facts, row: Ints, shift: int) -> bool:
    for other in range(len(row)):
        if row[other] != NONE and other != shift:
            if other < shift and facts.next_free[other] > shift:
                return False
            if other > shift and facts.next_free[shift] > other:
                return False
    return True


@inner
def _week_has_room(facts: Facts, row: Ints, shift: int) -> bool:
    """No 168 hours with this shift in them have too many starts: a window begins at one of the shifts."""
    for first in range(shift + 1):
        if (first == shift or row[first] != NONE) and facts.next_week[first] > shift:
            count = 1
            for other in range(first, facts.next_week[first]):
                if row[other] != NONE and other != shift:
                    count += 1
            if count > facts.most_shifts:
                return False
    return True


@inner
def _day_has_room(facts: Facts, row: Ints, shift: int) -> bool:
    for date in range(facts.minutes.shape[1]):
        if facts.minutes[shift, date] > 0:
            total = facts.minutes[shift, date]
            for other in range(len(row)):
                if row[other] != NONE and other != shift:
                    total += facts.minutes[other, date]
            if total > facts.most_minutes:
                return False
    return True


@inner
def _row_of_nights(facts: Facts, row: Ints, shift: int) -> int:
    """Consecutive dates with a night, the shift's own among them."""
    date = facts.date[shift]
    first, last = date, date
    while _has_night(facts, row, first - 1):
        first -= 1
    while _has_night(facts, row, last + 1):
        last += 1
    return int(last - first + 1)


@inner
def _has_night(facts: Facts, row: Ints, date: int) -> bool:
    found = False
    for other in range(len(row)):
        found |= row[other] != NONE and facts.night[other] and facts.date[other] == date
    return found


@inner
def load_cost(facts: Facts, shifts: int, nights: int) -> float:
    over = max(0, shifts - facts.enough)
    return facts.night_cost * nights * nights + facts.extra_cost * over * over


@inner
def added_load(facts: Facts, row: Ints, shift: int) -> float:
    """What the shift adds to the load of the person's others."""
    shifts, nights = 0, 0
    for other in range(len(row)):
        if row[other] != NONE and other != shift:
            shifts += 1
            nights += facts.night[other]
    after = load_cost(facts, shifts + 1, nights + facts.night[shift])
    return float(after - load_cost(facts, shifts, nights))

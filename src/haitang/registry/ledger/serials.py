"""Dates as spreadsheets keep them: days since the end of 1899 (or 1904), told apart from numbers by their format."""

import datetime
import re

from haitang.registry.ledger.shapes import Cell

EPOCH = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's clock knows no zone
YEARS_FROM_1904 = 1462
_LAST = 2_958_466  # the first day of the year 10000
_LEAP_SLIP = 60  # the 29th of February 1900, which never was
_DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[ymdhs]", re.IGNORECASE)
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)


def is_date_format(number: int, code: str | None) -> bool:
    """Whether a number's format shows it as a date or a time; `code` is None for a built-in format."""
    if code is None:
        return number in _DATE_FORMATS
    bare = _NOT_FORMAT.sub("", code.split(";")[0])
    return bool(_DATE_LETTERS.search(bare)) and bare.strip().lower() != "general"


def is_span_format(number: int, code: str | None) -> bool:
    """Whether a number's format shows a span of time, such as [h]:mm."""
    return number == 46 if code is None else bool(_ELAPSED.search(code))


def from_serial(serial: float, *, from_1904: bool, is_span: bool) -> Cell:
    """The date, time or span that a number stands for; the number itself where it can be none."""
    if not 0 <= serial < _LAST:
        return serial
    if is_span:
        return datetime.timedelta(milliseconds=round(serial * 86_400_000))
    if serial < 1:
        return (EPOCH + datetime.timedelta(milliseconds=round(serial * 86_400_000))).time()
    days = serial + YEARS_FROM_1904 if from_1904 else serial + (serial < _LEAP_SLIP)
    moment = EPOCH + datetime.timedelta(milliseconds=round(days * 86_400_000))
    return moment.date() if moment.time() == datetime.time() else moment


def from_iso(text: str) -> Cell:
    """The date, time or both in ISO 8601; the text itself where it is none."""
    for read in (datetime.date.fromisoformat, datetime.datetime.fromisoformat, datetime.time.fromisoformat):
        try:
            return read(text)
        except ValueError:
            continue
    return text

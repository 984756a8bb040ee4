"""Reads a year of birth from a date, a year or an age."""

import datetime
import re

from haitang.registry.ledger.shapes import Cell, CellRefused
from haitang.registry.ledger.writing import is_nothing, text_of, without_float_tail

OLDEST = 125
_FIRST_SERIAL, _LAST_SERIAL = 2000, 73050
_EPOCH = datetime.date(1899, 12, 30)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})?日?)?(?:[T ].*)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_YEAR = re.compile(r"(\d{4})年?(?:生|出生)?")
_AGE = re.compile(r"(\d{1,4})(?:周?岁|歲|years?(?: old)?|y)?", re.IGNORECASE)
_AGE_SAID = re.compile(r"\d{1,3}(?:周?岁|歲)")
_MONTHS = re.compile(r"(\d{1,2})个?月龄?|\d{1,3}(?:天|周)")


def year_from_birth(value: Cell, *, this_year: int) -> int | None:
    """The year in a birth date (Gregorian); None when the cell is empty. Raises CellRefused with bad_birth.

    A number of five digits is a date that lost its format: days since the end of 1899, as spreadsheets count.
    """
    if isinstance(value, datetime.date):
        return _checked(value.year, this_year=this_year, code="bad_birth")
    text = without_float_tail(text_of(value)).strip("'‘")
    if is_nothing(text):
        return None
    if _AGE_SAID.fullmatch(text):
        return year_from_age(text, this_year=this_year)
    return _checked(_year_written(text), this_year=this_year, code="bad_birth")


def year_from_age(value: Cell, *, this_year: int) -> int | None:
    """The year that an age means today; a value from 1900 on is taken as the year itself.

    None when the cell is empty. Raises CellRefused with bad_age, for instance for two ages run together.
    """
    if isinstance(value, datetime.date):
        return year_from_birth(value, this_year=this_year)
    text = without_float_tail(text_of(value)).strip("'‘")
    if text != "0" and is_nothing(text):
        return None
    if _MONTHS.fullmatch(text):
        return this_year
    age = _AGE.fullmatch(text)
    if not age:
        raise CellRefused("bad_age")
    number = int(age.group(1))
    return _checked(number if number >= 1900 else this_year - number, this_year=this_year, code="bad_age")


def _year_written(text: str) -> int:
    year = _YEAR.fullmatch(text)
    if year:
        return int(year.group(1))
    if text.isdigit() and len(text) <= 5:
        if not _FIRST_SERIAL < int(text) < _LAST_SERIAL:
            raise CellRefused("bad_birth")
        return (_EPOCH + datetime.timedelta(days=int(text))).year
    parts = _COMPACT.fullmatch(text) or _DATE.fullmatch(text)
    if not parts:
        raise CellRefused("bad_birth")
    try:
        return datetime.date(int(parts[1]), int(parts[2]), int(parts[3] or 1)).year
    except ValueError as fault:
        raise CellRefused("bad_birth") from fault


def _checked(year: int, *, this_year: int, code: str) -> int:
    if not this_year - OLDEST <= year <= this_year:
        raise CellRefused(code)
    return year

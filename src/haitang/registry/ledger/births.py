"""Reads a year of birth from a date, a year or an age, in the many ways people write them."""

import datetime
import re
from functools import lru_cache

from haitang.registry.ledger.shapes import Cell, CellRefused
from haitang.registry.ledger.writing import SIMPLIFIED, arabic, is_nothing, text_of, without_float_tail

OLDEST = 125
_MINGUO = 1911
_HERE = datetime.timezone(datetime.timedelta(hours=8))
_USUAL = ("19", "20")
_EPOCH = datetime.date(1899, 12, 30)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BETWEEN = r"[-/.、\s年月]+"
_REST = r"(?:日|号)?(?:生|出生)?(?:(?:[T\s]|上午|下午|凌晨|晚).*)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.、年](\d{{1,2}})(?:[-/.、月](\d{{1,2}}))?月?{_REST}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{4}}){_REST}")
_TWO_DIGITS = re.compile(rf"(\d{{1,2}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{1,2}}){_REST}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_COMPACT_TWO_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{2})")
_YEAR = re.compile(r"(\d{4})年?(?:生|出生)?")
_TWO_DIGIT_YEAR = re.compile(r"(\d{2})年(?:\d{1,2}月?)?(?:生|出生)?")
_MINGUO_YEAR = re.compile(
    rf"(?:民国)?(\d{{1,3}}|元)(?:[-/.年](\d{{1,2}})(?:[-/.月](\d{{1,2}}))?月?)?年?{_REST}"
)
_MINGUO_COMPACT = re.compile(r"([01]\d{2})(\d{2})(\d{2})")
_NAMED_MONTH = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?[-/.\s,]*)?(?P<month>[a-z]{3})[a-z]*\.?[-/.\s,]*"
    r"(?:(?P<later>\d{1,2})(?:st|nd|rd|th)?[-/.\s,]+)?(?P<year>\d{4}|\d{2})"
)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_SPACED = re.compile(r"\s*([年月])\s*")
_CALENDAR = re.compile(r"^(?:公历|农历|阴历|阳历|约|大约|生于|公元)[:\s]*")
_NUMERALS = re.compile(r"[零〇一二两三四五六七八九十百廿卅]+(?=年|月|日|号|个|周|岁|天|$)")
_AGE = re.compile(
    r"(\d{1,4})(?:\.\d)?(?:\s*(?:周?岁|years?(?: old)?|y)(?:半|多?\d{1,2}个?月)?)?", re.IGNORECASE
)
_AGE_SAID = re.compile(r"(?:虚岁?)?\d{1,3}(?:周?岁|years? old).*", re.IGNORECASE)
_NOMINAL = re.compile(r"虚岁?(\d{1,3})岁?|(\d{1,3})虚?岁\(虚岁?\)|(\d{1,3})虚岁")
_BORN = re.compile(r"\d{8}|\d{4}[-/.年].*")
_MONTHS = re.compile(r"(\d{1,2})个?月(?:龄|大)?|\d{1,3}(?:天|周)大?")


@lru_cache(maxsize=1 << 15, typed=True)
def year_from_birth(value: Cell, *, this_year: int, is_minguo: bool = False) -> int | None:
    """The year in a birth date (Gregorian); None when the cell is empty. Raises CellRefused: bad_birth, or
    bad_century where two digits may be a year of either century, or an age.

    A number of five digits is a date that lost its format: days since the end of 1899, as spreadsheets count.
    `is_minguo`: the heading says that years count from 1912 (民国).
    """
    if isinstance(value, datetime.date):
        return _checked(value.year, this_year=this_year, code="bad_birth")
    text = _plain(value)
    if is_nothing(text):
        return None
    if _AGE_SAID.fullmatch(text):
        return year_from_age(text, this_year=this_year)
    year = (text[:2] not in _USUAL and _year_minguo(text, is_minguo)) or _year_written(
        text, this_year=this_year
    )
    return _checked(year, this_year=this_year, code="bad_birth")


@lru_cache(maxsize=1 << 10, typed=True)
def year_from_age(value: Cell, *, this_year: int) -> int | None:
    """The year that an age means today; a value from 1900 on, or a date, is taken as the birth itself.

    None when the cell is empty. Raises CellRefused with bad_age, for instance for two ages run together.
    """
    if isinstance(value, datetime.date):
        return year_from_birth(value, this_year=this_year)
    text = _plain(value)
    if text != "0" and is_nothing(text):
        return None
    if _MONTHS.fullmatch(text):
        return this_year
    nominal = _NOMINAL.fullmatch(text)
    if nominal:  # counted from one, and one more each new year
        return _checked(
            this_year + 1 - int(nominal[nominal.lastindex or 1]), this_year=this_year, code="bad_age"
        )
    if _BORN.fullmatch(text):
        return year_from_birth(text, this_year=this_year)
    age = _AGE.fullmatch(text)
    if not age:
        raise CellRefused("bad_age")
    number = int(age.group(1))
    return _checked(number if number >= 1900 else this_year - number, this_year=this_year, code="bad_age")


def _plain(value: Cell) -> str:
    text = without_float_tail(text_of(value)).strip("'‘ ")
    if text.isascii():
        return text
    text = _CALENDAR.sub("", text.translate(SIMPLIFIED).replace("元月", "1月").replace("正月", "1月"))
    return _NUMERALS.sub(lambda match: arabic(match.group()), _SPACED.sub(r"\1", text))


def _year_minguo(text: str, is_minguo: bool) -> int:
    """民国37年 is 1948; three digits (085/3/25) are of no other count; 0 for any other."""
    compact = _MINGUO_COMPACT.fullmatch(text)
    written = compact or _MINGUO_YEAR.fullmatch(text)
    if not written or not (compact or is_minguo or text.startswith("民国") or _three_digits(written)):
        return 0
    year = 1 if written[1] == "元" else int(written[1])
    return _real(year + _MINGUO, written[2], written[3])


def _three_digits(written: re.Match[str]) -> bool:
    return len(written[1]) == 3 and bool(written[2])


def _year_written(text: str, *, this_year: int) -> int:
    if text.isdigit() or _SERIAL.fullmatch(text):
        return _year_in_digits(text, this_year=this_year)
    parts = _YEAR_FIRST.fullmatch(text)
    if parts:
        return _zoned(text) or _real(int(parts[1]), parts[2], parts[3])
    year = _YEAR.fullmatch(text)
    if year:
        return int(year.group(1))
    parts = _YEAR_LAST.fullmatch(text)
    if parts:
        years = _real_years(parts[3], [(parts[1], parts[2]), (parts[2], parts[1])], this_year=this_year)
        return _only(years)
    return _year_of_two_digits(text, this_year=this_year)


def _year_in_digits(text: str, *, this_year: int) -> int:
    if _YEAR.fullmatch(text):
        return int(text)
    if len(text) == 2:
        raise CellRefused("bad_century")
    serial = _SERIAL.fullmatch(text)
    if serial:
        return (_EPOCH + datetime.timedelta(days=int(serial[1]))).year
    parts = _COMPACT.fullmatch(text)
    if parts and parts[1] <= str(this_year) and _is_known(int(parts[1]), parts[2], parts[3]):
        return int(parts[1])
    parts = _COMPACT_TWO_DIGITS.fullmatch(text)
    if parts:
        return _only(_real_years(parts[1], [(parts[2], parts[3])], this_year=this_year))
    raise CellRefused("bad_birth")


def _year_of_two_digits(text: str, *, this_year: int) -> int:
    named = _NAMED_MONTH.fullmatch(text.lower())
    if named and named["month"] in _MONTH_NAMES:
        day = named["day"] or named["later"] or "1"
        return _only(
            _real_years(
                named["year"], [(str(_MONTH_NAMES.index(named["month"]) + 1), day)], this_year=this_year
            )
        )
    alone = _TWO_DIGIT_YEAR.fullmatch(text)
    if alone:
        return _only(_real_years(alone[1], [("1", "1")], this_year=this_year))
    parts = _TWO_DIGITS.fullmatch(text)
    if not parts:
        raise CellRefused("bad_birth")
    first, second, third = parts.groups()[:3]
    years = _real_years(first, [(second, third)], this_year=this_year) if len(first) == 2 else set()
    if len(third) == 2:
        years |= _real_years(third, [(first, second), (second, first)], this_year=this_year)
    return _only(years)


def _real_years(year: str, month_days: list[tuple[str, str]], *, this_year: int) -> set[int]:
    """The years up to this one that these digits may mean with one of these months and days."""
    numbers = [int(year)] if len(year) == 4 else [1900 + int(year), 2000 + int(year)]
    return {
        number
        for number in numbers
        if this_year - OLDEST <= number <= this_year
        and any(_is_real(number, month, day) for month, day in month_days)
    }


def _is_real(year: int, month: str, day: str) -> bool:
    try:
        datetime.date(year, int(month), int(day))
    except ValueError:
        return False
    return True


def _only(years: set[int]) -> int:
    if not years:
        raise CellRefused("bad_birth")
    if len(years) > 1:
        raise CellRefused("bad_century")
    return years.pop()


def _real(year: int, month: str | None, day: str | None) -> int:
    if not _is_known(year, month, day):
        raise CellRefused("bad_birth")
    return year


def _is_known(year: int, month: str | None, day: str | None) -> bool:
    """Whether month and day can be; registers write 00 for what nobody knows."""
    return _is_real(year, str(int(month or 0) or 1), str(int(day or 0) or 1))


def _zoned(text: str) -> int:
    """1947-12-31T16:00:00Z was already 1948 here; 0 without a zone."""
    if "T" not in text or not re.search(r"(?:Z|[+-]\d\d:?\d\d)$", text):
        return 0
    try:
        return datetime.datetime.fromisoformat(text).astimezone(_HERE).year
    except (ValueError, OverflowError):
        return 0


def _checked(year: int, *, this_year: int, code: str) -> int:
    if not this_year - OLDEST <= year <= this_year:
        raise CellRefused(code)
    return year

"""Evens out how people type: full-width forms, invisible characters, Chinese numerals, floats."""

import re
import unicodedata
from functools import lru_cache

from haitang.registry.ledger.shapes import Cell

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
TRADITIONAL = str.maketrans("棟號樓門層單戶無補暫東", "栋号楼门层单户无补暂东")
SIMPLIFIED = TRADITIONAL | str.maketrans("國歲農曆陰陽週個", "国岁农历阴阳周个")
NOTHING = frozenset(
    {"无", "没有", "暂无", "待补", "待定", "待查", "不详", "未知", "未填", "未登记", "不清楚", "拒绝"}
    | {"空", "空户", "空置", "空房", "无人", "-", "--", "---", "/", "\\", ".", "?", "0"}
    | {"none", "null", "nil", "nan", "n/a", "na", "no", "unknown", "#n/a", "#ref!", "#value!", "#name?"}
)
_DIGITS = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")
_FORCED_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_WHOLE_FLOAT = re.compile(r"(\d+)\.0+")


def text_of(value: Cell) -> str:
    """The cell as clean text: 8.0 is "8", ="8" is "8", full-width is half-width, blanks at the ends are gone.

    A text that begins with = stays a text; nothing is ever calculated.
    """
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


@lru_cache(maxsize=1 << 15)
def _clean(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(INVISIBLE)
        text = _FOREIGN_DIGIT.sub(lambda digit: str(int(digit.group())), text)
    written = text.strip()
    forced = _FORCED_TEXT.fullmatch(written) if written.startswith("=") else None
    return forced.group(1).strip() if forced else written


def without_float_tail(text: str) -> str:
    """ "8.0", as other programs export whole numbers, is "8"."""
    whole = _WHOLE_FLOAT.fullmatch(text)
    return whole.group(1) if whole else text


@lru_cache(maxsize=1 << 15)
def is_nothing(text: str) -> bool:
    """Whether the text only says that there is nothing."""
    return not text or text.translate(TRADITIONAL).strip(" '\"()").lower() in NOTHING


def arabic(numerals: str) -> str:
    """Chinese numerals as digits: 十二 is 12, 廿五 is 25, 一百零二 is 102, 一四零四 is 1404."""
    numerals = numerals.replace("廿", "二十").replace("卅", "三十")
    if "十" not in numerals and "百" not in numerals:
        return "".join(str(_DIGITS[numeral]) for numeral in numerals)
    total = digit = 0
    for numeral in numerals:
        if numeral in "十百":
            total += (digit or 1) * (10 if numeral == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[numeral]
    return str(total + digit)

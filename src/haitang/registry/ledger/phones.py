"""Reads the phone numbers in a cell, however many there are and however a spreadsheet mangled them."""

import re
from decimal import Decimal

import phonenumbers

from haitang.registry.ledger.writing import is_nothing, without_float_tail

_BETWEEN = re.compile(r"[;,、/\\|\n\r&]+|和|或|及")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86|0086)?(1[3-9]\d{9})(?!\d)")
_RUN_TOGETHER = re.compile(r"(1[3-9]\d{9})(1[3-9]\d{9})")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x).*", re.IGNORECASE)
_GROUPING = re.compile(r"[\s()\-‐‑–—.'\"‘’“”`=]+")
_LOCAL = re.compile(r"[2-9]\d{6,7}|09\d{8}")
_MOBILE_DIGITS = 11


def read_phones(text: str) -> tuple[tuple[str, ...], bool]:
    """The numbers in a clean text, each once, and whether all of it was understood.

    Chinese and international numbers come as E.164; local landlines without area code as bare digits.
    """
    phones: dict[str, None] = {}
    is_whole = True
    for part in _BETWEEN.split(text):
        found = _numbers(part.strip())
        is_whole = is_whole and (bool(found) or is_nothing(_GROUPING.sub("", part)))
        phones.update(dict.fromkeys(found))
    return tuple(phones), is_whole


def _numbers(part: str) -> tuple[str, ...]:
    if _SCIENTIFIC.fullmatch(part):
        part = _unrounded(part)
    compact = _GROUPING.sub("", without_float_tail(part))
    pair = _RUN_TOGETHER.fullmatch(compact)
    if pair:
        return tuple(f"+86{mobile}" for mobile in pair.groups())
    mobiles = _MOBILE.findall(compact)
    if mobiles:
        return tuple(f"+86{mobile}" for mobile in mobiles)
    return _landline(_EXTENSION.sub("", compact))


def _unrounded(part: str) -> str:
    """1.3800000001E+10 in full; 1.38E+10 has lost digits that nobody can bring back."""
    number = Decimal(part)
    is_complete = len(number.as_tuple().digits) >= _MOBILE_DIGITS
    return str(int(number)) if is_complete and number < 10**15 else ""


def _landline(compact: str) -> tuple[str, ...]:
    digits = compact.removeprefix("+")
    if not digits.isascii() or not digits.isdigit() or not 7 <= len(digits) <= 15:
        return ()
    if _LOCAL.fullmatch(compact):
        return (digits,)
    try:
        number = phonenumbers.parse(compact, "CN")
    except phonenumbers.NumberParseException:
        return ()
    if not phonenumbers.is_valid_number(number):
        return ()
    return (str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)),)

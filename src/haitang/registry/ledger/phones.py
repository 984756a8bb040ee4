"""Reads the phone numbers in a cell, however many there are and however a spreadsheet mangled them."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import TypeAlias

import phonenumbers

from haitang.registry.ledger.kinship import is_no_phone, is_someone_else
from haitang.registry.ledger.writing import is_nothing, without_float_tail

Words: TypeAlias = tuple[str, ...]

_BETWEEN = re.compile(r"[;,、/\\|\n\r&]+|和|或|及")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86|0086)?(1[3-9]\d{9})(?!\d)")
_PLAIN = re.compile(r"1[3-9][0-9]{9}")
_RUN_TOGETHER = re.compile(r"(1[3-9]\d{9})(1[3-9]\d{9})")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{1,3}", re.IGNORECASE)
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x)\s*\d{1,6}(?!\d)|(?<=[2-9]\d{6})-\d{1,5}(?!\d)", re.IGNORECASE)
_GROUPING = re.compile(r"[\s()\-‐‑–—.'\"‘’“”`=:]+")
_LOCAL = re.compile(r"[2-9]\d{6,7}|09\d{8}")
_MOBILE_DIGITS = 11
_TOKEN = re.compile(r"[^\W\d_]+|(?:(?![^\W\d_]).)+", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]")
_WORD_IN_BRACKETS = re.compile(r"\d\s*\([^\W\d_]")
_DEAD = re.compile("停机|空号|错号|错误|作废|注销|无效|不存在")


def read_phones(text: str, *, own: str = "") -> tuple[tuple[str, ...], str]:
    """The numbers in a clean text, each once, and what is wrong with the rest: "", bad_phone or others_phone.

    Chinese and international numbers come as E.164; local landlines without area code as bare digits. A number
    beside a name other than `own`, or beside what somebody is to the person (女儿), is not the person's.
    """
    if _PLAIN.fullmatch(text):
        return (f"+86{text}",), ""
    text = _EXTENSION.sub("", text)
    if _WORD.search(text) and not _SCIENTIFIC.search(text):
        return _read_beside_words(text, own)
    phones: dict[str, None] = {}
    fault = ""
    for part in _BETWEEN.split(text):
        found = _numbers(part.strip())
        if not found and not is_nothing(_GROUPING.sub("", part)):
            fault = "bad_phone"
        phones.update(dict.fromkeys(found))
    return tuple(phones), fault


def _read_beside_words(text: str, own: str) -> tuple[tuple[str, ...], str]:
    phones: dict[str, None] = {}
    parts = _parts(text)
    is_before = isinstance(parts[0], str) and (
        not isinstance(parts[-1], str) or bool(_WORD_IN_BRACKETS.search(text))
    )
    faults = set() if any(isinstance(part, str) for part in parts) or is_no_phone(text) else {"bad_phone"}
    for place, part in enumerate(parts):
        if not isinstance(part, str):
            continue
        words, found = _beside(parts, place, is_before), _numbers(part)
        if any(is_someone_else(word, own=own) for word in words):
            faults.add("others_phone")
        elif not found or any(_DEAD.search(word) for word in words):
            faults.add("bad_phone")
        else:
            phones.update(dict.fromkeys(found))
    return tuple(phones), max(faults, default="")


def _parts(text: str) -> list[str | Words]:
    """The numbers, each a text, and between them the words that stand together."""
    tokens = [piece for token in _TOKEN.findall(text) for piece in _pieces(token)]
    parts: list[str | Words] = []
    for is_word, group in groupby(tokens, key=lambda token: bool(_WORD.match(token))):
        together = tuple(group)
        parts.extend([together] if is_word else together)
    return parts


def _pieces(token: str) -> list[str]:
    if _WORD.match(token):
        return [token] if token not in ("和", "或", "及") else []
    return [piece.strip() for piece in _BETWEEN.split(token) if any(sign.isdigit() for sign in piece)]


def _beside(parts: Sequence[str | Words], place: int, is_before: bool) -> Words:
    """The words that belong to a number: those after it where the cell names numbers first, else before it."""
    after = parts[place + 1] if place + 1 < len(parts) else ""
    if is_before:
        return after if isinstance(after, tuple) else ()
    before = next((part for part in reversed(parts[:place]) if isinstance(part, tuple)), ())
    is_last = place + 2 == len(parts)
    return before + (after if is_last and isinstance(after, tuple) else ())


def _numbers(part: str) -> tuple[str, ...]:
    if _SCIENTIFIC.fullmatch(part):
        part = _unrounded(part)
    compact = _GROUPING.sub("", without_float_tail(part))
    pair = _RUN_TOGETHER.fullmatch(compact)
    if pair:
        return tuple(f"+86{mobile}" for mobile in pair.groups())
    mobiles = _MOBILE.findall(compact)
    return tuple(f"+86{mobile}" for mobile in mobiles) if mobiles else _landline(compact)


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

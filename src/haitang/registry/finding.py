"""By what a person is found: pinyin, initials, the last digits of a phone; as words that are then hashed."""

import re
from collections.abc import Iterable
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from haitang.registry.joining.surnames import SURNAMES
from haitang.registry.syllables import SYLLABLES

DIGITS = 4  # of a phone's end, at least, to look somebody up by


@lru_cache(maxsize=50_000)
def syllables(name: str) -> tuple[str, ...]:
    """A name's syllables without tones, as typed: 吕小明 is lv, xiao, ming; other letters stay words."""
    read = [part.lower() for part in lazy_pinyin(name, style=Style.NORMAL, v_to_u=False)]
    parts = [word for part in read for word in part.split()]
    if name[:1] in SURNAMES and name[:2] not in SURNAMES and parts:
        parts[0] = SURNAMES[name[0]][0]
    return tuple(parts)


@lru_cache(maxsize=50_000)
def words_of_name(name: str) -> frozenset[str]:
    """What a name is found by: its first syllables and its given name, in full and by initials."""
    parts = syllables(name)
    found = {"".join(parts[:end]) for end in range(1, len(parts) + 1)} | {"".join(parts[1:])}
    first = "".join(part[:1] for part in parts)
    found |= {f"-{first[:end]}" for end in range(1, len(first) + 1)} | {f"-{first[1:]}"}
    return frozenset(found - {"", "-"})


def words_of(people: Iterable[tuple[str, Iterable[str]]]) -> set[str]:
    """What a household is found by, given its people's names and phones."""
    found: set[str] = set()
    for name, phones in people:
        found |= words_of_name(name)
        found.update(f"#{phone[-DIGITS:]}" for phone in phones)
    return found


_HAN = re.compile(r"[\u3400-\u9fff]")
_MOST_WORDS = 400


def words_to_try(text: str) -> set[str]:
    """The words under which somebody may stand whom `text` means: a name, its beginning, pinyin even half typed,
    initials, or the end of a phone; empty when it means nobody."""
    typed = "".join(text.lower().split())
    if typed.lstrip("+").isdecimal():
        return {f"#{typed[-DIGITS:]}"} if len(typed) >= DIGITS else set()
    if _HAN.search(typed):
        return {"".join(syllables(typed))}
    if not typed.isalpha():
        return {typed} if typed else set()
    half = {
        typed[:start] + whole
        for start in range(len(typed))
        for whole in SYLLABLES
        if len(typed) > 1 and whole.startswith(typed[start:]) and whole != typed[start:]
    }
    return {typed, f"-{typed}", *sorted(half, key=lambda word: (len(word), word))[:_MOST_WORDS]}


def is_meant(text: str, name: str, phones: Iterable[str]) -> bool:
    """Whether `text` means this person; a hash tells of syllables only, and of a phone's last digits."""
    typed = "".join(text.lower().split())
    if typed.lstrip("+").isdecimal():
        return any(phone.endswith(typed.lstrip("+")) for phone in phones)
    if _HAN.search(typed):
        return typed in name.lower()
    return any(word.startswith((typed, f"-{typed}")) for word in words_of_name(name))

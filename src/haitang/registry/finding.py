"""By what a person is found: pinyin, initials, the last digits of a phone; as words that are then hashed."""

from collections.abc import Iterable
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

# As surnames these are read otherwise than as words.
SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "区": "ou",
    "解": "xie",
    "查": "zha",
    "盖": "ge",
    "任": "ren",
    "朴": "piao",
    "尉": "wei",
    "缪": "miao",
    "翟": "zhai",
    "宓": "mi",
    "冼": "xian",
    "覃": "qin",
    "华": "hua",
    "燕": "yan",
    "应": "ying",
    "卜": "bu",
    "乐": "yue",
    "员": "yun",
    "折": "she",
    "逄": "pang",
    "召": "shao",
}
DIGITS = 4  # of a phone's end, at least, to look somebody up by


@lru_cache(maxsize=50_000)
def syllables(name: str) -> tuple[str, ...]:
    """A name's syllables without tones, as typed: 吕小明 is lv, xiao, ming; other letters stay words."""
    read = [part.lower() for part in lazy_pinyin(name, style=Style.NORMAL, v_to_u=False)]
    parts = [word for part in read for word in part.split()]
    if name[:1] in SURNAMES and parts:
        parts[0] = SURNAMES[name[0]]
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

"""The forms of a name that lists are compared by: its characters alone, how it is read, how it is misheard."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product

import opencc
from pypinyin import lazy_pinyin

from haitang.registry.joining.surnames import GIVEN, SURNAMES

HIDDEN = "*"
MOST_READINGS = 8
_IN_BRACKETS = re.compile(r"[(\[【〔<《][^()\[\]【】〔〕<>《》]{0,12}[)\]】〕>》]")
_HIDING = re.compile(r"[*×xX○〇◯某?_]")
_ROLES = re.compile(
    r"(?<=[\u3400-\u9fff*])(?:先生|女士|小姐|老师|同志|阿姨|阿婆|阿公|奶奶|爷爷|大爷|大妈|师傅|医生|同学|小朋友|户主)$"
)
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff*]+")
_WORD = re.compile(r"[^\W\d_]+")
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))


@dataclass(frozen=True, slots=True)
class Name:
    """`normal`: simplified characters alone, or small letters; `*` stands for a character that is hidden.
    `sounds`: every way to read it, toneless pinyin run together. `blurred`: the same without z/zh, n/l, n/ng."""

    normal: str
    sounds: frozenset[str] = frozenset()
    blurred: frozenset[str] = frozenset()
    is_han: bool = True

    @property
    def is_hidden(self) -> bool:
        """Whether some of its characters are not told."""
        return HIDDEN in self.normal


NOBODY = Name("")


@lru_cache(maxsize=65536)
def name_of(text: str) -> Name:
    """A name as it is compared; empty for a text that names nobody."""
    even = _IN_BRACKETS.sub("", unicodedata.normalize("NFKC", text)).strip()
    words = _WORD.findall(even)
    if even and not _HAN.search(even):
        return _latin([word.casefold() for word in words])
    bare = "".join(_HAN.findall(_HIDING.sub(HIDDEN, even)))
    normal = simplified(bare)
    untitled = _ROLES.sub("", normal)
    called = untitled if len(untitled) > 1 else normal  # 钱阿婆 is all that her neighbours call her
    if not called.strip(HIDDEN):
        return NOBODY
    return Name(called, *_readings(called))


def simplified(text: str) -> str:
    """Traditional characters as simplified ones."""
    return text if text.isascii() else str(_converter().convert(text))


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def surname_of(normal: str) -> str:
    """The surname that a name in its normal form begins with."""
    return normal[:2] if normal[:2] in SURNAMES and len(normal) > 2 else normal[:1]


def _latin(words: list[str]) -> Name:
    """Letters, read with the surname first or last."""
    if not words:
        return NOBODY
    orders = {"".join(words), "".join(words[1:] + words[:1]), "".join(words[-1:] + words[:-1])}
    return Name("".join(words), frozenset(orders), frozenset(orders), is_han=False)


def _readings(normal: str) -> tuple[frozenset[str], frozenset[str]]:
    if HIDDEN in normal:
        return frozenset(), frozenset()
    surname = surname_of(normal)
    first = SURNAMES.get(surname) or (_reading(surname),)
    given = [GIVEN.get(character) or (_reading(character),) for character in normal[len(surname) :]]
    ways = list(product(first, *given))[:MOST_READINGS]
    return frozenset(map("".join, ways)), frozenset("".join(map(_blur, way)) for way in ways)


@lru_cache(maxsize=16384)
def _reading(character: str) -> str:
    return "".join(lazy_pinyin(character)).replace("ü", "v")


@lru_cache(maxsize=2048)
def _blur(syllable: str) -> str:
    """A syllable as it is heard by those who tell neither z from zh, n from l, nor n from ng."""
    for clear, blurred in _INITIALS:
        if syllable.startswith(clear):
            syllable = blurred + syllable[len(clear) :]
            break
    return re.sub(r"(?<=[aei])ng$", "n", syllable)

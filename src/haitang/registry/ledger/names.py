"""Reads the names in a cell: one person's as a rule, and sees when it holds several."""

import re
from collections.abc import Sequence
from typing import TypeAlias

from haitang.registry.ledger import vocabulary
from haitang.registry.ledger.kinship import ALIAS, KIN_FIRST, is_relation
from haitang.registry.ledger.shapes import CellRefused
from haitang.registry.ledger.surnames import (
    COMMON,
    COMPOUND_SURNAMES,
    HAN_ONLY,
    SURNAMES,
    is_full_name,
    lengths_of_surname,
)
from haitang.registry.ledger.writing import is_nothing

Named: TypeAlias = tuple[str, str]

LONGEST = 60
_MOST_TOGETHER = 12
_USUAL = re.compile(r"[\u4e00-\u9fff]{2,3}")
_EDGES = " '‘’\"`"
_ROLE = re.compile(r"\(([^()]*)\)")
_ROLE_FIRST = re.compile(r"([^\s:]{1,6}):\s*(.+)")
_PART = re.compile(r"(?:[^、/,;\n\r&+|()]|\([^()]*\))+")
_AFTER_ROLE = re.compile(r"(?<=\))\s*(?=[^\s()])")
_MORE = re.compile(
    r"(?:夫妇|夫妻|两口子|[一全]家.*|等(?:\d+|[一二两三四五六七八九十]+)?人?|[及和]其?(?:家人|家属))$"
)
_LONG_DIGITS = re.compile(r"[\s:]*\+?\d[\d -]{5,}\d")
_LATIN = re.compile(r"[^\W\d_][\w .'-]+")
_SPACE_IN_HAN = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
# Frequent in names of other languages: where one stands, surnames tell nothing about where a name ends.
_TRANSCRIBED = re.compile("[尔提孜吐姆买扎桑玛措旺]|古丽|阿依|艾力|罗布|次仁")


def read_names(text: str) -> tuple[tuple[Named, ...], str]:
    """The people whom a clean text names, each with the relation beside the name ("" without one); and
    more_people when it stands for others too, whose names it doesn't say.

    Raises CellRefused with needs_name, or two_people where it can't be told who they are.
    """
    if _USUAL.fullmatch(text) and not is_nothing(text):
        return ((text, ""),), ""
    whole = _LONG_DIGITS.sub("", text).strip(_EDGES)
    more = _MORE.search(whole)
    found = _people(whole[: more.start()] if more else whole)
    names = {name for name, _role in found}
    if not all(_is_possible(name) for name in names) or not names:
        raise CellRefused("needs_name")
    is_more = bool(more) or any(map(_is_somebody, _ROLE.findall(whole)))
    return found, "more_people" if is_more else ""


def _is_possible(name: str) -> bool:
    is_word = bool(re.search(r"[^\W\d_]", name)) and not re.search(r"\d{3}", name)
    return is_word and len(name) <= LONGEST and not is_nothing(name)


def _people(whole: str) -> tuple[Named, ...]:
    pieces = [piece for part in _PART.findall(whole) for piece in _AFTER_ROLE.split(part.strip())]
    named = [_bare(word) for piece in pieces for word in _words(piece)]
    named = [(name, role) for name, role in named if _is_name(name) and not ALIAS.fullmatch(role)]
    if len(named) < 2 or ("," in whole and all(name.isascii() for name, _role in named)):  # Smith, John
        return _from_one(*(named[0] if len(named) == 1 else _bare(whole)))
    if not all(is_full_name(name) or name.isascii() for name, _role in named):
        raise CellRefused("two_people")
    return tuple(named)


def _is_name(name: str) -> bool:
    return not is_nothing(name) and bool(HAN_ONLY.match(name) or _LATIN.fullmatch(name))


def _words(piece: str) -> list[str]:
    """The words of a piece, if each is somebody's full name; else the piece."""
    words = piece.split()
    names = [_bare(word)[0] for word in words]
    are_people = len(words) > 1 and all(map(is_full_name, names)) and not _TRANSCRIBED.search(piece)
    return words if are_people else [piece]


def _bare(piece: str) -> Named:
    """The name in a piece and the relation that stands beside it; other remarks in brackets are dropped."""
    remarks = [inside.strip() for inside in _ROLE.findall(piece)]
    role = next((inside for inside in remarks if ALIAS.fullmatch(inside) or is_relation(inside)), "")
    bare = _ROLE.sub("", piece).strip(_EDGES)
    first = _ROLE_FIRST.fullmatch(bare)
    if first and is_relation(first[1]):
        return _SPACE_IN_HAN.sub("", first[2]), first[1]
    name, _space, last = bare.rpartition(" ")
    if is_full_name(name) and is_relation(last):
        return name, last
    return (bare if _is_spaced_wrongly(bare) else _SPACE_IN_HAN.sub("", bare)), role


def _is_spaced_wrongly(bare: str) -> bool:
    """司马相如 欧阳, 王小芳 小明: a whole name and then something that belongs to another."""
    first, _space, rest = bare.partition(" ")
    is_more = rest in COMPOUND_SURNAMES or len(bare.replace(" ", "")) > 4
    return is_full_name(first) and bool(HAN_ONLY.fullmatch(rest.replace(" ", ""))) and is_more


def _from_one(name: str, role: str) -> tuple[Named, ...]:
    who = KIN_FIRST.match(name)
    if who and is_full_name(name[who.end() :]):
        return ((name[who.end() :], who.group()),)
    joined = re.split("[与及]", name)
    if len(joined) > 1 and all(map(is_full_name, joined)):
        return tuple((one, "") for one in joined)
    if " " in name and HAN_ONLY.fullmatch(name.replace(" ", "")):
        raise CellRefused("two_people")
    if len(name) < 4 or not HAN_ONLY.fullmatch(name):
        return ((name, role),)
    together = _run_together(name)
    if not together:
        return ((name, role),)
    if len(together) > 1 or role or not all(map(_is_unmistakable, together[0])):
        raise CellRefused("two_people")
    return tuple((one, "") for one in together[0])


def _run_together(name: str) -> list[Sequence[str]]:
    """The ways to divide a text into full names: 段某某邱某某. Four characters may be one person's (陈李明慧), so
    what looks like two names there (王芳李强) has several ways."""
    if len(name) == 4:
        is_two = name[0] in COMMON and name[1] not in SURNAMES and name[2] in COMMON
        is_one = name.startswith(COMPOUND_SURNAMES) or _TRANSCRIBED.search(name)
        return [(name,), (name[:2], name[2:])] if is_two and not is_one else []
    if len(name) > _MOST_TOGETHER:
        return [(name,)] * 2
    return [names for names in _divided(name) if len(names) > 1]


def _divided(text: str) -> list[Sequence[str]]:
    """All ways to divide a text into surnames with one or two characters after each."""
    if not text:
        return [()]
    lengths = {surname + given for surname in lengths_of_surname(text) for given in (1, 2)}
    return [
        (text[:length], *rest)
        for length in sorted(lengths)
        if length <= len(text)
        for rest in _divided(text[length:])
    ]


def _is_unmistakable(name: str) -> bool:
    """Whether it begins with a surname that is frequent, or of two characters."""
    return (
        is_full_name(name)
        and not is_relation(name)
        and (name[0] in COMMON or name.startswith(COMPOUND_SURNAMES))
    )


def _is_somebody(remark: str) -> bool:
    """Whether a remark in brackets is another name, and not 女儿 or 高血压."""
    return _is_unmistakable(remark) and not ALIAS.match(remark) and vocabulary.flags_in(remark) is None

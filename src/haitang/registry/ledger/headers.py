"""Finds the row of headings and says what each column is taken for."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from haitang.registry.ledger import identity, messages, vocabulary
from haitang.registry.ledger.masks import masked
from haitang.registry.ledger.messages import unreadable
from haitang.registry.ledger.references import letter
from haitang.registry.ledger.shapes import Cell, Column, Text
from haitang.registry.ledger.writing import TRADITIONAL, text_of

ALIASES = Path(__file__).resolve().parent.parent / "data" / "header_aliases.csv"
SEVERAL = frozenset({"phone", "vulnerable_flag", "volunteer_skill"})
_ENOUGH = 2
_LONGEST_HEADER = 40
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\]]*\]|【[^】]*】|\{[^}]*\}|<[^>]*>")
_NOISE = re.compile(r"[\W_]+")
_WHOSE = re.compile(r"^(?:居民|本人|业主|住户|住户的|人员|成员|家庭成员|现住|所在|您的|请填写|请选择)")
_IDENTITY = re.compile(r"身份证|证件号|护照|idcard|idnumber|identitynumber|passport")
_OTHERS = re.compile(r"[紧緊应應]急|监护人|監護人|子女|家[属屬]|亲[属戚友]|emergency|nextofkin")
_PASS = re.compile(r"健康码|行程码|通行码|healthcode")
_NEVER_KEPT = {"health_code": "pass", "emergency_contact": "others"}


@dataclass(frozen=True)
class Headings:
    """The row that heads the columns (from 0) and its texts, completed from a row of group headings above."""

    row: int
    texts: tuple[str, ...]
    score: int


@cache
def aliases() -> Mapping[str, tuple[str, int]]:
    """Every known heading in its plain form, with its canonical field and its rank among that field's."""
    known: dict[str, tuple[str, int]] = {}
    with ALIASES.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            names = [line["canonical"], *line["aliases_seen"].split("|")]
            for rank, alias in enumerate(names):
                known.setdefault(plain(alias), (line["canonical"], rank))
    return known


@lru_cache(maxsize=1 << 13)
def plain(heading: str) -> str:
    """A heading without blanks, punctuation, case, full-width and traditional forms."""
    return _NOISE.sub("", text_of(heading).translate(TRADITIONAL).lower())


def canonical(heading: str) -> tuple[str, int]:
    """The canonical field that a heading names, and the alias's rank; ("", 0) when nobody knows it."""
    whole = plain(heading)
    bare = plain(_BRACKETED.sub("", text_of(heading)))
    if _IDENTITY.search(whole):
        return "id_number", 0
    if _PASS.search(whole):
        return "health_code", 0
    if _OTHERS.search(whole):
        return "emergency_contact", 0
    for form in (whole, bare, _WHOSE.sub("", bare)):
        if form and form in aliases():
            return aliases()[form]
    return "vulnerable_flag" if vocabulary.flag_of_heading(heading) else "", 0


def find(rows: Sequence[Sequence[Cell]]) -> Headings | None:
    """The best of the first rows as headings, or None when no row has two headings that anybody knows."""
    best: Headings | None = None
    above: Sequence[str] = ()
    for number, cells in enumerate(rows):
        own = [text_of(cell) for cell in cells]
        if sum(1 for text in own if canonical(text)[0]):
            found = _completed(number, own, above)
            if best is None or found.score > best.score:
                best = found
        above = own
    return best if best and best.score >= _ENOUGH else None


def _completed(number: int, own: Sequence[str], above: Sequence[str]) -> Headings:
    """A heading merged over two rows stands in the upper one; the lower one has only its parts."""
    width = max(len(own), len(above))
    texts = tuple(_at(own, index) or _at(above, index) for index in range(width))
    return Headings(number, texts, len({canonical(text)[0] for text in texts} - {""}))


class Survey:
    """What stands in each column below the headings, seen in passing."""

    def __init__(self) -> None:
        self.examples: dict[int, Cell] = {}
        self._filled: dict[int, int] = {}
        self._identities: dict[int, int] = {}

    def see(self, index: int, values: Sequence[Cell]) -> None:
        """Some more values of a column, none of them empty."""
        if values:
            self.examples.setdefault(index, values[0])
            self._filled[index] = self._filled.get(index, 0) + len(values)
            self._identities[index] = self._identities.get(index, 0) + identity.count(values)

    def looks_like_identity(self, index: int) -> bool:
        """Whether a good part of the filled cells hold an identity number."""
        found = self._identities.get(index, 0)
        return bool(found) and found >= identity.SHARE * self._filled[index]


def may_be_used(headings: Headings, choices: Mapping[int, str] | None) -> list[int]:
    """The columns that may turn out to hold something for the ledger."""
    guessed = {index: canonical(text)[0] for index, text in enumerate(headings.texts)}
    return sorted(
        index for index, field in (guessed | dict(choices or {})).items() if field in messages.LABELS
    )


def columns(headings: Headings, survey: Survey, choices: Mapping[int, str] | None) -> tuple[Column, ...]:
    """What each column is taken for; a chosen field goes before a guessed one. Raises Unreadable."""
    chosen = dict(choices or {})
    for field in chosen.values():
        if field and field not in messages.LABELS:
            raise unreadable("bad_choice", field=field)
    headed = {index for index, text in enumerate(headings.texts) if text}
    shown = sorted(headed | survey.examples.keys())
    fields = {index: canonical(_at(headings.texts, index)) for index in shown}
    owners = _owners(shown, fields, chosen)
    made = []
    for index in shown:
        looks = fields[index][0] == "id_number" or survey.looks_like_identity(index)
        field, reason = _decided(index, fields[index][0], looks, chosen, owners)
        example = "" if looks else survey.examples.get(index, "")
        made.append(_column(index, _at(headings.texts, index), field, reason, example))
    return tuple(made)


def _owners(
    shown: Sequence[int], fields: Mapping[int, tuple[str, int]], chosen: Mapping[int, str]
) -> dict[str, int]:
    """For each field the column that gives it: a chosen one, else the one with the most usual heading."""
    owners: dict[str, int] = {}
    wanted = sorted(
        (index not in chosen, 0 if index in chosen else fields[index][1], index) for index in shown
    )
    for _is_guess, _rank, index in wanted:
        owners.setdefault(chosen.get(index, fields[index][0]), index)
    return owners


def _decided(
    index: int, guess: str, is_identity: bool, chosen: Mapping[int, str], owners: Mapping[str, int]
) -> tuple[str, Text]:
    field = chosen.get(index, guess)
    if is_identity:
        return "", messages.DROPPED["identity" if guess == "id_number" else "looks_like_identity"]
    if not field:
        return "", messages.DROPPED["chosen" if index in chosen else "unknown"]
    if field not in messages.LABELS:
        return "", messages.DROPPED[_NEVER_KEPT.get(field, "no_place")]
    if field not in SEVERAL and owners[field] != index:
        return "", messages.given_twice(letter(owners[field]))
    return field, ""


def _column(index: int, header: str, field: str, reason: Text, value: Cell) -> Column:
    label = messages.LABELS.get(field, messages.NOT_USED)
    example = masked(text_of(value), field)
    return Column(index, letter(index), header[:_LONGEST_HEADER], field, label, example, reason)


def _at(texts: Sequence[str], index: int) -> str:
    return texts[index] if index < len(texts) else ""

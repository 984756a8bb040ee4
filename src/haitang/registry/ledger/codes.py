"""Gathers values that stand for something else: 0 is 是 in one file and 1 in the next, so whoever knows is asked."""

import re
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from haitang.registry.ledger import vocabulary
from haitang.registry.ledger.shapes import Code, Column, Question
from haitang.registry.ledger.writing import without_float_tail

Answers: TypeAlias = Mapping[str, Mapping[str, str]]

NO_ANSWERS: Answers = MappingProxyType({})
MEANINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sex": ("f", "m"),
        "yes_no": ("yes", "no"),
        "relation": tuple(vocabulary.RELATIONS),
        "flags": tuple(vocabulary.FLAGS),
    }
)
_MOST = 12
_CODE = re.compile(r"[0-9]{1,2}")


def code_of(text: str) -> str:
    """The code that a clean text is: a number of one or two digits, however the file writes it; "" for a word."""
    plain = without_float_tail(text)
    return plain if _CODE.fullmatch(plain) else ""


class Codes:
    """The codes met in each column, with what they were said to mean."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._met: dict[int, Counter[str]] = {}
        self._columns: dict[int, Column] = {}

    def meaning(self, column: Column, code: str) -> str:
        """What somebody said that the code stands for in this column; "" as long as nobody has."""
        self._columns[column.index] = column
        self._met.setdefault(column.index, Counter())[code] += 1
        answer = self._answers.get(column.letter, {}).get(code, "")
        return answer if answer in MEANINGS[_kind(column)] else ""

    def questions(self) -> tuple[Question, ...]:
        """One for each column with codes, the most frequent code first."""
        return tuple(self._question(self._columns[index]) for index in sorted(self._met))

    def _question(self, column: Column) -> Question:
        meanings, said = MEANINGS[_kind(column)], self._answers.get(column.letter, {})
        codes = [
            Code(code, count, said[code] if said.get(code) in meanings else "")
            for code, count in self._met[column.index].most_common(_MOST)
        ]
        return Question(column.letter, column.header, tuple(codes), meanings)


def is_yes_or_no(column: Column) -> bool:
    """Whether the heading asks for one thing that is so or not so: 是否户主, 独居, 是否志愿者."""
    if column.field == "relation":
        return "是否" in column.header
    return column.field == "helper" or bool(vocabulary.flag_of_heading(column.header))


def _kind(column: Column) -> str:
    if is_yes_or_no(column):
        return "yes_no"
    return "flags" if column.field == "vulnerable_flag" else column.field

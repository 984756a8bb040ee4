"""Codes of unknown meaning: asked for with their counts, left out until answered, never guessed."""

import pytest

from haitang.registry.ledger import MEANINGS, Question
from tests.registry.ledger_files import Cell, codes, reading, said

DOOR = ["楼栋", "房号", "姓名"]


def column(heading: str, *cells: Cell) -> list[list[Cell]]:
    """A sheet whose column D holds these cells."""
    names = "王李张刘陈杨黄赵吴周"
    return [[*DOOR, heading], *(["8", f"{n + 1}01", f"{names[n]}芳", cell] for n, cell in enumerate(cells))]


def asked(*rows: list[Cell]) -> list[Question]:
    return list(reading(*rows, kind="xlsx").questions)


class TestAsking:
    @pytest.mark.parametrize(
        ("heading", "meanings"),
        [
            ("性别", ("f", "m")),
            ("是否户主", ("yes", "no")),
            ("与户主关系", ("head", "spouse", "child", "parent")),
            ("是否志愿者", ("yes", "no")),
            ("独居", ("yes", "no")),
            ("是否孕妇", ("yes", "no")),
        ],
    )
    def test_names_the_column_its_codes_with_counts_and_what_they_may_mean(
        self, heading: str, meanings: tuple[str, ...]
    ) -> None:
        (question,) = asked(*column(heading, "0", "1", 1.0, "1.0", 0))
        assert (question.letter, question.header, question.meanings) == ("D", heading, meanings)
        assert [(code.code, code.count, code.meaning) for code in question.codes] == [
            ("1", 3, ""),
            ("0", 2, ""),
        ]
        assert question.is_open

    def test_asks_which_flag_a_yes_or_a_code_of_a_general_column_stands_for(self) -> None:
        (question,) = asked(*column("是否重点人员", "是", "否", "1", "独居老人", "", True))
        assert {code.code: code.count for code in question.codes} == {"是": 1, "1": 1, "true": 1}
        assert "lives_alone" in question.meanings

    @pytest.mark.parametrize(
        ("heading", "cells"),
        [
            ("性别", ("M", "F", "男", "女", "男性", "")),
            ("是否户主", ("是", "否", "Y", "N", "true", "false", "√", "")),
            ("独居", ("是", "否", "√", "×", "", "无")),
            ("特殊人群", ("独居老人", "低保户", "无", "否", "80岁独居")),
            ("与户主关系", ("户主", "配偶", "长女")),
            ("年龄", ("1", "0", "42")),
        ],
    )
    def test_asks_nothing_where_the_words_say_it(self, heading: str, cells: tuple[Cell, ...]) -> None:
        assert asked(*column(heading, *cells)) == []

    def test_asks_no_more_than_twelve_codes_of_a_column(self) -> None:
        rows = [["8", f"{n + 1}01", "王芳", str(n)] for n in range(30)]
        (question,) = asked([*DOOR, "与户主关系"], *rows)
        assert len(question.codes) == 12

    def test_every_meaning_has_words(self) -> None:
        for heading in ("性别", "与户主关系", "独居", "特殊人群"):
            (question,) = asked(*column(heading, "1"))
            assert set(question.meanings) <= MEANINGS.keys()


class TestAnswering:
    @pytest.mark.parametrize(("zero", "one"), [("yes", "no"), ("no", "yes")])
    def test_zero_is_yes_in_one_file_and_one_in_the_next(self, zero: str, one: str) -> None:
        rows = column("是否户主", "0", "1", "")
        assert [row.relation for row in reading(*rows).rows] == ["", "", ""]
        found = reading(*rows, answers={"D": {"0": zero, "1": one}})
        heads = ["户主" if meaning == "yes" else "" for meaning in (zero, one)]
        assert [row.relation for row in found.rows] == [*heads, ""]

    def test_the_question_stays_with_its_answers(self) -> None:
        rows = column("性别", "1", "2", "9")
        (question,) = reading(*rows, answers={"D": {"1": "m", "2": "f"}}).questions
        assert {code.code: code.meaning for code in question.codes} == {"1": "m", "2": "f", "9": ""}
        assert question.is_open
        assert [row.sex for row in reading(*rows, answers={"D": {"1": "m", "2": "f"}}).rows] == ["m", "f", ""]

    @pytest.mark.parametrize(
        ("heading", "code", "meaning", "gives"),
        [
            ("独居", "0", "yes", ("lives_alone",)),
            ("独居", "0", "no", ()),
            ("有无智能手机", "0", "no", ("no_smartphone",)),
            ("有无智能手机", "0", "yes", ()),
            ("特殊人群", "3", "disabled", ("disabled",)),
            ("是否重点人员", "是", "special_care", ("special_care",)),
        ],
    )
    def test_gives_flags(self, heading: str, code: str, meaning: str, gives: tuple[str, ...]) -> None:
        found = reading(*column(heading, code), answers={"D": {code: meaning}})
        assert found.rows[0].flags == gives
        assert reading(*column(heading, code)).rows[0].flags == ()

    def test_gives_relations_and_helpers(self) -> None:
        found = reading(*column("与户主关系", "01", "10"), answers={"D": {"01": "head", "10": "spouse"}})
        assert [row.relation for row in found.rows] == ["户主", "配偶"]
        helpers = reading(*column("是否志愿者", "0", "1"), answers={"D": {"0": "yes", "1": "no"}})
        assert [row.is_helper for row in helpers.rows] == [True, False]

    def test_an_answer_that_the_question_does_not_offer_counts_for_nothing(self) -> None:
        found = reading(*column("性别", "1"), answers={"D": {"1": "disabled"}, "A": {"8": "yes"}})
        assert (found.rows[0].sex, found.questions[0].is_open, found.rows[0].building) == ("", True, "8")

    def test_words_beside_codes_are_read_as_ever(self) -> None:
        found = reading(*column("残疾", "1", "肢残", "无", "看情况"), answers={"D": {"1": "yes"}})
        assert [row.flags for row in found.rows] == [("disabled",), ("disabled",), (), ()]
        assert "看情况 × 1" in said(found.notes)
        assert codes(found) == []

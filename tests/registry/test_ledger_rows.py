"""Rows that are more than one person, or nobody: several names in a cell, instructions, examples, sums."""

import time
from typing import Any

import pytest

from haitang.registry.ledger import messages, read
from tests.registry.ledger_files import MAKERS, Cell, codes, person, reading, said, xlsx_file


def names(found: Any) -> list[str]:
    return [row.name for row in found.rows]


def noted(code: str) -> str:
    """The note about row 2, the only one."""
    return str(messages.note(code, rows="2"))


class TestSeveralPeopleInOneCell:
    @pytest.mark.parametrize(
        ("cell", "people"),
        [
            ("段某某邱某某", "段某某 邱某某"),
            ("段某某邱某", "段某某 邱某"),
            ("王芳、李强", "王芳 李强"),
            ("王芳，李强，王小雨", "王芳 李强 王小雨"),
            ("王芳/李强", "王芳 李强"),
            ("王芳 李强", "王芳 李强"),
            ("王芳\n李强", "王芳 李强"),
            ("王芳与李强", "王芳 李强"),
            ("王小芳李强", "王小芳 李强"),
            ("王芳李强张敏", "王芳 李强 张敏"),
            ("欧阳娜娜李强", "欧阳娜娜 李强"),
            ("诸葛孔明诸葛亮", "诸葛孔明 诸葛亮"),
            ("司马相如、欧阳修", "司马相如 欧阳修"),
            ("古丽米热/艾力江", "古丽米热 艾力江"),
        ],
    )
    def test_are_kept_one_by_one_at_the_same_door(self, cell: str, people: str) -> None:
        found = person(姓名=cell)
        assert (names(found), codes(found)) == (people.split(), [])
        assert {(row.number, row.building, row.room) for row in found.rows} == {(2, "8", "2706")}
        assert noted("shared") in said(found.notes)

    def test_are_told_by_latin_names_and_never_by_a_comma_in_one(self) -> None:
        assert names(person(姓名="Ann Lee/Bo Li")) == ["Ann Lee", "Bo Li"]
        assert names(person(姓名="Lee, Ann")) == ["Lee, Ann"]

    def test_keep_what_they_are_to_the_household(self) -> None:
        found = person(姓名="王芳（户主）李强（配偶）")
        assert [(row.name, row.relation) for row in found.rows] == [("王芳", "户主"), ("李强", "配偶")]
        found = person(姓名="夫：李强 妻：王芳")
        assert [(row.name, row.relation) for row in found.rows] == [("李强", "夫"), ("王芳", "妻")]

    @pytest.mark.parametrize(
        "cell",
        [
            *(
                "司马相如",
                "欧阳 娜娜",
                "欧阳",
                "陈李明慧",
                "李王思远",
                "陈李林慧",
                "王雨晨",
                "陈王李",
                "陈欧阳明慧",
                "东方不败",
            ),
            *(
                "阿不都热合曼",
                "买买提·艾力",
                "买买提 艾力",
                "古丽米娜",
                "江央罗布",
                "马合木提江",
                "古丽 米热",
                "朴金善美",
            ),
            *("Mary-Ann Smith", "O'Neil", "王芳 Wang Fang"),
        ],
    )
    def test_are_never_seen_in_one_name(self, cell: str) -> None:
        found = person(姓名=cell)
        assert (len(found.rows), codes(found)) == (1, [])

    @pytest.mark.parametrize(
        "cell",
        [
            "王芳李强",  # or one person of four characters
            "王芳和李强",  # 王芳 and 李强, or 王芳和
            "司马相如 欧阳",
            "王小芳 小明",
            "王芳、女儿",
            "卓玛、扎西",
            "古丽米热江",
            "王芳高林森",  # 王芳 and 高林森, or 王芳高 and 林森
            "王芳(女儿",
        ],
    )
    def test_are_an_error_with_a_remedy_where_it_is_unclear_who_they_are(self, cell: str) -> None:
        found = person(姓名=cell)
        assert (names(found), codes(found)) == ([], ["two_people"])
        assert "·" in str(found.errors[0].remedy)

    def test_are_not_looked_for_in_every_way_a_long_text_could_be_divided(self) -> None:
        started = time.process_time()
        assert codes(person(姓名="王李张刘" * 14)) == ["two_people"]
        assert time.process_time() - started < 2

    @pytest.mark.parametrize("cell", ["王芳夫妇", "王芳一家3口", "王芳等3人", "王芳及家人", "王芳（李强）"])
    def test_are_kept_as_far_as_they_are_named(self, cell: str) -> None:
        found = person(姓名=cell)
        assert (names(found), codes(found)) == (["王芳"], ["more_people"])


class TestWhatIsWhoseInSuchARow:
    @pytest.mark.parametrize(
        ("cells", "shares"),
        [
            ({"联系电话": "13800000000;13900000000"}, [("+8613800000000",), ("+8613900000000",)]),
            ({"联系电话": "1380000000013900000000"}, [("+8613800000000",), ("+8613900000000",)]),
            ({"年龄": "30/56"}, [1996, 1970]),
            ({"年龄": "3056"}, [1996, 1970]),
            ({"出生日期": "1996/3/1、1970/5/2"}, [1996, 1970]),
            ({"性别": "男女"}, ["m", "f"]),
            ({"性别": "男/女"}, ["m", "f"]),
            ({"与户主关系": "户主、配偶"}, ["户主", "配偶"]),
        ],
    )
    def test_is_told_by_number_and_order(self, cells: dict[str, Cell], shares: list[Any]) -> None:
        found = person(姓名="段某某邱某某", **cells)
        assert [self.of(row) for row in found.rows] == shares
        assert (codes(found), noted("shared_unclear") in said(found.notes)) == ([], False)

    @pytest.mark.parametrize(
        "cells",
        [
            {"联系电话": "13800000000"},
            {"联系电话": "13800000000;13900000000;13700000000"},
            {"年龄": "30"},
            {"年龄": "30/56/7"},
            {"出生日期": "1996/3/1"},
            {"性别": "男"},
            {"与户主关系": "夫妻"},
            {"特殊人群": "独居老人、低保户"},
            {"志愿服务特长": "引导、测温"},
            {"是否志愿者": "是"},
        ],
    )
    def test_is_left_out_and_said_where_it_can_not_be_told(self, cells: dict[str, Cell]) -> None:
        found = person(姓名="段某某邱某某", **cells)
        assert [self.of(row) for row in found.rows] == ["", ""]
        assert not any(row.flags or row.skills or row.is_helper for row in found.rows)
        assert noted("shared_unclear") in said(found.notes)

    def test_the_households_own_is_everybodys(self) -> None:
        found = person(姓名="段某某、邱某某", 户号="A001", 小区="海棠花园")
        assert [(row.household_ref, row.compound) for row in found.rows] == [("A001", "海棠花园")] * 2
        assert noted("shared_unclear") not in said(found.notes)

    def test_a_phone_beside_each_name_is_theirs(self) -> None:
        found = person(姓名="王芳13800000000、李强13900000000")
        assert [(row.name, row.phones) for row in found.rows] == [
            ("王芳", ("+8613800000000",)),
            ("李强", ("+8613900000000",)),
        ]
        assert codes(found) == []

    @staticmethod
    def of(row: Any) -> Any:
        """The one thing that the row says of the person."""
        return row.phones or row.birth_year or row.sex or row.relation


class TestAroundTheTable:
    HEAD = ["楼栋", "单元", "房号", "姓名", "联系电话"]
    WANG = ["8幢", "3单元", "2706室", "王芳", "13800000000"]

    @pytest.mark.parametrize("kind", MAKERS)
    def test_titles_instructions_examples_and_sums_are_no_people(self, kind: str) -> None:
        found = reading(
            ["海棠花园居民底册"],
            ["填表说明：1. 每人一行；2. 房号请填数字。"],
            self.HEAD,
            ["必填", "选填", "必填", "必填", "选填"],
            ["例：1幢", "1单元", "101室", "张三", "13700000000"],
            self.WANG,
            ["8幢", "3单元", "2706室", "例：李四", "13700000000"],
            [],
            ["合计", "", "", "1人", ""],
            ["注：空户请注明。"],
            ["以上内容由各楼栋楼长负责核对并于每周五之前报到居委会"],
            ["填表人：李强", "", "审核：赵敏", "", "13600000000"],
            kind=kind,
        )
        assert ([row.name for row in found.rows], codes(found)) == (["王芳"], [])
        assert "4, 5, 7, 9, 10, 11, 12" in said(found.notes)

    def test_a_long_address_without_a_name_stays_an_error(self) -> None:
        text = "江苏省苏州市姑苏区白洋湾街道海棠花园8幢3单元2706室"
        assert codes(reading(["地址", "姓名"], [text, ""])) == ["needs_name"]

    def test_merged_cells_hold_for_a_household_and_a_name_only_where_it_stands(self) -> None:
        content = xlsx_file(
            [self.HEAD, self.WANG, ["", "", "", "李强", ""], ["", "", "", "", ""]],
            merged=["A2:A4", "B2:B4", "C2:C4", "D3:D4"],
        )
        found = read(content, "底册", this_year=2026)
        assert [(row.room, row.name) for row in found.rows] == [("2706", "王芳"), ("2706", "李强")]
        assert codes(found) == []

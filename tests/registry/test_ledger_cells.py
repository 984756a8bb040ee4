"""The cells of a ledger: phones, names, births and vocabularies as people really write them."""

import pytest

from haitang.registry.ledger import read
from tests.registry.ledger_files import Cell, codes, csv_file, person, reading, said

HEAD = ["楼栋", "单元", "房号", "姓名", "联系电话"]
WANG = ["8幢", "3单元", "2706室", "王芳", "13800000000"]


class TestPhones:
    @pytest.mark.parametrize(
        ("cell", "phones"),
        [
            ("13800000000;13900000000", ("+8613800000000", "+8613900000000")),
            ("13800000000，13900000000、13700000000", ("+8613800000000", "+8613900000000", "+8613700000000")),
            ("13800000000/13900000000\n13800000000", ("+8613800000000", "+8613900000000")),
            ("13800000000 13900000000", ("+8613800000000", "+8613900000000")),
            ("‘13800000000", ("+8613800000000",)),
            ("'138-0000-0000", ("+8613800000000",)),
            ("+86 138 0000 0000", ("+8613800000000",)),
            ("１３８００００００００", ("+8613800000000",)),
            ("13800000000（微信同号）", ("+8613800000000",)),
            (13800000000.0, ("+8613800000000",)),
            ("13800000000.0", ("+8613800000000",)),
            ("1.3800000001E+10", ("+8613800000001",)),
            ("0512-65123456转801", ("+8651265123456",)),
            ("65123456", ("65123456",)),
            ("0936-222805", ("0936222805",)),
            *((nothing, ()) for nothing in ("无", "無", "待補", "待补", "暂无", "-", "none", "/", "")),
        ],
    )
    def test_are_read_in_every_form(self, cell: Cell, phones: tuple[str, ...]) -> None:
        found = person(联系电话=cell)
        assert found.rows[0].phones == phones
        assert not found.errors

    @pytest.mark.parametrize("cell", ["1.38E+10", "1380000000", "138000000000", "同上", "110", 1.38e9])
    def test_a_bad_one_is_listed_and_the_person_kept(self, cell: Cell) -> None:
        found = person(联系电话=cell)
        assert (found.rows[0].phones, codes(found)) == ((), ["bad_phone"])

    def test_a_number_forced_to_text_is_read_and_never_calculated(self) -> None:
        found = reading(HEAD, ["8", "3", '="2706"', "王芳", '="13800000000"'])
        assert (found.rows[0].room, found.rows[0].phones) == ("2706", ("+8613800000000",))

    def test_several_columns_add_up(self) -> None:
        found = person(手机="13800000000", 座机="0512-65123456")
        assert found.rows[0].phones == ("+8613800000000", "+8651265123456")


class TestNames:
    @pytest.mark.parametrize(
        ("cell", "name", "relation"),
        [
            ("王　芳", "王芳", ""),
            ("欧阳 娜娜", "欧阳娜娜", ""),
            ("王芳（女儿）", "王芳", "女儿"),
            ("阿不都热合曼", "阿不都热合曼", ""),
            ("买买提·艾力", "买买提·艾力", ""),
            ("司马相如", "司马相如", ""),
            ("Smith, John", "Smith, John", ""),
            ("=1+1王", "=1+1王", ""),
        ],
    )
    def test_one_person_stays_one(self, cell: str, name: str, relation: str) -> None:
        row = read(csv_file([HEAD, ["8", "3", "2706", cell, ""]]), "底册", this_year=2026).rows[0]
        assert (row.name, row.relation) == (name, relation)

    @pytest.mark.parametrize("cell", ["", "无", "空户", "待补", "13800000000", "-"])
    def test_a_missing_name_is_an_error(self, cell: str) -> None:
        assert codes(person(姓名=cell)) == ["needs_name"]


class TestBirths:
    @pytest.mark.parametrize(
        "cell",
        [
            "19480325",
            "1948-03-25",
            "1948/3/25",
            "1948.3.25",
            "1948年3月25日",
            "1948年",
            1948,
            17617,
            "1948-03-25 00:00:00",
        ],
    )
    def test_a_birth_date_in_every_form_gives_its_year(self, cell: Cell) -> None:
        assert person(出生日期=cell).rows[0].birth_year == 1948

    @pytest.mark.parametrize(
        ("cell", "year"), [("42岁", 1984), (42, 1984), ("42", 1984), (1948, 1948), (0, 2026), ("8个月", 2026)]
    )
    def test_an_age_gives_the_year_it_means(self, cell: Cell, year: int) -> None:
        assert person(年龄=cell).rows[0].birth_year == year

    @pytest.mark.parametrize(
        ("heading", "cell", "code"),
        [
            ("年龄", "3056", "bad_age"),
            ("年龄", "老人", "bad_age"),
            ("出生日期", "1948-13-25", "bad_birth"),
            ("出生日期", "2031-01-01", "bad_birth"),
        ],
    )
    def test_nonsense_is_refused_and_the_person_kept(self, heading: str, cell: str, code: str) -> None:
        found = person(**{heading: cell})
        assert (found.rows[0].birth_year, codes(found)) == (None, [code])

    def test_the_age_stands_in_for_a_missing_date(self) -> None:
        assert person(出生日期="", 年龄=42).rows[0].birth_year == 1984


class TestVocabularies:
    @pytest.mark.parametrize(
        ("cell", "sex"), [("男", "m"), ("女性", "f"), ("M", "m"), ("female", "f"), ("不详", "")]
    )
    def test_sexes(self, cell: str, sex: str) -> None:
        assert person(性别=cell).rows[0].sex == sex

    @pytest.mark.parametrize(
        ("cell", "flags"),
        [
            ("独居老人,低保户", ("lives_alone", "low_income")),
            ("高血压、行动不便；孕妇", ("homebound", "chronic_illness", "pregnant")),
            ("没有智能手机", ("no_smartphone",)),
            ("80岁独居老人（残疾）", ("lives_alone", "disabled")),
            ("非独居", ()),
            ("无慢性病", ()),
            ("无", ()),
            ("no_smartphone", ("no_smartphone",)),
        ],
    )
    def test_flags(self, cell: str, flags: tuple[str, ...]) -> None:
        assert person(特殊人群=cell).rows[0].flags == flags

    def test_unknown_words_are_counted_and_dropped_and_long_ones_not_repeated(self) -> None:
        found = person(特殊人群="重点人员,王小芳的女儿住在楼下电话请打")
        assert found.rows[0].flags == ()
        assert "重点人员 × 1" in said(found.notes)
        assert "王小芳" not in said(found.notes)

    def test_a_yes_makes_a_helper(self) -> None:
        assert person(是否志愿者="是").rows[0].is_helper
        assert not person(是否志愿者="否").rows[0].is_helper

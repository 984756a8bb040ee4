"""Reading a list that is to be joined: half a row is enough to tell somebody, and only what is needed is kept."""

import pytest

from haitang.registry import ledger
from haitang.registry.ledger import ListReading, ListRow
from haitang.registry.ledger.lists import masked_phone

YEAR = 2026


def reading(text: str, *, keeps: frozenset[str] = frozenset()) -> ListReading:
    return ledger.read_list(text.encode(), "list.csv", keeps=keeps, this_year=YEAR)


def rows(text: str) -> tuple[ListRow, ...]:
    return reading(text).rows


def door(row: ListRow) -> tuple[str, str, str]:
    return row.building, row.entrance, row.room


class TestARow:
    def test_tells_whom_it_means(self) -> None:
        (row,) = rows(
            "住址,受种者姓名,联系电话,性别,出生日期\n22幢14楼3室,沈招娣（母亲）,139 0000 0102,女,1941-03-05\n"
        )
        assert row == ListRow(2, "沈招娣", ("+8613900000102",), "22", "", "1403", 1941, "f", (), (), "")

    @pytest.mark.parametrize(
        ("cells", "expected"),
        [
            ("8,,2706", ("8", "", "2706")),
            ("8,3,2706", ("8", "3", "2706")),
            ("8,,", ("8", "", "")),
            (",,2706", ("", "", "2706")),
            (",,8-3-2706", ("8", "3", "2706")),
            (",,", ("", "", "")),
            ("八号楼,,", ("8", "", "")),
        ],
    )
    def test_may_tell_half_a_door_or_none(self, cells: str, expected: tuple[str, str, str]) -> None:
        (row,) = rows(f"楼栋,单元,房号,姓名\n{cells},沈招娣\n")
        assert door(row) == expected

    @pytest.mark.parametrize("room", ["不知道哪里", "9栋2706"])
    def test_with_a_door_that_cannot_be_read_is_kept_and_told(self, room: str) -> None:
        found = reading(f"楼栋,房号,姓名\n8,{room},沈招娣\n")
        assert [door(row) for row in found.rows] == [("", "", "")]
        assert [(error.row, error.column) for error in found.errors] == [(2, "B 房号")]

    def test_may_have_a_phone_and_no_name(self) -> None:
        (row,) = rows("姓名,手机号\n,13900000102\n")
        assert (row.name, row.phones) == ("", ("+8613900000102",))

    def test_without_name_and_phone_is_told(self) -> None:
        found = reading("楼栋,房号,姓名,电话\n8,2706,,无\n8,2707,沈招娣,\n")
        assert [row.number for row in found.rows] == [3]
        assert [(error.row, error.code) for error in found.errors] == [(2, "needs_person")]

    def test_that_names_two_people_is_told(self) -> None:
        found = reading("楼栋,房号,姓名\n8,2706,沈招娣、顾文斌\n")
        assert found.rows == ()
        assert [error.code for error in found.errors] == ["two_people"]

    def test_that_repeats_the_headings_is_skipped(self) -> None:
        assert [row.number for row in rows("姓名,电话\n沈招娣,\n姓名,电话\n顾文斌,\n")] == [2, 4]

    def test_keeps_no_identity_number(self) -> None:
        others = "".join(f"顾文斌,1390000010{n},8-2706\n" for n in range(4))
        found = reading(f"姓名,电话,房号\n沈招娣,110101194103050027,8-2706\n{others}")
        assert found.rows[0].phones == ()
        assert [(error.row, error.code) for error in found.errors] == [(2, "identity_number")]


class TestAPhone:
    @pytest.mark.parametrize(
        ("written", "kept"),
        [
            ("139****0102", "139****0102"),
            ("139 **** 0102", "139****0102"),
            ("139xxxx0102", "139****0102"),
            ("+86 139****0102", "139****0102"),
            ("****0102", "*******0102"),
            ("0102", "*******0102"),
            ("尾号0102", "*******0102"),
            ("尾号：0102".replace("：", ":"), "*******0102"),
            ("13900000102", ""),
            ("139****", ""),
            ("102", ""),
            ("", ""),
        ],
    )
    def test_may_hide_digits(self, written: str, kept: str) -> None:
        assert masked_phone(written) == kept

    def test_that_is_whole_is_read_as_in_a_ledger(self) -> None:
        assert rows("姓名,电话\n沈招娣,0512-65228888;13900000102\n")[0].phones == (
            "+8651265228888",
            "+8613900000102",
        )

    def test_that_cannot_be_read_is_told(self) -> None:
        assert [error.code for error in reading("姓名,电话\n沈招娣,1390\u3000000\n").errors] == ["bad_phone"]

    def test_of_somebody_else_is_told_and_left_out(self) -> None:
        found = reading("姓名,电话\n沈招娣,女儿13900000102\n")
        assert (found.rows[0].phones, [error.code for error in found.errors]) == ((), ["others_phone"])
        assert rows("姓名,电话\n沈招娣,沈招娣13900000102\n")[0].phones == ("+8613900000102",)


class TestColumns:
    HEADINGS = (
        "姓名,电话,接种剂次,接种日期,身体状况,特长,与户主关系\n"
        "沈招娣,13900000102,2,2021-06-01,独居、高血压,护理,母亲\n"
    )

    def test_keep_only_who_is_meant(self) -> None:
        found = reading(self.HEADINGS)
        assert [column.field for column in found.columns] == ["name", "phone", "", "", "", "", ""]
        assert all(column.dropped_because for column in found.columns[2:])
        assert (found.rows[0].flags, found.rows[0].skills) == ((), ())

    def test_keep_what_the_kind_of_list_is_for(self) -> None:
        assert reading(self.HEADINGS, keeps=frozenset({"vulnerable_flag"})).rows[0].flags == (
            "lives_alone",
            "chronic_illness",
        )
        assert reading(self.HEADINGS, keeps=frozenset({"volunteer_skill"})).rows[0].skills == ("护理",)

    @pytest.mark.parametrize(
        ("heading", "cell", "flags"),
        [
            ("是否独居", "是", ("lives_alone",)),
            ("是否独居", "否", ()),
            ("有无智能手机", "无", ("no_smartphone",)),
            ("有无智能手机", "有", ()),
            ("重点类别", "是", ()),
        ],
    )
    def test_may_ask_for_one_care_by_their_heading(
        self, heading: str, cell: str, flags: tuple[str, ...]
    ) -> None:
        text = f"姓名,房号,{heading}\n沈招娣,8-2706,{cell}\n"
        assert reading(text, keeps=frozenset({"vulnerable_flag"})).rows[0].flags == flags

    def test_must_give_a_name_or_a_phone(self) -> None:
        found = reading("楼栋,房号\n8,2706\n")
        assert found.rows == ()
        assert [error.code for error in found.errors] == ["no_name_column"]

    def test_may_be_chosen(self) -> None:
        text = "姓名,房号,号\n沈招娣,8-2706,13900000102\n"
        found = ledger.read_list(text.encode(), "list.csv", choices={2: "phone"}, this_year=YEAR)
        assert found.rows[0].phones == ("+8613900000102",)


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(ledger.Unreadable):
        ledger.read_list(b"\x89PNG\r\n\x00", "photo.png", this_year=YEAR)

"""Ledgers as they really arrive: every trap in real files, through the one door `read`."""

import datetime
import io
import time
import zipfile

import pytest

from haitang.registry.ledger import Unreadable, markup, messages, read
from tests.registry import ledger_files as files
from tests.registry.ledger_files import Cell, codes, csv_file, ods_file, reading, said, xls_file, xlsx_file

HEAD = ["楼栋", "单元", "房号", "姓名", "联系电话"]
WANG = ["8幢", "3单元", "2706室", "王芳", "13800000000"]
IDENTITY = "320501198003071234"


def refusal(content: bytes, name: str = "底册.xlsx") -> str:
    with pytest.raises(Unreadable) as refused:
        read(content, name, this_year=2026)
    assert str(refused.value.message)
    return refused.value.code


class TestFormats:
    @pytest.mark.parametrize("kind", ["csv", "xlsx", "ods", "xls"])
    def test_reads_the_same_people_from_every_format(self, kind: str) -> None:
        found = reading(
            ["楼栋", "单元", "房号", "姓名", "出生日期", "性别", "联系电话", "特殊人群", "志愿服务特长"],
            [
                "8幢",
                "",
                2706.0,
                "王芳",
                datetime.date(1948, 3, 25),
                "女",
                13800000000.0,
                "独居老人,低保户",
                "",
            ],
            ["六号楼", "1单元", "101室", "李强", "1980/3/7", "男", "0512-65123456", "", "信息录入、引导"],
            kind=kind,
        )
        wang, li = found.rows
        assert (wang.number, wang.building, wang.entrance, wang.floor, wang.room) == (2, "8", "", 27, "2706")
        assert (wang.name, wang.phones, wang.birth_year, wang.sex) == ("王芳", ("+8613800000000",), 1948, "f")
        assert (wang.flags, wang.skills, wang.is_helper) == (("lives_alone", "low_income"), (), False)
        assert (li.number, li.building, li.entrance, li.floor, li.room) == (3, "6", "1", 1, "101")
        assert (li.phones, li.birth_year, li.sex) == (("+8651265123456",), 1980, "m")
        assert (li.skills, li.is_helper) == (("信息录入", "引导"), True)
        assert not found.errors

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_reads_text_in_every_encoding_and_with_every_delimiter(
        self, encoding: str, delimiter: str
    ) -> None:
        content = csv_file([HEAD, WANG], encoding=encoding, delimiter=delimiter)
        found = read(content, "底册.csv", this_year=2026)
        assert [row.name for row in found.rows] == ["王芳"]
        assert encoding[:2].upper() in said(found.notes)

    def test_believes_the_content_and_not_the_name(self) -> None:
        assert read(xlsx_file([HEAD, WANG]), "ledger.csv", this_year=2026).rows[0].name == "王芳"

    def test_does_not_read_hidden_sheets_and_names_them(self) -> None:
        for content in (
            xlsx_file([HEAD, WANG], hidden=["旧底册"]),
            ods_file([HEAD, WANG], hidden=["旧底册"]),
        ):
            found = read(content, "底册", this_year=2026)
            assert len(found.rows) == 1
            assert "旧底册" in said(found.notes)

    def test_reads_the_sheet_with_the_headings_and_names_the_others(self) -> None:
        book = xlsx_file([["说明"]], title="封面", others=["附件"])
        assert refusal(book) == "no_headings"
        found = read(xlsx_file([HEAD, WANG], title="名册", others=["附件"]), "底册", this_year=2026)
        assert found.sheet == "名册"
        assert "附件" in said(found.notes)

    def test_does_not_read_hidden_sheets_of_binary_workbooks(self) -> None:
        found = read(xls_file([HEAD, WANG], hidden=["旧底册"]), "底册", this_year=2026)
        assert (len(found.rows), "旧底册" in said(found.notes)) == (1, True)


class TestWholeFileRefused:
    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "empty"),
            (b" " * (20 * 2**20 + 1), "too_big"),
            (b"name,room\n\xff\xff", "bad_encoding"),
            (b"ELF\x00\x00", "not_a_table"),
            (b"PK\x03\x04 not a zip", "damaged"),
            (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "damaged"),
            (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "locked"),
            ("只有,一行\n没有,表头".encode(), "no_headings"),
        ],
    )
    def test_says_why(self, content: bytes, code: str) -> None:
        assert refusal(content) == code

    def test_too_many_rows(self) -> None:
        assert refusal(b"room,name\n" * 200_001) == "too_many_rows"
        assert refusal(files.far_cell_xlsx("A200001")) == "too_many_rows"
        assert refusal(files.far_cell_ods(columns=1, rows=200_001)) == "too_many_rows"

    def test_too_many_columns(self) -> None:
        assert refusal(b"a," * 100 + b"a") == "too_many_columns"
        assert refusal(files.far_cell_xlsx("CW1")) == "too_many_columns"
        assert refusal(files.far_cell_ods(columns=101, rows=1)) == "too_many_columns"
        assert refusal(xls_file([["a"] * 101])) == "too_many_columns"

    def test_two_cells_at_opposite_ends_are_refused_before_they_fill_the_memory(self) -> None:
        started = time.monotonic()
        assert refusal(files.far_cell_xlsx("XFD1048576")) in {"too_many_rows", "too_many_columns"}
        assert refusal(files.far_cell_ods(columns=16_000, rows=1_000_000)) in {
            "too_many_rows",
            "too_many_columns",
        }
        assert time.monotonic() - started < 5

    def test_a_zip_bomb(self) -> None:
        assert refusal(files.with_part("xl/worksheets/sheet1.xml", b" " * 50_000_000)) == "unpacks_too_big"

    def test_a_zip_bomb_that_lies_about_its_size(self) -> None:
        bomb = files.with_part("xl/sharedStrings.xml", b" " * 50_000_000)
        lying = bomb.replace((50_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
        assert lying != bomb
        assert refusal(lying) == "unpacks_too_big"

    def test_a_damaged_binary_workbook_can_not_take_us_down(self) -> None:
        whole = xls_file([HEAD, WANG])
        column_of_the_last_cell = whole.replace(b"\x01\x00\x04\x00", b"\xff\xff\xff\xff")
        assert column_of_the_last_cell != whole
        assert refusal(column_of_the_last_cell) in {"damaged", "too_many_columns"}

    def test_a_sheet_that_declares_entities(self) -> None:
        with pytest.raises(Unreadable) as refused:
            markup.Markup("底册.ods").follow([b'<!DOCTYPE a [<!ENTITY b "c">]>', b"<a>&b;</a>"])
        assert refused.value.code == "damaged"

    def test_a_zip_that_is_no_spreadsheet(self) -> None:
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as opened:
            opened.writestr("photo.txt", "x")
        assert refusal(package.getvalue()) == "not_a_table"


class TestHeadings:
    def test_finds_the_headings_below_a_title(self) -> None:
        found = reading(["海棠花园居民底册"], [], ["2022年2月"], HEAD, WANG, kind="xlsx")
        assert (found.header_row, found.rows[0].number) == (4, 5)
        assert "2" in said(found.notes)

    def test_reads_headings_merged_over_two_rows(self) -> None:
        found = reading(["住址", "", "", "姓名", "电话"], ["楼栋", "单元", "房号", "", ""], WANG, kind="xlsx")
        assert (found.header_row, found.rows[0].name, found.rows[0].room) == (2, "王芳", "2706")
        assert not found.errors

    @pytest.mark.parametrize(
        "head",
        [
            ["幢号", "门洞", "室号", "户主姓名", "手机号码"],
            ["building", "entrance", "room", "name", "phone"],
            ["Building No.", "Unit", "Room Number", "Full Name", "Mobile"],
            [" 楼 栋 ", "单元（必填）", "房号：", "姓　名*", "聯繫方式"],
            ["现住楼栋", "单元号", "门牌号", "居民姓名", "联系方式（本人）"],
            ["楼棟", "單元", "房號", "姓名", "ＴＥＬ"],
        ],
    )
    def test_bears_many_ways_to_write_a_heading(self, head: list[Cell]) -> None:
        found = reading(head, WANG)
        assert [column.field for column in found.columns] == ["building", "unit", "room", "name", "phone"]
        assert found.rows[0].phones == ("+8613800000000",)

    def test_a_heading_in_brackets_may_mean_another(self) -> None:
        found = reading([*HEAD, "联系方式（应急联系人及电话）"], [*WANG, "李强13900000000"])
        assert found.columns[5].field == ""
        assert found.rows[0].phones == ("+8613800000000",)

    def test_drops_what_it_does_not_know_and_says_so(self) -> None:
        found = reading([*HEAD, "备注", "车牌"], [*WANG, "常住", "苏E00000"])
        assert [column.field for column in found.columns[5:]] == ["", ""]
        assert all(str(column.dropped_because) for column in found.columns[5:])
        assert [column.letter for column in found.columns[5:]] == ["F", "G"]

    def test_health_codes_are_never_kept(self) -> None:
        column = reading([*HEAD, "健康码状态（绿/黄/红）"], [*WANG, "绿"]).columns[5]
        assert (column.field, column.dropped_because) == ("", messages.DROPPED["pass"])

    def test_the_second_column_for_the_same_thing_is_dropped_by_name(self) -> None:
        found = reading(["户主", *HEAD], ["赵敏", *WANG])
        assert found.columns[0].field == ""
        assert "E" in str(found.columns[0].dropped_because)
        assert found.rows[0].name == "王芳"

    def test_a_choice_goes_before_the_guess(self) -> None:
        found = reading([*HEAD, "备注"], [*WANG, "独居"], choices={4: "", 5: "vulnerable_flag"})
        assert (found.rows[0].phones, found.rows[0].flags) == ((), ("lives_alone",))

    def test_refuses_a_choice_that_is_no_field(self) -> None:
        with pytest.raises(Unreadable):
            reading(HEAD, WANG, choices={4: "id_number"})

    def test_says_which_column_is_missing(self) -> None:
        assert codes(reading(["姓名", "电话"], ["王芳", "13800000000"])) == ["no_door_column"]
        assert codes(reading(["楼栋", "房号"], ["8", "2706"])) == ["no_name_column"]

    def test_examples_never_show_a_whole_person(self) -> None:
        found = reading([*HEAD, "备注", "出生日期"], [*WANG, "女儿王小芳", "1948-03-25"])
        examples = [column.example for column in found.columns]
        assert examples == ["8幢", "3单元", "2706室", "王*", "138****0000", "女****", "1948****"]


class TestIdentityNumbers:
    def test_the_column_is_always_dropped_and_named(self) -> None:
        found = reading([*HEAD, "身份证号码（18位）"], [*WANG, IDENTITY], choices={5: "household_id"})
        column = found.columns[5]
        assert (column.field, column.example) == ("", "")
        assert column.dropped_because == messages.DROPPED["identity"]

    @pytest.mark.parametrize(
        "number", [IDENTITY, "32050119800307123X", "320501800307123", f"'{IDENTITY}", float(IDENTITY)]
    )
    def test_the_values_give_it_away_under_any_heading(self, number: Cell) -> None:
        found = reading([*HEAD, "户号"], [*WANG, number], kind="xlsx")
        assert found.columns[5].field == ""
        assert found.rows[0].household_ref == ""

    def test_a_single_one_is_blanked_and_reported(self) -> None:
        rows = [["8", "1", f"{floor}01", "王芳", "13800000000", "女儿"] for floor in range(1, 9)]
        rows[3][5] = f"女儿{IDENTITY}"
        found = reading([*HEAD, "关系"], *rows)
        assert codes(found) == ["identity_number"]
        assert IDENTITY not in repr(found)
        assert len(found.rows) == 8


class TestDoors:
    def test_good_rows_are_kept_and_bad_ones_named_with_remedy(self) -> None:
        found = reading(HEAD, WANG, ["22幢", "", "14楼", "李强", ""], ["9", "", "101", "张敏", ""])
        assert [row.number for row in found.rows] == [2, 4]
        error = found.errors[0]
        assert (error.row, error.column, error.code) == (3, "C 房号", "needs_room")
        assert str(error.message)
        assert str(error.remedy)

    def test_a_door_that_became_a_date_is_not_guessed_back(self) -> None:
        found = reading(["门牌号", "姓名"], [datetime.date(2706, 8, 3), "王芳"], kind="xlsx")
        assert codes(found) == ["door_is_date"]

    def test_a_building_said_twice_is_no_entrance(self) -> None:
        rows = [["8", "8-2706", "王芳"], ["9", "9-101", "李强"]]
        assert [row.entrance for row in reading(["楼栋", "房号", "姓名"], *rows).rows] == ["", ""]
        rows[1][1] = "2-101"
        assert [row.entrance for row in reading(["楼栋", "房号", "姓名"], *rows).rows] == ["8", "2"]

    def test_merged_cells_hold_for_every_row_they_cover(self) -> None:
        content = xlsx_file(
            [HEAD, WANG, ["", "", "", "李强", ""], ["", "", "", "王小雨", ""]],
            merged=["A2:A4", "B2:B4", "C2:C4"],
        )
        found = read(content, "底册", this_year=2026)
        assert [(row.building, row.room, row.name) for row in found.rows][1:] == [
            ("8", "2706", "李强"),
            ("8", "2706", "王小雨"),
        ]
        assert "6" in said(found.notes)

    def test_a_blank_door_without_merged_cells_is_an_error(self) -> None:
        assert codes(reading(HEAD, WANG, ["", "", "", "李强", ""])) == ["needs_building"]

    def test_an_address_in_one_cell_gives_compound_and_door(self) -> None:
        row = reading(["地址", "姓名"], ["海棠花园8幢3单元2706室", "王芳"]).rows[0]
        assert (row.compound, row.building, row.entrance, row.floor, row.room) == (
            "海棠花园",
            "8",
            "3",
            27,
            "2706",
        )


class TestWholeSheet:
    def test_identical_rows_are_kept_once_and_listed(self) -> None:
        found = reading(["序号", *HEAD], ["1", *WANG], ["2", *WANG])
        assert [row.number for row in found.rows] == [2]
        assert "3" in said(found.notes)

    def test_headings_repeated_on_every_page_are_skipped(self) -> None:
        found = reading(HEAD, WANG, HEAD, ["8", "3", "2706", "李强", ""])
        assert ([row.number for row in found.rows], codes(found)) == ([2, 4], [])

    def test_blank_rows_are_no_errors_and_keep_the_numbering(self) -> None:
        found = reading(HEAD, [], ["", "", "", "", ""], WANG)
        assert ([row.number for row in found.rows], codes(found)) == ([4], [])

    def test_reads_three_and_a_half_thousand_people_without_a_wait(self) -> None:
        rows = [
            [str(n % 25 + 1), "1", f"{n % 18 + 1}0{n % 4 + 1}", f"王{n}", f"1990{n:07}"] for n in range(3500)
        ]
        content = xlsx_file([HEAD, *([row[0], row[1], row[2], "王芳", row[4]] for row in rows)])
        started = time.perf_counter()
        found = read(content, "底册.xlsx", this_year=2026)
        assert time.perf_counter() - started < 3
        assert (len(found.rows), found.errors) == (3500, ())

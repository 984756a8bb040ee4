"""Each wall against hostile files by itself: what it keeps out, and what it must let through."""

import io
import time
import zipfile
from dataclasses import replace
from functools import partial

import pytest

from haitang.registry.ledger import Unreadable, limits, read, sheets
from haitang.registry.ledger.limits import COMPOUND, Account
from haitang.registry.ledger.markup import Markup
from tests.registry import ledger_files as files
from tests.registry.hostile_books import HEAD, MAIN, book, packed
from tests.registry.hostile_others import document, ods
from tests.registry.ledger_files import Cell, codes, csv_file, reading, said, xls_file, xlsx_file

HEADINGS = ["楼栋", "房号", "姓名"]
WANG = ["8", "2706", "王芳"]


def refusal(content: bytes, name: str = "底册.xlsx") -> str:
    with pytest.raises(Unreadable) as refused:
        read(content, name, this_year=2026)
    assert str(refused.value.message)
    return refused.value.code


def read_within(content: bytes, **caps: int) -> int:
    """How many rows all sheets have, read with these caps in place of the usual ones."""
    opened = sheets.open_book(partial(io.BytesIO, content), "底册", limits=replace(COMPOUND, **caps))
    return sum(1 for sheet in opened.sheets for _row in sheet.rows())


def _ods_row(cells: list[str]) -> str:
    made = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f"<table:table-row>{made}</table:table-row>"


TABLE = f"<table:table>{_ods_row(HEADINGS)}{_ods_row(WANG)}</table:table>"


def row(*cells: str) -> str:
    return f'<row r="2">{"".join(cells)}</row>'


class TestZips:
    @pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_packed_in_a_way_that_unpacks_without_bound_are_refused(self, packing: int) -> None:
        assert read(packed(book(HEAD + row())), "底册", this_year=2026).rows == ()
        assert refusal(packed(book(HEAD), packing=packing)) == "damaged"

    def test_with_a_directory_of_very_many_parts_are_refused(self) -> None:
        file = io.BytesIO(packed(book(HEAD)))
        with zipfile.ZipFile(file, "a") as package:
            for number in range(45_000):
                package.filelist.append(listed := zipfile.ZipInfo(f"{number}"))
                listed.header_offset = listed.CRC = 0
            package.comment = b"x"
        assert refusal(file.getvalue()) == "damaged"

    def test_that_are_encrypted_are_called_locked(self) -> None:
        content = packed(book(HEAD))
        at = content.index(b"PK\x01\x02") + 8
        assert refusal(content[:at] + b"\x01" + content[at + 1 :]) == "locked"

    def test_may_name_their_parts_in_any_case_and_with_any_slash(self) -> None:
        parts = {name.replace("/", "\\").upper(): part for name, part in book(HEAD + row()).items()}
        assert read(packed(parts), "底册", this_year=2026).header_row == 1

    def test_are_charged_for_all_that_comes_out_of_them(self) -> None:
        content = packed(book(HEAD + f"<!--{'x' * 100_000}-->"))
        assert read_within(content, unpacked=500_000) == 1
        with pytest.raises(Unreadable, match="unpacks_too_big"):
            read_within(content, unpacked=100_000)


class TestMarkup:
    def test_nested_without_end_is_refused(self) -> None:
        Markup("x").follow([b"<a>" * 50, b"</a>" * 50])
        with pytest.raises(Unreadable, match="damaged"):
            Markup("x").follow([b"<a>" * 100, b"</a>" * 100])

    def test_with_a_tag_without_end_is_refused(self) -> None:
        Markup("x").follow([b'<a b="', b"x" * 500_000, b'"/>'])
        with pytest.raises(Unreadable, match="damaged"):
            Markup("x").follow([b'<a b="', b"x" * 1_500_000, b'"/>'])

    def test_in_an_unknown_encoding_is_refused(self) -> None:
        with pytest.raises(Unreadable, match="damaged"):
            Markup("x").follow([b'<?xml version="1.0" encoding="big5"?><a/>'])


class TestWhatIsKept:
    def test_cells_are_counted(self) -> None:
        account = Account("x", replace(COMPOUND, cells=100), size=0)
        account.keep_cells(100)
        with pytest.raises(Unreadable, match="too_much"):
            account.keep_cells(1)

    def test_a_sheet_of_more_cells_than_a_ledger_has_is_refused(self) -> None:
        columns = ",".join(["电话"] * 97)
        line = "8,1,王芳," + ",".join(["1"] * 97)
        assert refusal((f"楼栋,房号,姓名,{columns}\n" + f"{line}\n" * 25_000).encode()) == "too_much"

    @pytest.mark.parametrize(
        "content",
        [
            packed(book(HEAD, strings=f"<si><t>{'王' * 3000}</t></si>" * 9)),
            packed(book(HEAD, strings=f"<si><r><t>{'王' * 3000}</t></r></si>" * 9)),
            packed(book(HEAD, strings="<si/>" * 3000)),
            packed(book(HEAD + row(f'<c r="A2" t="inlineStr"><is><t>{"王" * 30_000}</t></is></c>'))),
            packed(book(HEAD + row(f'<c r="A2" t="str"><v>{"王" * 30_000}</v></c>'))),
            packed(book(HEAD + row(f'<c r="A2"><v>{"王" * 30_000}</v></c>'))),
            ods(
                document(
                    "<table:table><table:table-row><table:table-cell office:value-type='string'><text:p>"
                    f"{'王' * 30_000}</text:p></table:table-cell></table:table-row></table:table>"
                )
            ),
        ],
    )
    def test_texts_are_counted_wherever_they_stand(self, content: bytes) -> None:
        assert read_within(content, text=100_000) >= 1
        with pytest.raises(Unreadable, match="too_much"):
            read_within(content, text=20_000)

    @pytest.mark.parametrize("kind", ["csv", "xlsx", "ods", "xls"])
    def test_of_a_very_long_cell_only_the_beginning_is_read_and_that_is_said(self, kind: str) -> None:
        found = reading(HEADINGS, ["8", "2706", "王" * 301], ["8", "2707", "李强"], kind=kind)
        assert codes(found) == ["two_people"]
        assert "300" in said(found.notes)
        whole = reading(HEADINGS, ["8", "2706", "王" * 300], kind=kind)
        assert not [note for note in whole.notes if "300" in str(note)]

    def test_a_letter_that_stands_for_many_is_cut_as_well(self) -> None:
        assert "300" in said(reading(HEADINGS, ["8", "2706", "\ufdfa" * 20]).notes)

    def test_a_door_is_no_longer_than_an_address(self) -> None:
        address = "8幢3单元2706室"
        assert not codes(reading(["地址", "姓名"], ["海" * 60 + address, "王芳"]))
        assert codes(reading(["地址", "姓名"], ["海" * 90 + address, "王芳"])) == ["bad_door"]


class TestText:
    def test_a_quotation_mark_that_is_never_closed_is_named_with_its_line(self) -> None:
        content = csv_file([HEADINGS, WANG]) + '8,"2707,李强\n8,2708,张敏\n'.encode()
        with pytest.raises(Unreadable) as refused:
            read(content, "底册.csv", this_year=2026)
        assert refused.value.code == "bad_quotes"
        assert "3" in str(refused.value.message)

    def test_quotation_marks_elsewhere_do_no_harm(self) -> None:
        content = '楼栋,房号,姓名\n8,2706,"王芳\n"\n8,2707,李"强"\n8,2708,"张敏"'.encode()
        assert [found.number for found in read(content, "底册.csv", this_year=2026).rows] == [2, 3, 4]

    def test_a_row_that_goes_on_over_very_many_lines_is_an_open_quotation_mark(self) -> None:
        lines = csv_file([HEADINGS, WANG]) + b'"x\n",' * 300_000
        assert refusal(lines, "底册.csv") == "bad_quotes"

    @pytest.mark.parametrize("end", [b"\n", b"\r", b""])
    def test_a_line_longer_than_any_row_is_refused(self, end: bytes) -> None:
        lines = csv_file([HEADINGS, WANG])
        assert refusal(lines + b"8,2707,x" + b" " * 140_000 + end + lines, "底册.csv") == "not_a_table"
        assert len(read(lines + b" " * 130_000 + b"\n" + lines, "底册.csv", this_year=2026).rows) == 1

    def test_control_characters_are_no_text(self) -> None:
        assert refusal(csv_file([HEADINGS, WANG, ["8", "1", "a\x07b"]]), "底册.csv") == "not_a_table"

    def test_a_web_page_is_no_table(self) -> None:
        assert refusal(b" <table><tr><td>name</td></tr></table>", "底册.xls") == "not_a_table"

    def test_names_the_line_where_an_encoding_ends(self) -> None:
        with pytest.raises(Unreadable) as refused:
            read(b"a,b\n" * 300_000 + b"\xff\xff", "底册.csv", this_year=2026)
        assert "300001" in str(refused.value.message)


class TestWorkbooks:
    @pytest.mark.parametrize("kind", ["xlsx", "ods"])
    def test_formulas_are_never_calculated_and_are_counted_when_they_come_without_value(
        self, kind: str
    ) -> None:
        if kind == "xlsx":
            formula = '<c r="B2"><f>2700+6</f></c><c r="C2"><f>"王"</f><v>王芳</v></c>'
            content = packed(book(HEAD + row('<c r="A2"><v>8</v></c>', formula)))
        else:
            content = files.formula_ods(HEADINGS, WANG)
        found = read(content, "底册", this_year=2026)
        assert codes(found) == ["needs_room"]
        assert "1" in said(found.notes)

    def test_a_number_of_a_shared_text_that_there_is_none_of_is_damage(self) -> None:
        for number in ("1", "-1", "x"):
            sheet = HEAD + row(f'<c r="A2" t="s"><v>{number}</v></c>')
            assert refusal(packed(book(sheet, strings="<si><t>8</t></si>"))) == "damaged"

    def test_entities_and_characters_that_are_escaped_are_read_as_what_they_mean(self) -> None:
        cells = "".join(f'<c r="{at}2" t="str"><v>{text}</v></c>' for at, text in (("A", "8"), ("B", "2706")))
        for name in ("A&amp;n", "A&#38;n", "<![CDATA[A&n]]>"):
            content = packed(book(HEAD + row(cells, f'<c r="C2" t="str"><v>{name}</v></c>')))
            assert read(content, "底册", this_year=2026).rows[0].name == "A&n"
        assert refusal(packed(book(HEAD + row(cells, '<c r="C2" t="str"><v>A\x07n</v></c>')))) == "damaged"

    def test_rows_in_a_comment_are_no_rows_however_long_it_is(self) -> None:
        rows = "".join(f'<row r="{n}"><c r="A{n}"><v>8</v></c></row>' for n in range(2, 2000))
        last = '<row r="2000"><c r="A2000"><v>8</v></c></row>'
        found = read(packed(book(f"{HEAD}<!--{rows}-->{last}")), "底册", this_year=2026)
        assert [error.row for error in found.errors] == [2000, 2000]

    def test_rows_that_go_backwards_are_damage(self) -> None:
        back = '<row r="3"><c r="A3"><v>8</v></c></row><row r="2"><c r="A2"><v>8</v></c></row>'
        assert refusal(packed(book(HEAD + back))) == "damaged"

    def test_escaped_characters_that_no_text_may_have_are_left_out(self) -> None:
        cells = [f'<c r="{at}2" t="str"><v>{text}</v></c>' for at, text in (("A", "8"), ("B", "2706"))]
        name = '<c r="C2" t="str"><v>王_x0000__xD800_芳_x000D_</v></c>'
        assert read(packed(book(HEAD + row(*cells, name))), "底册", this_year=2026).rows[0].name == "王芳"

    def test_merged_ranges_that_overlap_are_filled_once(self) -> None:
        merged = '<mergeCell ref="A2:A2000"/>' * 100_000
        body = "".join(
            f'<row r="{n}"><c r="B{n}"><v>101</v></c><c r="C{n}" t="str"><v>王芳</v></c></row>'
            for n in range(3, 2000)
        )
        sheet = f'{HEAD}<row r="2"><c r="A2"><v>8</v></c></row>{body}'
        content = packed(book(f"{sheet}</sheetData><mergeCells>{merged}</mergeCells><sheetData>"))
        started = time.process_time()
        assert "1997" in said(read(content, "底册", this_year=2026).notes)
        assert time.process_time() - started < 5

    def test_more_merged_ranges_than_rows_are_refused(self) -> None:
        merged = '<mergeCell ref="A2:A3"/>' * 200_001
        content = packed(book(f"{HEAD}</sheetData><mergeCells>{merged}</mergeCells><sheetData>"))
        with pytest.raises(Unreadable, match="too_much"):
            read_within(content, ratio=10_000)

    def test_sheets_are_counted(self) -> None:
        listed = "<sheet name='x' r:id='r1'/>" * 10_001
        parts = book(HEAD)
        parts["xl/workbook.xml"] = f"<workbook {MAIN} xmlns:r='r'><sheets>{listed}</sheets></workbook>"
        with pytest.raises(Unreadable, match="damaged"):
            read_within(packed(parts), ratio=10_000)

    def test_of_many_hidden_sheets_only_the_first_are_named(self) -> None:
        found = read(
            xlsx_file([HEADINGS, WANG], hidden=[f"页{n}" for n in range(30)]), "底册", this_year=2026
        )
        assert "页19" in said(found.notes)
        assert "页20" not in said(found.notes)
        assert "(+10)" in said(found.notes)

    def test_cells_merged_over_rows_are_filled_in_an_open_document_too(self) -> None:
        found = read(files.merged_ods(), "底册", this_year=2026)
        assert [(each.building, each.name) for each in found.rows] == [("8", "王芳"), ("8", "李强")]


class TestOpenDocuments:
    def test_that_are_encrypted_are_called_locked(self) -> None:
        assert refusal(ods(document(TABLE), manifest="<m><encryption-data/></m>")) == "locked"

    def test_of_another_kind_are_no_table(self) -> None:
        assert len(read(ods(document(TABLE)), "底册", this_year=2026).rows) == 1
        assert refusal(ods(document("<p/>", kind="text"))) == "not_a_table"
        assert refusal(ods(document(TABLE, kind="text"))) == "damaged"

    @pytest.mark.parametrize("body", ["<table:table/>" * 10_001, f"<table:table>{TABLE}</table:table>"])
    def test_with_tables_in_tables_or_very_many_are_refused(self, body: str) -> None:
        with pytest.raises(Unreadable, match="damaged"):
            read_within(ods(document(body)), ratio=10_000)

    def test_with_more_merged_ranges_than_rows_are_refused(self) -> None:
        cell = '<table:table-cell office:value-type="boolean" table:number-rows-spanned="2"/>'
        row = f"<table:table-row>{cell * 90}</table:table-row>"
        with pytest.raises(Unreadable, match="too_much"):
            read_within(ods(document(f"<table:table>{row * 2300}</table:table>")), ratio=10_000)

    def test_blanks_that_are_counted_are_not_all_written_out(self) -> None:
        blanks = TABLE.replace("王芳", '王<text:s text:c="999999999"/>芳')
        assert "300" not in said(read(ods(document(blanks)), "底册", this_year=2026).notes)

    def test_repeated_rows_and_columns_are_counted_before_they_are_made(self) -> None:
        rows = TABLE.replace("<table:table-row>", '<table:table-row table:number-rows-repeated="200001">')
        assert refusal(ods(document(rows))) == "too_many_rows"
        columns = TABLE.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="101"')
        assert refusal(ods(document(columns))) == "too_many_columns"


class TestBinaryWorkbooks:
    def test_more_cells_than_a_ledger_has_are_refused(self) -> None:
        rows: list[list[Cell]] = [HEADINGS, *([["1"] * 100] * 8010)]
        assert refusal(xls_file(rows)) == "too_much"

    def test_a_text_that_very_many_cells_share_is_refused(self) -> None:
        rows: list[list[Cell]] = [HEADINGS, *([["王" * 30_000, "1", "王芳"]] * 3000)]
        assert refusal(xls_file(rows)) in {"too_much", "damaged"}


def test_what_a_compound_may_have_is_less_than_what_an_area_may_have() -> None:
    assert limits.COMPOUND.rows < limits.AREA.rows
    assert limits.COMPOUND.file < limits.AREA.file

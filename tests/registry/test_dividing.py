"""The list of a whole town, divided by its compounds: who goes where, who belongs nowhere, and what is left on disk."""

import csv
import io
import pickle
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from haitang.registry.ledger import (
    Division,
    Place,
    Reading,
    Spool,
    Unreadable,
    dividing,
    guess_rows,
    read,
    read_parts,
    streaming,
)
from haitang.registry.ledger.spool import rows_of
from tests.registry.ledger_files import Cell, csv_file, said, xls_file, xlsx_file

HEAD: list[Cell] = ["小区", "楼栋", "房号", "姓名", "电话"]
GARDEN = Place(
    "32/08/001/101/garden/", "garden", "海棠花园", ("苏城市", "32", "桂花街道", "001", "海棠社区", "101")
)
TERRACE = Place(
    "32/08/001/101/terrace/", "terrace", "望湖台", ("苏城市", "32", "桂花街道", "001", "海棠社区", "101")
)
TWIN = Place(
    "32/08/002/101/garden/",
    "garden-2",
    "海棠花园",
    ("苏城市", "32", "桃园街道", "002", "桃园社区居委会", "101"),
)
PLACES = (GARDEN, TERRACE)


def divided(content: bytes, *places: Place, this_year: int = 2026) -> tuple[Division, dict[str, Reading]]:
    """The division, and the reading of each part by its compound's path."""
    with Spool() as spool:
        division = dividing.divide(
            partial(io.BytesIO, content), "全街道.csv", places or PLACES, spool, seen=lambda _rows: None
        )
        parts = read_parts(division, spool, None, this_year=this_year)
        return division, {part.path: reading for part, reading in parts}


def names(readings: dict[str, Reading]) -> dict[str, list[str]]:
    return {path: [row.name for row in reading.rows] for path, reading in readings.items()}


def person(compound: Cell, name: str, *more: Cell) -> list[Cell]:
    return [compound, "8", "2706", name, "", *more]


class TestDividing:
    @pytest.mark.parametrize(
        "called",
        [
            *(
                "海棠花园",
                " 海 棠花园 ",
                "海棠花园小区",
                "garden",
                "GARDEN",
                GARDEN.path,
                "32/08/001/101/garden",
            ),
            "海棠花园8幢2706室",
        ],
    )
    def test_finds_a_compound_by_its_name_its_code_or_an_address(self, called: str) -> None:
        _division, readings = divided(csv_file([HEAD, person(called, "王芳"), person("望湖台", "李强")]))
        assert names(readings) == {GARDEN.path: ["王芳"], TERRACE.path: ["李强"]}

    def test_a_code_that_became_a_number_is_still_a_code(self) -> None:
        place = Place("32/08/001/101/17/", "17", "海棠花园", ())
        assert divided(xlsx_file([HEAD, person(17.0, "王芳")]), place)[1].keys() == {place.path}

    @pytest.mark.parametrize("make", [csv_file, xlsx_file, xls_file])
    def test_rows_keep_the_numbers_of_the_file(self, make: object) -> None:
        rows: list[list[Cell]] = [
            ["名册"],
            HEAD,
            person("望湖台", "李强"),
            [],
            person("海棠花园", "王芳"),
            person("望湖台", ""),
        ]
        _division, readings = divided(make(rows))  # type: ignore[operator]
        assert [row.number for row in readings[GARDEN.path].rows] == [5]
        assert [(row.number, row.name) for row in readings[TERRACE.path].rows] == [(3, "李强")]
        assert [(error.row, error.code) for error in readings[TERRACE.path].errors] == [(6, "needs_name")]

    def test_reads_each_part_as_a_file_of_its_own_would_be_read(self) -> None:
        rows = [
            person("海棠花园", f"王{'芳敏强'[n % 3]}", f"{1950 + n % 60}-3-4", "独居" if n % 9 == 0 else "")
            for n in range(300)
        ]
        content = csv_file([[*HEAD, "出生日期", "特殊人群"], *rows])
        alone = read(content, "a.csv", this_year=2026)
        part = divided(content)[1][GARDEN.path]
        assert (part.rows, part.errors) == (alone.rows, alone.errors)
        assert part.columns == alone.columns

    def test_the_columns_are_judged_by_all_rows_of_the_list(self) -> None:
        heads = [*HEAD, "身份证号", "户号"]
        rows = [person("海棠花园", "王芳", "1", "320501198003071234"), person("望湖台", "李强", "1", "2")]
        division, readings = divided(csv_file([heads, *rows]))
        assert [column.field for column in division.heads.columns[5:]] == ["", ""]
        assert readings[GARDEN.path].rows[0].household_ref == ""

    def test_a_column_is_missing_as_in_any_ledger(self) -> None:
        division, readings = divided(csv_file([["小区", "姓名"], ["海棠花园", "王芳"]]))
        assert not division.errors
        assert [error.code for error in readings[GARDEN.path].errors] == ["needs_building"]
        assert [
            error.code for error in divided(csv_file([["小区", "房号"], ["海棠花园", "8-1"]]))[0].errors
        ] == ["no_name_column"]

    def test_refuses_a_list_that_names_no_compounds(self) -> None:
        with pytest.raises(Unreadable, match="no_compound_column"):
            divided(csv_file([HEAD[1:], person("", "王芳")[1:]]))

    def test_says_that_merged_cells_were_not_filled_in(self) -> None:
        content = xlsx_file([HEAD, person("海棠花园", "王芳"), person("", "李强")], merged=["A2:A3"])
        division, _readings = divided(content)
        assert division.nameless == 1
        assert "合并" in said(division.notes) or "Merged" in said(division.notes)


class TestWhoBelongsNowhere:
    def test_rows_of_unknown_compounds_are_counted_by_name(self) -> None:
        rows = [
            person("桃花源", "王芳"),
            person("桃花源", "李强"),
            person("世外", "张敏"),
            person("", "赵云"),
            person("无", "孙尚香"),
        ]
        division, readings = divided(csv_file([HEAD, *rows, [], person("望湖台", "陈立")]))
        assert division.unknown == {"桃花源": 2, "世外": 1}
        assert (division.nameless, division.lost, division.rows) == (2, 5, 1)
        assert names(readings) == {TERRACE.path: ["陈立"]}

    def test_a_name_that_two_compounds_bear_is_refused_with_the_choices(self) -> None:
        content = csv_file([HEAD, person("海棠花园", "王芳"), person("望湖台", "李强")])
        division, readings = divided(content, *PLACES, TWIN)
        assert division.ambiguous["海棠花园"].rows == 1
        assert division.ambiguous["海棠花园"].choices == (GARDEN.path, TWIN.path)
        assert names(readings) == {TERRACE.path: ["李强"]}

    @pytest.mark.parametrize(
        ("heading", "where"),
        [
            ("社区", "桃园社区"),
            ("社区", "桃园"),
            ("居委会", "桃园居委会"),
            ("街道", "桃园街道"),
            ("街道", "桃园"),
            ("Town", "002"),
        ],
    )
    def test_unless_another_column_tells_them_apart(self, heading: str, where: str) -> None:
        content = csv_file(
            [[*HEAD, heading], person("海棠花园", "王芳", where), person("海棠花园", "李强", "")]
        )
        division, readings = divided(content, *PLACES, TWIN)
        assert names(readings) == {TWIN.path: ["王芳"]}
        assert division.ambiguous["海棠花园"].rows == 1

    def test_a_code_goes_before_a_name(self) -> None:
        named = Place("32/08/003/101/x/", "x", "garden", ())
        assert divided(csv_file([HEAD, person("garden", "王芳")]), GARDEN, named)[1].keys() == {GARDEN.path}

    def test_very_many_unknown_names_take_no_more_memory(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dividing, "_MOST_NAMES", 10)
        division, _readings = divided(csv_file([HEAD, *(person(f"某某{n}", "王芳") for n in range(50))]))
        assert (len(division.unknown), division.unknown["…"], division.lost) == (11, 40, 50)

    def test_a_compound_of_more_rows_than_one_may_have_is_passed_over(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for module in (dividing, streaming):
            monkeypatch.setattr(module, "MOST_ROWS", 2)
        rows = [person("海棠花园", f"王{n}") for n in range(3)]
        division, readings = divided(csv_file([HEAD, *rows, person("望湖台", "李强")]))
        assert [part.path for part in division.too_long] == [GARDEN.path]
        assert readings.keys() == {TERRACE.path}


class TestSpool:
    def test_gives_back_what_was_put_there(self) -> None:
        with Spool() as spool:
            blocks = [spool.put([(n, ("王芳", 2706.0, True))]) for n in range(3)]
            assert [rows_of(spool.get(block)) for block in blocks] == [
                [(n, ("王芳", 2706.0, True))] for n in range(3)
            ]

    def test_leaves_no_name_and_nothing_that_can_be_read(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        with Spool() as spool:
            spool.put([(1, ("王芳" * 99,))])
            spool._file.seek(0)
            content = spool._file.read()
            assert list(tmp_path.iterdir()) == []
        assert content
        assert "王芳".encode() not in content

    def test_takes_nothing_that_was_changed_meanwhile(self) -> None:
        with Spool() as spool:
            block = spool.put([(1, ("王芳",))])
            spool._file.seek(3)
            spool._file.write(b"x")
            with pytest.raises(InvalidTag):
                spool.get(block)

    def test_a_long_list_is_spooled_in_blocks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dividing, "_BLOCK", 10)
        monkeypatch.setattr(dividing, "_WAITING", 15)
        rows = [person(("海棠花园", "望湖台")[n % 2], f"王{chr(0x4E00 + n)}") for n in range(99)]
        division, readings = divided(csv_file([HEAD, *rows]))
        assert [part.rows for part in division.parts] == [50, 49]
        assert all(len(part.blocks) > 4 for part in division.parts)
        found = names(readings)
        assert found[GARDEN.path] == [row[3] for row in rows[::2]]
        assert found[TERRACE.path] == [row[3] for row in rows[1::2]]


class TestBeside:
    def test_other_processes_read_the_same_without_settings_or_database(self) -> None:
        rows = [person(("海棠花园", "望湖台")[n % 2], f"王{chr(0x4E00 + n)}") for n in range(99)]
        content = csv_file([HEAD, *rows, person("望湖台", "")])
        alone = divided(content)[1]
        with Spool() as spool, ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
            division = dividing.divide(
                partial(io.BytesIO, content), "a", PLACES, spool, seen=lambda _rows: None
            )
            beside = {
                part.path: reading for part, reading in read_parts(division, spool, executor, this_year=2026)
            }
        assert {path: reading.rows for path, reading in beside.items()} == {
            path: reading.rows for path, reading in alone.items()
        }
        assert str(beside[TERRACE.path].errors[0].remedy) == str(alone[TERRACE.path].errors[0].remedy)

    def test_a_reading_keeps_its_texts_in_any_language_on_the_way(self) -> None:
        reading = read(csv_file([HEAD, person("海棠花园", "", "x")]), "a", this_year=2026)
        copy = pickle.loads(pickle.dumps(reading))
        assert [str(error.message) for error in copy.errors] == [
            str(error.message) for error in reading.errors
        ]
        assert said(copy.notes) == said(reading.notes)


def test_guesses_rather_more_rows_than_less() -> None:
    rows: list[list[Cell]] = [HEAD, *(person("海棠花园", f"王{n}") for n in range(400))]
    assert guess_rows(partial(io.BytesIO, csv_file(rows))) == 401
    assert guess_rows(partial(io.BytesIO, xlsx_file(rows))) >= 401
    text = io.StringIO()
    csv.writer(text).writerows(rows * 300)
    assert guess_rows(partial(io.BytesIO, text.getvalue().encode())) == 401 * 300

"""Lists as files: no cell calculates, each is marked, each can come back, and only the chosen are on it."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import openpyxl
import pytest
from django.utils import translation

from haitang.registry import exports, ledger
from haitang.registry.exports import Asked, Choice, Sheet, Source, Stamp
from haitang.registry.queries import Door, Listed

ONE = UUID(int=1)
STAMP = Stamp(
    "People",
    "陆岚",
    "海棠社区居委会",
    "EX-1A2B3C4D-1",
    datetime(2022, 4, 1, 7, 12, tzinfo=UTC),
    "Export EX-1, 陆岚 & co.",
)
DANGEROUS = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u3000=1", "\ufeff=1"),
    *("＝1", "＋1", "－1", "＠SUM", "﹦1", "﹢1", "﹣1", "﹫x", "⁼1", "⁺1", "\u200b=1"),
]
HARMLESS = ["", "王芳", "8-3-2706", "13900000001", "a=b", "#loc", "'=1", "—"]


def door(room: str, **more: Any) -> Door:
    return replace(Door(uuid4(), ONE, "2", int(room[:-2]), room, 1, False), **more)


def person(name: str, at: Door, **more: Any) -> Listed:
    home = (at.id, "8", ONE, at.entrance, at.floor, at.room)
    return replace(Listed(uuid4(), *home, name, (), None, "", "", (), (), False), **more)


A, B, C = door("101"), door("201", people=2), door("302", people=0, is_provisional=True)
PEOPLE = [
    person(
        "何年", A, phones=("+8613900000001", "65000001"), birth_year=1940, sex="f", flags=("lives_alone",)
    ),
    person("何月", B, birth_year=1990, sex="m", relation="户主", is_helper=True, skills=("护理", "驾驶")),
    person("何日", B, birth_year=2015, flags=("chronic_illness", "disabled")),
]
PLACES = ["苏城市", "东城区", "桂花街道", "海棠社区", "海棠花园"]
SOURCE = Source(PLACES, {ONE: "8"}, [A, B, C], PEOPLE, 2022)
EVERYTHING = tuple(exports.COLUMNS["people"])


def names(**choice: Any) -> list[object]:
    sheet = exports.sheet(Asked("people", ("name",), Choice(**choice)), SOURCE)
    return [row[-1] for row in sheet.rows]


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


class TestCells:
    @pytest.mark.parametrize("text", DANGEROUS)
    def test_that_could_calculate_begin_with_an_apostrophe(self, text: str) -> None:
        assert exports.harmless([text]) == [f"'{text}"]

    @pytest.mark.parametrize("text", HARMLESS)
    def test_that_could_not_stay_as_they_are(self, text: str) -> None:
        assert exports.harmless([text]) == [text]

    def test_of_a_file_never_calculate_whatever_a_name_is(self) -> None:
        sheet = Sheet(["=A", "B"], [], [[text, 1] for text in DANGEROUS], 1)
        for row in lines(exports.csv_of(sheet, replace(STAMP, words="=cmd"))):
            assert row[0].startswith("'"), row
        page = openpyxl.load_workbook(io.BytesIO(exports.xlsx_of(sheet, replace(STAMP, words="=cmd")))).active
        cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} == {"s", "n"}
        assert len([cell for cell in cells if str(cell.value).startswith("'")]) == len(DANGEROUS) + 1


class TestWhoIsOnAList:
    def test_is_everybody_unless_chosen(self) -> None:
        assert names() == ["何年", "何月", "何日"]

    @pytest.mark.parametrize(
        ("choice", "found"),
        [
            ({"flags": ("lives_alone", "disabled")}, ["何年", "何日"]),
            ({"age_from": 82}, ["何年"]),
            ({"age_from": 83}, []),
            ({"alone": True}, ["何年"]),
            ({"helpers": True}, ["何月"]),
            ({"helpers": True, "alone": True}, []),
        ],
    )
    def test_meets_every_criterion(self, choice: dict[str, Any], found: list[str]) -> None:
        assert names(**choice) == found

    def test_has_no_age_nobody_knows(self) -> None:
        sheet = exports.sheet(
            Asked("people", (), Choice(age_from=1)), replace(SOURCE, people=[person("何时", A)])
        )
        assert sheet.rows == []

    @pytest.mark.parametrize(
        ("asked", "named"),
        [
            (Asked("people"), 3),
            (Asked("people", (), Choice(alone=True)), 1),
            (Asked("households"), 0),
            (Asked("households", ("flags",)), 3),
            (Asked("households", (), Choice(flags=("disabled",))), 1),
            (Asked("buildings"), 0),
        ],
    )
    def test_counts_as_named_by_name_or_by_what_a_household_needs(self, asked: Asked, named: int) -> None:
        assert exports.sheet(asked, SOURCE).named == named


class TestColumns:
    def test_are_the_door_and_what_was_asked_for(self) -> None:
        with translation.override("en"):
            sheet = exports.sheet(Asked("people", ("phone",)), SOURCE)
        assert sheet.headings == ["Compound", "Building", "Entrance", "Room", "Phone"]
        assert sheet.rows[0] == ["海棠花园", "8", "2", "101", "13900000001; 65000001"]

    def test_of_households_count_people_and_say_what_is_provisional(self) -> None:
        with translation.override("en"):
            sheet = exports.sheet(Asked("households"), SOURCE)
        assert [row[-3:] for row in sheet.rows] == [[1, 1, ""], [2, 2, ""], [3, 0, "yes"]]

    def test_of_buildings_count(self) -> None:
        sheet = exports.sheet(Asked("buildings"), replace(SOURCE, doors=[A, replace(B, lives_alone=True), C]))
        assert sheet.rows == [["海棠花园", "8", 1, 3, 3, 1]]

    def test_have_a_tag_each_where_tags_are_asked_for(self) -> None:
        for what, columns in exports.COLUMNS.items():
            sheet = exports.sheet(Asked(what, tuple(columns), with_tags=True), SOURCE)
            assert len(sheet.tags) == len(sheet.headings) == len(sheet.rows[0])
            assert all(tag.startswith("#") for tag in sheet.tags)
            assert sheet.tags[:2] == ["#adm2+name", "#adm3+name"] and sheet.rows[0][:5] == PLACES


class TestFiles:
    sheet = exports.sheet(Asked("people", EVERYTHING, with_tags=True), SOURCE)

    def test_csv_begins_with_who_took_it_then_headings_then_tags(self) -> None:
        content = exports.csv_of(self.sheet, STAMP)
        assert content.startswith("\ufeff".encode())
        rows = lines(content)
        assert rows[0] == [STAMP.words]
        assert rows[1] == list(self.sheet.headings) and rows[2] == list(self.sheet.tags)
        assert len(rows) == 3 + len(PEOPLE)

    def test_xlsx_says_who_took_it_in_the_sheet_the_paper_and_the_file(self) -> None:
        book = openpyxl.load_workbook(io.BytesIO(exports.xlsx_of(self.sheet, STAMP)))
        page = book.active
        assert page["A1"].value == STAMP.words
        assert page.oddHeader.left.text == STAMP.words.replace("&", "&&")
        assert STAMP.number in page.oddFooter.left.text
        known = book.properties
        assert (known.creator, known.keywords, known.description) == (STAMP.author, STAMP.number, STAMP.words)
        assert known.created == STAMP.at.replace(tzinfo=None)

    def test_xlsx_holds_a_mark_of_any_length(self) -> None:
        content = exports.xlsx_of(self.sheet, replace(STAMP, words="&" * 400))
        assert openpyxl.load_workbook(io.BytesIO(content)).active["A1"].value == "&" * 400

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    @pytest.mark.parametrize("with_tags", [False, True])
    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_can_come_back_as_a_ledger(self, language: str, with_tags: bool, form: str) -> None:
        with translation.override(language):
            sheet = exports.sheet(Asked("people", EVERYTHING, with_tags=with_tags), SOURCE)
            write = exports.csv_of if form == "csv" else exports.xlsx_of
            reading = ledger.read(write(sheet, STAMP), f"list.{form}", this_year=2022)
        found = {row.name: row for row in reading.rows}
        assert found.keys() == {"何年", "何月", "何日"}
        for one in PEOPLE:
            row = found[one.name]
            assert (row.building, row.entrance, row.floor, row.room) == ("8", "2", one.floor, one.room)
            assert (row.phones, row.birth_year, row.sex) == (one.phones, one.birth_year, one.sex)
            assert (set(row.flags), row.skills, row.is_helper) == (set(one.flags), one.skills, one.is_helper)

"""People whom one file names at two doors, and rows shown without saying whose they are."""

import pytest

from haitang.registry.ledger import masked_row, named_twice
from tests.registry.ledger_files import Cell, person, reading

HEAD = ["楼栋", "房号", "姓名", "联系电话", "出生日期"]


def found(*rows: list[Cell]) -> list[list[int]]:
    return [[row.number for row in twice.rows] for twice in named_twice(reading(HEAD, *rows).rows)]


class TestNamedTwice:
    def test_by_name_and_phone_or_name_and_year(self) -> None:
        assert found(
            ["8", "101", "王芳", "13800000000", ""],
            ["9", "202", "王芳", "13800000000", "1948-03-25"],
            ["8", "103", "李强", "", "1980"],
            ["8", "104", "李强", "13900000000", "1980"],
            ["9", "105", "李强", "13900000000", "1980"],
        ) == [[2, 3], [4, 5, 6]]

    @pytest.mark.parametrize(
        "other",
        [
            ["8", "101", "王芳", "13800000000", "1948"],  # the same door
            ["9", "202", "王芳", "", ""],  # nothing but the name
            ["9", "202", "王芳", "13800000000", "1980"],  # mother and daughter, one phone
            ["9", "202", "李强", "13800000000", "1948"],
            ["9", "202", "王芳", "13900000000", ""],
        ],
    )
    def test_is_not_said_of_two_people(self, other: list[Cell]) -> None:
        assert found(["8", "101", "王芳", "13800000000", "1948"], other) == []

    def test_takes_no_longer_for_many_of_one_name(self) -> None:
        rows: list[list[Cell]] = [["8", f"{n + 101}", "王芳", "", str(1930 + n % 90)] for n in range(3000)]
        assert len(found(*rows)) == 90


def test_a_masked_row_shows_the_door_and_not_who() -> None:
    row = masked_row(person(姓名="王小芳", 联系电话="13800000000", 特殊人群="独居").rows[0])
    assert (row.name, row.phones, row.room, row.flags) == ("王**", ("138****0000",), "2706", ("lives_alone",))

"""Joining a list to a ledger: whom each row means, and when nobody may be taken without a look."""

from dataclasses import dataclass, field, replace
from uuid import UUID, uuid5

import pytest

from benchmarks import joining as benchmark
from benchmarks import lists
from haitang.registry import joining
from haitang.registry.joining import Match, Verdict, words
from haitang.registry.joining.scoring import AT_DOOR, BIRTHS, DOORS, NAMES, PHONES, SEXES

HOMES = UUID(int=1)


@dataclass(frozen=True)
class Person:
    """Somebody of a small ledger."""

    name: str
    building: str = "8"
    room: str = "101"
    phones: tuple[str, ...] = ()
    birth_year: int | None = None
    sex: str = ""
    entrance: str = ""
    id: UUID = field(init=False)
    household: UUID = field(init=False)

    def __post_init__(self) -> None:
        door = f"{self.building}-{self.entrance}-{self.room}"
        object.__setattr__(self, "household", uuid5(HOMES, door))
        object.__setattr__(self, "id", uuid5(HOMES, f"{door}-{self.name}-{self.birth_year}"))


@dataclass(frozen=True)
class Row:
    """A row of a list; what is not given is not told."""

    name: str = ""
    building: str = ""
    room: str = ""
    phones: tuple[str, ...] = ()
    birth_year: int | None = None
    sex: str = ""
    entrance: str = ""
    number: int = 2


MINE, THEIRS, NOBODYS = "+8613900000101", "+8613900000202", "+8613700000303"
SURNAMES = "赵钱孙李周吴郑冯陈褚卫蒋沈韩杨"
OTHERS = [
    Person(f"{surname}{given}", str(number), "101")
    for number, surname in enumerate(SURNAMES, 20)
    for given in ("建国", "美芳", "志强")
]


def joined(row: Row, *people: Person) -> Match:
    """What becomes of one row in a ledger of these people and many others."""
    return joining.match([row], [*people, *OTHERS])[0]


def meant(match: Match) -> list[UUID]:
    return [candidate.person for candidate in match.candidates]


WANG = Person("王雨婷", phones=(MINE,), birth_year=1988, sex="f")


class TestCertain:
    @pytest.mark.parametrize(
        "row",
        [
            Row("王雨婷", "8", "101"),
            Row("王 雨 婷（户主）", "8", "101"),
            Row("王雨婷", phones=(MINE,)),
            Row("王雨婷", phones=("+86139****0101",)),
            Row("王雨婷", birth_year=1988, sex="f"),
            Row("王雨亭", "8", "101"),
            Row("Wang Yuting", "8", "101"),
            Row("王雨", "8", "101", birth_year=1988),
            Row("王婷雨", "8", "101", birth_year=1988),
            Row("王*婷", "8", "101", (MINE,), 1988, "f"),
            Row("王雨婷", "8", "110", (MINE,)),
            Row("王雨婷", "8", "110", birth_year=1988),
            Row("王雨婷", "8", "101", (NOBODYS,)),
            Row("王雨婷", "8", "101", (MINE,), 1955),
        ],
        ids=str,
    )
    def test_is_a_row_with_enough_that_agrees(self, row: Row) -> None:
        match = joined(row, WANG)
        assert match.verdict == Verdict.CERTAIN
        assert meant(match) == [WANG.id]

    def test_says_why(self) -> None:
        (candidate,) = joined(Row("王雨亭", "8", "101", (MINE,), 1989, "m"), WANG).candidates
        assert candidate.evidence == ("name_sound", "door_same", "phone_same", "birth_near", "sex_other")

    def test_tells_the_child_from_the_grandfather_by_the_year(self) -> None:
        old, young = Person("王建国", birth_year=1940), Person("王建国（小）", birth_year=2001)
        assert meant(joined(Row("王建国", "8", "101", birth_year=2001), old, young)) == [young.id]

    def test_tells_relatives_apart_by_a_character(self) -> None:
        sister = Person("王雨荷", birth_year=1990)
        match = joined(Row("王雨亭", "8", "101", birth_year=1988), WANG, sister)
        assert (match.verdict, meant(match)) == (Verdict.CERTAIN, [WANG.id])


class TestNeverCertain:
    """Each of these is one step from the rows above that are."""

    @pytest.mark.parametrize(
        "row",
        [
            Row("王雨婷"),
            Row("王雨婷", sex="f"),
            Row("王雨婷", phones=(NOBODYS,)),
            Row("王雨亭", phones=(MINE,), birth_year=1988, sex="f"),
            Row("王雨", phones=(MINE,), birth_year=1988, sex="f"),
            Row("", "8", "101", (MINE,), 1988, "f"),
            Row("", phones=(MINE,)),
            Row("顾文斌", "8", "101", (MINE,), 1988, "f"),
            Row("王雨荷", "8", "101", (MINE,), sex="f"),
            Row("王大力", "8", "101", (MINE,), 1988, "f"),
            Row("王*婷", "8", "101", sex="f"),
            Row("王*婷", phones=(MINE,), birth_year=1988),
            Row("王*婷", "8", "101", (MINE,), sex="f"),
            Row("王雨婷", "8", "110"),
            Row("王雨婷", "21", "105", birth_year=1988, sex="f"),
            Row("王雨婷", "8", "101", birth_year=1955),
        ],
        ids=str,
    )
    def test_is_a_row_with_too_little_or_against_it(self, row: Row) -> None:
        match = joined(row, WANG)
        assert match.verdict == Verdict.LIKELY
        assert meant(match)[0] == WANG.id

    def test_is_a_name_at_two_doors_without_more(self) -> None:
        other = replace(WANG, room="505", phones=(), birth_year=None)
        match = joined(Row("王雨婷", "8"), WANG, other)
        assert match.verdict == Verdict.LIKELY
        assert set(meant(match)) == {WANG.id, other.id}

    def test_is_a_phone_that_a_family_shares(self) -> None:
        husband = Person("李强", phones=(MINE,), birth_year=1987, sex="m")
        match = joined(Row("王雨", phones=(MINE,)), WANG, husband)
        assert match.verdict == Verdict.LIKELY

    def test_is_a_name_that_two_at_one_door_bear(self) -> None:
        old, young = Person("王建国", birth_year=1940), Person("王建国（小）", birth_year=2001)
        match = joined(Row("王建国", "8", "101"), old, young)
        assert match.verdict == Verdict.LIKELY
        assert set(meant(match)) == {old.id, young.id}

    def test_is_a_sister_who_may_not_be_in_the_ledger(self) -> None:
        assert joined(Row("王雨荷", "8", "101"), WANG).verdict == Verdict.LIKELY

    def test_shows_five_at_most(self) -> None:
        family = [replace(WANG, room=str(room), phones=(), birth_year=None) for room in range(101, 109)]
        match = joined(Row("王雨婷"), *family)
        assert match.verdict == Verdict.LIKELY
        assert len(match.candidates) == joining.MOST_SHOWN


class TestNobody:
    @pytest.mark.parametrize(
        "row",
        [
            Row("顾文斌", "8", "101"),
            Row("顾文斌", "8", "101", (NOBODYS,), 1990, "m"),
            Row("顾文斌", phones=(NOBODYS,)),
            Row("王大力", "30", "909", sex="m"),
            Row("", phones=(NOBODYS,)),
        ],
        ids=str,
    )
    def test_is_a_row_of_somebody_in_no_ledger(self, row: Row) -> None:
        match = joined(row, WANG)
        assert (match.verdict, match.candidates) == (Verdict.NONE, ())

    def test_is_everybody_where_there_is_no_ledger(self) -> None:
        assert joining.match([Row("王雨婷")], [])[0].verdict == Verdict.NONE


class TestTwoRowsForOnePerson:
    def test_are_told_when_they_say_the_same(self) -> None:
        rows = [Row("王雨婷", "8", "101", number=2), Row("王雨婷", "8", "101", (MINE,), number=3)]
        first, second = joining.match(rows, [WANG, *OTHERS])
        assert (first.verdict, first.repeats) == (Verdict.CERTAIN, 3)
        assert (second.verdict, second.repeats) == (Verdict.CERTAIN, None)

    @pytest.mark.parametrize(
        "other",
        [
            Row("王雨亭", "8", "101", number=3),
            Row("王雨婷", "8", "101", birth_year=1989, number=3),
            Row("王雨婷", "8", "101", sex="m", number=3),
        ],
        ids=str,
    )
    def test_leave_the_one_that_says_otherwise_to_a_look(self, other: Row) -> None:
        rows = [Row("王雨婷", "8", "101", (MINE,), 1988, "f", number=2), other]
        first, second = joining.match(rows, [WANG, *OTHERS])
        assert (first.verdict, meant(first)) == (Verdict.CERTAIN, [WANG.id])
        assert (second.verdict, second.repeats) == (Verdict.LIKELY, 2)

    def test_help_to_tell_whom_a_third_row_means(self) -> None:
        sister = Person("王雨荷")
        rows = [Row("王雨婷", "8", "101", number=2), Row("王雨", "8", "101", number=3)]
        _first, second = joining.match(rows, [WANG, sister, *OTHERS])
        assert second.repeats is None
        assert meant(second)[0] == sister.id


def test_a_list_from_elsewhere_needs_more_to_be_sure() -> None:
    row = Row("王雨婷", birth_year=1988, sex="f")
    (match,) = joining.match([row], [WANG, *OTHERS], unknown=0.9)
    assert match.verdict == Verdict.LIKELY


def test_every_piece_of_evidence_has_its_words() -> None:
    known = {*NAMES, *DOORS, *PHONES, *AT_DOOR, *BIRTHS, *SEXES} - {""}
    computed = {"name_same", "name_sound", "name_blurred", "name_masked", "name_char", "birth_same"}
    doors = {"door_same", "door_building", "door_room"}
    assert known | computed | doors == words.EVIDENCE.keys()


@pytest.mark.parametrize("seed", [1, 7])
def test_measures_up_on_lists_with_noise(seed: int) -> None:
    ledger = lists.ledger(1200, seed)
    rows = lists.written(ledger, seed)
    found = benchmark.figures(rows, benchmark.joined(rows, ledger))
    assert found.precision >= 0.995
    assert found.recall >= 0.95
    assert found.review <= 0.08 * found.rows
    assert found.missed <= 0.005 * found.rows
    exact = benchmark.figures(rows, benchmark.exact(rows, ledger))
    assert exact.recall < found.recall - 0.1

"""What a ledger may have wrong: each rule on invented doors and people, without a database, and of how many."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from haitang.registry import quality
from haitang.registry.quality import Finding, Site
from haitang.registry.queries import Door, Listed

ONE, TWO, GATE = UUID(int=1), UUID(int=2), UUID(int=3)
NAMES = {ONE: "1", TWO: "2", GATE: "门口"}
YEAR = 2022


def door(room: str, *, building: UUID = ONE, floor: int | None = None, **more: object) -> Door:
    on = floor if floor is not None else int("".join(filter(str.isdigit, room))[:-2] or 1)
    return replace(Door(uuid4(), building, "", on, room, 2, False), **more)  # type: ignore[arg-type]


def person(name: str, at: Door, **more: object) -> Listed:
    home = (at.id, NAMES[at.building], at.building, at.entrance, at.floor, at.room)
    made = Listed(uuid4(), *home, name, (), None, "", "", (), (), False)
    return replace(made, **more)  # type: ignore[arg-type]


def site(doors: Iterable[Door], people: Iterable[Listed] = ()) -> Site:
    return Site(list(doors), list(people), NAMES, YEAR, outside=frozenset({GATE}))


def tower(*, floors: int = 6, doors: int = 4, without: Iterable[str] = ()) -> list[Door]:
    rooms = [f"{floor}{n:02}" for floor in range(1, floors + 1) for n in range(1, doors + 1)]
    return [door(room) for room in rooms if room not in set(without)]


def said(found: Finding) -> tuple[int, int, list[str]]:
    return found.number, found.of, [row.label for row in found.rows]


class TestDoors:
    def test_without_people(self) -> None:
        doors = [door("101"), door("102", people=0), door("103", people=0, is_provisional=True)]
        assert said(quality.empty(site(doors))) == (1, 3, ["1-102"])

    def test_with_very_many_people_but_for_a_hut(self) -> None:
        doors = [door("101", people=8), door("102", people=9), door("棚", floor=1, people=40, kind="site")]
        assert said(quality.crowded(site(doors))) == (1, 3, ["1-102"])

    def test_that_somebody_said_are_there(self) -> None:
        doors = [door("101"), door("果店", floor=1, is_provisional=True, entrance="2")]
        assert said(quality.provisional(site(doors))) == (1, 2, ["1-2-果店"])

    def test_with_people_who_have_no_name_count_people(self) -> None:
        doors = [
            door("101"),
            door("102", people=3, unnamed=2),
            door("9", floor=1, unnamed=1, is_provisional=True),
        ]
        assert said(quality.unnamed(site(doors))) == (2, 7, ["1-102"])


class TestFloors:
    def test_a_whole_building_has_nothing_wrong(self) -> None:
        huts = [door(f"棚{floor}", floor=floor, building=GATE) for floor in (1, 3, 9)]
        whole = site([*tower(), door("果店", floor=1, kind="shop"), *huts])
        rules = ("missing_floors", "uneven_floors", "absent_doors", "off_floor", "bare_entrances")
        assert [getattr(quality, rule)(whole).number for rule in rules] == [0] * 5

    def test_a_floor_in_between_is_missing(self) -> None:
        found = quality.missing_floors(site([d for d in tower() if d.floor not in (3, 5)]))
        assert said(found) == (1, 1, ["1"])
        assert found.rows[0].facts == {"floors": "3, 5"}

    def test_from_the_cellar_to_the_ground_there_is_no_floor_0(self) -> None:
        assert quality.missing_floors(site([*tower(), door("B1", floor=-1)])).number == 0

    def test_a_slip_makes_no_tower(self) -> None:
        found = quality.missing_floors(site([*tower(), door("990001", floor=9900)]))
        assert found.rows[0].facts["floors"].count(",") == 12  # type: ignore[attr-defined]

    @pytest.mark.parametrize("rooms", [["402", "403", "404"], []])
    def test_a_floor_has_far_fewer_or_far_more_doors(self, rooms: list[str]) -> None:
        doors = tower(floors=7, without=rooms) + ([] if rooms else [door(f"4{n:02}") for n in range(5, 9)])
        found = quality.uneven_floors(site(doors))
        assert said(found) == (1, 1, ["1"])
        assert found.rows[0].facts == {"floors": "4", "usual": "4"}

    def test_top_and_bottom_may_differ(self) -> None:
        doors = tower(floors=7, without=["101", "102", "103", "701", "702", "703"])
        assert quality.uneven_floors(site(doors)).number == 0

    def test_a_door_is_absent_that_the_other_floors_have(self) -> None:
        found = quality.absent_doors(site(tower(without=["302", "503", "101"])))
        assert said(found) == (2, 23, ["1"])  # the lowest floor is passed over
        assert found.rows[0].facts == {"doors": "302, 503", "number": 2}

    def test_a_stack_that_many_floors_lack_is_no_pattern(self) -> None:
        assert quality.absent_doors(site(tower(without=["202", "302", "402"]))).number == 0

    def test_entrances_are_looked_at_each_by_itself(self) -> None:
        first = [replace(d, entrance="1") for d in tower(doors=4, without=["302"])]
        second = [replace(d, entrance="2") for d in tower(doors=2, floors=5)]
        assert quality.absent_doors(site([*first, *second])).rows[0].facts["doors"] == "1-302"

    def test_a_number_says_another_floor(self) -> None:
        doors = [*tower(), door("1404", floor=4), door("A301", floor=3)]
        assert said(quality.off_floor(site(doors))) == (1, 26, ["1-1404"])

    def test_an_entrance_is_missing_beside_others(self) -> None:
        doors = [door("101", entrance="1"), door("102"), door("101", building=TWO), door("102", building=TWO)]
        assert said(quality.bare_entrances(site(doors))) == (1, 4, ["1-102"])


class TestPeople:
    first, second = door("101"), door("801", building=TWO)

    def twins(self, **more: dict[str, object]) -> Finding:
        one = person("沈念", self.first, **more.get("one", {}))
        other = person("沈 念", self.second, **more.get("other", {}))
        return quality.twice(site([self.first, self.second], [one, other]))

    def test_one_with_the_same_phone_is_at_two_doors(self) -> None:
        found = self.twins(one={"phones": ("1", "2")}, other={"phones": ("2",)})
        assert said(found) == (1, 2, ["2-801"])
        assert found.rows[0].facts == {"other": "1-101", "same": "phone"}

    def test_one_born_in_the_same_year_may_be_at_two_doors(self) -> None:
        found = self.twins(one={"birth_year": 1950, "phones": ("1",)}, other={"birth_year": 1950})
        assert found.rows[0].facts["same"] == "year"

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({}, {}),
            ({"birth_year": 1950}, {"birth_year": 1951}),
            ({"birth_year": 1950, "phones": ("1",)}, {"birth_year": 1950, "phones": ("2",)}),
        ],
    )
    def test_a_name_alone_makes_nobody_the_same(
        self, one: dict[str, object], other: dict[str, object]
    ) -> None:
        assert self.twins(one=one, other=other).number == 0

    def test_those_of_one_household_are_its_own(self) -> None:
        people = [person("沈念", self.first, phones=("1",)), person("沈念", self.first, phones=("1",))]
        assert quality.twice(site([self.first], people)).number == 0

    def test_who_lives_alone_has_no_phone(self) -> None:
        third = door("103")
        people = [
            person("甲", self.first),
            person("乙", self.second, phones=("1",)),
            person("丙", third, flags=("lives_alone",)),
            person("丁", third),
        ]
        found = quality.alone_without_phone(site([self.first, self.second, third], people))
        assert said(found) == (2, 3, ["1-101", "1-103"])

    def test_a_child_lives_alone(self) -> None:
        found = quality.children_alone(site([self.first], [person("小满", self.first, birth_year=2010)]))
        assert said(found) == (1, 1, ["1-101"])
        assert found.rows[0].facts == {"age": 12}

    def test_a_child_heads_a_household(self) -> None:
        child = person("小满", self.first, birth_year=2010, relation="户主")
        grown = person("一宁", self.first, birth_year=1980)
        assert quality.children_alone(site([self.first], [child, grown])).number == 1
        assert quality.children_alone(site([self.first], [replace(child, relation="子"), grown])).number == 0

    def test_a_child_is_not_alone_where_more_are_said_to_live(self) -> None:
        home = replace(self.first, unnamed=1)
        assert quality.children_alone(site([home], [person("小满", home, birth_year=2010)])).number == 0

    @pytest.mark.parametrize(("year", "odd"), [(1911, 1), (1912, 0), (2022, 0), (2023, 1)])
    def test_an_age_that_nobody_reaches(self, year: int, odd: int) -> None:
        found = quality.odd_ages(site([self.first], [person("甲", self.first, birth_year=year)]))
        assert (found.number, found.of) == (odd, 1)


class TestRows:
    last = quality.Row("import", ONE, "底册.xlsx")

    def test_that_found_no_door_are_counted_by_the_last_import(self) -> None:
        codes = {"needs_room": 3, "no_such_building": 2, "needs_name": 7}
        found = quality.doorless(self.last, {"people": 10, "changed": 5, "same": 80, "codes": codes})
        assert said(found) == (5, 100, ["底册.xlsx"])

    def test_of_an_older_import_say_nothing(self) -> None:
        assert quality.doorless(self.last, {"people": 10, "errors": 4}) == Finding("doorless", 0, 10, [])
        assert quality.doorless(None, {}).of == 0

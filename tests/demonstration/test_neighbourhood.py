"""The invented neighbourhood: its exact figures, its people, and a ledger that reads back as it was made."""

import csv
import re
from collections import Counter
from io import BytesIO
from pathlib import Path

import phonenumbers
import pytest
from xlsxwriter import Workbook

from haitang import registry
from haitang.jobs.demonstration import names
from haitang.jobs.demonstration.neighbourhood import (
    DOOR_IN_NEED,
    DOOR_THAT_OFFERS,
    Compound,
    Neighbourhood,
    neighbourhood,
)
from haitang.jobs.demonstration.people import PHONE_PREFIX
from haitang.jobs.demonstration.spreadsheet import ledger_rows
from haitang.registry import ledger
from haitang.registry.ledger.vocabulary import FLAGS

SEEDS = (2022, 1, 7)
DATA = Path(registry.__file__).parent / "data"


@pytest.fixture(scope="module", params=SEEDS)
def drawn(request: pytest.FixtureRequest) -> Neighbourhood:
    return neighbourhood(request.param)


@pytest.fixture(scope="module")
def shown() -> Neighbourhood:
    return neighbourhood()


def share(compound: Compound, year: int, ages: range) -> float:
    return sum(year - person.birth_year in ages for person in compound.people) / len(compound.people)


class TestTheFigures:
    def test_of_the_garden_are_those_of_the_story(self, drawn: Neighbourhood) -> None:
        assert [building.number for building in drawn.garden.buildings] == [str(n) for n in range(1, 26)]
        assert len(drawn.garden.households) == 1472
        assert len(drawn.garden.people) == 3536
        assert len(drawn.garden.helpers) == 60
        assert sum(bool(person.unit) for _, person in drawn.garden.helpers) == 17

    def test_of_the_other_two_compounds_hold_and_they_have_no_helpers(self, drawn: Neighbourhood) -> None:
        figures = [(len(c.buildings), len(c.households), len(c.helpers)) for c in drawn.compounds[1:]]
        assert figures == [(8, 312, 0), (6, 180, 0)]

    def test_are_the_same_each_time(self, shown: Neighbourhood) -> None:
        assert neighbourhood() == shown

    def test_come_with_other_people_for_another_seed(self, shown: Neighbourhood) -> None:
        assert neighbourhood(2023).garden.people != shown.garden.people

    def test_keep_everybody_as_old_when_the_year_moves_on(self, shown: Neighbourhood) -> None:
        later = neighbourhood(year=shown.year + 3)
        assert [person.birth_year - 3 for person in later.garden.people] == [
            person.birth_year for person in shown.garden.people
        ]


class TestThePeople:
    def test_are_spread_over_the_ages_as_in_an_inner_district(self, drawn: Neighbourhood) -> None:
        assert 0.155 < share(drawn.garden, drawn.year, range(65, 120)) < 0.185
        assert 0.12 < share(drawn.garden, drawn.year, range(15)) < 0.16
        assert 0.011 < share(drawn.garden, drawn.year, range(80, 120)) < 0.026

    def test_have_all_the_needs_that_a_ledger_can_tell(self, drawn: Neighbourhood) -> None:
        counted = Counter(flag for person in drawn.garden.people for flag in person.flags)
        assert set(counted) == set(FLAGS)
        assert 90 < counted["lives_alone"] < 130
        assert 80 < counted["no_smartphone"] < 200

    def test_have_phones_of_the_invented_range_and_none_twice(self, drawn: Neighbourhood) -> None:
        phones = [person.phone for compound in drawn.compounds for person in compound.people if person.phone]
        assert len(set(phones)) == len(phones) > 3000
        assert all(phone.startswith(PHONE_PREFIX) for phone in phones)
        assert all(phonenumbers.is_valid_number(phonenumbers.parse(phone)) for phone in phones[:50])

    def test_below_twelve_have_no_phone(self, drawn: Neighbourhood) -> None:
        assert not any(p.phone for p in drawn.garden.people if drawn.year - p.birth_year < 12)

    def test_of_one_household_have_different_names(self, drawn: Neighbourhood) -> None:
        for compound in drawn.compounds:
            for household in compound.households:
                assert len({person.name for person in household.people}) == len(household.people) > 0

    def test_share_a_name_no_more_often_than_in_a_real_compound(self, drawn: Neighbourhood) -> None:
        assert Counter(person.name for person in drawn.garden.people).most_common(1)[0][1] <= 10

    def test_bear_no_name_that_is_avoided(self, drawn: Neighbourhood) -> None:
        assert not names.AVOIDED & {person.name for c in drawn.compounds for person in c.people}

    def test_who_help_live_all_over_and_need_no_help_themselves(self, drawn: Neighbourhood) -> None:
        assert len({household.building for household, _ in drawn.garden.helpers}) >= 18
        assert len({household.building for household, person in drawn.garden.helpers if person.unit}) >= 9
        for _, person in drawn.garden.helpers:
            assert person.skills
            assert 23 <= drawn.year - person.birth_year <= 68
            assert not {"homebound", "pregnant", "chronic_illness"} & set(person.flags)

    def test_of_the_story_live_where_it_says(self, drawn: Neighbourhood) -> None:
        woman, *others = drawn.garden.household(*DOOR_IN_NEED).people
        assert (woman.name, woman.sex, woman.phone, others) == (names.IN_NEED, "f", "", [])
        assert drawn.year - woman.birth_year > 80
        assert {"lives_alone", "no_smartphone"} <= set(woman.flags)
        assert drawn.garden.household(*DOOR_IN_NEED).floor == 14
        offering = drawn.garden.household(*DOOR_THAT_OFFERS)
        assert (offering.floor, offering.people[0].name) == (17, names.WHO_OFFERS)

    def test_of_the_story_share_their_names_with_nobody(self, drawn: Neighbourhood) -> None:
        known = Counter(person.name for compound in drawn.compounds for person in compound.people)
        assert known[names.IN_NEED] == known[names.WHO_OFFERS] == 1


class TestThePlaces:
    def test_are_towers_of_many_heights(self, shown: Neighbourhood) -> None:
        floors = [building.floors for building in shown.garden.buildings]
        assert (min(floors), max(floors)) == (6, 18)
        assert len(set(floors)) >= 6
        assert {building.doors for building in shown.garden.buildings} == {2, 3, 4}

    def test_have_each_door_once_and_only_doors_that_exist(self, drawn: Neighbourhood) -> None:
        for compound in drawn.compounds:
            doors = [(home.building, home.floor, home.room) for home in compound.households]
            assert doors == [(b.number, floor, room) for b in compound.buildings for floor, room in b.rooms()]
            assert len(set(doors)) == len(doors)

    def test_stand_apart_and_inside_the_outline(self, shown: Neighbourhood) -> None:
        for compound in shown.compounds:
            (west, south), (east, north) = compound.outline[0], compound.outline[2]
            spots = [(b.lon, b.lat) for b in compound.buildings]
            assert all(west < lon < east and south < lat < north for lon, lat in spots)
            for index, (lon, lat) in enumerate(spots):
                for other_lon, other_lat in spots[:index]:
                    metres = (((lon - other_lon) * 95_100) ** 2 + ((lat - other_lat) * 111_320) ** 2) ** 0.5
                    assert metres > 40

    def test_belong_to_real_towns_under_communities_that_do_not_exist(self, shown: Neighbourhood) -> None:
        with (DATA / "suzhou_admin_2023.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        towns = {row["street_code"]: row["district_name"] for row in rows}
        codes, village_names = {row["village_code"] for row in rows}, {row["village_name"] for row in rows}
        assert [towns[c.site.town] for c in shown.compounds] == ["姑苏区", "姑苏区", "昆山市"]
        assert shown.garden.site.town == shown.sibling.site.town
        for compound in shown.compounds:
            assert compound.site.community not in codes
            assert compound.site.community.startswith(compound.site.town)
            assert compound.site.community_name not in village_names


class TestTheLedger:
    def test_reads_back_as_the_people_it_was_made_from(self, shown: Neighbourhood) -> None:
        book = BytesIO()
        with Workbook(book, {"in_memory": True}) as workbook:
            sheet = workbook.add_worksheet("底册")
            for number, row in enumerate(ledger_rows(shown)):
                sheet.write_row(number, 0, row)
        reading = ledger.read(book.getvalue(), "ledger.xlsx", this_year=shown.year)
        assert reading.errors == ()
        assert [column.header for column in reading.columns if not column.field] == ["备注"]
        told = [
            (row.building, row.floor, row.room, row.name, row.phones, row.birth_year, row.sex, row.relation)
            for row in reading.rows
        ]
        assert told == [
            (h.building, h.floor, h.room, p.name, (p.phone,) * bool(p.phone), p.birth_year, p.sex, p.relation)
            for h in shown.garden.households
            for p in h.people
        ]
        assert [(row.flags, row.skills, row.is_helper) for row in reading.rows] == [
            (person.flags, person.skills, person.is_helper) for person in shown.garden.people
        ]

    def test_is_the_same_each_time(self, shown: Neighbourhood) -> None:
        assert ledger_rows(shown) == ledger_rows(neighbourhood())

    def test_is_written_in_many_hands(self, shown: Neighbourhood) -> None:
        rows = ledger_rows(shown)[2:]
        shapes = {re.sub(r"[\d零一二三四五六七八九]+", "0", str(row[0])) for row in rows}
        assert {"0", "0栋", "0幢", "0号楼"} <= shapes
        assert {type(row[2]) for row in rows} == {str, int, float}

    def test_has_no_identity_numbers(self, shown: Neighbourhood) -> None:
        for row in ledger_rows(shown):
            assert not any(re.search(r"\d{14,}", str(cell)) for cell in row)

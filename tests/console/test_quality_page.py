"""Is the ledger right: the page says what to mend, of how many, where, and how; and it names nobody."""

import time

import pytest
from django.test import Client
from django.utils import timezone

from haitang.console.quality import FACTS, SHOWN, UNITS, WORDS
from haitang.registry import queries, services
from haitang.registry.models import Area, Household, LedgerImport, Level
from tests.neighbourhood import HEADINGS, OPERATOR, Neighbourhood, load, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(neighbourhood: Neighbourhood) -> Client:
    return sign_in(neighbourhood.community_desk)


def shown(client: Client, compound: Area) -> str:
    return client.get(f"/compounds/{compound.pk}/quality").content.decode()


def tower(n: Neighbourhood, *, floors: int, doors: int, people: int) -> None:
    rows = [
        f"{b.code},{floor}{d:02},何{chr(0x4E00 + floor * 97 + d * 13 + p)}{b.code},,{20 + p},,,"
        for b in n.buildings
        for floor in range(1, floors + 1)
        for d in range(1, doors + 1)
        for p in range(people)
    ]
    load(n.garden, "\n".join([HEADINGS, *rows]), now=timezone.now())


class TestThePage:
    def test_has_words_for_every_rule(self, neighbourhood: Neighbourhood) -> None:
        found = queries.findings(neighbourhood.garden, this_year=2022)
        assert {finding.code for finding in found} == WORDS.keys()
        assert {words.unit for words in WORDS.values()} == UNITS.keys()
        assert {key.partition("/")[0] for key in FACTS} <= WORDS.keys()

    def test_says_of_how_many_and_opens_the_household(
        self, neighbourhood: Neighbourhood, desk: Client
    ) -> None:
        n = neighbourhood
        load(n.garden, f"{HEADINGS}\n2,202,柳独,,70,女,,\n", now=timezone.now())
        text = shown(desk, n.garden)
        assert "1 of 6 who live alone" in text
        door = Household.objects.get(building=n.buildings[1], room="202")
        assert f'<a href="/households/{door.pk}/">2-202</a>' in text
        assert "Nobody can call them: knock" in text
        assert f"/ledger/?compound={n.garden.pk}" in text

    def test_names_nobody(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        n = neighbourhood
        load(n.garden, f"{HEADINGS}\n2,202,钱阿婆,13900000102,82,女,,\n", now=timezone.now())
        text = shown(desk, n.garden)
        assert "and 1-102: same name and phone" in text
        assert "钱阿婆" not in text and "13900000102" not in text

    def test_shows_the_first_rows_and_says_how_many_there_are(
        self, neighbourhood: Neighbourhood, desk: Client
    ) -> None:
        n = neighbourhood
        rows = [f"1,{floor}{d:02},甲{floor}{d},,40,,," for floor in range(1, 10) for d in range(1, 9)]
        load(n.garden, "\n".join([HEADINGS, *rows]).replace("甲", "何"), now=timezone.now())
        Household.objects.filter(building=n.buildings[0]).update(floor=20)
        text = shown(desk, n.garden)
        assert f"The first {SHOWN} of 72" in text

    def test_counts_the_rows_of_the_last_file_that_found_no_door(
        self, neighbourhood: Neighbourhood, desk: Client
    ) -> None:
        n = neighbourhood
        load(
            n.garden,
            f"{HEADINGS}\n1,,何年,,20,男,,\n9,101,何月,,20,女,,\n1,101,,,,,,\n2,101,沈一鸣,,,,,\n",
            now=timezone.now(),
        )
        last = LedgerImport.objects.filter(compound=n.garden).latest("ended_at")
        assert last.figures["codes"] == {"needs_room": 1, "no_such_building": 1, "needs_name": 1}
        text = shown(desk, n.garden)
        assert "2 of 3 people in the file" in text
        assert f'<a href="/ledger/{last.pk}/">ledger.csv</a>' in text

    def test_tells_places_of_the_same_name_in_the_city_apart_by_their_town(
        self, neighbourhood: Neighbourhood, desk: Client
    ) -> None:
        n, now = neighbourhood, timezone.now()
        for parent, level, name in (
            ("32/09/001/", Level.COMMUNITY, n.community.name),
            ("32/09/001/101/", Level.COMPOUND, n.garden.name),
            ("32/09/001/101/", Level.BUILDING, n.garden.name),
        ):
            services.add_area(services.NewArea(parent, level, f"same-{level}", name), by=OPERATOR, now=now)
        text = shown(desk, n.garden)
        assert "2 among 9 places" in text
        assert "西城区 · 港口街道 · 海棠社区" in text

    def test_leads_to_what_mends_only_whoever_may(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        load(n.garden, f"{HEADINGS}\n2,202,柳独,,70,女,,\n3,,何月,,,,,\n", now=timezone.now())
        text = shown(sign_in(n.lead), n.garden)
        assert "1 of 6 who live alone" in text
        assert "/ledger/" not in text

    def test_is_reached_from_the_compound_and_from_the_ledger(
        self, neighbourhood: Neighbourhood, desk: Client
    ) -> None:
        address = f"/compounds/{neighbourhood.garden.pk}/quality"
        assert address in desk.get(f"/compounds/{neighbourhood.garden.pk}/").content.decode()
        assert address in desk.get("/ledger/").content.decode()
        assert (
            address
            not in sign_in(neighbourhood.town_desk)
            .get(f"/compounds/{neighbourhood.garden.pk}/")
            .content.decode()
        )

    def test_says_where_nothing_can_be_checked(self, neighbourhood: Neighbourhood, desk: Client) -> None:
        new = services.NewArea(neighbourhood.community.path, Level.COMPOUND, "new", "新苑")
        services.add_area(new, by=OPERATOR, now=timezone.now())
        assert "No ledger yet" in shown(desk, queries.area_at(f"{neighbourhood.community.path}new/"))


def test_a_large_compound_is_checked_in_a_moment(neighbourhood: Neighbourhood) -> None:
    tower(neighbourhood, floors=30, doors=16, people=2)
    compound = queries.area_at(neighbourhood.garden.path)
    assert compound.people > 2800
    taken = []
    for _time in range(3):
        start = time.process_time()
        queries.findings(compound, this_year=2022)
        taken.append(time.process_time() - start)
    assert min(taken) < 0.3  # seconds of this process: whatever else the machine does

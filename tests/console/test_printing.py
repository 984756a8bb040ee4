"""Printing at a desk and in a stairwell: the files, what stands on them, and what they leave in the journal."""

import io
import re
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from haitang.core.models import JournalEntry
from haitang.operations import services as operations
from haitang.paper import typesetting
from haitang.registry import queries as registry
from haitang.registry import services
from haitang.registry.models import HouseholdCard
from haitang.relief import services as relief
from haitang.teams import services as teams
from haitang.teams.models import Care
from tests.incidents.test_orders import drafted
from tests.neighbourhood import Neighbourhood, acting, household, sign_in
from tests.paper.reading import decode, drawn_codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(neighbourhood: Neighbourhood) -> Client:
    return sign_in(neighbourhood.lead)


def pages(answer: HttpResponse) -> list[str]:
    """The words of each page of a PDF."""
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "no-store" in answer["Cache-Control"]
    found = PdfReader(io.BytesIO(answer.content)).pages
    return [re.sub(r"\s+", " ", page.extract_text()) for page in found]


def codes(answer: HttpResponse) -> list[str]:
    """What the QR codes say."""
    found = PdfReader(io.BytesIO(answer.content)).pages
    return [decode(code) for page in found for code in drawn_codes(page)]


def seal(n: Neighbourhood) -> None:
    """An order in force, whose team has a steward for each building."""
    operations.confirm_order(drafted(n, lead=n.lead).pk, by=acting(n.town_desk), now=timezone.now())


class TestCards:
    def test_open_the_page_of_their_household(self, neighbourhood: Neighbourhood, lead: Client) -> None:
        answer = lead.post(f"/areas/{neighbourhood.garden.pk}/cards.pdf", {"which": "missing"})
        (shown,) = pages(answer)
        payloads = codes(answer)
        homes = [registry.card_of(payload).household for payload in payloads]
        assert [home.room for home in homes] == ["201", "202", "101", "102", "201", "101", "201", "101"]
        for payload in payloads:
            assert re.fullmatch(r"HT1:[0-9A-HJKMNP-TV-Z]{28}", payload)
            assert all(payload[at : at + 4] in shown for at in range(4, 32, 4))
        assert "testserver/card" in shown

    def test_bear_no_name_and_no_phone_and_both_languages(
        self, neighbourhood: Neighbourhood, lead: Client
    ) -> None:
        (shown,) = pages(lead.post(f"/areas/{neighbourhood.garden.pk}/cards.pdf", {"which": "all"}))
        assert not [one.name for one in registry.roll(neighbourhood.garden) if one.name in shown]
        assert not re.search(r"139\s?0000", shown)
        for part in ("户卡", "Household card", "凭卡求助", "Ask for help", "海棠花园"):
            assert part in shown

    def test_may_be_those_of_one_building(self, neighbourhood: Neighbourhood, lead: Client) -> None:
        n = neighbourhood
        body = {"which": "missing", "building": n.buildings[1].pk}
        assert len(codes(lead.post(f"/areas/{n.garden.pk}/cards.pdf", body))) == 2

    def test_of_a_building_elsewhere_are_out_of_reach(
        self, neighbourhood: Neighbourhood, lead: Client
    ) -> None:
        n = neighbourhood
        body = {"which": "missing", "building": registry.buildings(n.sibling)[0].pk}
        assert lead.post(f"/areas/{n.garden.pk}/cards.pdf", body).status_code == 404
        assert not HouseholdCard.objects.exists()

    @pytest.mark.parametrize("body", [{}, {"which": "some"}, {"which": "all", "building": "x"}])
    def test_are_not_guessed_at(
        self, neighbourhood: Neighbourhood, lead: Client, body: dict[str, str]
    ) -> None:
        assert lead.post(f"/areas/{neighbourhood.garden.pk}/cards.pdf", body).status_code == 404

    def test_are_for_a_compound_or_a_building(self, neighbourhood: Neighbourhood) -> None:
        desk = sign_in(neighbourhood.community_desk)
        for paper in ("cards", "doors"):
            answer = desk.post(f"/areas/{neighbourhood.community.pk}/{paper}.pdf", {"which": "all"})
            assert answer.status_code == 404

    def test_a_lost_one_is_printed_anew_from_the_household(
        self, neighbourhood: Neighbourhood, lead: Client
    ) -> None:
        url = f"/households/{household(neighbourhood.buildings[0], '102').pk}/"
        assert "Print the card" in lead.get(url).content.decode()
        (old,) = codes(lead.post(f"{url}card.pdf"))
        assert "Card lost: print a new one" in lead.get(url).content.decode()
        (new,) = codes(lead.post(f"{url}card.pdf"))
        assert registry.card_of(old).ended_at is not None
        assert registry.card_of(new).ended_at is None

    def test_end_none_that_can_not_be_printed(
        self, neighbourhood: Neighbourhood, lead: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        n = neighbourhood
        services.issue_cards(n.garden, by=acting(n.lead), now=timezone.now())
        before = JournalEntry.objects.count()
        typesetting._fonts.cache_clear()
        monkeypatch.setattr(typesetting, "FONTS", tmp_path)
        answers = [
            lead.post(f"/areas/{n.garden.pk}/cards.pdf", {"which": "all"}),
            lead.post(f"/households/{household(n.buildings[0], '102').pk}/card.pdf"),
            lead.post(f"/areas/{n.garden.pk}/doors.pdf"),
            lead.get(f"/compounds/{n.garden.pk}/buildings.pdf"),
        ]
        for answer in answers:
            assert answer.status_code == 503
            assert "make build" in answer.content.decode()
        assert not HouseholdCard.objects.exclude(ended_at=None).exists()
        assert JournalEntry.objects.count() == before


class TestDoorLists:
    def test_name_who_lives_behind_each_door_and_whom_to_mind(
        self, neighbourhood: Neighbourhood, lead: Client
    ) -> None:
        n = neighbourhood
        door = household(n.buildings[0], "102")
        relief.record_contact(door.pk, source="visit", by=acting(n.steward), now=timezone.now())
        shown = pages(lead.post(f"/areas/{n.garden.pk}/doors.pdf"))
        assert len(shown) == 3
        first = shown[0]
        for part in (
            "海棠花园 building 1",
            "102 1 钱阿婆 lives alone",
            "4 households · 5 people · 1 lives alone",
        ):
            assert part in first
        assert f"{timezone.localtime():%m-%d}" in first.partition("钱阿婆")[2].partition("Printed by")[0]
        assert first.index("201") < first.index("102")
        assert "Printed by 陈立 (区图书馆)" in first and "Page 1 of 1" in first

    def test_hold_phones_only_where_they_are_asked_for(
        self, neighbourhood: Neighbourhood, lead: Client
    ) -> None:
        url = f"/areas/{neighbourhood.garden.pk}/doors.pdf"
        assert "139 0000" not in pages(lead.post(url))[0]
        assert "钱阿婆 139 0000 0102" in pages(lead.post(url, {"phones": "on"}))[0]

    def test_hold_doors_without_people(self, neighbourhood: Neighbourhood, lead: Client) -> None:
        household(neighbourhood.buildings[0], "102").people.all().delete()
        assert "102 0" in pages(lead.post(f"/areas/{neighbourhood.garden.pk}/doors.pdf"))[0]

    def test_hold_who_was_found_by_the_gate(self, neighbourhood: Neighbourhood, lead: Client) -> None:
        n = neighbourhood
        site = services.Said("site", "工棚", 30)
        services.add_household(n.garden, site, by=acting(n.community_desk), now=timezone.now())
        shown = pages(lead.post(f"/areas/{n.garden.pk}/doors.pdf"))[-1]
        assert "海棠花园 门口" in shown and "building" not in shown
        assert "工棚 30" in shown and "1 household · 30 people" in shown

    def test_leave_a_row_at_each_building(self, neighbourhood: Neighbourhood, lead: Client) -> None:
        n = neighbourhood
        chosen = f"{n.buildings[0].pk} {n.buildings[2].pk}"
        assert len(pages(lead.post(f"/areas/{n.garden.pk}/doors.pdf", {"buildings": chosen}))) == 2
        rows = JournalEntry.objects.filter(act="paper.print").order_by("id")
        assert [row.path for row in rows] == [n.buildings[0].path, n.buildings[2].path]

    def test_of_a_building_that_is_none_of_these_are_not_there(
        self, neighbourhood: Neighbourhood, lead: Client
    ) -> None:
        url, other = (
            f"/areas/{neighbourhood.garden.pk}/doors.pdf",
            registry.buildings(neighbourhood.sibling)[0],
        )
        assert lead.post(url, {"buildings": other.pk}).status_code == 409
        assert lead.post(url, {"buildings": "x"}).status_code == 404

    def test_keep_the_buildings_of_a_steward_together(
        self, neighbourhood: Neighbourhood, lead: Client
    ) -> None:
        n = neighbourhood
        seal(n)
        first, second, third = Care.objects.filter(team__compound=n.garden).order_by("building__place")
        other = first.team.members.filter(role="steward").exclude(pk=first.steward_id)[0]
        for care, steward in ((first, first.steward), (second, other), (third, first.steward)):
            teams.move_building(
                care.team_id, care.building_id, steward.pk, by=acting(n.lead), now=timezone.now()
            )
        shown = " ".join(pages(lead.post(f"/areas/{n.garden.pk}/doors.pdf")))
        assert re.findall(r"海棠花园 building (\d)", shown) == ["1", "3", "2"]

    def test_are_printed_by_a_steward_for_their_own_building(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        steward, own = sign_in(n.steward), n.buildings[0].pk
        assert "Print the door list" in steward.get(f"/buildings/{own}/print/").content.decode()
        (shown,) = pages(steward.post(f"/areas/{own}/doors.pdf"))
        assert "钱阿婆" in shown
        for other in (n.buildings[1], n.garden):
            assert steward.post(f"/areas/{other.pk}/doors.pdf").status_code == 404


class TestTheBuildingList:
    def test_adds_up_and_names_no_resident(self, neighbourhood: Neighbourhood, lead: Client) -> None:
        n = neighbourhood
        seal(n)
        (shown,) = pages(lead.get(f"/compounds/{n.garden.pk}/buildings.pdf"))
        assert "Total 8 11 1" in shown
        assert "钱阿婆" not in shown

    def test_tells_who_reads_no_households_nothing_of_those_living_alone(
        self, neighbourhood: Neighbourhood
    ) -> None:
        town = sign_in(neighbourhood.town_desk)
        (shown,) = pages(town.get(f"/compounds/{neighbourhood.garden.pk}/buildings.pdf"))
        assert "Total 8 11" in shown
        assert "Live alone" not in shown

    def test_needs_buildings(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        new = services.NewArea(n.community.path, "compound", "new", "新苑")
        empty = services.add_area(new, by=acting(n.community_desk), now=timezone.now())
        desk = sign_in(n.community_desk)
        assert "No ledger yet" in desk.get(f"/compounds/{empty.pk}/print/").content.decode()
        assert desk.get(f"/compounds/{empty.pk}/buildings.pdf").status_code == 404
        assert desk.post(f"/areas/{empty.pk}/doors.pdf").status_code == 409
        assert desk.post(f"/areas/{empty.pk}/cards.pdf", {"which": "all"}).status_code == 409


class TestThePage:
    def test_offers_what_the_reader_may_print(self, neighbourhood: Neighbourhood, lead: Client) -> None:
        url = f"/compounds/{neighbourhood.garden.pk}/print/"
        offers = ("Print the door lists", "Print the cards", "Print the building list")
        shown = lead.get(url).content.decode()
        town = sign_in(neighbourhood.town_desk).get(url).content.decode()
        assert [offer in shown for offer in offers] == [True, True, True]
        assert [offer in town for offer in offers] == [False, False, True]

    def test_says_how_many_cards_there_are_and_which_would_end(
        self, neighbourhood: Neighbourhood, lead: Client
    ) -> None:
        n, now = neighbourhood, timezone.now()
        url = f"/compounds/{n.garden.pk}/print/"
        first = lead.get(url).content.decode()
        assert "0 of 8 households have one" in first and "8 households without a card" in first
        assert 'value="all"' not in first
        services.issue_cards(n.buildings[0], by=acting(n.lead), now=now)
        second = lead.get(url).content.decode()
        assert "4 of 8 households have one" in second and "4 households without a card" in second
        assert "goes on working" in second
        services.issue_cards(n.garden, by=acting(n.lead), now=now)
        assert 'value="missing"' not in lead.get(url).content.decode()

    def test_offers_each_steward_with_their_buildings(
        self, neighbourhood: Neighbourhood, lead: Client
    ) -> None:
        seal(neighbourhood)
        shown = lead.get(f"/compounds/{neighbourhood.garden.pk}/print/").content.decode()
        offered = re.findall(r'<option value="([^"]+)">[^<]* · ([\d, ]+)<', shown)
        assert sorted(name for _, names in offered for name in names.split(", ")) == ["1", "2", "3"]
        assert all(len(ids.split()) == len(names.split(", ")) for ids, names in offered)

    def test_is_reached_from_where_the_work_is(self, neighbourhood: Neighbourhood, lead: Client) -> None:
        n = neighbourhood
        compound, building = f"/compounds/{n.garden.pk}/", f"/buildings/{n.buildings[0].pk}/"
        for url in (compound, building):
            assert f"{url}print/" in lead.get(url).content.decode()
        assert f"{building}print/" not in sign_in(n.town_desk).get(building).content.decode()

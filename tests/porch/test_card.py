"""A household looks after itself: with its card it sees who looked, without an account and without a name."""

import re
import secrets
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from haitang.core import journal, reach
from haitang.registry import services
from haitang.registry.cards import Code
from tests.neighbourhood import OPERATOR, Neighbourhood, acting, household, sign_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def resident() -> Client:
    """Somebody at home, with no account."""
    cache.clear()
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def code(neighbourhood: Neighbourhood) -> str:
    """What the card of 1-102 says."""
    home = household(neighbourhood.buildings[0], "102")
    return services.reissue_card(home.pk, by=acting(neighbourhood.lead), now=NOW).code.payload


def ask(resident: Client, code: str) -> HttpResponse:
    """The answer to a code, given by a server that sees nobody of its own accord."""
    with reach.within(()):
        return resident.post("/card/", {"code": code})


def words(answer: HttpResponse) -> str:
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).replace("&#x27;", "'")


class TestALivingCard:
    def test_shows_the_door_and_no_name_of_who_lives_there(self, resident: Client, code: str) -> None:
        answer = ask(resident, code)
        assert answer.status_code == 200
        assert "海棠花园" in words(answer) and "building 1 · 102" in words(answer)
        assert "Nobody has looked so far." in words(answer)
        shown = answer.content.decode()
        assert "钱阿婆" not in shown and "13900000102" not in shown

    def test_shows_who_looked_and_when(
        self, neighbourhood: Neighbourhood, resident: Client, code: str
    ) -> None:
        n = neighbourhood
        home = household(n.buildings[0], "102")
        services.read_household(home.pk, by=acting(n.community_desk), now=NOW)
        services.print_rolls(n.garden, n.buildings[:1], with_phones=False, by=acting(n.lead), now=NOW)
        shown = words(ask(resident, code))
        at = f"{timezone.localtime(NOW):%Y-%m-%d %H:%M}"
        lead = f"{at} 陈立 · 区图书馆 printed a door list with your household on it"
        desk = f"{at} 陆岚 · 海棠社区居委会 opened your household's page"
        assert lead in shown and desk in shown
        assert shown.index(lead) < shown.index(desk)
        assert "ask 海棠社区" in shown

    def test_shows_a_list_that_was_taken_of_the_whole_compound(
        self, neighbourhood: Neighbourhood, resident: Client, code: str
    ) -> None:
        n = neighbourhood
        journal.record("people.export", n.garden, by=acting(n.lead), at=NOW, path=n.garden.path)
        assert "took out a file with your household in it" in words(ask(resident, code))

    def test_shows_no_look_at_others_and_nothing_else_that_happened(
        self, neighbourhood: Neighbourhood, resident: Client, code: str
    ) -> None:
        n = neighbourhood
        services.read_household(household(n.buildings[0], "101").pk, by=OPERATOR, now=NOW)
        services.print_rolls(n.garden, n.buildings[1:2], with_phones=True, by=OPERATOR, now=NOW)
        services.issue_missing_cards(n.garden, by=OPERATOR, now=NOW)
        assert "Nobody has looked so far." in words(ask(resident, code))

    def test_of_a_door_by_the_gate_says_so(self, neighbourhood: Neighbourhood, resident: Client) -> None:
        site = services.Said("site", "工棚", 30)
        home = services.add_household(neighbourhood.garden, site, by=OPERATOR, now=NOW)
        card = services.reissue_card(home.pk, by=OPERATOR, now=NOW)
        assert "门口 · 工棚" in words(ask(resident, card.code.text))

    def test_is_read_as_people_type_it(self, resident: Client, code: str) -> None:
        bare = code.removeprefix("HT1:").lower()
        assert ask(resident, f" {bare[:7]} {bare[7:14]}-{bare[14:]} ").status_code == 200


class TestAnotherCard:
    def test_that_was_replaced_says_so_and_whom_to_ask_and_no_more(
        self, neighbourhood: Neighbourhood, resident: Client, code: str
    ) -> None:
        home = household(neighbourhood.buildings[0], "102")
        services.read_household(home.pk, by=OPERATOR, now=NOW)
        services.reissue_card(home.pk, by=OPERATOR, now=NOW + timedelta(hours=1))
        answer = ask(resident, code)
        assert answer.status_code == 410
        shown = words(answer)
        assert "This card no longer works" in shown and "a newer card took its place" in shown
        assert "steward in 海棠花园, or 海棠社区" in shown
        assert "102" not in shown and "looked" not in shown

    def test_that_nobody_has_is_not_found(self, resident: Client, code: str) -> None:
        answer = ask(resident, Code(secrets.token_bytes(16)).payload)
        assert answer.status_code == 404
        assert "No household here has this card." in words(answer)

    def test_typed_wrongly_names_the_character_and_keeps_the_rest(self, resident: Client, code: str) -> None:
        wrong = code[:10] + ("7" if code[10] != "7" else "8") + code[11:]
        answer = ask(resident, wrong)
        assert answer.status_code == 422
        assert f"Group 2, character 3 may be wrong: it looks as if it were {code[10]}." in words(answer)
        assert wrong in answer.content.decode()

    def test_typed_with_markup_stays_text(self, resident: Client) -> None:
        answer = ask(resident, "</textarea><script>x</script>")
        assert answer.status_code == 422
        assert b"<script>x" not in answer.content


class TestTheSecret:
    def test_is_taken_from_a_form_only(self, resident: Client, code: str) -> None:
        asked = resident.get("/card/", {"code": code})
        assert asked.status_code == 200
        assert "102" not in words(asked)
        assert resident.post(f"/card/?code={code}").status_code == 422

    def test_is_kept_by_no_browser(self, resident: Client, code: str) -> None:
        for answer in (resident.get("/card/"), ask(resident, code), ask(resident, "1")):
            assert "no-store" in answer["Cache-Control"]

    def test_is_not_on_the_page_that_it_opens(self, resident: Client, code: str) -> None:
        assert code.removeprefix("HT1:") not in ask(resident, code).content.decode()

    def test_opens_nothing_from_another_site(self, code: str) -> None:
        assert Client(enforce_csrf_checks=True).post("/card/", {"code": code}).status_code == 403

    def test_may_be_tried_thirty_times_a_minute(self, resident: Client, code: str) -> None:
        for _ in range(30):
            assert ask(resident, "1").status_code == 422
        answer = ask(resident, code)
        assert answer.status_code == 429
        assert "Too many tries" in words(answer)
        assert resident.get("/card/").status_code == 200

    def test_works_beside_a_sign_in_and_gives_it_nothing(
        self, neighbourhood: Neighbourhood, code: str
    ) -> None:
        cache.clear()
        client = sign_in(neighbourhood.volunteer)
        assert ask(client, code).status_code == 200
        home = household(neighbourhood.buildings[0], "102")
        assert client.get(f"/households/{home.pk}/").status_code == 404


def test_the_public_page_leads_to_it(resident: Client) -> None:
    assert 'href="/card/"' in resident.get("/public/").content.decode()


def test_knows_only_asking_and_telling(resident: Client) -> None:
    assert resident.put("/card/").status_code == 405

"""The journal's page: rows in sentences, filters, pages, hashes, and nothing beyond one's reach."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone, translation

import haitang
from haitang.console.journal import PAGE, sentence
from haitang.console.sentences import KINDS, SENTENCES
from haitang.core import journal
from haitang.core.journal import JournalEntry
from haitang.registry import services
from tests.neighbourhood import ELSEWHERE, GARDEN, OPERATOR, Neighbourhood, acting, household, sign_in

ACT = re.compile(rf'"((?:{"|".join(KINDS)})\.[a-z_]+|report_in)"')


def record(neighbourhood: Neighbourhood, act: str, **facts: object) -> JournalEntry:
    return journal.record(act, neighbourhood.garden, by=OPERATOR, at=timezone.now(), path=GARDEN, **facts)


@pytest.fixture
def auditor(neighbourhood: Neighbourhood) -> Client:
    return sign_in(neighbourhood.auditor)


class TestReadingTheJournal:
    def test_shows_sentences_with_who_and_where(self, neighbourhood: Neighbourhood, auditor: Client) -> None:
        room = household(neighbourhood.buildings[0], "102")
        services.read_household(room.pk, by=acting(neighbourhood.steward), now=timezone.now())
        text = auditor.get("/journal/").content.decode()
        assert "A household&#x27;s page was opened" in text
        assert "海棠花园 1" in text
        assert neighbourhood.steward.name in text
        assert "钱阿婆" not in text

    def test_shows_nothing_from_elsewhere(self, neighbourhood: Neighbourhood, auditor: Client) -> None:
        assert neighbourhood.garden.name in auditor.get("/journal/").content.decode()
        assert neighbourhood.elsewhere.name not in auditor.get("/journal/").content.decode()
        assert auditor.get(f"/journal/?area={neighbourhood.elsewhere.pk}").status_code == 404

    @pytest.mark.parametrize("who", ["lead", "steward", "volunteer"])
    def test_does_not_exist_for_those_who_work(self, neighbourhood: Neighbourhood, who: str) -> None:
        assert sign_in(neighbourhood.people[who]).get("/journal/").status_code == 404

    def test_links_a_row_to_its_page_only_for_who_may_open_it(self, neighbourhood: Neighbourhood) -> None:
        room = household(neighbourhood.buildings[0], "102")
        services.read_household(room.pk, by=acting(neighbourhood.steward), now=timezone.now())
        link = f"/households/{room.pk}/"
        assert link in sign_in(neighbourhood.community_desk).get("/journal/").content.decode()
        assert link not in sign_in(neighbourhood.auditor).get("/journal/").content.decode()
        assert link not in sign_in(neighbourhood.town_desk).get("/journal/").content.decode()


class TestLookingForRows:
    def test_finds_a_word_of_the_facts(self, neighbourhood: Neighbourhood, auditor: Client) -> None:
        record(neighbourhood, "order.draft", area="望湖台", level="sealed", reason="三例阳性")
        record(neighbourhood, "order.draft", area="桂花巷", level="sealed", reason="水管破裂")
        text = auditor.get("/journal/", {"text": "水管"}).content.decode()
        assert "桂花巷" in text
        assert "Order drafted: Sealed zone for 望湖台" not in text

    def test_finds_a_kind_of_act(self, neighbourhood: Neighbourhood, auditor: Client) -> None:
        record(neighbourhood, "member.away", name="沈一鸣")
        record(neighbourhood, "team.stand_down", compound="海棠花园")
        text = auditor.get("/journal/", {"act": "member"}).content.decode()
        assert "沈一鸣 stepped away" in text
        assert "stood down" not in text

    def test_finds_a_place(self, neighbourhood: Neighbourhood, auditor: Client) -> None:
        record(neighbourhood, "member.away", name="沈一鸣")
        text = auditor.get("/journal/", {"area": str(neighbourhood.sibling.pk)}).content.decode()
        assert "stepped away" not in text
        assert neighbourhood.sibling.name in text

    @pytest.mark.parametrize("query", ["act=nonsense", "before=x", "before=-1", "before=" + "9" * 30])
    def test_takes_nonsense_for_no_filter(
        self, neighbourhood: Neighbourhood, auditor: Client, query: str
    ) -> None:
        assert auditor.get(f"/journal/?{query}").status_code == 200


class TestTurningPages:
    def test_gives_every_row_once(self, neighbourhood: Neighbourhood, auditor: Client) -> None:
        names = {f"成员{number:03}" for number in range(PAGE * 2)}
        for name in sorted(names):
            record(neighbourhood, "member.away", name=name)
        seen: list[str] = []
        address: str | None = "/journal/?act=member"
        while address:
            text = auditor.get(address).content.decode()
            seen += re.findall(r"成员\d{3}", text)
            older = re.search(r'href="(\?[^"]*before=\d+[^"]*)"', text)
            address = f"/journal/{older[1].replace('&amp;', '&')}" if older else None
        assert len(seen) == len(names)
        assert set(seen) == names


class TestTheProof:
    def test_shows_the_head_of_each_chain_in_reach(
        self, neighbourhood: Neighbourhood, auditor: Client
    ) -> None:
        text = auditor.get("/journal/").content.decode()
        assert journal.heads(GARDEN)[0].hash in text
        assert journal.heads(ELSEWHERE)[0].hash not in text

    def test_shows_the_chain_of_a_building_s_compound(
        self, neighbourhood: Neighbourhood, auditor: Client
    ) -> None:
        text = auditor.get(f"/journal/?area={neighbourhood.buildings[0].pk}").content.decode()
        assert journal.heads(GARDEN)[0].hash in text


def test_anyone_may_keep_a_copy_of_all_heads(neighbourhood: Neighbourhood) -> None:
    answer = Client().get("/public/heads.txt")
    assert answer["Content-Type"].startswith("text/plain")
    lines = answer.content.decode().splitlines()
    assert lines == [f"{head.chain}={head.hash} {head.seq}" for head in journal.heads()]
    assert Client().post("/public/heads.txt").status_code == 405


class TestSentences:
    def test_every_act_has_one(self) -> None:
        sources = Path(haitang.__file__).parent.glob("*/services*")
        files = [file for found in sources for file in ([found] if found.is_file() else found.glob("*.py"))]
        acts = {act for file in files for act in ACT.findall(file.read_text(encoding="utf-8"))}
        assert "order.confirm" in acts
        assert "coverage.lock" in acts
        assert acts == {act for act in SENTENCES if "/" not in act}

    def test_codes_are_said_in_words(self) -> None:
        with translation.override("en"):
            entry = JournalEntry(
                act="order.propose", facts={"area": "海棠花园", "level": "sealed", "to": "lifted"}
            )
            assert sentence(entry) == "Proposed that the order for 海棠花园 become: lifted"
            entry = JournalEntry(act="grant.give", facts={"user": "lead", "role": "community_desk"})
            assert sentence(entry) == "lead was given the role community desk"

    def test_somebody_s_name_is_never_taken_for_a_code(self) -> None:
        with translation.override("en"):
            facts = {"building": "7", "from": "", "to": "陆岚"}
            assert sentence(JournalEntry(act="coverage.move", facts=facts)) == "Building 7 was given to 陆岚"

    def test_a_row_that_lacks_a_fact_can_still_be_read(self) -> None:
        with translation.override("en"):
            assert sentence(JournalEntry(act="order.confirm", facts={})) == "Order in force: – for –"
            assert sentence(JournalEntry(act="order.propose", facts={"to": "gone"})).endswith("gone")
            assert sentence(JournalEntry(act="of.old", facts={})) == "of.old"

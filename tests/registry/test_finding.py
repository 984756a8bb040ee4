"""Finding somebody: by what a tired person types, and never outside one's scope."""

import pytest
from django.utils import timezone

from haitang.core.models import JournalEntry
from haitang.core.refusal import NotHere
from haitang.registry import finding, queries, services
from haitang.registry.syllables import SYLLABLES
from haitang.vault.models import Findable
from tests.neighbourhood import OPERATOR, Neighbourhood, acting, sign_in


def names(text: str, n: Neighbourhood, who: str = "lead") -> set[str]:
    return {one.name for one in queries.find(text, by=acting(n.people[who])).people}


class TestWhatIsTyped:
    @pytest.mark.parametrize(
        "text",
        [
            *("沈一鸣", "沈", "一鸣", "沈 一鸣", "shen", "shenyiming", "yiming", "sheny", "shenyim"),
            *("shen yi ming", "sym", "ym", "SYM", "0105", "13900000105"),
        ],
    )
    def test_finds_the_person(self, text: str, neighbourhood: Neighbourhood) -> None:
        assert "沈一鸣" in names(text, neighbourhood)

    @pytest.mark.parametrize(
        "text", ["沈二鸣", "申一鸣", "shenym", "00000105x", "9105", "105", "鸣沈", "", "%", "''"]
    )
    def test_finds_nobody_else(self, text: str, neighbourhood: Neighbourhood) -> None:
        assert "沈一鸣" not in names(text, neighbourhood)

    @pytest.mark.parametrize(
        ("text", "doors"), [("2-101", 1), ("2栋101", 1), ("2栋101室", 1), ("101", 3), ("9-101", 0)]
    )
    def test_finds_the_door(self, text: str, doors: int, neighbourhood: Neighbourhood) -> None:
        found = queries.find(text, by=acting(neighbourhood.lead)).doors
        assert len(found) == doors and all(door.room == "101" for door in found)

    def test_reads_a_surname_as_a_surname(self) -> None:
        assert "shan" in finding.words_of_name("单雄信") and "zeng" in finding.words_of_name("曾国强")
        assert "chanyu" in finding.words_of_name("单于明")

    def test_knows_every_syllable_that_a_character_is_read_as(self) -> None:
        read = {word for code in range(0x4E00, 0x9FA6) for word in finding.syllables(chr(code))}
        assert {word for word in read if word.isascii() and word.isalpha()} == SYLLABLES

    def test_of_whom_an_import_changed_is_the_new_phone(self, neighbourhood: Neighbourhood) -> None:
        text = "楼栋,房号,姓名,电话\n2,101,沈一鸣,13900007777\n".encode()
        given = services.preview_ledger(
            neighbourhood.garden, text, name="a.csv", by=OPERATOR, now=timezone.now()
        )
        services.apply_ledger(given.pk, by=OPERATOR, now=timezone.now())
        assert names("7777", neighbourhood) == {"沈一鸣"} and not names("0105", neighbourhood)


class TestScope:
    @pytest.mark.parametrize(
        ("who", "sees"),
        [
            *(("community_desk", True), ("lead", True), ("steward", False), ("stranger", False)),
            *(("town_desk", False), ("city_desk", False), ("volunteer", False), ("auditor", False)),
        ],
    )
    def test_is_where_somebody_reads_households(
        self, who: str, sees: bool, neighbourhood: Neighbourhood
    ) -> None:
        assert ("沈一鸣" in names("shen", neighbourhood, who)) == sees

    def test_of_a_steward_is_their_buildings(self, neighbourhood: Neighbourhood) -> None:
        assert names("钱", neighbourhood, "steward") == {"钱阿婆"}

    def test_keeps_those_out_who_read_no_household(self, neighbourhood: Neighbourhood) -> None:
        with pytest.raises(NotHere):
            services.find_people("沈", by=acting(neighbourhood.volunteer), now=timezone.now())


class TestTraces:
    def test_each_look_is_in_the_journal_without_what_was_typed(self, neighbourhood: Neighbourhood) -> None:
        answer = sign_in(neighbourhood.lead).post("/find/", {"q": "沈一鸣"})
        assert "沈一鸣" in answer.content.decode()
        row = JournalEntry.objects.filter(act="people.find").get()
        assert (row.path, row.facts) == (neighbourhood.garden.path, {"people": 1})

    def test_a_name_never_stands_in_an_address(self, neighbourhood: Neighbourhood) -> None:
        assert "沈一鸣" not in sign_in(neighbourhood.lead).get("/find/?q=沈一鸣").content.decode()

    def test_the_same_name_is_another_word_in_another_compound(self, neighbourhood: Neighbourhood) -> None:
        own, foreign = (
            {token for held in Findable.objects.filter(compound=compound.pk) for token in held.tokens}
            for compound in (neighbourhood.sibling, neighbourhood.elsewhere)
        )
        assert len(own) == len(foreign) > 5 and not own & foreign

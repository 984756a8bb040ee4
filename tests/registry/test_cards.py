"""Household cards: each household has one, a lost one dies, and who printed what stands in the journal."""

import secrets
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from haitang.core import reach
from haitang.core.models import JournalEntry
from haitang.core.refusal import Invalid, NotHere
from haitang.registry import cards, queries, rules, services
from haitang.registry.models import Household, HouseholdCard
from haitang.registry.services import IssuedCard
from haitang.vault import services as vault
from tests.neighbourhood import GARDEN, OPERATOR, TOWN, Neighbourhood, acting, at, build, household
from tests.registry.test_ledgers_at_once import Beside

NOW = timezone.now()
LATER = NOW + timedelta(hours=1)
HOMES = 8


def issue(n: Neighbourhood, now: datetime = NOW) -> list[IssuedCard]:
    return services.issue_cards(n.garden, by=acting(n.lead), now=now)


def last_row() -> JournalEntry:
    return JournalEntry.objects.latest("id")


@pytest.mark.django_db
class TestIssuing:
    def test_gives_each_household_a_card_of_its_own_in_the_order_of_the_way(
        self, neighbourhood: Neighbourhood
    ) -> None:
        issued = issue(neighbourhood)
        doors = [f"{card.building}-{card.room}" for card in issued]
        assert doors == ["1-201", "1-202", "1-101", "1-102", "2-201", "2-101", "3-201", "3-101"]
        assert len({card.code.text for card in issued}) == HOMES == HouseholdCard.objects.count()
        for card in issued:
            found = queries.card_of(card.code.payload)
            assert (found.household_id, found.ended_at) == (card.household, None)

    def test_shows_no_code_to_whoever_reads_the_tables(self, neighbourhood: Neighbourhood) -> None:
        issued = issue(neighbourhood)
        with connection.cursor() as cursor:
            cursor.execute("SELECT row_to_json(c)::text FROM registry_householdcard c")
            rows = " ".join(row for (row,) in cursor.fetchall())
        for card in issued:
            assert card.code.token.hex() not in rows
            assert card.code.text not in rows
        assert not [card for card in issued if card.code.text in str(list(JournalEntry.objects.values()))]

    def test_again_prints_the_same_cards(self, neighbourhood: Neighbourhood) -> None:
        assert issue(neighbourhood) == issue(neighbourhood, LATER)
        assert HouseholdCard.objects.count() == HOMES
        assert last_row().facts == {"cards": HOMES, "new": 0, "ended": 0}

    def test_again_makes_anew_what_can_not_be_read_any_more(self, neighbourhood: Neighbourhood) -> None:
        first = issue(neighbourhood)
        vault.destroy_keys([first[0].household])
        other = HouseholdCard.objects.get(household=first[2].household)
        HouseholdCard.objects.filter(household=first[1].household).update(sealed=other.sealed)
        second = issue(neighbourhood, LATER)
        assert second[2:] == first[2:]
        for old, new in zip(first[:2], second[:2], strict=True):
            assert old.household == new.household
            assert queries.card_of(old.code.text).ended_at == LATER
            assert queries.card_of(new.code.text).ended_at is None
        assert last_row().facts == {"cards": HOMES, "new": 2, "ended": 2}

    def test_of_a_building_leaves_the_others_alone(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        issued = services.issue_cards(n.buildings[0], by=acting(n.steward), now=NOW)
        assert {card.building for card in issued} == {"1"}
        assert HouseholdCard.objects.count() == 4
        assert (last_row().act, last_row().path) == ("card.issue", n.buildings[0].path)

    def test_of_the_missing_touches_no_card_that_is_there(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        services.issue_cards(n.buildings[0], by=acting(n.lead), now=NOW)
        missing = services.issue_missing_cards(n.garden, by=acting(n.lead), now=LATER)
        assert {card.building for card in missing} == {"2", "3"}
        assert not HouseholdCard.objects.exclude(ended_at=None).exists()
        with pytest.raises(rules.NoneWithoutCard):
            services.issue_missing_cards(n.garden, by=acting(n.lead), now=LATER)

    @pytest.mark.parametrize("who", ["town_desk", "volunteer", "auditor", "stranger", "steward"])
    @pytest.mark.parametrize("act", [services.issue_cards, services.issue_missing_cards])
    def test_is_for_those_who_read_the_households(
        self, neighbourhood: Neighbourhood, who: str, act: object
    ) -> None:
        with pytest.raises(NotHere):
            act(neighbourhood.garden, by=acting(neighbourhood.people[who]), now=NOW)  # type: ignore[operator]
        assert not HouseholdCard.objects.exists()

    def test_is_for_one_compound_at_a_time(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        for act in (services.issue_cards, services.issue_missing_cards):
            with pytest.raises(Invalid):
                act(n.community, by=acting(n.community_desk), now=NOW)

    def test_needs_a_ledger(self, neighbourhood: Neighbourhood) -> None:
        empty = services.add_area(
            services.NewArea(f"{TOWN}101/", "compound", "new", "新苑"), by=OPERATOR, now=NOW
        )
        with pytest.raises(rules.NoDoors):
            services.issue_cards(empty, by=OPERATOR, now=NOW)


@pytest.mark.django_db
class TestALostCard:
    def test_dies_and_another_takes_its_place(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        lost = next(card for card in issue(n) if card.room == "102")
        new = services.reissue_card(lost.household, by=acting(n.steward), now=LATER)
        assert queries.card_of(lost.code.text).ended_at == LATER
        assert queries.card_of(new.code.text).ended_at is None
        assert HouseholdCard.objects.filter(ended_at=None).count() == HOMES
        row = last_row()
        assert (row.act, row.path, row.facts) == ("card.reissue", n.buildings[0].path, {"ended": 1})

    def test_is_made_for_a_household_that_had_none(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        home = household(n.buildings[0], "102")
        new = services.reissue_card(home.pk, by=acting(n.steward), now=NOW)
        assert queries.living_card(home.pk) == queries.card_of(new.code.text)
        assert last_row().facts == {"ended": 0}

    @pytest.mark.parametrize("who", ["town_desk", "volunteer", "stranger", "steward"])
    def test_is_not_made_anew_out_of_reach(self, neighbourhood: Neighbourhood, who: str) -> None:
        n = neighbourhood
        home = household(n.buildings[1], "101")
        with pytest.raises(NotHere):
            services.reissue_card(home.pk, by=acting(n.people[who]), now=NOW)
        assert not HouseholdCard.objects.exists()

    def test_ends_when_its_household_is_forgotten(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        forgotten, *others = issue(n)
        services.forget_household(forgotten.household, "搬走了", by=acting(n.community_desk), now=LATER)
        assert queries.card_of(forgotten.code.text).ended_at == LATER
        assert not [card for card in others if queries.card_of(card.code.text).ended_at]

    def test_goes_with_its_household(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        home = household(n.buildings[0], "102")
        services.reissue_card(home.pk, by=acting(n.lead), now=NOW)
        home.people.all().delete()
        home.delete()
        assert not HouseholdCard.objects.exists()


@pytest.mark.django_db
class TestFigures:
    def test_count_the_cards_of_an_area(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        services.issue_cards(n.buildings[0], by=acting(n.lead), now=NOW)
        garden, building = queries.card_figures(n.garden), queries.card_figures(n.buildings[0])
        assert (garden.households, garden.with_card, garden.without_card) == (8, 4, 4)
        assert (building.households, building.with_card, building.without_card) == (4, 4, 0)
        assert queries.card_figures(n.sibling).with_card == 0


@pytest.mark.django_db
class TestFindingACard:
    def test_refuses_a_code_that_nobody_has(self, neighbourhood: Neighbourhood) -> None:
        issue(neighbourhood)
        with pytest.raises(cards.NoSuchCard):
            queries.card_of(cards.Code(secrets.token_bytes(16)).text)

    def test_opens_the_second_wall_for_its_own_household_alone(self, neighbourhood: Neighbourhood) -> None:
        first, *_ = issue(neighbourhood)
        with reach.within(()):
            home = queries.home_of(queries.card_of(first.code.text))
            assert (home.pk, home.room) == (first.household, first.room)
            assert not Household.objects.exists()

    def test_refuses_what_is_no_code(self, neighbourhood: Neighbourhood) -> None:
        with pytest.raises(cards.CardUnreadable):
            queries.card_of("1234")


@pytest.mark.usefixtures("own_database")
class TestTwoAtOnce:
    def test_leave_one_living_card_a_household(self) -> None:
        build()
        beside = Beside(lambda: services.issue_cards(at(GARDEN), by=OPERATOR, now=LATER))
        with transaction.atomic():
            services.issue_cards(at(GARDEN), by=OPERATOR, now=NOW)
            beside.start()
            beside.wait_until_it_waits()
        beside.join(20)
        assert not beside.is_alive()
        assert beside.failed == ""
        living = HouseholdCard.objects.filter(ended_at=None).values_list("issued_at", flat=True)
        assert list(living) == [NOW] * HOMES


@pytest.mark.django_db
class TestPrintingPeople:
    def test_leaves_a_row_at_each_building(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        found = services.print_rolls(n.garden, n.buildings[:2], with_phones=False, by=acting(n.lead), now=NOW)
        assert [len(people) for people in found.values()] == [5, 3]
        rows = JournalEntry.objects.filter(act="paper.print").order_by("id")
        assert [row.path for row in rows] == [building.path for building in n.buildings[:2]]
        assert rows[0].facts == {"paper": "doors", "households": 4, "people": 5, "phones": False}

    def test_gives_phones_only_where_they_are_asked_for(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        for asked in (False, True):
            found = services.print_rolls(
                n.garden, n.buildings[:1], with_phones=asked, by=acting(n.lead), now=NOW
            )
            phones = [phone for one in found[n.buildings[0].pk] for phone in one.phones]
            assert bool(phones) is asked
            assert last_row().facts["phones"] is asked

    def test_is_for_those_who_read_each_of_them(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        with pytest.raises(NotHere):
            services.print_rolls(n.garden, n.buildings[:2], with_phones=False, by=acting(n.steward), now=NOW)
        assert not JournalEntry.objects.filter(act="paper.print").exists()

    def test_refuses_to_print_nobody(self, neighbourhood: Neighbourhood) -> None:
        with pytest.raises(rules.NoDoors):
            services.print_rolls(neighbourhood.garden, [], with_phones=False, by=OPERATOR, now=NOW)

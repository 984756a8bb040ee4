"""Undoing an import: everything it brought or changed, as a whole, and only while it is the last."""

from datetime import timedelta

import pytest
from django.utils import timezone

from haitang.core.models import JournalEntry
from haitang.core.refusal import NotHere
from haitang.operations import services as operations
from haitang.registry import queries, rules, services
from haitang.registry.models import Area, FormerPerson, Household, LedgerImport, Person
from haitang.relief import services as relief
from haitang.teams import services as teams
from haitang.vault.models import HouseholdKey
from tests.neighbourhood import OPERATOR, Neighbourhood, acting, household, load, resident, residents, sign_in

NEWS = "楼栋,房号,姓名,电话,特殊人群\n1,102,钱阿婆,13900009999,低保\n1,901,何年,13900000777,\n2,101,何月,,\n"


def imported(n: Neighbourhood, text: str = NEWS) -> LedgerImport:
    load(n.garden, text, now=timezone.now())
    given = queries.last_applied(n.garden)
    assert given is not None
    return given


def undo(given: LedgerImport, n: Neighbourhood, who: str = "community_desk", **later: int) -> LedgerImport:
    return operations.undo_ledger(given.pk, by=acting(n.people[who]), now=timezone.now() + timedelta(**later))


def ledger(n: Neighbourhood) -> tuple[object, ...]:
    n.garden.refresh_from_db()
    doors = Household.objects.filter(compound=n.garden).order_by("pk").values_list("pk", "entrance", "room")
    return queries.roll(n.garden), list(doors), n.garden.people, n.garden.households


class TestUndoing:
    def test_brings_back_the_ledger_as_it_was(self, neighbourhood: Neighbourhood) -> None:
        before = ledger(neighbourhood)
        given = imported(neighbourhood)
        new_door = household(neighbourhood.buildings[0], "901")
        assert ledger(neighbourhood) != before
        assert undo(given, neighbourhood).state == "undone"
        assert ledger(neighbourhood) == before
        assert not FormerPerson.objects.exists() and not HouseholdKey.objects.filter(pk=new_door.pk).exists()
        assert JournalEntry.objects.filter(act="ledger.undo").count() == 1

    def test_finds_people_as_before(self, neighbourhood: Neighbourhood) -> None:
        undo(imported(neighbourhood), neighbourhood)
        lead = acting(neighbourhood.lead)
        assert not queries.find("9999", by=lead).people and not queries.find("何月", by=lead).people
        assert [one.name for one in queries.find("0102", by=lead).people] == ["钱阿婆"]

    def test_keeps_a_door_where_somebody_was_heard_from(self, neighbourhood: Neighbourhood) -> None:
        given = imported(neighbourhood)
        door = household(neighbourhood.buildings[0], "901")
        relief.record_contact(door.pk, source="visit", by=OPERATOR, now=timezone.now())
        undo(given, neighbourhood)
        assert Household.objects.filter(pk=door.pk).exists() and not residents("何年")

    def test_takes_away_the_buildings_that_came_with_it(self, neighbourhood: Neighbourhood) -> None:
        compound = neighbourhood.elsewhere
        assert Area.objects.filter(parent=compound).exists()
        given = queries.last_applied(compound)
        assert given is not None
        undo(given, neighbourhood, "stranger")
        assert not Area.objects.filter(parent=compound).exists()

    def test_works_from_the_page_of_the_import(self, neighbourhood: Neighbourhood) -> None:
        given, desk = imported(neighbourhood), sign_in(neighbourhood.community_desk)
        assert "Undo this import" in desk.get(f"/ledger/{given.pk}/").content.decode()
        shown = desk.post(f"/ledger/{given.pk}/undo", follow=True).content.decode()
        assert "This import was undone" in shown and "Undo this import" not in shown


class TestWhatCannotBeUndone:
    def test_an_import_that_is_not_the_last(self, neighbourhood: Neighbourhood) -> None:
        first = imported(neighbourhood)
        imported(neighbourhood, NEWS.replace("何年", "何日"))
        with pytest.raises(rules.CannotUndo):
            undo(first, neighbourhood)

    def test_an_import_of_more_than_seven_days_ago(self, neighbourhood: Neighbourhood) -> None:
        given = imported(neighbourhood)
        with pytest.raises(rules.CannotUndo):
            undo(given, neighbourhood, days=8)
        assert services.forget_former(now=timezone.now() + timedelta(days=8)) == 1

    def test_one_that_brought_somebody_who_works_here(self, neighbourhood: Neighbourhood) -> None:
        given = imported(neighbourhood)
        teams.report_in(resident("何年").id, source="desk", by=OPERATOR, now=timezone.now())
        with pytest.raises(rules.SomebodyWorks, match="1"):
            undo(given, neighbourhood)
        assert Person.objects.filter(came_with=given.pk).count() == 2

    @pytest.mark.parametrize("who", ["lead", "town_desk", "stranger"])
    def test_anybody_s_who_may_not_import_there(self, who: str, neighbourhood: Neighbourhood) -> None:
        given = imported(neighbourhood)
        with pytest.raises(NotHere):
            undo(given, neighbourhood, who)

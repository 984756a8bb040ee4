"""A household in no list: said at its door in a few taps, counted at once, confirmed by a person or a list, undone."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from haitang.core.models import JournalEntry
from haitang.core.refusal import Invalid, NotHere
from haitang.operations import services as operations
from haitang.registry import queries, rules, services
from haitang.registry.models import GATE, Area, Household, Level, Person
from haitang.relief import services as relief
from haitang.teams.models import Care, Team
from tests.incidents.test_orders import drafted
from tests.neighbourhood import HEADINGS, OPERATOR, Neighbourhood, acting, load, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward(neighbourhood: Neighbourhood) -> Client:
    return sign_in(neighbourhood.steward)


@pytest.fixture
def lead(neighbourhood: Neighbourhood) -> Client:
    return sign_in(neighbourhood.lead)


def say(client: Client, on: Area, **given: object) -> HttpResponse:
    said = {"kind": "shop", "door": "果店", "people": "3"} | given
    return client.post(f"/areas/{on.pk}/households/new", said)


def counts(area: Area) -> tuple[int, int]:
    return Area.objects.values_list("households", "people").get(pk=area.pk)


def the_said() -> Household:
    return Household.objects.exclude(said_at=None).get()


class TestAddingOne:
    def test_counts_at_once_up_to_the_city(self, neighbourhood: Neighbourhood, steward: Client) -> None:
        n = neighbourhood
        before = {area: counts(area) for area in (n.buildings[0], n.garden, n.city)}
        answer = say(steward, n.buildings[0])
        assert answer["Location"] == f"/households/{the_said().pk}/"
        for area, (households, people) in before.items():
            assert counts(area) == (households + 1, people + 3)

    def test_is_marked_in_words_on_the_door_list_and_the_elevation(
        self, neighbourhood: Neighbourhood, steward: Client
    ) -> None:
        say(steward, neighbourhood.buildings[0])
        shown = steward.get(f"/buildings/{neighbourhood.buildings[0].pk}/?show=contact").content.decode()
        assert '<span class="badge-state badge-state-provisional">provisional</span>' in shown
        assert '<span class="badge-state badge-state-kind">shop</span>' in shown
        assert 'aria-label="1-果店 · not heard from yet · provisional"' in shown
        assert 'class="mark-provisional"' in shown

    def test_is_a_row_in_the_journal_that_names_nobody(
        self, neighbourhood: Neighbourhood, steward: Client
    ) -> None:
        say(steward, neighbourhood.buildings[0], name="白果", phone="13900000777")
        row = JournalEntry.objects.get(act="household.add")
        assert row.facts == {"kind": "shop", "people": 3}
        assert row.actor_label == neighbourhood.steward.name

    def test_keeps_whom_to_ask_for(self, neighbourhood: Neighbourhood, steward: Client) -> None:
        say(steward, neighbourhood.buildings[0], name="白果", phone="139 0000 0777")
        [resident] = queries.residents(queries.household(the_said().pk), this_year=2022)
        assert (resident.name, resident.phones) == ("白果", ("+8613900000777",))
        shown = steward.get(f"/households/{the_said().pk}/").content.decode()
        assert "3 people" in shown and "Confirm household" in shown

    @pytest.mark.parametrize(
        ("door", "entrance", "floor", "room"),
        [("1404", "", 14, "1404"), ("2-1404", "2", 14, "1404"), ("底商 3", "", 1, "底商 3")],
    )
    def test_reads_the_floor_from_the_door_and_puts_anything_else_on_the_ground(
        self, neighbourhood: Neighbourhood, steward: Client, door: str, entrance: str, floor: int, room: str
    ) -> None:
        say(steward, neighbourhood.buildings[0], door=door)
        found = the_said()
        assert (found.entrance, found.floor, found.room) == (entrance, floor, room)

    def test_takes_more_people_than_there_are_buttons_for(
        self, neighbourhood: Neighbourhood, steward: Client
    ) -> None:
        say(steward, neighbourhood.buildings[0], kind="site", more="40")
        assert the_said().said_people == 40

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"kind": "palace"}, "Choose what kind of household it is."),
            ({"door": "​ "}, "Say which door it is"),
            ({"door": "101"}, "This door is in the ledger already."),
            ({"door": "3-1-101"}, "This door names another building."),
            ({"people": ""}, "Say how many people live there"),
            ({"more": "501"}, "Say how many people live there"),
            ({"phone": "13900000777"}, "Give one person&#x27;s name"),
            ({"name": "白果", "phone": "139"}, "This can&#x27;t be read as a phone number."),
        ],
    )
    def test_says_beside_the_field_what_is_wrong_and_keeps_what_was_typed(
        self, neighbourhood: Neighbourhood, steward: Client, wrong: dict[str, str], says: str
    ) -> None:
        answer = say(steward, neighbourhood.buildings[0], **wrong)
        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert not Household.objects.exclude(said_at=None).exists()

    def test_refuses_a_steward_of_another_building(
        self, neighbourhood: Neighbourhood, steward: Client
    ) -> None:
        n = neighbourhood
        assert say(steward, n.buildings[1]).status_code == 404
        assert say(steward, n.buildings[0], place=str(n.buildings[1].pk)).status_code == 404
        assert say(steward, n.garden, place=str(n.garden.pk)).status_code == 404
        with pytest.raises(NotHere):
            services.add_household(
                n.buildings[1], services.Said("shop", "果店", 2), by=acting(n.steward), now=timezone.now()
            )

    def test_stands_in_a_building_or_by_the_gate_and_nowhere_above(
        self, neighbourhood: Neighbourhood
    ) -> None:
        n = neighbourhood
        with pytest.raises(Invalid):
            services.add_household(
                n.community, services.Said("shop", "果店", 2), by=OPERATOR, now=timezone.now()
            )


class TestByTheGate:
    def test_asks_where(self, neighbourhood: Neighbourhood, lead: Client) -> None:
        answer = say(lead, neighbourhood.garden)
        assert answer.status_code == 422
        assert "Choose a building, or by the gate." in answer.content.decode()

    def test_is_a_place_that_the_team_looks_after(self, neighbourhood: Neighbourhood, lead: Client) -> None:
        n = neighbourhood
        order = drafted(n, lead=n.lead)
        operations.confirm_order(order.pk, by=acting(n.town_desk), now=timezone.now())
        say(lead, n.garden, place=str(n.garden.pk))
        gate = Area.objects.get(parent=n.garden, code=GATE)
        assert the_said().building == gate and gate.people == 3
        assert Care.objects.filter(team=Team.objects.get(), building=gate).exists()
        assert "by the gate" in lead.get(f"/buildings/{gate.pk}/").content.decode()

    def test_is_gone_with_the_last_household_taken_back(
        self, neighbourhood: Neighbourhood, lead: Client
    ) -> None:
        n = neighbourhood
        operations.confirm_order(drafted(n, lead=n.lead).pk, by=acting(n.town_desk), now=timezone.now())
        say(lead, n.garden, place=str(n.garden.pk))
        answer = lead.post(f"/households/{the_said().pk}/take-back")
        assert answer["Location"] == f"/compounds/{n.garden.pk}/"
        assert not Area.objects.filter(code=GATE).exists()
        assert not Care.objects.filter(building__code=GATE).exists()

    def test_stays_while_another_household_is_there(self, neighbourhood: Neighbourhood, lead: Client) -> None:
        n, now = neighbourhood, timezone.now()
        operations.confirm_order(drafted(n, lead=n.lead).pk, by=acting(n.town_desk), now=now)
        say(lead, n.garden, place=str(n.garden.pk))
        other = services.Said("site", "工棚", 30)
        first = the_said()
        operations.add_household(n.garden, other, by=acting(n.lead), now=now)
        lead.post(f"/households/{first.pk}/take-back")
        assert Area.objects.get(code=GATE).people == 30
        assert Care.objects.filter(building__code=GATE).exists()

    def test_leaves_a_later_ledger_free_to_bring_the_buildings(self, neighbourhood: Neighbourhood) -> None:
        now = timezone.now()
        new = services.NewArea(f"{neighbourhood.community.path}", Level.COMPOUND, "new", "新苑")
        compound = services.add_area(new, by=OPERATOR, now=now)
        services.add_household(compound, services.Said("site", "工棚", 30), by=OPERATOR, now=now)
        load(compound, f"{HEADINGS}\n7,101,何年,,20,男,,\n", now=now)
        assert {b.code for b in queries.buildings(compound)} == {"7", GATE}


class TestConfirmingOne:
    def test_by_a_second_look_says_how_many(self, neighbourhood: Neighbourhood, steward: Client) -> None:
        say(steward, neighbourhood.buildings[0])
        before = counts(neighbourhood.garden)
        steward.post(f"/households/{the_said().pk}/confirm", {"people": "5"})
        assert not the_said().is_provisional
        assert counts(neighbourhood.garden) == (before[0], before[1] + 2)
        assert JournalEntry.objects.get(act="household.confirm").facts == {"kind": "shop", "people": 5}
        shown = steward.get(f"/households/{the_said().pk}/").content.decode()
        assert "5 people here are not known by name" in shown and "take-back" not in shown

    @pytest.mark.parametrize("people", ["", "-1", "x", "501", "9" * 5000])
    def test_takes_no_nonsense(self, neighbourhood: Neighbourhood, steward: Client, people: str) -> None:
        say(steward, neighbourhood.buildings[0])
        answer = steward.post(f"/households/{the_said().pk}/confirm", {"people": people})
        assert answer.status_code == 422
        assert the_said().is_provisional

    def test_by_a_list_that_names_somebody_there_and_nobody_said_is_lost(
        self, neighbourhood: Neighbourhood, steward: Client
    ) -> None:
        say(steward, neighbourhood.buildings[0], kind="tenant", door="1404")
        load(
            neighbourhood.garden,
            f"{HEADINGS}\n1,1404,何年,,20,男,,\n1,101,何月,,20,女,,\n",
            now=timezone.now(),
        )
        found = the_said()
        assert not found.is_provisional
        [door] = [d for d in queries.doors(neighbourhood.garden) if d.id == found.pk]
        assert (door.people, door.unnamed, door.kind) == (3, 2, "tenant")

    def test_stays_provisional_when_a_list_does_not_name_it(
        self, neighbourhood: Neighbourhood, steward: Client
    ) -> None:
        say(steward, neighbourhood.buildings[0], kind="tenant", door="1404")
        load(neighbourhood.garden, f"{HEADINGS}\n1,101,何月,,20,女,,\n", now=timezone.now())
        assert the_said().is_provisional

    def test_is_not_for_a_household_that_the_ledger_knows(
        self, neighbourhood: Neighbourhood, steward: Client
    ) -> None:
        door = Household.objects.get(building=neighbourhood.buildings[0], room="101")
        assert steward.post(f"/households/{door.pk}/confirm", {"people": "9"}).status_code == 409


class TestTakingOneBack:
    def test_leaves_everything_as_it_was(self, neighbourhood: Neighbourhood, steward: Client) -> None:
        n = neighbourhood
        before = counts(n.city), Person.objects.count(), Household.objects.count()
        say(steward, n.buildings[0], name="白果")
        answer = steward.post(f"/households/{the_said().pk}/take-back")
        assert answer["Location"] == f"/buildings/{n.buildings[0].pk}/"
        assert (counts(n.city), Person.objects.count(), Household.objects.count()) == before
        acts = JournalEntry.objects.filter(act__startswith="household.").values_list("act", flat=True)
        assert list(acts.order_by("id")) == ["household.add", "household.take_back"]

    def test_refuses_once_it_is_confirmed(self, neighbourhood: Neighbourhood, steward: Client) -> None:
        say(steward, neighbourhood.buildings[0])
        steward.post(f"/households/{the_said().pk}/confirm", {"people": "3"})
        assert steward.post(f"/households/{the_said().pk}/take-back").status_code == 409
        with pytest.raises(rules.HouseholdStands):
            services.take_back_household(the_said().pk, by=OPERATOR, now=timezone.now())

    def test_refuses_once_somebody_answered(self, neighbourhood: Neighbourhood, steward: Client) -> None:
        say(steward, neighbourhood.buildings[0])
        door, now = the_said(), timezone.now()
        relief.record_contact(door.pk, source="visit", by=acting(neighbourhood.steward), now=now)
        with pytest.raises(NotHere):
            operations.take_back_household(door.pk, by=acting(neighbourhood.stranger), now=now)
        answer = steward.post(f"/households/{door.pk}/take-back")
        assert answer.status_code == 409
        assert "Confirm it instead" in answer.content.decode()
        assert Household.objects.filter(pk=door.pk).exists()

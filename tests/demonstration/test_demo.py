"""`haitang demo`: what it puts into an empty database, who can do what there, and where it does nothing."""

from collections import Counter
from datetime import datetime
from itertools import pairwise

import pytest
from click.testing import CliRunner, Result
from django.test import Client, TestCase
from django.utils import timezone

from haitang.accounts import queries as accounts
from haitang.accounts.models import Demonstration, Grant, Role, User
from haitang.core import journal, reach
from haitang.core.models import JournalEntry
from haitang.core.refusal import NotHere
from haitang.incidents.models import ChecklistItem, Order, OrderState
from haitang.incidents.rules import NeedsSecondPerson
from haitang.jobs import demo
from haitang.jobs.demonstration import cast, welcome_lines
from haitang.operations import services as operations
from haitang.registry.models import Area, Household, LedgerImport, Level, Person
from haitang.relief.models import Contact
from haitang.teams import queries as teams
from haitang.teams.models import Care, CoveragePlan, Member, ReportIn, Team

TABLES = (Area, Household, Person, User, Grant, Order, ChecklistItem, Team, Care, Contact, JournalEntry)


def counts() -> dict[str, int]:
    return {table.__name__: table.objects.count() for table in TABLES}


def compound(name: str) -> Area:
    return Area.objects.get(level=Level.COMPOUND, name=name)


def waiting() -> Order:
    return Order.objects.get(state=OrderState.DRAFTED)


def in_force_on(name: str) -> Order:
    return Order.objects.get(state=OrderState.IN_FORCE, area__name=name)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(demo.command, arguments)


def confirmed(now: datetime) -> Team:
    """The team that forms when the town desk puts the waiting order in force."""
    town = cast.acting(cast.TOWN_DESK, now=now)
    return Team.objects.get(order=operations.confirm_order(waiting().pk, by=town, now=now))


def garden_team() -> Team:
    return Team.objects.get(compound__name="海棠花园", stood_down_at=None)


class TestDemonstration(TestCase):
    """One class, because Django tells the story once for each; what a test changes is undone before the next."""

    databases = {"default", "keys"}
    now: datetime

    @classmethod
    def setUpTestData(cls) -> None:
        cls.now = timezone.now()
        with reach.within(reach.EVERYWHERE):
            assert demo.fill(seed=demo.SEED, now=cls.now)

    def test_has_the_real_tree_with_three_invented_communities(self) -> None:
        by_level = Counter(Area.objects.values_list("level", flat=True))
        assert by_level == {
            "city": 1,
            "district": 10,
            "town": 118,
            "community": 2248 + 3,
            "compound": 3,
            "building": 25 + 8 + 6,
        }

    def test_has_the_garden_with_its_figures(self) -> None:
        garden = compound("海棠花园")
        assert (garden.households, garden.people) == (1472, 3536)
        assert garden.path == "3205/320508/320508018/320508018901/haitang-garden/"
        buildings = Area.objects.filter(parent=garden).order_by("place")
        assert [building.code for building in buildings] == [str(number) for number in range(1, 26)]

    def test_places_each_building_on_a_spot_of_its_own(self) -> None:
        spots = Area.objects.filter(level=Level.BUILDING).values_list("lon", "lat")
        assert len(set(spots)) == 39
        assert all(120 < lon < 121.5 and 31 < lat < 32 for lon, lat in spots)

    def test_imported_three_ledgers_without_an_error(self) -> None:
        given = LedgerImport.objects.order_by("made_at")
        assert [(one.made_by, one.figures["people"], one.figures["errors"]) for one in given] == [
            ("陆岚", 3536, 0),
            ("俞念", 751, 0),
            ("何知秋", 434, 0),
        ]

    def test_offers_eight_people_in_the_order_of_the_story(self) -> None:
        offered = [person.username for person in accounts.introductions("en")]
        assert offered == [offer.username for offer in cast.OFFERS]
        assert len(offered) == 8

    def test_says_what_each_can_do_in_both_languages(self) -> None:
        chinese, english = accounts.introductions("zh-hans"), accounts.introductions("en")
        for here, there in zip(chinese, english, strict=True):
            assert any("\u4e00" <= letter <= "\u9fff" for letter in here.today)
            assert there.today.isascii()

    def test_signs_everyone_in_with_one_click(self) -> None:
        for person in accounts.introductions("zh-hans"):
            browser = Client()
            answer = browser.post(f"/sign-in/as/{person.user_id}/", follow=True)
            assert answer.status_code == 200, person.username
            assert person.name in answer.content.decode(), person.username

    def test_names_people_and_password_in_the_welcome(self) -> None:
        lines = "\n".join(welcome_lines())
        assert all(person.name in lines for person in accounts.introductions("en"))
        assert all(user.check_password(cast.PASSWORD) for user in User.objects.filter(demonstration__place=1))
        assert cast.PASSWORD in lines

    def test_gives_no_password_to_those_who_are_not_offered(self) -> None:
        others = User.objects.filter(demonstration=None)
        assert others.exists()
        assert not any(user.has_usable_password() for user in others)

    def test_has_every_right_given_by_a_desk_above(self) -> None:
        by_operator = Grant.objects.filter(given_by="haitang demo")
        assert [grant.role for grant in by_operator] == [Role.CITY_DESK]

    def test_keeps_the_waiting_order_from_the_stranger(self) -> None:
        stranger = cast.acting(cast.ELSEWHERE_TOWN, now=self.now)
        with pytest.raises(NotHere):
            operations.confirm_order(waiting().pk, by=stranger, now=self.now)

    def test_has_an_order_in_every_state(self) -> None:
        assert set(Order.objects.values_list("state", flat=True)) == set(OrderState)

    def test_left_the_review_of_the_flood_order_overdue(self) -> None:
        flood = in_force_on("青荷小区")
        assert (flood.incident.playbook, flood.level) == ("flood", "watch")
        assert flood.review_at < self.now

    def test_sealed_the_garden_with_its_officials_as_stewards(self) -> None:
        team = garden_team()
        assert (team.order.state, team.order.level) == (OrderState.IN_FORCE, "sealed")
        reported = ReportIn.objects.filter(compound=team.compound).values_list("person", flat=True)
        stewards = Member.objects.filter(team=team, role="steward").values_list("person", flat=True)
        assert len(stewards) == 17
        assert set(stewards) == set(reported)

    def test_gave_each_building_of_the_garden_a_steward_and_a_backup(self) -> None:
        cares = garden_team().cares
        assert cares.count() == 25
        assert not cares.filter(steward=None).exists()
        assert not cares.filter(backup=None).exists()

    def test_proved_the_plan_of_the_garden_optimal(self) -> None:
        assert CoveragePlan.objects.get(team=garden_team()).answer["status"] == "optimal"

    def test_called_one_steward_of_the_garden_away_but_not_the_one_who_signs_in(self) -> None:
        away = Member.objects.get(team=garden_team(), away_since__isnull=False)
        assert away.user is None
        lead = cast.acting(cast.LEAD, now=self.now)
        assert {care.steward for care in teams.gaps(by=lead)} == {away}

    def test_gives_lead_and_steward_the_rights_of_their_work(self) -> None:
        roles = {
            name: {right.role for right in cast.acting(name, now=self.now).rights}
            for name in (cast.LEAD, cast.STEWARD)
        }
        assert roles == {cast.LEAD: {"volunteer", "lead"}, cast.STEWARD: {"volunteer", "steward"}}

    def test_lands_lead_and_steward_on_their_work(self) -> None:
        lands = {}
        for person in accounts.introductions("zh-hans"):
            browser = Client()
            browser.post(f"/sign-in/as/{person.user_id}/")
            lands[person.username] = browser.get("/", follow=True).content.decode()
        assert "海棠花园" in lands[cast.LEAD]
        assert 'class="building"' in lands[cast.LEAD]
        mine = Care.objects.filter(steward__user__username=cast.STEWARD)
        assert mine.exists()
        assert all(f"/buildings/{care.building_id}/" in lands[cast.STEWARD] for care in mine)

    def test_has_ticked_a_part_of_each_checklist(self) -> None:
        for name in ("海棠花园", "青荷小区"):
            ticked = [item.done_at is not None for item in in_force_on(name).checklist.all()]
            assert 0 < sum(ticked) < len(ticked)

    def test_heard_from_households_in_each_compound(self) -> None:
        heard = Counter(Contact.objects.values_list("compound__name", flat=True))
        assert heard == {"海棠花园": 640, "柳岸新村": 140, "青荷小区": 110}

    def test_wrote_the_journal_in_the_order_of_time(self) -> None:
        times = list(JournalEntry.objects.order_by("id").values_list("at", flat=True))
        assert all(earlier <= later for earlier, later in pairwise(times))
        assert journal.verify() == (len(times), [])

    def test_refuses_the_desk_that_drafted_it(self) -> None:
        drafter = cast.acting(cast.SIBLING_DESK, now=self.now)
        with pytest.raises(NeedsSecondPerson):
            operations.confirm_order(waiting().pk, by=drafter, now=self.now)

    def test_covers_the_next_compound_once_its_order_is_confirmed(self) -> None:
        team = confirmed(self.now)
        assert team.compound.name == "柳岸新村"
        assert team.members.filter(role="steward").count() == 6
        assert team.cares.count() == 8
        assert not team.cares.filter(steward=None).exists()

    def test_changes_nothing_when_it_runs_again(self) -> None:
        before = counts()
        again = run()
        assert (again.exit_code, counts()) == (0, before)
        assert "already" in again.output

    def test_says_nothing_when_asked_to_fill_only_an_empty_database(self) -> None:
        before = counts()
        again = run("--if-empty")
        assert (again.exit_code, again.output, counts()) == (0, "", before)

    def test_refuses_a_database_with_places_of_its_own(self) -> None:
        Demonstration.objects.all().delete()
        before = counts()
        refused = run()
        assert (refused.exit_code, counts()) == (1, before)
        assert refused.output.count("\n") == 1
        assert welcome_lines() == []

    def test_leaves_a_database_with_places_of_its_own_alone_when_it_may(self) -> None:
        Demonstration.objects.all().delete()
        before = counts()
        left = run("--if-empty")
        assert (left.exit_code, left.output, counts()) == (0, "", before)

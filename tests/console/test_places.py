"""A compound and a building as pages: residents behind their doors for those who work with them, counts for others."""

import re

import pytest
from django.utils import timezone

from haitang.accounts.models import User
from haitang.operations import services as operations
from haitang.relief import services as relief
from haitang.teams.models import Care
from tests.incidents.test_orders import drafted
from tests.neighbourhood import Neighbourhood, acting, household, sign_in

pytestmark = pytest.mark.django_db

READERS = ("community_desk", "lead")
COUNTERS = ("city_desk", "town_desk")


def form_a_team(n: Neighbourhood) -> None:
    order = drafted(n, lead=n.lead)
    operations.confirm_order(order.pk, by=acting(n.town_desk), now=timezone.now())


def compound(n: Neighbourhood, who: User, *, show: str = "covered") -> str:
    return sign_in(who).get(f"/compounds/{n.garden.pk}/", {"show": show}).content.decode()


def building(n: Neighbourhood, who: User) -> str:
    return sign_in(who).get(f"/buildings/{n.buildings[0].pk}/").content.decode()


def alone(shown: str) -> int:
    """How often a page or a part of it tells that somebody lives alone."""
    return len(re.findall(r"lives? alone|mark-alone", shown))


@pytest.mark.parametrize("who", READERS)
class TestWhoReadsHouseholds:
    def test_opens_doors_from_the_compound(self, neighbourhood: Neighbourhood, who: str) -> None:
        shown = compound(neighbourhood, neighbourhood.people[who])
        assert len(re.findall(r'<a class="door [^>]*href="/households/', shown)) == 8

    def test_sees_who_lives_alone(self, neighbourhood: Neighbourhood, who: str) -> None:
        form_a_team(neighbourhood)
        shown = compound(neighbourhood, neighbourhood.people[who])
        assert "1-102 · steward on duty · lives alone" in shown
        assert re.search(r"lives alone <b>1</b>", shown)
        assert "lives alone</span></td>" in building(neighbourhood, neighbourhood.people[who])

    def test_sees_how_many_live_behind_a_door(self, neighbourhood: Neighbourhood, who: str) -> None:
        shown = building(neighbourhood, neighbourhood.people[who])
        assert ">People</th>" in shown and '<td class="number">2</td>' in shown


@pytest.mark.parametrize("who", COUNTERS)
class TestWhoSeesCounts:
    def test_opens_no_door(self, neighbourhood: Neighbourhood, who: str) -> None:
        for shown in (
            compound(neighbourhood, neighbourhood.people[who]),
            building(neighbourhood, neighbourhood.people[who]),
        ):
            assert 'class="door ' in shown and "/households/" not in shown

    def test_sees_nothing_of_who_lives_alone(self, neighbourhood: Neighbourhood, who: str) -> None:
        assert alone(compound(neighbourhood, neighbourhood.people[who])) == 0
        assert alone(building(neighbourhood, neighbourhood.people[who])) == 0

    def test_sees_no_count_of_people_behind_a_door(self, neighbourhood: Neighbourhood, who: str) -> None:
        shown = building(neighbourhood, neighbourhood.people[who])
        assert ">101</th>" in shown
        assert ">People</th>" not in shown and '<td class="number">' not in shown

    def test_sees_who_is_on_duty(self, neighbourhood: Neighbourhood, who: str) -> None:
        form_a_team(neighbourhood)
        assert "steward " in building(neighbourhood, neighbourhood.people[who])


@pytest.mark.parametrize("who", ["lead", "city_desk"])
def test_a_gap_tells_who_lives_alone_only_to_whom_may_know(neighbourhood: Neighbourhood, who: str) -> None:
    form_a_team(neighbourhood)
    leave_without_stewards(neighbourhood)
    shown = compound(neighbourhood, neighbourhood.people[who])
    assert "no steward" in shown
    assert ("1 lives alone" in shown) is (who == "lead")


def leave_without_stewards(n: Neighbourhood) -> None:
    Care.objects.filter(building__parent=n.garden).update(steward=None, backup=None, is_locked=False)


def test_a_doors_words_follow_its_state(neighbourhood: Neighbourhood) -> None:
    n = neighbourhood
    label = 'aria-label="1-101 · {}"'
    assert label.format("no team here") in compound(n, n.community_desk)
    assert label.format("not heard from yet") in compound(n, n.community_desk, show="contact")
    door = household(n.buildings[0], "101")
    relief.record_contact(door.pk, source="visit", by=acting(n.community_desk), now=timezone.now())
    shown = compound(n, n.community_desk, show="contact")
    assert label.format("heard from") in shown
    assert 'aria-label="1-201 · not heard from yet"' in shown
    form_a_team(n)
    assert label.format("steward on duty") in compound(n, n.community_desk)
    leave_without_stewards(n)
    assert label.format("nobody looks after it") in compound(n, n.community_desk)

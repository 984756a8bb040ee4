"""A team's page: the plan's proof for as long as the plan stands, and how much each steward has taken on."""

import pytest
from django.utils import timezone

from haitang.operations import services as operations
from haitang.teams import queries, services
from haitang.teams.models import Care, Team
from tests.incidents.test_orders import drafted
from tests.neighbourhood import Neighbourhood, acting, resident, sign_in

pytestmark = pytest.mark.django_db

PROVEN = "no better plan exists"
CHANGED = "changed by hand since"


@pytest.fixture
def team(neighbourhood: Neighbourhood) -> Team:
    """The garden's team as an order forms it."""
    order = drafted(neighbourhood, lead=neighbourhood.lead)
    operations.confirm_order(order.pk, by=acting(neighbourhood.town_desk), now=timezone.now())
    return Team.objects.get(order=order)


def shown(n: Neighbourhood, team: Team) -> str:
    return sign_in(n.lead).get(f"/teams/{team.pk}/").content.decode()


def first_care(team: Team) -> Care:
    return queries.cares(team)[0]


def move(n: Neighbourhood, team: Team, care: Care) -> None:
    other = team.members.filter(role="steward").exclude(pk=care.steward_id)[0]
    services.move_building(team.pk, care.building_id, other.pk, by=acting(n.lead), now=timezone.now())


class TestTheProof:
    def test_stands_while_the_plan_does(self, neighbourhood: Neighbourhood, team: Team) -> None:
        page = shown(neighbourhood, team)
        assert PROVEN in page and CHANGED not in page

    def test_stands_after_a_lock_that_changes_nothing(self, neighbourhood: Neighbourhood, team: Team) -> None:
        building = first_care(team).building_id
        services.lock_building(team.pk, building, by=acting(neighbourhood.lead), now=timezone.now())
        assert PROVEN in shown(neighbourhood, team)

    def test_ends_with_a_move(self, neighbourhood: Neighbourhood, team: Team) -> None:
        move(neighbourhood, team, first_care(team))
        page = shown(neighbourhood, team)
        assert CHANGED in page and PROVEN not in page

    def test_ends_when_a_steward_leaves(self, neighbourhood: Neighbourhood, team: Team) -> None:
        steward = first_care(team).steward
        assert steward
        services.leave(steward.pk, by=acting(neighbourhood.lead), now=timezone.now())
        page = shown(neighbourhood, team)
        assert CHANGED in page and PROVEN not in page

    def test_comes_back_with_the_next_plan(self, neighbourhood: Neighbourhood, team: Team) -> None:
        move(neighbourhood, team, first_care(team))
        services.plan_coverage(team.pk, by=acting(neighbourhood.lead), now=timezone.now())
        assert CHANGED not in shown(neighbourhood, team)

    def test_names_nothing_left_out_that_somebody_has_taken_on_since(
        self, neighbourhood: Neighbourhood, team: Team
    ) -> None:
        lead, now = acting(neighbourhood.lead), timezone.now()
        _kept, *others = team.members.filter(role="steward").order_by("pk")
        for member in others:
            services.mark_away(member.pk, by=lead, now=now)
        services.plan_coverage(team.pk, by=lead, now=now)
        assert ">left out<" in shown(neighbourhood, team)
        services.mark_back(others[0].pk, by=lead, now=now)
        uncovered = next(care for care in queries.cares(team) if care.steward is None)
        services.move_building(team.pk, uncovered.building_id, others[0].pk, by=lead, now=now)
        page = shown(neighbourhood, team)
        assert ">left out<" not in page and CHANGED in page


def test_the_choice_of_a_steward_says_how_much_each_has_taken_on(
    neighbourhood: Neighbourhood, team: Team
) -> None:
    held = first_care(team).steward
    assert held
    n = team.cares.filter(steward=held).count()
    assert f">{held.name} · {n} of {held.most_buildings}</option>" in shown(neighbourhood, team)


def test_only_those_of_age_are_asked_to_help(neighbourhood: Neighbourhood) -> None:
    child = resident("冯安", neighbourhood.garden)
    shown = sign_in(neighbourhood.lead).get(f"/households/{child.household}/").content.decode()
    assert child.name in shown and f"/people/{child.id}/report-in" not in shown
    adult = resident("冯雨", neighbourhood.garden)
    shown = sign_in(neighbourhood.lead).get(f"/households/{adult.household}/").content.decode()
    assert f"/people/{adult.id}/report-in" in shown
    steward = sign_in(neighbourhood.steward).get(f"/households/{adult.household}/").content.decode()
    assert "report-in" not in steward

"""The desk's first screen: figures with their denominators, for one's own scope, kept fresh cheaply."""

import pytest
from django.contrib.humanize.templatetags.humanize import intcomma
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from haitang.accounts.models import Role, User
from haitang.accounts.services import give_grant
from haitang.operations import services as operations
from haitang.registry.models import Area
from haitang.teams.models import Care
from tests.incidents.test_orders import drafted
from tests.neighbourhood import OPERATOR, Neighbourhood, acting, employ, sign_in

pytestmark = pytest.mark.django_db


def form_a_team(n: Neighbourhood, compound: Area) -> None:
    order = drafted(n, by=n.city_desk, area=compound, lead=n.lead if compound == n.garden else None)
    second = employ(f"second-{compound.code}", "金", Role.CITY_DESK, n.city, unit="B", now=timezone.now())
    operations.confirm_order(order.pk, by=acting(second), now=timezone.now())


def page(client: Client, **headers: str) -> str:
    return client.get("/overview/", headers=headers).content.decode()


def test_a_draft_waits_for_its_second_person_on_the_overview(neighbourhood: Neighbourhood) -> None:
    drafted(neighbourhood)
    assert "waits for a second person" in page(sign_in(neighbourhood.town_desk))
    assert "waits for a second person" not in page(sign_in(neighbourhood.stranger))


def test_counts_only_the_readers_own_scope(neighbourhood: Neighbourhood) -> None:
    assert "13 people, 4 buildings, 2 compounds" in page(sign_in(neighbourhood.community_desk))
    assert "2 people, 1 buildings, 1 compound<" in page(sign_in(neighbourhood.stranger))


class TestAReaderOfTwoAreas:
    @pytest.fixture
    def reader(self, neighbourhood: Neighbourhood) -> User:
        """A desk of two communities of one town, and not of the harbour's in another."""
        n, now = neighbourhood, timezone.now()
        user = employ("two", "双双", Role.COMMUNITY_DESK, n.community, unit="", now=now)
        give_grant(user, role=Role.COMMUNITY_DESK, area=n.other_community, by=OPERATOR, now=now)
        return user

    def test_sees_the_figures_of_both_and_of_no_other(
        self, neighbourhood: Neighbourhood, reader: User
    ) -> None:
        shown = page(sign_in(reader))
        assert "15 people, 5 buildings, 3 compounds" in shown
        assert neighbourhood.community.name in shown and neighbourhood.other_community.name in shown
        assert neighbourhood.elsewhere.parent.name not in shown

    def test_sees_the_gaps_of_both_and_of_no_other(self, neighbourhood: Neighbourhood, reader: User) -> None:
        n = neighbourhood
        mill = Area.objects.get(parent=n.other_community)
        for compound in (n.garden, mill, n.elsewhere):
            form_a_team(n, compound)
        Care.objects.update(steward=None, backup=None, is_locked=False)
        shown = page(sign_in(reader))
        assert [shown.count(f">{place.name} building") for place in (n.garden, mill, n.elsewhere)] == [
            3,
            1,
            0,
        ]
        assert "4 buildings have nobody on duty" in shown
        assert "5 buildings have nobody on duty" in page(sign_in(n.city_desk))


def test_its_figures_open_the_rows_of_the_same_area(neighbourhood: Neighbourhood) -> None:
    shown = sign_in(neighbourhood.city_desk).get(f"/areas/{neighbourhood.town.pk}/").content.decode()
    for rows in ("gaps", "orders", "checklist"):
        assert f'href="/{rows}/?area={neighbourhood.town.pk}"' in shown


def test_tells_of_a_few_waiting_orders_and_leads_to_the_rest(neighbourhood: Neighbourhood) -> None:
    for _ in range(4):
        drafted(neighbourhood)
    client = sign_in(neighbourhood.town_desk)
    assert page(client).count("Look at the draft") == 4
    assert "All orders that wait or are overdue" not in page(client)
    drafted(neighbourhood)
    assert page(client).count("Look at the draft") == 4
    assert "All orders that wait or are overdue" in page(client)


def test_asks_again_for_all_that_changes_but_not_for_the_map(neighbourhood: Neighbourhood) -> None:
    client = sign_in(neighbourhood.city_desk)
    whole, fragment = page(client), page(client, **{"HX-Request": "true"})
    for part in ("live", "in-force", "below", "happened"):
        assert whole.count(f'id="{part}"') == fragment.count(f'id="{part}"') == 1
    assert "<html" not in fragment and 'class="map"' not in fragment
    assert "hx-swap-oob" not in whole and fragment.count('hx-swap-oob="true"') == 3


def test_sends_nothing_when_nothing_changed(
    neighbourhood: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)  # the page says the minute: both ask in the same
    client = sign_in(neighbourhood.city_desk)
    first = client.get("/overview/", headers={"HX-Request": "true"})
    again = client.get("/overview/", headers={"HX-Request": "true", "If-None-Match": first["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ("city_desk", "/overview/"),
        ("community_desk", "/overview/"),
        ("steward", "/my/"),
        ("volunteer", "/my/"),
        ("auditor", "/journal/"),
    ],
)
def test_home_is_where_the_work_is(neighbourhood: Neighbourhood, who: str, where: str) -> None:
    assert sign_in(neighbourhood.people[who]).get("/")["Location"] == where


def test_a_lead_lands_on_their_compound(neighbourhood: Neighbourhood) -> None:
    form_a_team(neighbourhood, neighbourhood.garden)
    assert sign_in(neighbourhood.lead).get("/")["Location"] == f"/compounds/{neighbourhood.garden.pk}/"


def test_a_lead_without_a_team_lands_on_the_overview(neighbourhood: Neighbourhood) -> None:
    assert sign_in(neighbourhood.lead).get("/")["Location"] == "/overview/"


def test_groups_digits_by_three_in_both_languages() -> None:
    for language in ("zh-hans", "en"):
        with override(language):
            assert intcomma(3536) == "3,536"

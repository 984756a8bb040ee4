"""The desk's first screen: figures with their denominators, for one's own scope, kept fresh cheaply."""

import pytest
from django.contrib.humanize.templatetags.humanize import intcomma
from django.test import Client
from django.utils.translation import override

from tests.incidents.test_orders import drafted
from tests.neighbourhood import Neighbourhood, sign_in

pytestmark = pytest.mark.django_db


def page(client: Client, **headers: str) -> str:
    return client.get("/overview/", headers=headers).content.decode()


def test_a_draft_waits_for_its_second_person_on_the_overview(neighbourhood: Neighbourhood) -> None:
    drafted(neighbourhood)
    assert "waits for a second person" in page(sign_in(neighbourhood.town_desk))
    assert "waits for a second person" not in page(sign_in(neighbourhood.stranger))


def test_counts_only_the_readers_own_scope(neighbourhood: Neighbourhood) -> None:
    assert "13 people, 4 buildings, 2 compounds" in page(sign_in(neighbourhood.community_desk))
    assert "2 people, 1 buildings, 1 compound<" in page(sign_in(neighbourhood.stranger))


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


def test_sends_nothing_when_nothing_changed(neighbourhood: Neighbourhood) -> None:
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
    answer = sign_in(neighbourhood.lead).get("/")
    assert answer["Location"] in {"/overview/", f"/compounds/{neighbourhood.garden.pk}/"}


def test_groups_digits_by_three_in_both_languages() -> None:
    for language in ("zh-hans", "en"):
        with override(language):
            assert intcomma(3536) == "3,536"

"""One person can't be both people of an order by way of the pages: not through a link they made themselves."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from haitang.accounts.models import Role
from haitang.incidents.models import Order, OrderState
from tests.accounts.people import PASSWORD, browser
from tests.neighbourhood import Neighbourhood, sign_in

NO = "the two of you count as one"


@pytest.fixture
def town(neighbourhood: Neighbourhood) -> Client:
    return sign_in(neighbourhood.town_desk)


def opened(answer: HttpResponse) -> Client:
    """A browser signed in through the link that a page shows."""
    token = re.search(r"invited/#([\w-]+)", answer.content.decode())
    assert token
    client = browser()
    given = {"token": token[1], "password1": PASSWORD, "password2": PASSWORD}
    assert client.post(reverse("invited"), given).status_code == 302
    return client


def invited(n: Neighbourhood, town: Client) -> Client:
    """The browser of a community desk that the town desk invited, with a unit of its own, and opened itself."""
    given = {"username": "puppet", "name": "木偶", "unit": "木偶社", "role": Role.COMMUNITY_DESK}
    return opened(town.post(reverse("console:invite"), {**given, "area": str(n.community.pk)}))


def drafted(n: Neighbourhood, client: Client) -> Order:
    now = timezone.localtime()
    given = {
        "area": n.garden.pk,
        "incident": "new:epidemic",
        "level": "sealed",
        "legal_basis": "《中华人民共和国传染病防治法》",
        "reason": "两人阳性",
        "starts_at": now.strftime("%Y-%m-%dT%H:%M"),
        "review_at": (now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
    }
    answer = client.post(reverse("console:draft_order"), given)
    assert answer.status_code == 302, answer.content.decode()
    return Order.objects.get()


def check_refused(order: Order, client: Client) -> None:
    """The order's page offers no button, and the request behind the button is refused."""
    confirm = reverse("console:confirm_order", args=[order.pk])
    assert f'action="{confirm}"' not in client.get(reverse("console:order", args=[order.pk])).content.decode()
    answer = client.post(confirm)
    assert answer.status_code == 409
    assert NO in answer.content.decode()
    order.refresh_from_db()
    assert order.state == OrderState.DRAFTED


class TestOnePersonWithTwoAccounts:
    def test_confirms_nothing_that_somebody_they_invited_drafted(
        self, neighbourhood: Neighbourhood, town: Client
    ) -> None:
        order = drafted(neighbourhood, invited(neighbourhood, town))
        check_refused(order, town)

    def test_drafts_nothing_that_somebody_they_invited_confirms(
        self, neighbourhood: Neighbourhood, town: Client
    ) -> None:
        order = drafted(neighbourhood, town)
        check_refused(order, invited(neighbourhood, town))

    def test_confirms_nothing_after_taking_over_an_account(
        self, neighbourhood: Neighbourhood, town: Client
    ) -> None:
        taken = opened(town.post(reverse("console:invite_again"), {"username": "community_desk"}))
        check_refused(drafted(neighbourhood, taken), town)

    def test_leaves_it_to_somebody_else(self, neighbourhood: Neighbourhood, town: Client) -> None:
        order = drafted(neighbourhood, invited(neighbourhood, town))
        page = reverse("console:order", args=[order.pk])
        city = sign_in(neighbourhood.city_desk)
        confirm = reverse("console:confirm_order", args=[order.pk])
        assert f'action="{confirm}"' in city.get(page).content.decode()
        assert city.post(confirm).status_code == 302
        order.refresh_from_db()
        assert order.state == OrderState.IN_FORCE

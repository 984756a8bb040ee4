"""Addresses that lead nowhere, pages too old and faults: words one can act on, in the reader's language."""

import threading

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from haitang.operations import services as operations
from haitang.teams.models import Member
from tests.incidents.test_orders import drafted
from tests.neighbourhood import Neighbourhood, acting, build, sign_in


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/nothing", "/orders/123/", "/en/", "/static-of-old/x.js"])
def test_an_address_that_leads_nowhere_gets_the_page_of_what_is_out_of_reach(
    neighbourhood: Neighbourhood, address: str
) -> None:
    for client in (Client(headers={"accept-language": "en"}), sign_in(neighbourhood.volunteer)):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "There is nothing here, or it is not part of your work." in answer.content.decode()


@pytest.mark.django_db
def test_a_form_of_another_session_says_what_to_do(neighbourhood: Neighbourhood) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = client.post("/sign-in/", {"login": "x", "password": "y"})
    assert answer.status_code == 403
    assert "reload it and try again" in answer.content.decode()


class TestMeetingAtALock:
    """PostgreSQL undoes one of two acts that wait for each other; no part of it may be left, and nobody is told
    to mend what mends itself."""

    def post(self, url: str, *, free_after: float) -> tuple[int, str]:
        """What the lead is answered who marks a steward as away while somebody else holds the team."""
        n = build()
        order = drafted(n, lead=n.lead)
        operations.confirm_order(order.pk, by=acting(n.town_desk), now=timezone.now())
        steward = Member.objects.filter(team__order=order, role="steward")[0]
        client = sign_in(n.lead)
        connection.cursor().execute("SET lock_timeout = '100ms'")
        with psycopg.connect(url) as other:
            other.execute("SELECT 1 FROM teams_team FOR UPDATE")
            timer = threading.Timer(free_after, other.rollback)
            timer.start()
            answer = client.post(f"/members/{steward.pk}/away")
            timer.cancel()
            timer.join()
        steward.refresh_from_db()
        assert (steward.away_since is not None) == (answer.status_code == 302)
        return answer.status_code, answer.content.decode()

    def test_is_tried_again(self, own_database: str) -> None:
        assert self.post(own_database, free_after=0.35)[0] == 302

    def test_is_told_in_words_when_others_stay_in_the_way(self, own_database: str) -> None:
        status, text = self.post(own_database, free_after=60)
        assert status == 503
        assert "Nothing of yours was changed" in text


@pytest.mark.django_db
def test_a_fault_is_told_in_both_languages(
    neighbourhood: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(neighbourhood.community_desk)
    client.raise_request_exception = False
    monkeypatch.setattr("haitang.teams.services.members.journal", None)
    answer = client.post(f"/people/{neighbourhood.steward.resident_id}/report-in")
    assert answer.status_code == 500
    assert "这里出了故障" in answer.content.decode()
    assert "Something broke here" in answer.content.decode()

"""First contact: a demonstration offers its people, and no other database does."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from haitang.accounts.models import Demonstration, Role, User
from tests.accounts.people import browser, set_up_app, with_password
from tests.neighbourhood import Neighbourhood


def door(user: User) -> str:
    return reverse("sign_in_as", args=[user.pk])


@pytest.fixture
def demonstration(neighbourhood: Neighbourhood) -> Neighbourhood:
    for place, (user, role) in enumerate(
        [(neighbourhood.town_desk, Role.TOWN_DESK), (neighbourhood.steward, Role.STEWARD)]
    ):
        Demonstration.objects.create(
            user=user,
            place=place,
            role=role,
            today_zh="今天能确认指令",
            today_en="Can confirm an order today",
        )
    return neighbourhood


class TestInADemonstration:
    def test_the_page_offers_its_people_by_name_role_and_what_they_can_do(
        self, demonstration: Neighbourhood
    ) -> None:
        page = browser().get(reverse("account_login")).content.decode()
        for words in ("王建国", "town desk", "Can confirm an order today", door(demonstration.town_desk)):
            assert words in page
        assert "今天能确认指令" in Client().get(reverse("account_login")).content.decode()

    def test_one_click_leads_to_the_persons_work(self, demonstration: Neighbourhood) -> None:
        client = browser()
        assert client.post(door(demonstration.town_desk))["Location"] == "/"
        assert client.session["_auth_user_id"] == str(demonstration.town_desk.pk)
        assert "/sign-in/" not in client.get("/").headers.get("Location", "")

    def test_one_person_can_be_left_for_another(self, demonstration: Neighbourhood) -> None:
        client = browser()
        client.post(door(demonstration.steward))
        client.post(door(demonstration.town_desk))
        assert client.session["_auth_user_id"] == str(demonstration.town_desk.pk)
        assert "/sign-in/" not in client.get("/").headers.get("Location", "")

    def test_the_door_stays_open_when_a_visitor_adds_a_second_factor(
        self, demonstration: Neighbourhood
    ) -> None:
        visitor = browser()
        visitor.post(door(demonstration.town_desk))
        set_up_app(visitor)
        assert browser().post(door(demonstration.town_desk))["Location"] == "/"

    def test_its_people_have_no_password_to_change(self, demonstration: Neighbourhood) -> None:
        client = browser()
        client.post(door(demonstration.steward))
        assert client.get(reverse("account_change_password")).status_code == 404

    def test_somebody_who_is_not_offered_has_no_door(self, demonstration: Neighbourhood) -> None:
        assert browser().post(door(demonstration.city_desk)).status_code == 404
        assert browser().post(reverse("sign_in_as", args=[uuid4()])).status_code == 404

    def test_a_link_alone_signs_nobody_in(self, demonstration: Neighbourhood) -> None:
        client = browser()
        assert client.get(door(demonstration.steward)).status_code == 405
        forged = Client(enforce_csrf_checks=True).post(door(demonstration.steward))
        assert forged.status_code == 403


class TestInAnyOtherDatabase:
    def test_there_is_no_such_door(self, neighbourhood: Neighbourhood) -> None:
        client = browser()
        for answer in (client.get(door(neighbourhood.steward)), client.post(door(neighbourhood.steward))):
            assert answer.status_code == 404
        assert "_auth_user_id" not in client.session

    def test_the_page_offers_nobody(self, neighbourhood: Neighbourhood) -> None:
        page = browser().get(reverse("account_login")).content.decode()
        assert "/sign-in/as/" not in page
        assert "demonstration" not in page

    def test_a_session_from_when_it_was_one_needs_its_second_factor_again(
        self, demonstration: Neighbourhood
    ) -> None:
        with_password(demonstration.town_desk)
        client = browser()
        client.post(door(demonstration.town_desk))
        Demonstration.objects.all().delete()
        assert client.get("/")["Location"] == reverse("mfa_index")

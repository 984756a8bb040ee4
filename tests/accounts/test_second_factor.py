"""Who needs a second factor, how it is set up, and that a password alone never replaces it."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from haitang.accounts.models import User
from tests.accounts.people import PASSWORD, browser, code_now, set_up_app, try_password, with_password
from tests.neighbourhood import Neighbourhood

HOME = "/"
MINE = "/sign-in/mine/"


def signed_in(user: User) -> Client:
    """A browser in which someone without a second factor has just signed in."""
    client = browser()
    assert try_password(client, user.username)["Location"] == HOME
    return client


def give_code(client: Client, code: str) -> str:
    """What became of a code at the second step: where it led, or the page's words."""
    answer = client.post(reverse("mfa_authenticate"), {"code": code})
    return str(answer.headers.get("Location") or answer.content.decode())


@pytest.fixture
def town_desk(neighbourhood: Neighbourhood) -> User:
    return with_password(neighbourhood.town_desk)


@pytest.fixture
def steward(neighbourhood: Neighbourhood) -> User:
    return with_password(neighbourhood.steward)


class TestWhoseWorkReachesATown:
    def test_sees_no_page_before_setting_one_up(self, town_desk: User) -> None:
        client = signed_in(town_desk)
        assert client.get(HOME)["Location"] == MINE
        assert "a password alone is not enough" in client.get(MINE).content.decode()

    def test_goes_on_to_work_once_it_is_set_up(self, town_desk: User) -> None:
        client = signed_in(town_desk)
        set_up_app(client)
        assert MINE not in client.get(HOME).headers.get("Location", "")
        assert "a password alone is not enough" not in client.get(MINE).content.decode()

    def test_keeps_the_last_one(self, town_desk: User) -> None:
        client = signed_in(town_desk)
        set_up_app(client)
        page = client.post(reverse("mfa_deactivate_totp"))
        assert "Add another one before you remove this one." in page.content.decode()
        assert Authenticator.objects.filter(user=town_desk, type="totp").exists()

    def test_is_asked_in_every_session_that_began_before(self, town_desk: User) -> None:
        before, client = signed_in(town_desk), signed_in(town_desk)
        set_up_app(client)
        assert before.get(HOME)["Location"] == f"{reverse('mfa_reauthenticate')}?next=%2F"

    def test_a_building_needs_none(self, steward: User) -> None:
        assert MINE not in signed_in(steward).get(HOME).headers.get("Location", "")


class TestSignInWithACodeApp:
    def test_asks_for_the_code_before_anything_opens(self, steward: User) -> None:
        secret = set_up_app(signed_in(steward))
        client = browser()
        assert try_password(client, "steward")["Location"] == reverse("mfa_authenticate")
        assert "_auth_user_id" not in client.session
        assert client.get(HOME)["Location"].startswith(reverse("account_login"))
        assert give_code(client, code_now(secret)) == HOME
        assert client.session["_auth_user_id"] == str(steward.pk)

    def test_refuses_a_code_that_was_used(self, steward: User) -> None:
        secret = set_up_app(signed_in(steward))
        first, second = browser(), browser()
        code = code_now(secret)
        for client in (first, second):
            try_password(client, "steward")
        assert give_code(first, code) == HOME
        assert "it was used before" in give_code(second, code)
        assert "_auth_user_id" not in second.session

    def test_stops_guessing_after_five_codes(self, steward: User) -> None:
        secret = set_up_app(signed_in(steward))
        client = browser()
        try_password(client, "steward")
        for _ in range(5):
            assert "This code is not right" in give_code(client, "000000")
        assert "Too many tries" in give_code(client, code_now(secret))

    def test_takes_each_recovery_code_once(self, steward: User) -> None:
        client = signed_in(steward)
        set_up_app(client)
        page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
        codes = re.findall(r"<li>(\d{8})</li>", page)
        assert len(codes) == 10
        first, second = browser(), browser()
        for one in (first, second):
            try_password(one, "steward")
        assert give_code(first, codes[0]) == HOME
        assert "This code is not right" in give_code(second, codes[0])


class TestStolenPassword:
    """Somebody knows the password, and sits in a session that began before the second factor was set up."""

    @pytest.fixture
    def thief(self, steward: User) -> Client:
        client = signed_in(steward)
        set_up_app(signed_in(steward))
        return client

    @pytest.mark.parametrize(
        "page",
        [
            "mfa_index",
            "mfa_add_webauthn",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
            "account_change_password",
        ],
    )
    def test_opens_no_page_that_changes_how_one_signs_in(self, thief: Client, page: str) -> None:
        thief.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        url = reverse(page)
        for answer in (thief.get(url), thief.post(url)):
            assert answer["Location"].startswith(reverse("mfa_reauthenticate"))


class TestChangingHowOneSignsIn:
    def test_asks_again_when_the_sign_in_is_a_while_ago(self, steward: User) -> None:
        client = signed_in(steward)
        session = client.session
        for record in session["account_authentication_methods"]:
            record["at"] -= 600
        session.save()
        assert client.get(reverse("mfa_add_webauthn"))["Location"].startswith(
            reverse("account_reauthenticate")
        )

    def test_is_closed_to_those_signed_out(self, db: None) -> None:
        for page in ("mfa_index", "mfa_add_webauthn", "mfa_activate_totp", "account_change_password"):
            assert browser().get(reverse(page))["Location"].startswith(reverse("account_login"))

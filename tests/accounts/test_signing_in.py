"""Signing in with name and password, being locked out, and what the session's cookies promise."""

import re
import runpy
from datetime import timedelta
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from haitang.accounts.models import User
from tests.accounts.people import PASSWORD, browser, try_password, with_password
from tests.neighbourhood import Neighbourhood

SETTINGS = Path(__file__).parents[2] / "src/haitang/config/settings.py"
WRONG = "not the password at all"


@pytest.fixture
def steward(neighbourhood: Neighbourhood) -> User:
    return with_password(neighbourhood.steward)


class TestPassword:
    def test_opens_the_persons_work(self, steward: User) -> None:
        client = browser()
        answer = try_password(client, "steward")
        assert answer["Location"] == "/"
        assert client.session["_auth_user_id"] == str(steward.pk)

    def test_leads_back_to_the_page_that_was_wanted(self, steward: User) -> None:
        answer = browser().post(
            reverse("account_login"), {"login": "steward", "password": PASSWORD, "next": "/sign-in/mine/"}
        )
        assert answer["Location"] == "/sign-in/mine/"

    def test_never_leads_to_another_site(self, steward: User) -> None:
        answer = browser().post(
            reverse("account_login"), {"login": "steward", "password": PASSWORD, "next": "https://evil.test/"}
        )
        assert answer["Location"] == "/"

    def test_refuses_a_wrong_one_without_saying_which_part_was_wrong(self, steward: User) -> None:
        known, unknown = try_password(browser(), "steward", WRONG), try_password(browser(), "nobody", WRONG)
        for answer in (known, unknown):
            assert answer.status_code == 200
            assert "Name or password is not right." in answer.content.decode()

    def test_refuses_a_closed_account(self, steward: User) -> None:
        User.objects.filter(pk=steward.pk).update(is_active=False)
        client = browser()
        answer = client.post(
            reverse("account_login"), {"login": "steward", "password": PASSWORD}, follow=True
        )
        assert "This account is closed" in answer.content.decode()
        assert "_auth_user_id" not in client.session

    def test_offers_no_sign_up(self, db: None) -> None:
        page = browser().get(reverse("account_login")).content.decode()
        assert "sign up" not in page.lower()
        assert browser().get("/sign-in/signup/").status_code == 404

    def test_page_speaks_chinese_unless_asked_otherwise(self, db: None) -> None:
        client = Client()
        assert "登录名" in client.get(reverse("account_login")).content.decode()
        client.post(reverse("set_language"), {"language": "en", "next": reverse("account_login")})
        assert "Sign-in name" in client.get(reverse("account_login")).content.decode()

    def test_page_has_no_script_or_style_of_its_own(self, db: None) -> None:
        answer = browser().get(reverse("account_login"))
        page = answer.content.decode()
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page)


class TestFiveWrongTries:
    def test_lock_the_name_for_that_address(self, steward: User) -> None:
        client = browser()
        statuses = [try_password(client, "steward", WRONG).status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 200, 429]
        answer = try_password(client, "steward")
        assert answer.status_code == 429
        assert "Wait a quarter of an hour" in answer.content.decode()
        assert "_auth_user_id" not in client.session

    def test_count_together_however_the_name_is_written(self, steward: User) -> None:
        names = ["steward", "STEWARD", "Steward", " steward ", "sTEWARD"]
        statuses = [try_password(browser(), name, WRONG).status_code for name in names]
        assert statuses[-1] == 429

    def test_leave_everybody_else_alone(self, steward: User, neighbourhood: Neighbourhood) -> None:
        with_password(neighbourhood.lead)
        for _ in range(5):
            try_password(browser(), "steward", WRONG)
        assert try_password(browser(), "lead").status_code == 302

    def test_are_forgotten_after_a_quarter_of_an_hour(self, steward: User) -> None:
        for _ in range(6):
            try_password(browser(), "steward", WRONG)
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
        assert try_password(browser(), "steward").status_code == 429
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
        assert try_password(browser(), "steward").status_code == 302

    def test_also_lock_the_page_that_asks_for_the_password_again(self, steward: User) -> None:
        client = browser()
        try_password(client, "steward")
        url = reverse("account_reauthenticate")
        statuses = [client.post(url, {"password": WRONG}).status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 200, 429]

    def test_of_one_office_don_t_lock_another_behind_the_same_proxy(
        self, steward: User, settings: LazySettings
    ) -> None:
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        for _ in range(5):
            try_password(browser(), "steward", WRONG, HTTP_X_FORWARDED_FOR="203.0.113.7")
        # What the client itself claims stands left of what the proxy adds, and counts for nothing.
        claimed = try_password(browser(), "steward", HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.7")
        other = try_password(browser(), "steward", HTTP_X_FORWARDED_FOR="198.51.100.1")
        assert (claimed.status_code, other.status_code) == (429, 302)

    def test_from_many_addresses_slow_down_too(self, steward: User, settings: LazySettings) -> None:
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "password": "3/h/key"}
        for host in range(3):
            try_password(browser(), "steward", WRONG, HTTP_X_FORWARDED_FOR=f"203.0.113.{host}")
        answer = try_password(browser(), "steward", HTTP_X_FORWARDED_FOR="198.51.100.1")
        assert "Too many tries" in answer.content.decode()


class TestSession:
    def test_changes_its_key_at_sign_in(self, steward: User) -> None:
        client = browser()
        client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
        before = client.session.session_key
        try_password(client, "steward")
        assert before
        assert client.session.session_key != before

    def test_ends_with_a_post_only(self, steward: User) -> None:
        client = browser()
        try_password(client, "steward")
        assert client.get(reverse("account_logout")).status_code == 200
        assert "_auth_user_id" in client.session
        client.post(reverse("account_logout"))
        assert "_auth_user_id" not in client.session

    def test_does_not_end_by_a_form_of_another_site(self, steward: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(steward, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.post(reverse("account_logout")).status_code == 403
        assert "_auth_user_id" in client.session

    def test_ends_elsewhere_when_the_password_changes(self, steward: User) -> None:
        here, elsewhere = browser(), browser()
        for client in (here, elsewhere):
            try_password(client, "steward")
        new = "another evening by the canal"
        fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        assert here.post(reverse("account_change_password"), fields)["Location"] == reverse("mfa_index")
        assert here.get(reverse("mfa_index")).status_code == 200
        assert elsewhere.get(reverse("mfa_index")).status_code == 302

    def test_cookies_are_bound_to_the_host_under_https(
        self, steward: User, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HAITANG_ORIGIN", "https://haitang.example.org")
        for name, value in runpy.run_path(str(SETTINGS)).items():
            if name.isupper() and "COOKIE" in name:
                setattr(settings, name, value)
        client = browser()
        page = client.get(reverse("account_login"), secure=True)
        answer = try_password(client, "steward", **{"wsgi.url_scheme": "https"})
        for cookie in (page.cookies["__Host-csrf"], answer.cookies["__Host-session"]):
            assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
            assert cookie["httponly"]

"""Invitations: a link that lets a new person choose a password once, and a new link for a lost password."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, transaction
from django.utils import timezone

from haitang.accounts import rules, services
from haitang.accounts.models import Invitation, Role, User
from haitang.core.models import JournalEntry
from haitang.core.refusal import NotHere
from haitang.jobs.invite import command
from tests.accounts.people import PASSWORD, browser, try_password, with_password
from tests.neighbourhood import GARDEN, TOWN, Neighbourhood, acting, employ

URL = "/sign-in/invited/"


@pytest.fixture
def token(neighbourhood: Neighbourhood) -> str:
    _, token = services.invite_user(
        "newcomer",
        name="魏青",
        unit="海棠社区居委会",
        role=Role.LEAD,
        area=neighbourhood.garden,
        by=acting(neighbourhood.community_desk),
        now=timezone.now(),
    )
    return token


def fields(token: str, password: str = PASSWORD, again: str | None = None) -> dict[str, str]:
    return {"token": token, "password1": password, "password2": password if again is None else again}


class TestAcceptingAnInvitation:
    def test_lands_signed_in_with_the_chosen_password(self, token: str) -> None:
        client = browser()
        assert client.post(URL, fields(token))["Location"] == "/"
        assert client.session["_auth_user_id"] == str(User.objects.get(username="newcomer").pk)
        assert try_password(browser(), "newcomer").status_code == 302

    def test_works_once(self, token: str) -> None:
        browser().post(URL, fields(token))
        answer = browser().post(URL, fields(token, "somebody else entirely"))
        assert answer.status_code == 410
        assert "This link was used or has expired." in answer.content.decode()
        assert try_password(browser(), "newcomer").status_code == 302

    def test_ends_after_two_days(self, token: str) -> None:
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert browser().post(URL, fields(token)).status_code == 410

    def test_refuses_a_guessed_code(self, token: str) -> None:
        assert browser().post(URL, fields("x" * 32)).status_code == 410

    @pytest.mark.parametrize(
        ("password", "again", "words"),
        [
            ("too short", None, "Too short: at least 12 characters"),
            ("qwertyuiop123", "qwertyuiop123", "Many people use this password"),
            (PASSWORD, "something else here", "The two passwords differ."),
        ],
    )
    def test_refuses_a_weak_password_and_keeps_the_link(
        self, token: str, password: str, again: str | None, words: str
    ) -> None:
        answer = browser().post(URL, fields(token, password, again))
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert browser().post(URL, fields(token)).status_code == 302

    def test_never_shows_a_password_again(self, token: str) -> None:
        assert "hunter2" not in browser().post(URL, fields(token, "hunter2")).content.decode()

    def test_leaves_the_session_of_whoever_was_here_before(
        self, token: str, neighbourhood: Neighbourhood
    ) -> None:
        client = browser()
        with_password(neighbourhood.steward)
        try_password(client, "steward")
        client.post(URL, fields(token))
        assert client.session["_auth_user_id"] == str(User.objects.get(username="newcomer").pk)

    def test_keeps_only_the_hash_of_the_code(self, token: str) -> None:
        assert token not in str(list(Invitation.objects.values()))

    def test_is_not_kept_by_a_cache_on_the_way(self, db: None) -> None:
        assert "no-store" in browser().get(URL)["Cache-Control"]


class TestInvitingAgain:
    def test_ends_the_links_from_before(self, token: str, neighbourhood: Neighbourhood) -> None:
        by, now = acting(neighbourhood.community_desk), timezone.now()
        _, newer = services.invite_again("newcomer", by=by, now=now)
        assert browser().post(URL, fields(token)).status_code == 410
        assert browser().post(URL, fields(newer)).status_code == 302

    def test_is_in_the_journal(self, token: str, neighbourhood: Neighbourhood) -> None:
        services.invite_again("newcomer", by=acting(neighbourhood.community_desk), now=timezone.now())
        entry = JournalEntry.objects.get(act="user.invite")
        assert (entry.path, entry.facts["user"]) == (neighbourhood.garden.path, "newcomer")

    def test_refuses_a_desk_that_could_not_give_all_of_the_rights(self, neighbourhood: Neighbourhood) -> None:
        for name in ("town_desk", "stranger", "community_desk"):
            with pytest.raises(NotHere):
                services.invite_again(name, by=acting(neighbourhood.community_desk), now=timezone.now())

    def test_refuses_oneself(self, neighbourhood: Neighbourhood) -> None:
        now = timezone.now()
        desk = neighbourhood.city_desk
        second = employ("second", "方晴", Role.TOWN_DESK, neighbourhood.town, unit="", now=now)
        User.objects.filter(pk=second.pk).update(identity=desk.identity)
        with pytest.raises(rules.NotYours):
            services.invite_again("second", by=acting(desk), now=now)

    def test_refuses_somebody_without_rights(self, neighbourhood: Neighbourhood) -> None:
        now = timezone.now()
        services.add_user("idle", name="闲人", by=acting(neighbourhood.city_desk), now=now)
        with pytest.raises(NotHere):
            services.invite_again("idle", by=acting(neighbourhood.city_desk), now=now)


class TestSignInName:
    def test_is_one_whatever_its_case(self, token: str, neighbourhood: Neighbourhood) -> None:
        by, now = acting(neighbourhood.city_desk), timezone.now()
        with pytest.raises(rules.NameTaken):
            services.add_user("NewComer", name="别人", by=by, now=now)
        identity = neighbourhood.lead.identity
        with (
            pytest.raises(IntegrityError, match="sign_in_name_is_one_whatever_its_case"),
            transaction.atomic(),
        ):
            User.objects.create(username="NEWCOMER", identity=identity)


class TestTheCommand:
    def test_prints_a_link_that_works(self, neighbourhood: Neighbourhood) -> None:
        said = CliRunner().invoke(
            command, ["first", "--name", "魏青", "--role", "town_desk", "--area", TOWN, "--unit", "街道办"]
        )
        link = said.output.strip()
        assert (said.exit_code, link.partition("#")[0]) == (0, f"http://localhost:8000{URL}")
        assert browser().post(URL, fields(link.partition("#")[2])).status_code == 302

    def test_makes_a_new_link_for_someone_there(self, token: str) -> None:
        said = CliRunner().invoke(command, ["newcomer"])
        assert browser().post(URL, fields(said.output.strip().partition("#")[2])).status_code == 302

    @pytest.mark.parametrize(
        ("words", "reason"),
        [
            (["nobody"], "There is no nobody"),
            (["newcomer", "--name", "魏青", "--role", "lead", "--area", GARDEN], "newcomer exists"),
            (["other", "--name", "魏青"], "needs all three"),
            (["other", "--name", "魏青", "--role", "lead", "--area", "99/"], "There is no area 99/"),
            (["other", "--name", "魏青", "--role", "steward", "--area", TOWN], "fits the role"),
        ],
    )
    def test_says_what_is_wrong(self, token: str, words: list[str], reason: str) -> None:
        said = CliRunner().invoke(command, words)
        assert said.exit_code != 0
        assert reason in said.output

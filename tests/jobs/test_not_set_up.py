"""Commands whose database or settings are not right: one sentence that says what, where it was set, how to mend it."""

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DataError, connection, transaction

from haitang.config import settings
from haitang.jobs.database import answering
from tests.scratch import free_port, haitang

ADDRESS = "postgresql://USER:PASSWORD@HOST:PORT/NAME"
COMMANDS = ("migrate", "places", "demo", "invite zhang", "load a.csv --compound b", "verify-journal")


@pytest.fixture
def silent_url() -> Iterator[str]:
    """An address behind which nothing listens, with a password that nobody may print."""
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))  # bound and never listening: nobody else gets the port
        yield f"postgresql://a:hush@127.0.0.1:{held.getsockname()[1]}/x"


def refusal(words: str, status: int = 1, **changed: str) -> str:
    """The one line that a command says before it gives up."""
    done = haitang(*words.split(), **changed)
    assert done.returncode == status
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "Traceback" not in done.stdout
    assert "hush" not in done.stderr
    return done.stderr.strip()


class TestADatabaseThatDoesNotAnswer:
    @pytest.mark.parametrize("words", COMMANDS)
    def test_is_named_with_where_it_was_set(self, silent_url: str, words: str) -> None:
        said = refusal(words, HAITANG_DATABASE_URL=silent_url)
        assert said.startswith("Error: Can't reach the database that HAITANG_DATABASE_URL names: ")
        assert "Connection refused. Start that server, or correct the address" in said

    def test_is_all_that_check_health_can_say(self, silent_url: str) -> None:
        done = haitang("check-health", HAITANG_DATABASE_URL=silent_url)
        assert (done.returncode, done.stderr, len(done.stdout.splitlines())) == (1, "", 1)
        assert "NOT  database  Can't reach the database that HAITANG_DATABASE_URL names: " in done.stdout
        assert "Connection refused" in done.stdout

    def test_may_have_been_asked_for_with_an_option_it_does_not_know(self, silent_url: str) -> None:
        said = refusal("invite zhang", HAITANG_DATABASE_URL=f"{silent_url}?sslmodus=on")
        assert 'invalid connection option "sslmodus". Start that server, or correct the address' in said


class TestADatabaseWithoutTables:
    @pytest.mark.parametrize("words", ["places", "invite zhang", "verify-journal"])
    def test_leads_to_migrate(self, scratch_url: str, words: str) -> None:
        said = refusal(words, HAITANG_DATABASE_URL=scratch_url)
        assert said == "Error: The database's tables are missing or old: run `haitang migrate`."

    def test_leads_check_health_to_migrate(self, scratch_url: str) -> None:
        done = haitang("check-health", HAITANG_DATABASE_URL=scratch_url)
        assert done.returncode == 1
        assert (
            "NOT  journal   The database's tables are missing or old: run `haitang migrate`." in done.stdout
        )


def test_a_fault_of_ours_stays_a_fault(db: None) -> None:
    with pytest.raises(DataError), answering(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


class TestSettings:
    @pytest.mark.parametrize(
        ("words", "name", "value", "says"),
        [
            ("migrate", "HAITANG_DATABASE_URL", "postgresql://a:hush@h:99999/x", f"write {ADDRESS}"),
            ("check-health", "HAITANG_TIME_ZONE", "Asia/Nowhere", "is Asia/Nowhere, which is no time zone"),
            ("load a.csv --compound b", "HAITANG_PROXIES", "two", "is two: write how many proxies"),
        ],
    )
    def test_that_are_wrong_are_named(self, words: str, name: str, value: str, says: str) -> None:
        said = refusal(words, **{name: value})
        assert said.startswith(f"Error: {name} is ")
        assert says in said

    def test_that_are_wrong_are_named_before_anything_starts(self, tmp_path: Path) -> None:
        folder = tmp_path / "data"
        said = refusal(
            f"up --port {free_port()}",
            HAITANG_DATABASE_URL="",
            HAITANG_DATA=str(folder),
            HAITANG_PROXIES="two",
        )
        assert "is two: write how many proxies" in said
        assert not folder.exists()

    @pytest.mark.parametrize(
        "url",
        [
            "postgresql://a:b@h:x/n",
            "postgresql://a:b@h:-1/n",
            "postgresql://a:hush/word@h:5432/n",
            "postgresql://a:b@[h/n",
            "mysql://a:b@h/n",
            "h:5432",
        ],
    )
    def test_refuse_an_address_without_repeating_its_password(self, url: str) -> None:
        with pytest.raises(ImproperlyConfigured, match="HAITANG_DATABASE_URL is not") as no:
            settings.database(url)
        assert "hush" not in str(no.value)

    @pytest.mark.parametrize(
        ("url", "port"),
        [
            ("postgresql://a:b@h:5433/n", "5433"),
            ("postgres://h/n", ""),
            ("postgresql:///n?host=/run&port=5434", "5434"),
        ],
    )
    def test_take_an_address_of_any_usual_form(self, url: str, port: str) -> None:
        assert settings.database(url)["PORT"] == port

    @pytest.mark.parametrize("name", ["Asia", "../etc", "Asia/Nowhere", "上海"])
    def test_refuse_what_is_no_time_zone(self, name: str) -> None:
        with pytest.raises(ImproperlyConfigured, match="HAITANG_TIME_ZONE"):
            settings.time_zone(name)

    @pytest.mark.parametrize("number", ["two", "-1", "1.5", ""])
    def test_refuse_what_is_no_number_of_proxies(self, number: str) -> None:
        with pytest.raises(ImproperlyConfigured, match="HAITANG_PROXIES"):
            settings.proxies(number)

"""The clock's jobs: a worker knows when they are due, and they do what they say."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from haitang.accounts.models import Role
from haitang.jobs import clock
from haitang.registry.models import ImportState, JoinedList, LedgerImport, ListState
from tests.neighbourhood import Neighbourhood
from tests.reaching import as_superuser

MIDNIGHT_IN_CHINA = datetime(2026, 4, 13, 16, 0, tzinfo=UTC)
NOW = int(MIDNIGHT_IN_CHINA.timestamp())


def due(name: str) -> list[datetime]:
    """When a task is due in the day that begins at midnight in China."""
    registry = app.periodic_registry.periodic_tasks.values()
    task = next(task for task in registry if task.task.name == f"haitang.jobs.clock.{name}")
    cron: Any = task.croniter
    cron.set_current(start_time=NOW)
    times = [datetime.fromtimestamp(cron.get_next(ret_type=float), UTC) for _ in range(24)]
    return [time for time in times if time < MIDNIGHT_IN_CHINA + timedelta(days=1)]


class TestWorker:
    def test_loads_the_clock_by_itself(self) -> None:
        assert clock.__name__ in app.import_paths

    def test_forgets_files_every_hour(self) -> None:
        assert len(due("forget_files")) == 24

    def test_verifies_the_journal_once_a_night_while_china_sleeps(self) -> None:
        (only,) = due("verify_journal")
        assert timedelta(hours=1) < only - MIDNIGHT_IN_CHINA < timedelta(hours=5)


class TestForgetFiles:
    def test_drops_the_file_that_nobody_imported_within_a_day(self, neighbourhood: Neighbourhood) -> None:
        rows = [("old.csv", timedelta(hours=25)), ("new.csv", timedelta(hours=23))]
        for name, age in rows:
            LedgerImport.objects.create(
                compound=neighbourhood.garden,
                file_name=name,
                sha256="0" * 64,
                content=b"1,101",
                made_by=Role.COMMUNITY_DESK,
                made_at=MIDNIGHT_IN_CHINA - age,
            )
        assert clock.forget_files(timestamp=NOW) == 1
        assert LedgerImport.objects.get(state=ImportState.PREVIEWED).file_name == "new.csv"

    def test_forgets_what_a_list_says_after_a_day(self, neighbourhood: Neighbourhood) -> None:
        for name, age in (("old.csv", timedelta(hours=25)), ("new.csv", timedelta(hours=23))):
            JoinedList.objects.create(
                compound=neighbourhood.garden,
                kind="unit",
                file_name=name,
                content=b"1",
                matches=b"1",
                decisions=b"1",
                figures={"rows": 7},
                made_at=MIDNIGHT_IN_CHINA - age,
            )
        assert clock.forget_files(timestamp=NOW) == 1
        assert JoinedList.objects.get(state=ListState.OPEN).file_name == "new.csv"
        old = JoinedList.objects.get(file_name="old.csv")
        assert (old.content, old.matches, old.decisions, old.figures) == (None, None, None, {"rows": 7})
        assert clock.forget_files(timestamp=NOW) == 0


class TestVerifyJournal:
    def test_counts_the_rows_of_a_journal_that_holds(self, neighbourhood: Neighbourhood) -> None:
        assert clock.verify_journal(timestamp=NOW) > 10

    def test_fails_and_names_the_row_that_was_altered(
        self, neighbourhood: Neighbourhood, caplog: pytest.LogCaptureFixture
    ) -> None:
        with as_superuser(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(
                "UPDATE core_journalentry SET actor_label = 'somebody else' WHERE chain = %s AND seq = 1",
                [neighbourhood.garden.path],
            )
            cursor.execute("SET LOCAL session_replication_role = origin")
        with pytest.raises(clock.JournalBroken, match="1 flaws"):
            clock.verify_journal(timestamp=NOW)
        assert f"{neighbourhood.garden.path} row 1: altered" in caplog.text

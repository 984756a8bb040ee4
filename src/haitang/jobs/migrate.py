"""`haitang migrate`: bring the database's tables up to date."""

from typing import Any

import click
from django.core.management import call_command
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from haitang.jobs.database import answering, with_database

# Any number will do: it only keeps two servers from migrating one database at once.
ONE_AT_A_TIME = 0x4A17A46
ALIASES = ("keys", "default")  # names can only be sealed once there are keys


class QuietMigrate(DjangoMigrate):
    """Django's own command, moving our bar instead of printing its lines."""

    def __init__(self, bar: Any) -> None:
        super().__init__()
        self.bar = bar

    def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
        if action == "apply_success":
            self.bar.update(1)


def pending() -> int:
    """How many migrations the two databases lack. Raises click.ClickException if one can't be reached."""
    return sum(_pending(alias) for alias in ALIASES)


def _pending(alias: str) -> int:
    with answering():
        executor = MigrationExecutor(connections[alias])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def bring_up_to_date() -> int:
    """Apply what is pending, one process at a time; returns how many migrations that were."""
    if not pending():
        return 0
    with connection.cursor() as cursor:
        # The second server must outwait the first one's migrations, whatever they take.
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
    try:
        missing = pending()
        if missing:
            with click.progressbar(length=missing, label="Tables · 建表") as bar:
                for alias in ALIASES:
                    call_command(QuietMigrate(bar), database=alias, verbosity=0, interactive=False)
        return missing
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
            cursor.execute("RESET lock_timeout")


@click.command()
@with_database
def command() -> None:
    """Bring the database's tables up to date."""
    applied = bring_up_to_date()
    click.echo(f"{applied} migrations applied." if applied else "Nothing to do: the tables are up to date.")

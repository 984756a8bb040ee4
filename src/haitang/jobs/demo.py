"""`haitang demo`: fill an empty database with the invented neighbourhood and its story so far."""

import importlib
from datetime import datetime, timedelta

import click
from django.db import connection, transaction
from django.utils import timezone

from haitang.accounts import queries as accounts
from haitang.core import reach
from haitang.jobs.database import with_database
from haitang.jobs.migrate import bring_up_to_date
from haitang.registry import queries as registry

SEED = 2022
# Any number will do: it only keeps two commands from filling one database at once.
ONE_AT_A_TIME = 0x4A17A47


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing, without a word, where there are places already.")
@with_database
def command(if_empty: bool) -> None:
    """Fill an empty database with the invented neighbourhood, its people and three days of their story."""
    bring_up_to_date()
    with reach.within(reach.EVERYWHERE):
        is_filled = fill(seed=SEED, now=timezone.now())
    if is_filled:
        return
    if not (if_empty or accounts.is_demonstration()):
        raise click.ClickException(
            "This database holds places that are not the demonstration's: "
            "name an empty one with HAITANG_DATABASE_URL, or another folder with HAITANG_DATA."
        )
    if not if_empty:
        click.echo("Nothing to do: the demonstration is here already.")


@transaction.atomic
@transaction.atomic(using="keys")
def fill(*, seed: int, now: datetime) -> bool:
    """Tell the whole story up to `now` in an empty database, or nothing of it; whether the database was empty."""
    with connection.cursor() as cursor:
        # A second command must outwait the first, whatever it takes.
        cursor.execute("SET LOCAL lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    if not registry.is_empty():
        return False
    story = importlib.import_module("haitang.jobs.demonstration.story")
    neighbourhood = importlib.import_module("haitang.jobs.demonstration.neighbourhood").neighbourhood
    year = timezone.localtime(now).year
    moments = story.Story(neighbourhood(seed, year=year)).moments()
    with click.progressbar(moments, label="Demonstration · 演示") as bar:
        for hours, act in bar:
            act(now - timedelta(hours=hours))
    return True

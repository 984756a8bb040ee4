"""How fast a compound's ledger goes in, as a ratio to a bare COPY of the same rows: `python -m benchmarks.ledger`.

The file is the demonstration's: one XLSX of a compound in many handwritings. Each round imports it into an empty
compound the way a desk does (choose, preview, import) and is undone; the baseline copies the very rows that came
of it, sealed already, into the same tables of both databases, constraints and indexes, and is undone as well.
Runs on a private PostgreSQL of its own.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django
import psycopg

from haitang.config import embedded

FOLDER = Path(tempfile.mkdtemp(prefix="haitang-benchmark-"))
os.environ["DJANGO_SETTINGS_MODULE"] = "haitang.config.settings"
os.environ["HAITANG_DATA"] = str(FOLDER)
os.environ["HAITANG_DATABASE_URL"] = embedded.start(FOLDER)
django.setup()

# Models can be imported only from here on.
from django.core.management import call_command  # noqa: E402
from django.db import connections, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from haitang.config.settings import keys_address  # noqa: E402
from haitang.core import reach  # noqa: E402
from haitang.core.actor import operator  # noqa: E402
from haitang.jobs.demonstration import city  # noqa: E402
from haitang.jobs.demonstration.neighbourhood import neighbourhood  # noqa: E402
from haitang.registry import ledger, queries, services  # noqa: E402
from haitang.registry.models import Area, Household, Person  # noqa: E402
from haitang.vault.models import Findable, HouseholdKey  # noqa: E402

BY = operator("benchmark")
TABLES = {
    "default": (Household._meta.db_table, Person._meta.db_table),
    "keys": (HouseholdKey._meta.db_table, Findable._meta.db_table),
}
Rows = dict[str, dict[str, bytes]]


def import_file(compound: Area, content: bytes) -> None:
    now = timezone.now()
    given = services.preview_ledger(compound, content, name="ledger.xlsx", by=BY, now=now)
    services.preview(given.pk, by=BY)
    services.apply_ledger(given.pk, by=BY, now=now)


def load_file(compound: Area, content: bytes) -> None:
    """As `haitang load --area` does with each compound's part: read once, imported."""
    now = timezone.now()
    reading = ledger.read(content, "ledger.xlsx", this_year=now.year)
    services.apply_reading(compound, reading, name="ledger.xlsx", sha256="", by=BY, now=now)


def undone(act: Callable[[Area, bytes], None], compound: Area, content: bytes) -> float:
    """Seconds that `act` takes in transactions that are then rolled back."""
    with transaction.atomic(), transaction.atomic("keys"):
        start = time.perf_counter()
        act(compound, content)
        taken = time.perf_counter() - start
        transaction.set_rollback(True)
        transaction.set_rollback(True, "keys")
    return taken


def rows_of(compound: Area, content: bytes) -> Rows:
    """What an import leaves in each table, in COPY's own format; only the compound's buildings stay."""
    import_file(compound, content)
    found: Rows = {}
    for alias, tables in TABLES.items():
        found[alias] = {}
        with connections[alias].cursor() as cursor:
            for table in tables:
                with cursor.copy(f"COPY (SELECT * FROM {table}) TO STDOUT") as copy:
                    found[alias][table] = b"".join(bytes(piece) for piece in copy)
            for table in reversed(tables):
                cursor.execute(f"DELETE FROM {table}")
    return found


def copied(rows: Rows) -> float:
    """Seconds that a bare COPY of the same rows takes, by a superuser: rows behind the wall take none from others."""
    taken = 0.0
    for alias, tables in rows.items():
        address = (
            embedded.admin_url(FOLDER) if alias == "default" else keys_address(embedded.admin_url(FOLDER))
        )
        with psycopg.connect(address) as server:
            start = time.perf_counter()
            for table, content in tables.items():
                with server.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(content)
            server.execute("SET CONSTRAINTS ALL IMMEDIATE")
            taken += time.perf_counter() - start
            server.rollback()
    return taken


def measure(rounds: int) -> None:
    drawn = neighbourhood(2022)
    city.add_places(drawn, by=BY, now=timezone.now())
    compound = queries.area_at(city.compound_path(drawn.garden.site))
    content = city.ledger_file(drawn.garden, drawn.seed)
    rows = rows_of(compound, content)
    bare = statistics.median(copied(rows) for _ in range(rounds))
    people = rows["default"][Person._meta.db_table].count(b"\n")
    print("| way | people | s | rows a second | COPY s | COPY / way |\n|---|---:|---:|---:|---:|---:|")
    for way, act in {"a desk's: looked at, then imported": import_file, "loaded": load_file}.items():
        ours = statistics.median(undone(act, compound, content) for _ in range(rounds))
        rate = f"{people / ours:,.0f} | {bare:.2f} | {bare / ours:.2f}"
        print(f"| {way} | {people:,} | {ours:.2f} | {rate} |")


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    reader.add_argument("--rounds", type=int, default=5)
    chosen = reader.parse_args(arguments)
    for alias in ("keys", "default"):
        call_command("migrate", database=alias, verbosity=0)
    with reach.within(reach.EVERYWHERE):
        measure(chosen.rounds)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    finally:
        connections.close_all()
        embedded.stop(FOLDER)
        shutil.rmtree(FOLDER)

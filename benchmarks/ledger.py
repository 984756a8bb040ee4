"""How fast a compound's ledger goes in, as a ratio to a bare COPY of the same rows: `python -m benchmarks.ledger`.

The file is the demonstration's: one XLSX of a compound in many handwritings. Each round imports it into an empty
compound the way a desk does (choose, preview, import) and is undone; the baseline copies the very rows that came
of it into the same tables, constraints and indexes, and is undone as well. Runs on a private PostgreSQL of its own.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django

from haitang.config import embedded

FOLDER = Path(tempfile.gettempdir()) / "haitang-benchmark-ledger"
os.environ["DJANGO_SETTINGS_MODULE"] = "haitang.config.settings"
os.environ["HAITANG_DATA"] = str(FOLDER)
os.environ["HAITANG_DATABASE_URL"] = embedded.start(FOLDER)
django.setup()

# Models can be imported only from here on.
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from haitang.core.actor import operator  # noqa: E402
from haitang.jobs.demonstration import city  # noqa: E402
from haitang.jobs.demonstration.neighbourhood import neighbourhood  # noqa: E402
from haitang.registry import queries, services  # noqa: E402
from haitang.registry.models import Area, Household, Person  # noqa: E402

BY = operator("benchmark")
TABLES = (Household._meta.db_table, Person._meta.db_table)


def undone(act: Callable[[], None]) -> float:
    """Seconds that `act` takes in a transaction that is then rolled back."""
    with transaction.atomic():
        start = time.perf_counter()
        act()
        taken = time.perf_counter() - start
        transaction.set_rollback(True)
    return taken


def import_file(compound: Area, content: bytes) -> None:
    now = timezone.now()
    given = services.preview_ledger(compound, content, name="ledger.xlsx", by=BY, now=now)
    services.preview(given.pk, by=BY)
    services.apply_ledger(given.pk, by=BY, now=now)


def rows_of(compound: Area, content: bytes) -> dict[str, bytes]:
    """What an import leaves in each table, in COPY's own format."""
    found = {}
    with transaction.atomic(), connection.cursor() as cursor:
        import_file(compound, content)
        for table in TABLES:
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                found[table] = b"".join(bytes(piece) for piece in copy)
        transaction.set_rollback(True)
    return found


def copy_rows(rows: dict[str, bytes]) -> None:
    with connection.cursor() as cursor:
        for table, content in rows.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(content)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def measure(rounds: int) -> None:
    drawn = neighbourhood(2022)
    with transaction.atomic():
        city.add_places(drawn, by=BY, now=timezone.now())
        compound = queries.area_at(city.compound_path(drawn.garden.site))
        content = city.ledger_file(drawn.garden, drawn.seed)
        rows = rows_of(compound, content)
        imported = [undone(lambda: import_file(compound, content)) for _ in range(rounds)]
        copied = [undone(lambda: copy_rows(rows)) for _ in range(rounds)]
        transaction.set_rollback(True)
    ours, bare = statistics.median(imported), statistics.median(copied)
    people = rows[Person._meta.db_table].count(b"\n")
    print("| people | import s | rows a second | COPY s | COPY / import |\n|---:|---:|---:|---:|---:|")
    print(f"| {people:,} | {ours:.2f} | {people / ours:,.0f} | {bare:.2f} | {bare / ours:.2f} |")


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    reader.add_argument("--rounds", type=int, default=5)
    chosen = reader.parse_args(arguments)
    call_command("migrate", verbosity=0)
    measure(chosen.rounds)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    finally:
        connection.close()
        embedded.stop(FOLDER)

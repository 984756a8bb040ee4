"""`haitang check-health`: one line for each thing that must work, and an exit status for a monitor."""

from collections.abc import Callable

import click
from django.db import DatabaseError, connection

from haitang.jobs.database import in_words, with_database
from haitang.jobs.migrate import pending
from haitang.paper import FontsMissing, check_fonts
from haitang.vault import queries as vault

OLDEST_POSTGRES = 15
HEARTBEAT_SECONDS = 60

BEYOND_THE_WALL = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
VERSION = "SELECT current_setting('server_version_num')::int"
WORKER_SILENCE = "SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"
WAITING_JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at < now()"
LOOSE_HEADS = """
    SELECT count(*), count(*) FILTER (WHERE entry.hash IS DISTINCT FROM head.hash)
    FROM core_journalhead head
    LEFT JOIN core_journalentry entry ON entry.chain = head.chain AND entry.seq = head.seq
    WHERE head.seq > 0
"""


class Ill(Exception):
    """What is wrong and how to mend it."""


def database() -> str:
    (version,) = _row(VERSION)
    major = int(version or 0) // 10000
    if major < OLDEST_POSTGRES:
        raise Ill(f"PostgreSQL {major} is too old: use {OLDEST_POSTGRES} or newer.")
    return f"PostgreSQL {major} answers."


def wall() -> str:
    (is_beyond,) = _row(BEYOND_THE_WALL)
    if is_beyond:
        raise Ill(
            "The database's user is a superuser or has BYPASSRLS, whom no wall around rows about people holds back: "
            "use an ordinary user."
        )
    return "Rows about people are shown within one's reach only."


def keys() -> str:
    try:
        missing = set(vault.masters_in_use()) - vault.masters().keys()
    except ValueError as problem:
        raise Ill(str(problem)) from problem
    if missing:
        raise Ill("A master key is missing that opens compounds' keys: put it back into HAITANG_MASTER_KEYS.")
    return "The master keys that are in use are here."


def tables() -> str:
    missing = pending()
    if missing:
        raise Ill(f"{missing} migrations are missing: run `haitang migrate`.")
    return "All migrations are applied."


def worker() -> str:
    (silence,) = _row(WORKER_SILENCE)
    (waiting,) = _row(WAITING_JOBS)
    if silence is None or silence > HEARTBEAT_SECONDS:
        heard = (
            "has ever been heard from" if silence is None else f"has been heard from for {round(silence)} s"
        )
        raise Ill(f"No worker {heard}; {waiting} jobs wait: start `haitang up`.")
    return f"A worker was heard from {round(silence)} s ago; {waiting} jobs wait."


def journal() -> str:
    chains, loose = _row(LOOSE_HEADS)
    if loose:
        raise Ill(
            f"{loose} of {chains} journal chains don't end at their head: run `haitang verify-journal`."
        )
    return f"{chains} of {chains} journal chains end at their head."


def fonts() -> str:
    try:
        check_fonts()
    except FontsMissing as fault:
        raise Ill(str(fault)) from fault
    return "The fonts that papers are printed with are here."


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "tables": tables,
    "wall": wall,
    "keys": keys,
    "worker": worker,
    "journal": journal,
    "fonts": fonts,
}


def _row(query: str) -> tuple[float | None, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        row: tuple[float | None, ...] = cursor.fetchone()
        return row


def _look(check: Callable[[], str]) -> tuple[bool, str]:
    try:
        return True, check()
    except (Ill, click.ClickException) as problem:
        return False, str(problem)
    except DatabaseError as problem:
        return False, in_words(problem) or str(problem).strip().splitlines()[0]


@click.command()
@with_database
def command() -> None:
    """Say whether database, tables, worker, journal and fonts are well; exit status 1 if one is not.

    Where the database doesn't answer nothing else is looked at.
    """
    is_well = True
    for name, check in CHECKS.items():
        passed, words = _look(check)
        is_well = is_well and passed
        click.echo(f"{'ok ' if passed else 'NOT'}  {name:<9} {words}")
        if name == "database" and not passed:
            break
    raise SystemExit(0 if is_well else 1)

"""A pytest plugin: the PostgreSQL that tests run on, there before Django's settings are read.

HAITANG_TEST_DATABASE_URL names one, by a superuser; else the private server that Haitang brings along runs in a
temporary folder of this checkout for as long as a test session uses it. Either way tests have the rights of the
user `haitang`, as the product has: only `RESET ROLE` gives a test more.
"""

import base64
import hashlib
import os
import re
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg
import pytest
from psycopg import sql

from haitang.config import embedded, furnishing

CHECKOUT = Path(__file__).resolve().parent.parent
PREFIX = "haitang_"
OWNER = re.compile(
    r"_([0-9]+)(?:_gw[0-9]+)?(?:_keys)?$"
)  # gw: a worker of a session that runs on several cores
# Tests need speed and throw their data away; nothing else may run so.
CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "256MB"}


def folder() -> Path:
    """One for each checkout and user, so that sessions side by side share a server."""
    name = hashlib.sha256(f"{CHECKOUT} {os.geteuid()}".encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"haitang-tests-{name}"


def with_own_database(url: str) -> str:
    """`url` with a database name of this process: pytest-django creates and drops test_<name> beside it."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{PREFIX}{os.getpid()}"))


def as_user(url: str) -> str:
    """`url` with the rights of `haitang` in place of a superuser's."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=f"{parts.query}&options=-c%20role%3D{furnishing.USER}"))


def let_see(url: str) -> None:
    """Let tests see which connections wait."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"GRANT pg_read_all_stats TO {furnishing.USER}")


def drop_leftovers(url: str) -> None:
    """Drop the test databases of sessions that were killed on this machine."""
    with psycopg.connect(url, autocommit=True) as connection:
        names = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"test\\_{PREFIX}%"]
        ).fetchall()
        for (name,) in names:
            owner = OWNER.search(name)
            if owner and not psutil.pid_exists(int(owner[1])):
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def let_go() -> None:
    embedded.stop(folder())


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    given = os.environ.get("HAITANG_TEST_DATABASE_URL")
    is_worker = (
        "PYTEST_XDIST_WORKER" in os.environ
    )  # beside others, for whom the session has prepared the server
    os.environ.setdefault("HAITANG_SECRET_KEY", "of no worth: for tests only")
    os.environ.setdefault(
        "HAITANG_MASTER_KEYS", base64.b64encode(b"of no worth: for tests only 32 B").decode()
    )
    if not given:
        embedded.start(folder(), overrides=CARELESS)
        early_config.add_cleanup(let_go)
    url = given or embedded.admin_url(folder())
    if not is_worker:
        furnishing.furnish(url)
        let_see(url)
    if not (is_worker or given):  # on a given server they may be another machine's
        drop_leftovers(url)
    os.environ["HAITANG_DATABASE_URL"] = with_own_database(as_user(url))

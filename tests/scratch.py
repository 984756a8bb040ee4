"""An empty database of a test's own, and the real command on it: processes must see each other's commits."""

import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases
from psycopg import sql
from pytest_django import DjangoDbBlocker

HAITANG = [sys.executable, "-c", "from haitang.jobs.cli import main; main()"]


def environment(**changed: str) -> dict[str, str]:
    """This session's environment for a process beside it."""
    ours = {"DJANGO_SETTINGS_MODULE": "haitang.config.settings", "PYTHONPATH": os.pathsep.join(["src", "."])}
    return os.environ | ours | changed


def haitang(*words: object, **changed: str) -> subprocess.CompletedProcess[str]:
    """Run `haitang` with these words; `changed` are variables of its environment."""
    command = [*HAITANG, *(str(word) for word in words)]
    return subprocess.run(command, env=environment(**changed), capture_output=True, text=True, timeout=120)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def scratch_url() -> Iterator[str]:
    """The address of an empty database, dropped at the end."""
    url = urlsplit(os.environ["HAITANG_DATABASE_URL"])
    name = f"scratch_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield url._replace(path=f"/{name}").geturl()
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def migrated_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of pytest-django's database, which it makes only if some other test of the session needs one."""
    with django_db_blocker.unblock():
        is_there = connection.settings_dict["NAME"].startswith("test_")
        made = [] if is_there else setup_databases(verbosity=0, interactive=False, aliases={"default"})
    yield connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def own_database(migrated_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the migrated test database, which Django uses meanwhile; yields its URL."""
    # The process id at the end lets a later session drop what a killed one left.
    name = f"test_haitang_{uuid4().hex[:8]}_{os.getpid()}"
    url = os.environ["HAITANG_DATABASE_URL"]
    maintenance = urlunsplit(urlsplit(url)._replace(path="/postgres"))
    connections.close_all()
    with psycopg.connect(maintenance, autocommit=True) as admin:
        names = {"name": sql.Identifier(name), "template": sql.Identifier(migrated_database)}
        admin.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {template}").format(**names))
        connection.settings_dict["NAME"] = name
        try:
            with django_db_blocker.unblock():
                yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = migrated_database
            admin.execute(sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(**names))

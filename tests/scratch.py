"""An empty database of a test's own, and the real command on it: processes must see each other's commits."""

import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases
from psycopg import sql
from pytest_django import DjangoDbBlocker

from haitang.core import reach

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
    """The address of an empty database, dropped at the end, with one for its keys beside it."""
    url = urlsplit(os.environ["HAITANG_DATABASE_URL"])
    name = f"scratch_{uuid.uuid4().hex[:12]}"
    with copies(url.geturl(), {name: "template1", f"{name}_keys": "template1"}):
        yield url._replace(path=f"/{name}").geturl()


@contextmanager
def copies(url: str, made: Mapping[str, str]) -> Iterator[None]:
    """Inside, there are databases by these names, each a copy of its template, on the server of `url`."""
    with psycopg.connect(urlsplit(url)._replace(path="/postgres").geturl(), autocommit=True) as server:
        try:
            for name, template in made.items():
                names = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
                server.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {template}").format(**names))
            yield
        finally:
            server.execute("SET ROLE NONE")
            for name in made:
                server.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                )


@pytest.fixture(scope="session")
def migrated_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of pytest-django's database, which it makes only if some other test of the session needs one."""
    with django_db_blocker.unblock():
        is_there = connection.settings_dict["NAME"].startswith("test_")
        made = [] if is_there else setup_databases(verbosity=0, interactive=False, aliases={*connections})
    yield connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def own_database(migrated_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A copy of the migrated test database, which Django uses meanwhile; yields its URL."""
    # The process id at the end lets a later session drop what a killed one left.
    name = f"test_haitang_{uuid4().hex[:8]}_{os.getpid()}"
    url = os.environ["HAITANG_DATABASE_URL"]
    settled = {one.alias: one.settings_dict["NAME"] for one in connections.all()}
    own = {"default": name, "keys": f"{name}_keys"}
    connections.close_all()
    with copies(url, {own[alias]: template for alias, template in settled.items()}):
        use(own)
        try:
            with django_db_blocker.unblock(), reach.within(reach.EVERYWHERE):
                yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            connections.close_all()
            use(settled)


def use(names: Mapping[str, str]) -> None:
    """Let Django's connections open these databases from now on."""
    for alias, name in names.items():
        connections[alias].settings_dict["NAME"] = name

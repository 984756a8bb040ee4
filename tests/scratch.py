"""An empty database of a test's own, and the real command on it: processes must see each other's commits."""

import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

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

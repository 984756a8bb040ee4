"""A real server on a database of its own, for tests that drive a browser.

While `server` is in use, this process's Django works on that database too (`tests.scratch`), so a test arranges
what it needs through services.
"""

import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connections

from tests.scratch import free_port

START_SECONDS = 30
# Once a browser runs, Playwright's event loop runs in this thread until the session ends. Every later test must
# still be allowed to query, and find the connections of this thread rather than those of that loop.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
connections._connections = threading.local()  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Server:
    """Where the server answers. Its name is `localhost`: passkeys work for names only."""

    url: str


@pytest.fixture
def server(own_database: str) -> Iterator[Server]:
    """A server process on the test's own database."""
    port = free_port()
    url = f"http://localhost:{port}"
    command = [sys.executable, "-m", "haitang.jobs.web", str(os.getpid()), "127.0.0.1", str(port), "1"]
    environment = os.environ | {"HAITANG_DATABASE_URL": own_database, "HAITANG_ORIGIN": url}
    process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(b"\n")
    process.stdin.close()
    try:
        wait_until_answering(process, url)
        yield Server(url)
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


def wait_until_answering(process: "subprocess.Popen[bytes]", url: str) -> None:
    patience = time.monotonic() + START_SECONDS
    while time.monotonic() < patience:
        assert process.poll() is None, "the server ended; its words are above"
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    pytest.fail(f"the server did not answer within {START_SECONDS} s")


@pytest.fixture(scope="session")
def base_url() -> None:
    """In place of pytest-playwright's, which pytest warns of: a server differs from test to test."""


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, object], server: Server) -> dict[str, object]:
    """Addresses begin at the server, pages are in English, and motion is off."""
    return browser_context_args | {"base_url": server.url, "locale": "en", "reduced_motion": "reduce"}

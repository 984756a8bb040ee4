"""A server killed while it puts an order in force leaves nothing of it, or everything."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from http.cookiejar import CookieJar
from itertools import cycle
from urllib.parse import urlencode, urlsplit, urlunsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import psycopg
import pytest
from psycopg import sql

from haitang.config.furnishing import USER
from tests.browser.conftest import wait_until_answering
from tests.scratch import free_port

pytestmark = pytest.mark.crash

DEMO = [sys.executable, "-c", "from haitang.jobs.cli import main; main()", "demo"]
KILLS = 20
DEMO_SECONDS, REQUEST_SECONDS, SETTLE_SECONDS = 90, 30, 15
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
TOWN_DESK = "SELECT user_id FROM accounts_demonstration WHERE role = 'town_desk' ORDER BY place LIMIT 1"
DRAFT = "SELECT id FROM incidents_order WHERE state = 'drafted'"
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)

# What confirming the order %(order)s changes, table by table.
CHANGES = {
    "state": "SELECT state FROM incidents_order WHERE id = %(order)s",
    "decided": "SELECT count(decided_at) FROM incidents_proposal WHERE order_id = %(order)s",
    "checklist": "SELECT count(*) FROM incidents_checklistitem WHERE order_id = %(order)s",
    "teams": "SELECT count(*) FROM teams_team WHERE order_id = %(order)s",
    "members": "SELECT count(*) FROM teams_member m JOIN teams_team t ON t.id = team_id WHERE order_id = %(order)s",
    "care": "SELECT count(c.steward_id) FROM teams_care c JOIN teams_team t ON t.id = team_id"
    " WHERE order_id = %(order)s",
    "plans": "SELECT count(*) FROM teams_coverageplan JOIN teams_team t ON t.id = team_id"
    " WHERE order_id = %(order)s",
    "rights": "SELECT count(DISTINCT user_id) FROM accounts_grant JOIN teams_team t ON cause = 'team:' || t.id"
    " WHERE order_id = %(order)s",
    "journal": "SELECT array_agg(DISTINCT act ORDER BY act) FROM core_journalentry"
    " WHERE at > (SELECT drafted_at FROM incidents_order WHERE id = %(order)s) AND starts_with(path,"
    " (SELECT a.path FROM incidents_order o JOIN registry_area a ON a.id = area_id WHERE o.id = %(order)s))",
    "loose heads": "SELECT count(*) FROM core_journalhead h LEFT JOIN core_journalentry e USING (chain, seq)"
    " WHERE h.seq > 0 AND h.hash IS DISTINCT FROM e.hash",
}
Found = dict[str, object]


@dataclass(frozen=True)
class Desk:
    """The town desk's browser: signed in, its cookies good on every copy of the demonstration."""

    browser: OpenerDirector
    order: str

    def token(self, url: str) -> str:
        """The secret that a form of this page carries."""
        with self.browser.open(url, timeout=REQUEST_SECONDS) as answer:
            found = TOKEN.search(answer.read().decode())
        assert found, f"no form on {url}"
        return found[1]

    def post(self, url: str, token: str) -> None:
        data = urlencode({"csrfmiddlewaretoken": token}).encode()
        with self.browser.open(url, data, timeout=REQUEST_SECONDS) as answer:
            answer.read()

    def post_to_the_dying(self, url: str, token: str) -> None:
        with suppress(OSError, HTTPException, urllib.error.URLError):
            self.post(url, token)


def address(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["HAITANG_DATABASE_URL"])._replace(path=f"/{name}"))


def on(url: str) -> dict[str, str]:
    """The environment of a process on this database; all copies share the demonstration's keys."""
    return os.environ | {"HAITANG_DATABASE_URL": url, "HAITANG_KEYS_URL": address(named("keys"))}


def name_of(what: str) -> sql.Identifier:
    # The process id at the end lets a later session drop what a killed one left.
    return sql.Identifier(named(what))


def named(what: str) -> str:
    return f"test_haitang_crash_{what}_{os.getpid()}"


def admin(statement: str, *, role: str = USER, **names: sql.Identifier) -> None:
    with psycopg.connect(address("postgres"), autocommit=True) as connection:
        connection.execute(f"SET ROLE {role}")
        connection.execute(sql.SQL(statement).format(**names))


@contextmanager
def database(what: str, template: str | None = None) -> Iterator[str]:
    """A database of that name, empty or copied; yields its URL and drops it in the end."""
    source = name_of(template) if template else sql.Identifier("template0")
    admin("CREATE DATABASE {name} TEMPLATE {source}", name=name_of(what), source=source)
    try:
        yield address(named(what))
    finally:
        admin("DROP DATABASE {name} WITH (FORCE)", name=name_of(what), role="NONE")


@dataclass(frozen=True)
class Server:
    """A server process on the database of that name, which may be made after it."""

    what: str
    url: str
    process: "subprocess.Popen[bytes]"


def start(what: str) -> Server:
    """Start a server in a process group of its own."""
    port = free_port()
    url = f"http://localhost:{port}"
    command = [sys.executable, "-m", "haitang.jobs.web", str(os.getpid()), "127.0.0.1", str(port), "1"]
    environment = on(address(named(what))) | {"HAITANG_ORIGIN": url}
    process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, start_new_session=True)
    assert process.stdin is not None
    process.stdin.write(b"\n")
    process.stdin.close()
    return Server(what, url, process)


@pytest.fixture
def take() -> Iterator[Callable[[], Server]]:
    """Takes a server, and starts the next meanwhile: that is what takes time. All are killed in the end."""
    names = cycle(("this", "that"))
    started = [start(next(names))]

    def one() -> Server:
        started.append(start(next(names)))
        return started[-2]

    yield one
    for each in started:
        kill(each.process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """SIGKILL the server and its worker at once."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def look(database_url: str, order: str) -> Found:
    """What is in the database, seen from a new connection once the server's own have ended."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        patience = time.monotonic() + SETTLE_SECONDS
        while connection.execute(OTHERS).fetchone() != (0,):
            assert time.monotonic() < patience, "the killed server's connection lives on"
            time.sleep(0.01)
        rows = {name: connection.execute(query, {"order": order}) for name, query in CHANGES.items()}
        return {name: rows[name].fetchone() for name in CHANGES}


@pytest.fixture
def desk() -> Iterator[Desk]:
    """The demonstration told once into a database, and the town desk signed in there by its door."""
    with database("keys"), database("demo") as url:
        subprocess.run(
            DEMO,
            env=on(url),
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=DEMO_SECONDS,
        )
        with psycopg.connect(url) as connection:
            (user,), (order,) = connection.execute(TOWN_DESK).fetchone(), connection.execute(DRAFT).fetchone()
        found = Desk(build_opener(HTTPCookieProcessor(CookieJar())), str(order))
        door = start("demo")
        wait_until_answering(door.process, door.url)
        found.post(f"{door.url}/sign-in/as/{user}/", found.token(f"{door.url}/sign-in/"))
        kill(door.process)
        look(url, found.order)
        yield found


def confirm(desk: Desk, server: Server, *, killed_after: float | None) -> tuple[float, Found]:
    """Confirm the order on a fresh copy and kill the server meanwhile: seconds until then, and what is left."""
    with database(server.what, template="demo") as url:
        wait_until_answering(server.process, server.url)
        page = f"{server.url}/orders/{desk.order}/"
        token = desk.token(page)
        asking = threading.Thread(target=desk.post_to_the_dying, args=(f"{page}confirm", token))
        began = time.perf_counter()
        asking.start()
        asking.join(killed_after)
        kill(server.process)
        took = time.perf_counter() - began
        asking.join()
        return took, look(url, desk.order)


def test_leaves_nothing_or_everything_wherever_it_is_killed(desk: Desk, take: Callable[[], Server]) -> None:
    _, nothing = confirm(desk, take(), killed_after=0)
    whole, everything = confirm(desk, take(), killed_after=None)
    assert (nothing["state"], nothing["teams"], nothing["journal"]) == (("drafted",), (0,), (None,))
    assert (everything["state"], everything["teams"], everything["care"]) == (("in_force",), (1,), (8,))
    assert all(nothing[name] != everything[name] for name in CHANGES.keys() - {"loose heads"})
    left = [confirm(desk, take(), killed_after=whole * i / KILLS)[1] for i in range(1, KILLS + 1)]
    assert [found for found in left if found not in (nothing, everything)] == []
    assert nothing in left

"""`haitang up`: the database, the server and the worker, started together and stopped together."""

import errno
import importlib
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import click

import haitang
from haitang.config import embedded
from haitang.jobs import database, supervisor

BUILT = Path(haitang.__file__).parent / "console" / "static" / "haitang" / "manifest.json"
HEALTHY_SECONDS = 60.0
DATABASE_LOOK_SECONDS = 5.0


def check_port(host: str, port: int) -> None:
    """Raises click.ClickException when `host`:`port` can't be listened on."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # Allows a port whose last connections still time out, but, unlike the server, no second listener.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            raise click.ClickException(
                f"Port {port} is taken: stop what uses it, or choose another with --port {port + 1} "
                f"(`make run PORT={port + 1}`).\n"
                f"端口 {port} 已被占用：停掉占用它的程序，或者加 --port {port + 1}（make run PORT={port + 1}）。"
            ) from problem
        raise click.ClickException(f"Can't listen on {host}:{port}: {problem.strerror}.") from problem


def check_built() -> None:
    """Raises click.ClickException when the pages' scripts and styles are missing."""
    if not BUILT.exists():
        raise click.ClickException(
            "The pages' scripts and styles are not built: run `make build`.\n"
            "页面资源还没构建：先运行 make build。"
        )


def children(host: str, port: int, workers: int) -> list[supervisor.Child]:
    """The server and the worker, both tied to this process."""
    me = str(os.getpid())
    python = [sys.executable, "-m"]
    return [
        supervisor.Child("server", [*python, "haitang.jobs.web", me, host, str(port), str(workers)]),
        supervisor.Child("worker", [*python, "haitang.jobs.worker", me]),
    ]


def is_answering(port: int, host: str) -> bool:
    """Whether the server says that it is alive."""
    place = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- read, not bound
    place = f"[{place}]" if ":" in place else place
    request = urllib.request.Request(f"http://{place}:{port}/healthz", headers={"Host": "localhost"})
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310 -- always http
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def serve(kept: Sequence[supervisor.Child], host: str, port: int, welcome: Sequence[str]) -> None:
    """Look after the children and the database until told to stop; greet once the server answers."""
    folder = database.private_folder()
    greeted, patience, look = False, time.monotonic() + HEALTHY_SECONDS, 0.0
    while True:
        time.sleep(0.1 if not greeted else supervisor.LOOK_SECONDS)
        now = time.monotonic()
        supervisor.look_after(kept, now, warn)
        if not greeted and is_answering(port, host):
            greeted = True
            click.echo("\n".join(welcome))
        elif not greeted and now > patience:
            patience = now + HEALTHY_SECONDS
            warn(f"The server has not answered for {HEALTHY_SECONDS:g} s; its messages above may say why.")
        if folder is not None and now > look:
            look = now + DATABASE_LOOK_SECONDS
            keep_database(folder)


def keep_database(folder: Path) -> None:
    """Start the private database again if somebody killed it."""
    if embedded.is_running(folder):
        return
    try:
        embedded.revive(folder)
        warn("The database had ended; it runs again.")
    except embedded.EmbeddedDatabaseError as problem:
        warn(f"The database has ended and does not start: {problem}")


def welcome_lines() -> list[str]:
    """The address, in a demonstration its people, and how to stop."""
    origin = os.environ["HAITANG_ORIGIN"]
    welcome = getattr(importlib.import_module("haitang.jobs.demonstration"), "welcome_lines", list)
    people: list[str] = welcome()
    return ["", f"海棠 Haitang   {origin}", *people, "", "Ctrl-C stops everything. 按 Ctrl-C 全部停止。", ""]


def warn(line: str) -> None:
    click.echo(line, err=True)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port.")
@click.option(
    "--workers",
    default=min(4, os.cpu_count() or 1),
    show_default=True,
    type=click.IntRange(1, 64),
    help="Server processes; one for each core to be used.",
)
@click.option(
    "--demo", is_flag=True, help="Fill the database with the invented neighbourhood if it is empty."
)
def command(host: str, port: int, workers: int, demo: bool) -> None:
    """Start the database, the server and the worker; Ctrl-C stops them all."""
    check_port(host, port)
    check_built()
    os.environ.setdefault("HAITANG_ORIGIN", f"http://localhost:{port}")
    database.check_settings()
    kept = children(host, port, workers)
    with supervisor.until_told_to_stop(), database.running(), supervisor.alive(kept):
        fill(demo=demo)
        # Read before anyone is served: from then on the database may end, and that must not end us.
        welcome = welcome_lines()
        for child in kept:
            child.give_word()
        serve(kept, host, port, welcome)


def fill(*, demo: bool) -> None:
    """Bring the tables up to date, and fill them with the demonstration if that is asked for."""
    database.prepare()
    importlib.import_module("haitang.jobs.migrate").bring_up_to_date()
    if demo:
        importlib.import_module("haitang.jobs.demo").command.main(["--if-empty"], standalone_mode=False)

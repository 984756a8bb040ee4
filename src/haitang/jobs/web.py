"""The web server: granian's master, and in each of its workers one Django."""

import importlib
import os
import sys
from collections.abc import Callable
from typing import Any

from django.db import connections
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from haitang.jobs import lifeline

MASTER = "HAITANG_WEB_MASTER"
STOP_SECONDS = 5


def application() -> Callable[..., Any]:
    """The WSGI application, tied to granian's master: called by granian in each worker."""
    lifeline.tie_to(int(os.environ[MASTER]))
    wsgi: Callable[..., Any] = importlib.import_module("haitang.config.wsgi").application
    return wsgi


def main(parent: int, host: str, port: int, workers: int) -> None:
    """Serve `host`:`port` for the process `parent`, from its word until it or this one ends."""
    lifeline.tie_to(parent)
    os.environ[MASTER] = str(os.getpid())
    # Loaded here once, forked workers find it loaded; a connection must not be among it.
    for module in ("haitang.config.wsgi", "haitang.config.urls"):
        importlib.import_module(module)
    connections.close_all()
    lifeline.wait_for_word()
    Granian(
        "haitang.jobs.web:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,
        factory=True,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    ).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))

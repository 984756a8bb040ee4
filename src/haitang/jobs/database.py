"""What a command needs before it may touch data: Django set up, and a PostgreSQL that runs."""

import functools
import importlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
import django
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from haitang.config import embedded

P = ParamSpec("P")
R = TypeVar("R")
OLD_TABLES = ("42P01", "42703")  # SQLSTATE: no such table, no such column
GONE = ("08", "57P")  # SQLSTATE's classes: the connection failed, the server ends or begins


@functools.cache
def private_folder() -> Path | None:
    """The folder of the private PostgreSQL, or None where HAITANG_DATABASE_URL names another server."""
    if os.environ.get("HAITANG_DATABASE_URL"):
        return None
    folder = embedded.data_folder()
    os.environ["HAITANG_DATABASE_URL"] = embedded.url(folder)
    return folder


def check_settings() -> None:
    """Read the settings and nothing more. Raises click.ClickException."""
    private_folder()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haitang.config.settings")
    with _settings_in_words():
        importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"])


def prepare() -> None:
    """Set up Django, without a connection. Raises click.ClickException."""
    check_settings()
    with _settings_in_words():
        django.setup()


@contextmanager
def _settings_in_words() -> Iterator[None]:
    try:
        yield
    except ImproperlyConfigured as problem:
        raise click.ClickException(str(problem)) from problem
    except OSError as problem:
        raise click.ClickException(
            f"Can't use {problem.filename} ({problem.strerror}): set HAITANG_DATA to a folder of your own."
        ) from problem


def in_words(problem: DatabaseError) -> str:
    """What whoever runs a command can mend: the database doesn't answer, or lacks tables; "" for a fault."""
    state = getattr(problem.__cause__, "sqlstate", None)
    if state in OLD_TABLES:
        return "The database's tables are missing or old: run `haitang migrate`."
    if state is not None and not state.startswith(GONE):
        return ""
    # psycopg tells of the last attempt first, then how many there were.
    reason = str(problem).strip().splitlines()[0].removeprefix("connection failed: ").rstrip(".")
    folder = private_folder()
    if folder is not None:
        return f"Can't reach the private database in {folder}: {reason}. Try again, or set HAITANG_DATA."
    return (
        f"Can't reach the database that HAITANG_DATABASE_URL names: {reason}. Start that server, or correct "
        "the address: postgresql://USER:PASSWORD@HOST:PORT/NAME."
    )


@contextmanager
def answering() -> Iterator[None]:
    """Inside, a database that doesn't answer or lacks tables is a click.ClickException that says so."""
    try:
        yield
    except DatabaseError as problem:
        words = in_words(problem)
        if not words:
            raise
        raise click.ClickException(words) from problem


@contextmanager
def running() -> Iterator[None]:
    """Inside, the database runs: the private one is started or joined, and stopped by the last who leaves."""
    folder = private_folder()
    if folder is None:
        yield
        return
    try:
        embedded.start(folder)
    except embedded.EmbeddedDatabaseError as problem:
        raise click.ClickException(str(problem)) from problem
    try:
        yield
    finally:
        try:
            embedded.stop(folder)
        except embedded.EmbeddedDatabaseError as problem:
            click.echo(f"{problem}", err=True)


def with_database(function: Callable[P, R]) -> Callable[P, R]:
    """Run a command's function inside running() and answering()."""

    @functools.wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        with running(), answering():
            return function(*args, **kwargs)

    return inside

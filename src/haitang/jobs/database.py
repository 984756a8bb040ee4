"""What a command needs before it may touch data: Django set up, and a PostgreSQL that runs."""

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
import django
from django.core.exceptions import ImproperlyConfigured

from haitang.config import embedded

P = ParamSpec("P")
R = TypeVar("R")


@functools.cache
def private_folder() -> Path | None:
    """The folder of the private PostgreSQL, or None where HAITANG_DATABASE_URL names another server."""
    if os.environ.get("HAITANG_DATABASE_URL"):
        return None
    folder = embedded.data_folder()
    os.environ["HAITANG_DATABASE_URL"] = embedded.url(folder)
    return folder


def prepare() -> None:
    """Set up Django, without a connection. Raises click.ClickException."""
    private_folder()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haitang.config.settings")
    try:
        django.setup()
    except ImproperlyConfigured as problem:
        raise click.ClickException(str(problem)) from problem
    except OSError as problem:
        raise click.ClickException(
            f"Can't use {problem.filename} ({problem.strerror}): set HAITANG_DATA to a folder of your own."
        ) from problem


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
    """Run a command's function inside running()."""

    @functools.wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        with running():
            return function(*args, **kwargs)

    return inside

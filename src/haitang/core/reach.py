"""The second wall: PostgreSQL shows rows about people only within the reach that is set on the connection.

The setting `haitang.reach` holds paths, each after a slash, a line each; unset or empty shows nothing.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

from haitang.core.actor import Act, Actor

WALL = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY within_reach ON {table}
    USING (('/' || path) ^@ ANY ((SELECT string_to_array(current_setting('haitang.reach', true), chr(10)))::text[]));
"""
NO_WALL = """
DROP POLICY within_reach ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
EVERYWHERE = ("",)

_paths: ContextVar[tuple[str, ...]] = ContextVar("reach", default=())


@contextmanager
def within(paths: Iterable[str]) -> Iterator[None]:
    """Inside, rows about people at or below `paths` are shown, and no others. Not for use inside a transaction
    that may fail: leaving asks the database."""
    inside, outside = tuple(paths), _paths.get()
    token = _paths.set(inside)
    _tell(inside)
    try:
        yield
    finally:
        _paths.reset(token)
        _tell(outside)


@contextmanager
def of(by: Actor) -> Iterator[None]:
    """Inside, rows about people are shown where `by` may look at a compound."""
    with within(by.reach(Act.VIEW_COMPOUND)):
        yield


def _tell(paths: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('haitang.reach', %s, false)", ["\n".join(f"/{p}" for p in paths)])

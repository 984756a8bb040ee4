"""What every test on a database has: both databases, and rows about people in sight of the test itself.

What a page sees is its reader's reach alone, whatever the test sees: the door sets it anew.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest
from django.db import connection, connections
from django.test import TestCase

from haitang.config.furnishing import USER
from haitang.core import reach

T = TypeVar("T")
DATABASE = {"db", "transactional_db", "django_db_reset_sequences"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests that use a database use both."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark is not None or DATABASE & set(getattr(item, "fixturenames", ())):
            both = {"databases": ["default", "keys"], **(mark.kwargs if mark else {})}
            item.add_marker(pytest.mark.django_db(**both), append=False)


@pytest.fixture(autouse=True)
def _sight(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
    elif not issubclass(request.cls or object, TestCase):
        yield
        return
    with reach.within(reach.EVERYWHERE):
        yield


@contextmanager
def as_superuser() -> Iterator[None]:
    """Inside, this test's connection may do anything; nothing of the product ever may."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        try:
            yield
        finally:
            cursor.execute(f"SET ROLE {USER}")


def in_a_thread(act: Callable[[], T]) -> T:
    """What `act` gives on the connections of a thread of its own, which are closed in the end."""
    try:
        with reach.within(reach.EVERYWHERE):
            return act()
    finally:
        connections.close_all()

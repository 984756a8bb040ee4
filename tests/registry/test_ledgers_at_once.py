"""Two imports at once, on two connections: the second waits for the first and counts what it wrote."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.utils import timezone

from haitang.registry import services
from haitang.registry.models import Area, LedgerImport, Person
from tests.neighbourhood import GARDEN, HEADINGS, OPERATOR, SIBLING, TOWN, at, build, residents
from tests.reaching import in_a_thread

NEW = f"{HEADINGS}\n1,901,何年,13900000777,20,男,,\n"
WAITERS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def previewed(path: str) -> LedgerImport:
    return services.preview_ledger(at(path), NEW.encode(), name="ledger.csv", by=OPERATOR, now=timezone.now())


def apply(given: LedgerImport) -> LedgerImport:
    return services.apply_ledger(given.pk, by=OPERATOR, now=timezone.now())


class Beside(threading.Thread):
    """Something done on a connection of its own; `failed` is what it raised."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.act, self.failed = act, ""

    def run(self) -> None:
        try:
            in_a_thread(self.act)
        except Exception as problem:
            self.failed = repr(problem)

    def wait_until_it_waits(self) -> None:
        """For a lock that this connection holds, or until it has ended."""
        deadline = time.monotonic() + 20
        while self.is_alive():
            with connection.cursor() as cursor:
                cursor.execute(WAITERS)
                if cursor.fetchone() != (0,):
                    return
            assert time.monotonic() < deadline
            time.sleep(0.02)


def import_both(first: str, second: str) -> str:
    """Import into `first`, and meanwhile into `second`; what the second raised, if it did."""
    one, other = previewed(first), previewed(second)
    beside = Beside(lambda: apply(other))
    with transaction.atomic():
        apply(one)
        beside.start()
        beside.wait_until_it_waits()
    beside.join(20)
    assert not beside.is_alive()
    return beside.failed


@pytest.mark.usefixtures("own_database")
class TestTwoImportsAtOnce:
    def test_below_one_community_leave_its_sum_right(self) -> None:
        build()
        assert import_both(GARDEN, SIBLING) == ""
        for path in (f"{TOWN}101/", TOWN, "32/"):
            living = Person.objects.filter(compound__path__startswith=path).count()
            assert Area.objects.get(path=path).people == living

    def test_into_one_compound_write_each_person_once(self) -> None:
        build()
        assert import_both(GARDEN, GARDEN) == ""
        assert len(residents("何年", at(GARDEN))) == 1
        last = LedgerImport.objects.filter(compound=at(GARDEN)).latest("id")
        assert (last.figures["people"], last.figures["same"]) == (0, 1)

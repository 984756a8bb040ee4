"""Two people who do the same at the same moment: it happens once, and nobody sees a fault."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import pytest
from django.db import connection, transaction
from django.utils import timezone

from haitang.accounts import rules, services
from haitang.accounts.models import Grant, Identity, Role, User
from haitang.core.journal import chain_of
from haitang.core.models import JournalEntry, JournalHead
from haitang.core.refusal import Refused
from tests.neighbourhood import GARDEN, Neighbourhood, acting, build
from tests.reaching import in_a_thread

WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
PATIENCE = 2.0
T = TypeVar("T")


@pytest.fixture
def n(own_database: str) -> Iterator[Neighbourhood]:
    """The neighbourhood in a database that several connections can see."""
    yield build()


def waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return int(cursor.fetchone()[0])


def at_once(act: Callable[[], T]) -> list[T | Refused]:
    """What two threads got from `act`, each held up half-way until neither gets further."""

    def tried() -> T | Refused:
        try:
            return in_a_thread(act)
        except Refused as no:
            return no

    with ThreadPoolExecutor(2) as threads:
        with transaction.atomic():
            JournalHead.objects.select_for_update().get(pk=chain_of(GARDEN))
            running = [threads.submit(tried) for _ in range(2)]
            end = time.monotonic() + PATIENCE
            while waiting() < 2 and time.monotonic() < end:
                time.sleep(0.01)
        return [thread.result() for thread in running]


def give(n: Neighbourhood) -> Grant:
    return services.give_grant(
        n.volunteer, role=Role.LEAD, area=n.garden, by=acting(n.community_desk), now=timezone.now()
    )


def invite(n: Neighbourhood, username: str) -> str:
    _, token = services.invite_user(
        username,
        name="魏青",
        unit="",
        role=Role.LEAD,
        area=n.garden,
        by=acting(n.community_desk),
        now=timezone.now(),
    )
    return token


class TestInvitingTwoOfOneNameAtOnce:
    def test_takes_the_name_once(self, n: Neighbourhood) -> None:
        names = iter(["newcomer", "NewComer"])
        answers = at_once(lambda: invite(n, next(names)))
        assert sorted(map(type, answers), key=str) == [rules.NameTaken, str]
        user = User.objects.get(username__iexact="newcomer")
        assert user.grants.count() == 1
        assert Identity.objects.filter(name="魏青").count() == 1


class TestGivingTheSameRightAtOnce:
    def check_given_once(self, n: Neighbourhood) -> None:
        grants = at_once(lambda: give(n))
        held = Grant.objects.get(user=n.volunteer, role=Role.LEAD, ended_at=None)
        assert grants == [held, held]
        assert JournalEntry.objects.filter(act="grant.give", subject=str(held.pk)).count() == 1

    def test_gives_it_once(self, n: Neighbourhood) -> None:
        self.check_given_once(n)

    def test_gives_an_expired_one_anew_once(self, n: Neighbourhood) -> None:
        now = timezone.now()
        expired = give(n)
        Grant.objects.filter(pk=expired.pk).update(
            given_at=now - timedelta(days=2), until=now - timedelta(days=1)
        )
        self.check_given_once(n)
        assert JournalEntry.objects.filter(act="grant.end", subject=str(expired.pk)).count() == 1

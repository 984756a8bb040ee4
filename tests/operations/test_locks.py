"""Acts take their locks in one order (teams, order, journal), so that two of them queue instead of deadlocking."""

import threading

import psycopg
from django.db import connection, transaction
from django.utils import timezone

from haitang.core import journal
from haitang.incidents import services as incidents
from haitang.incidents.models import Order, OrderState
from haitang.operations import services
from tests.incidents.test_orders import drafted
from tests.neighbourhood import OPERATOR, Neighbourhood, acting, build
from tests.reaching import in_a_thread


def to_be_lifted(n: Neighbourhood) -> Order:
    """An order in force whose end waits for its second person."""
    order = drafted(n, lead=n.lead)
    services.confirm_order(order.pk, by=acting(n.town_desk), now=timezone.now())
    by, now = acting(n.colleague), timezone.now()
    incidents.propose_change(order.pk, OrderState.LIFTED, reason="清零", by=by, now=now)
    return order


def in_the_background(n: Neighbourhood, order: Order) -> threading.Thread:
    def lift() -> None:
        services.lift_order(order.pk, by=acting(n.town_desk), now=timezone.now())

    thread = threading.Thread(target=in_a_thread, args=(lift,))
    thread.start()
    return thread


def wait_for_a_lock(url: str) -> None:
    """Until some connection of the database waits for a lock."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with psycopg.connect(url, autocommit=True) as looking:
        while looking.execute(query).fetchone() == (0,):
            pass


def test_lifting_holds_up_nobody_else_while_it_waits_for_a_team(own_database: str) -> None:
    n = build()
    order = to_be_lifted(n)
    with psycopg.connect(own_database) as other:
        other.execute("SELECT 1 FROM teams_team FOR UPDATE")
        lifting = in_the_background(n, order)
        wait_for_a_lock(own_database)
        connection.cursor().execute("SET lock_timeout = '200ms'")
        with transaction.atomic():
            journal.record("household.read", n.garden, by=OPERATOR, at=timezone.now(), path=n.garden.path)
        other.rollback()
    lifting.join()
    order.refresh_from_db()
    assert order.state == OrderState.LIFTED

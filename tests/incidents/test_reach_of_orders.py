"""What a desk from elsewhere can neither do through the services nor read, whatever page asks."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from haitang.core.actor import Actor
from haitang.core.refusal import NotHere
from haitang.incidents import queries, services
from haitang.incidents.models import Order, OrderState
from tests.incidents.test_orders import BASIS, drafted
from tests.neighbourhood import Neighbourhood, acting

Try = Callable[[Order, Actor], object]


def draft(order: Order, by: Actor) -> Order:
    """A second order of the incident that goes on."""
    now = timezone.now()
    return services.draft_order(
        order.incident,
        area=order.area,
        level="controlled",
        legal_basis=BASIS,
        reason="降级",
        starts_at=now,
        review_at=now + timedelta(days=1),
        lead=None,
        by=by,
        now=now,
    )


def propose(order: Order, by: Actor) -> object:
    return services.propose_change(order.pk, OrderState.DROPPED, reason="查明", by=by, now=timezone.now())


def put_in_force(order: Order, by: Actor) -> Order:
    return services.put_in_force(order.pk, by=by, now=timezone.now())


def decline(order: Order, by: Actor) -> Order:
    return services.decline_change(order.pk, OrderState.IN_FORCE, by=by, now=timezone.now())


@pytest.fixture
def order(neighbourhood: Neighbourhood) -> Order:
    return drafted(neighbourhood)


def in_force(n: Neighbourhood, order: Order) -> Order:
    return services.put_in_force(order.pk, by=acting(n.town_desk), now=timezone.now())


class TestADeskFromElsewhere:
    @pytest.mark.parametrize("attempt", [draft, propose, put_in_force, decline])
    def test_does_nothing_that_a_desk_above_can_do(
        self, neighbourhood: Neighbourhood, order: Order, attempt: Try
    ) -> None:
        with pytest.raises(NotHere):
            attempt(order, acting(neighbourhood.stranger))
        assert Order.objects.get().state == OrderState.DRAFTED
        assert [(p.to_state, p.decided_at) for p in order.proposals.all()] == [(OrderState.IN_FORCE, None)]
        attempt(order, acting(neighbourhood.town_desk))

    def test_lifts_and_drops_nothing(self, neighbourhood: Neighbourhood, order: Order) -> None:
        n, now = neighbourhood, timezone.now()
        services.propose_change(order.pk, OrderState.DROPPED, reason="查明", by=acting(n.colleague), now=now)
        with pytest.raises(NotHere):
            services.drop_order(order.pk, by=acting(n.stranger), now=now)
        in_force(n, order)
        services.propose_change(order.pk, OrderState.LIFTED, reason="查明", by=acting(n.colleague), now=now)
        with pytest.raises(NotHere):
            services.lift_order(order.pk, by=acting(n.stranger), now=now)
        assert services.lift_order(order.pk, by=acting(n.town_desk), now=now).state == OrderState.LIFTED

    def test_joins_no_incident(self, neighbourhood: Neighbourhood, order: Order) -> None:
        n = neighbourhood
        for who in (n.community_desk, n.colleague, n.town_desk, n.city_desk):
            assert queries.open_incidents(by=acting(who)) == [order.incident]
            assert queries.incident(str(order.incident_id), by=acting(who)) == order.incident
        assert queries.open_incidents(by=acting(n.stranger)) == []
        assert queries.open_incidents(by=acting(n.lead)) == []
        with pytest.raises(NotHere):
            queries.incident(str(order.incident_id), by=acting(n.stranger))

    def test_counts_no_task(self, neighbourhood: Neighbourhood, order: Order) -> None:
        n, now = neighbourhood, timezone.now()
        in_force(n, order)
        there = queries.task_counts(by=acting(n.town_desk), now=now)
        assert there.all == there.open == order.checklist.count() > 0
        assert queries.task_counts(by=acting(n.town_desk), path=n.garden.path, now=now) == there
        assert queries.task_counts(by=acting(n.town_desk), path=n.sibling.path, now=now).all == 0
        assert queries.task_counts(by=acting(n.stranger), now=now).all == 0
        assert queries.task_counts(by=acting(n.stranger), path=n.garden.path, now=now).all == 0


def test_only_an_incident_around_or_within_ones_area_is_joined(neighbourhood: Neighbourhood) -> None:
    n = neighbourhood
    wide = drafted(n, by=n.city_desk).incident
    other = drafted(n, by=n.stranger, area=n.elsewhere).incident
    assert queries.open_incidents(by=acting(n.community_desk)) == [wide]
    assert queries.open_incidents(by=acting(n.stranger)) == [other, wide]

"""Who counts as a second person: nobody whose account the first one could have opened, and nobody of one unit."""

import pytest
from django.utils import timezone

from haitang.accounts import services as accounts
from haitang.accounts.models import Role, User
from haitang.core.actor import Actor
from haitang.incidents import queries, rules, services
from haitang.incidents.models import Order, OrderState
from tests.accounts.people import PASSWORD
from tests.incidents.test_orders import drafted
from tests.neighbourhood import OPERATOR, Neighbourhood, acting, employ


def invited(n: Neighbourhood, *, by: Actor) -> tuple[User, str]:
    """A new community desk of a unit of its own, and the link to its account."""
    return accounts.invite_user(
        "puppet",
        name="木偶",
        unit="木偶社",
        role=Role.COMMUNITY_DESK,
        area=n.community,
        by=by,
        now=timezone.now(),
    )


def accepted(n: Neighbourhood, *, by: Actor) -> User:
    """The same, once somebody chose the password."""
    _, token = invited(n, by=by)
    return accounts.accept_invitation(token, password=PASSWORD, now=timezone.now())


def can_decide(order: Order, user: User, to_state: OrderState = OrderState.IN_FORCE) -> bool:
    """Whether the order's page offers the decision to `user`."""
    choices = queries.choices(order, by=acting(user))
    return next(choice.may_decide for choice in choices if choice.to_state == to_state)


class TestWhoHandedTheLink:
    def test_is_no_second_person_to_whom_they_invited(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        order = drafted(n, by=accepted(n, by=acting(n.town_desk)))
        assert not can_decide(order, n.town_desk)
        with pytest.raises(rules.HandedTheLink):
            services.put_in_force(order.pk, by=acting(n.town_desk), now=now)
        with pytest.raises(rules.HandedTheLink):
            services.decline_change(order.pk, OrderState.IN_FORCE, by=acting(n.town_desk), now=now)

    def test_finds_no_second_person_in_whom_they_invited(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        puppet = accepted(n, by=acting(n.town_desk))
        order = drafted(n, by=n.town_desk)
        assert not can_decide(order, puppet)
        with pytest.raises(rules.HandedTheLink):
            services.put_in_force(order.pk, by=acting(puppet), now=now)

    def test_is_no_second_person_to_whom_they_gave_a_new_link(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        order = drafted(n)
        assert can_decide(order, n.town_desk)
        _, token = accounts.invite_again("community_desk", by=acting(n.town_desk), now=now)
        accounts.accept_invitation(token, password=PASSWORD, now=now)
        assert not can_decide(order, n.town_desk)
        with pytest.raises(rules.HandedTheLink):
            services.put_in_force(order.pk, by=acting(n.town_desk), now=now)

    def test_stays_so_after_a_newer_link(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        order = drafted(n, by=accepted(n, by=acting(n.town_desk)))
        accounts.invite_again("puppet", by=acting(n.city_desk), now=now)
        assert not can_decide(order, n.town_desk)

    def test_leaves_the_decision_to_anybody_else(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        order = drafted(n, by=accepted(n, by=acting(n.town_desk)))
        assert can_decide(order, n.city_desk)
        services.put_in_force(order.pk, by=acting(n.city_desk), now=now)

    def test_may_decide_while_nobody_used_the_link(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        puppet, _ = invited(n, by=acting(n.town_desk))
        assert can_decide(drafted(n, by=puppet), n.town_desk)

    def test_is_nobody_when_the_operator_made_it(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        order = drafted(n, by=accepted(n, by=OPERATOR))
        assert can_decide(order, n.town_desk)

    def test_is_nobody_when_the_operator_proposed_it(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        puppet = accepted(n, by=OPERATOR)
        order = drafted(n)
        services.propose_change(order.pk, OrderState.DROPPED, reason="查明", by=OPERATOR, now=now)
        assert can_decide(order, puppet, OrderState.DROPPED)


class TestWhoeverProposed:
    def test_does_not_decline_it_either(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        order = drafted(n)
        with pytest.raises(rules.NeedsSecondPerson):
            services.decline_change(order.pk, OrderState.IN_FORCE, by=acting(n.community_desk), now=now)
        with pytest.raises(rules.NeedsOtherUnit):
            services.decline_change(order.pk, OrderState.IN_FORCE, by=acting(n.colleague), now=now)
        assert order.proposals.get().decided_at is None
        services.decline_change(order.pk, OrderState.IN_FORCE, by=acting(n.town_desk), now=now)


class TestAUnit:
    @pytest.mark.parametrize("unit", ["社区卫生站", ""])
    def test_is_not_another_one_when_there_is_none(self, neighbourhood: Neighbourhood, unit: str) -> None:
        n, now = neighbourhood, timezone.now()
        other = employ("other", "白", Role.COMMUNITY_DESK, n.community, unit=unit, now=now)
        loner = employ("loner", "单", Role.COMMUNITY_DESK, n.community, unit="", now=now)
        assert can_decide(drafted(n, by=loner), other) == bool(unit)
        assert not can_decide(drafted(n, by=n.colleague), loner)

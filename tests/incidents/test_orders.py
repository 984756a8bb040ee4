"""An order takes two people, moves only as the table of states says, and refuses what makes no sense."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from haitang.accounts.models import Role, User
from haitang.core.models import JournalEntry
from haitang.core.refusal import Invalid, NotHere
from haitang.incidents import queries, rules, services
from haitang.incidents.models import Order, OrderState
from tests.neighbourhood import OPERATOR, Neighbourhood, acting, employ

BASIS = "《中华人民共和国传染病防治法》"


def drafted(n: Neighbourhood, *, by: User | None = None, **changed: Any) -> Order:
    """A sealing of the garden as its community desk would draft it."""
    now = timezone.now()
    given: dict[str, Any] = {
        "opens": "epidemic",
        "area": n.garden,
        "level": "sealed",
        "legal_basis": BASIS,
        "reason": "两人阳性",
        "starts_at": now,
        "review_at": now + timedelta(days=2),
        "lead": None,
    }
    return services.draft_order(None, **given | changed, by=acting(by or n.community_desk), now=now)


def test_every_state_is_in_the_table() -> None:
    assert set(rules.NEXT) == set(OrderState)
    assert all(after in rules.NEXT for states in rules.NEXT.values() for after in states)


class TestDrafting:
    def test_opens_the_incident_and_proposes_the_order(self, neighbourhood: Neighbourhood) -> None:
        order = drafted(neighbourhood)
        assert order.state == OrderState.DRAFTED
        assert order.incident.playbook == "epidemic"
        assert [p.to_state for p in queries.proposals(order)] == [OrderState.IN_FORCE]
        assert order.issuer == "海棠社区居委会"

    @pytest.mark.parametrize(
        ("field", "changed"),
        [
            ("level", {"level": "purple"}),
            ("reason", {"reason": "  "}),
            ("legal_basis", {"legal_basis": ""}),
            ("review_at", {"review_at": timezone.now() - timedelta(hours=1)}),
            ("review_at", {"review_at": timezone.now() + timedelta(days=300)}),
            ("starts_at", {"starts_at": timezone.now() - timedelta(days=9)}),
            ("incident", {"opens": "zombies"}),
        ],
    )
    def test_names_the_field_that_makes_no_sense(
        self, neighbourhood: Neighbourhood, field: str, changed: dict[str, Any]
    ) -> None:
        with pytest.raises(Invalid) as no:
            drafted(neighbourhood, **changed)
        assert field in no.value.errors

    def test_refuses_a_building(self, neighbourhood: Neighbourhood) -> None:
        with pytest.raises(Invalid) as no:
            drafted(neighbourhood, area=neighbourhood.buildings[0])
        assert "area" in no.value.errors

    def test_a_lead_drafts_nothing(self, neighbourhood: Neighbourhood) -> None:
        with pytest.raises(NotHere):
            drafted(neighbourhood, by=neighbourhood.lead)


class TestPuttingInForce:
    def test_takes_a_second_person(self, neighbourhood: Neighbourhood) -> None:
        order = drafted(neighbourhood)
        services.put_in_force(order.pk, by=acting(neighbourhood.town_desk), now=timezone.now())
        order.refresh_from_db()
        assert order.state == OrderState.IN_FORCE
        assert order.checklist.count() > 10
        assert JournalEntry.objects.filter(act="order.confirm", subject=str(order.pk)).count() == 1

    def test_refuses_whoever_drafted_it(self, neighbourhood: Neighbourhood) -> None:
        order = drafted(neighbourhood)
        with pytest.raises(rules.NeedsSecondPerson):
            services.put_in_force(order.pk, by=acting(neighbourhood.community_desk), now=timezone.now())

    def test_refuses_a_colleague_of_the_same_unit(self, neighbourhood: Neighbourhood) -> None:
        order = drafted(neighbourhood)
        with pytest.raises(rules.NeedsOtherUnit):
            services.put_in_force(order.pk, by=acting(neighbourhood.colleague), now=timezone.now())

    def test_refuses_a_second_account_of_the_same_human_being(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        order = drafted(n)
        other = employ("second-account", "x", Role.TOWN_DESK, n.town, unit="another unit", now=now)
        other.identity = n.community_desk.identity
        other.save()
        with pytest.raises(rules.NeedsSecondPerson):
            services.put_in_force(order.pk, by=acting(other), now=now)

    def test_refuses_the_operator_who_is_nobody_in_particular(self, neighbourhood: Neighbourhood) -> None:
        order = drafted(neighbourhood)
        with pytest.raises(rules.NeedsSecondPerson):
            services.put_in_force(order.pk, by=OPERATOR, now=timezone.now())

    def test_lets_another_unit_of_the_same_area_decide(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        order = drafted(n)
        clinic = employ("clinic", "白", Role.COMMUNITY_DESK, n.community, unit="社区卫生站", now=now)
        assert services.put_in_force(order.pk, by=acting(clinic), now=now).state == OrderState.IN_FORCE

    def test_refuses_a_second_order_of_the_incident_on_the_same_area(
        self, neighbourhood: Neighbourhood
    ) -> None:
        n, now = neighbourhood, timezone.now()
        first = drafted(n)
        services.put_in_force(first.pk, by=acting(n.town_desk), now=now)
        again = services.draft_order(
            first.incident,
            area=n.garden,
            level="controlled",
            legal_basis=BASIS,
            reason="降级",
            starts_at=now,
            review_at=now + timedelta(days=1),
            lead=None,
            by=acting(n.community_desk),
            now=now,
        )
        with pytest.raises(rules.AlreadyInForce):
            services.put_in_force(again.pk, by=acting(n.town_desk), now=now)

    def test_happens_once(self, neighbourhood: Neighbourhood) -> None:
        order = drafted(neighbourhood)
        services.put_in_force(order.pk, by=acting(neighbourhood.town_desk), now=timezone.now())
        with pytest.raises(rules.NotPossibleNow):
            services.put_in_force(order.pk, by=acting(neighbourhood.city_desk), now=timezone.now())

    def test_declining_leaves_a_draft_that_may_be_proposed_again(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        order = drafted(n)
        services.decline_change(order.pk, OrderState.IN_FORCE, by=acting(n.town_desk), now=now)
        with pytest.raises(rules.NobodyProposed):
            services.put_in_force(order.pk, by=acting(n.city_desk), now=now)
        services.propose_change(order.pk, OrderState.IN_FORCE, reason="", by=acting(n.colleague), now=now)
        assert services.put_in_force(order.pk, by=acting(n.town_desk), now=now).state == OrderState.IN_FORCE


class TestLiftingAndDropping:
    def test_lifting_takes_two_people_likewise(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        order = drafted(n)
        services.put_in_force(order.pk, by=acting(n.town_desk), now=now)
        with pytest.raises(rules.NobodyProposed):
            services.lift_order(order.pk, by=acting(n.town_desk), now=now)
        services.propose_change(order.pk, OrderState.LIFTED, reason="清零", by=acting(n.town_desk), now=now)
        with pytest.raises(rules.NeedsSecondPerson):
            services.lift_order(order.pk, by=acting(n.town_desk), now=now)
        assert services.lift_order(order.pk, by=acting(n.community_desk), now=now).state == OrderState.LIFTED
        assert not queries.published(language="en", now=now)

    def test_dropping_ends_what_else_was_proposed(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        order = drafted(n)
        services.propose_change(order.pk, OrderState.DROPPED, reason="", by=acting(n.colleague), now=now)
        services.drop_order(order.pk, by=acting(n.town_desk), now=now)
        order.refresh_from_db()
        assert order.state == OrderState.DROPPED
        assert not order.proposals.filter(decided_at=None).exists()

    def test_a_review_date_that_passes_is_overdue_for_all(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        order = drafted(n)
        services.put_in_force(order.pk, by=acting(n.town_desk), now=now)
        assert [view.state for view in queries.published(language="en", now=now)] == ["in_force"]
        later = now + timedelta(days=3)
        assert [view.state for view in queries.published(language="en", now=later)] == ["overdue"]

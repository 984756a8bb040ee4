"""An order takes two people, moves only as the table of states says, and refuses what makes no sense."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from haitang.accounts.models import Role, User
from haitang.core.models import JournalEntry
from haitang.core.refusal import Invalid, NotHere
from haitang.incidents import queries, rules, services
from haitang.incidents.models import Incident, Order, OrderState
from tests.neighbourhood import OPERATOR, Neighbourhood, acting, employ, sign_in

BASIS = "《中华人民共和国传染病防治法》"


def drafted(
    n: Neighbourhood, *, by: User | None = None, incident: Incident | None = None, **changed: Any
) -> Order:
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
    return services.draft_order(incident, **given | changed, by=acting(by or n.community_desk), now=now)


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
            (
                "starts_at",
                {
                    "starts_at": timezone.now() + timedelta(days=9),
                    "review_at": timezone.now() + timedelta(days=10),
                },
            ),
            ("legal_basis", {"legal_basis": "《中华人民共和国防洪法》"}),
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

    def test_names_no_person_as_issuer(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        lone = employ("lone", "单人", Role.COMMUNITY_DESK, n.community, unit="", now=now)
        assert drafted(n, by=lone).issuer == n.community.name

    def test_refuses_a_lead_who_holds_no_right_there(self, neighbourhood: Neighbourhood) -> None:
        with pytest.raises(Invalid) as no:
            drafted(neighbourhood, lead=neighbourhood.stranger)
        assert "lead" in no.value.errors

    def test_refuses_an_incident_that_goes_on_elsewhere_or_is_over(
        self, neighbourhood: Neighbourhood
    ) -> None:
        n, now = neighbourhood, timezone.now()
        order = drafted(n)
        with pytest.raises(Invalid) as no:
            drafted(n, by=n.town_desk, incident=order.incident, area=n.other_community)
        assert "incident" in no.value.errors
        services.put_in_force(order.pk, by=acting(n.town_desk), now=now)
        services.propose_change(order.pk, OrderState.LIFTED, reason="清零", by=acting(n.colleague), now=now)
        services.lift_order(order.pk, by=acting(n.town_desk), now=now)
        order.incident.refresh_from_db()
        assert order.incident.closed_at == now
        assert not queries.open_incidents(by=acting(n.community_desk))
        with pytest.raises(Invalid):
            drafted(n, incident=order.incident)

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

    def test_takes_the_place_of_the_order_that_holds_there(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        first = drafted(n)
        services.put_in_force(first.pk, by=acting(n.town_desk), now=now)
        done = first.checklist.order_by("place")[0]
        services.tick_task(done.pk, by=acting(n.lead), now=now)
        services.propose_change(first.pk, OrderState.LIFTED, reason="清零", by=acting(n.colleague), now=now)
        again = drafted(n, incident=first.incident, level="controlled", reason="降级")
        services.put_in_force(again.pk, by=acting(n.town_desk), now=now)
        first.refresh_from_db()
        again.refresh_from_db()
        assert (first.state, first.ended_at, again.succeeds) == (OrderState.LIFTED, now, first)
        assert not first.proposals.filter(decided_at=None).exists()
        assert [view.order for view in queries.published(language="en", now=now)] == [again]
        ticked = again.checklist.filter(key=done.key).values_list("done_at", "done_by")
        assert list(ticked) in ([], [(now, n.lead.name)])
        assert JournalEntry.objects.filter(act="order.give_way", subject=str(first.pk)).exists()

    def test_refuses_a_draft_that_lay_until_after_its_review(self, neighbourhood: Neighbourhood) -> None:
        order = drafted(neighbourhood)
        with pytest.raises(rules.ReviewPassed):
            services.put_in_force(order.pk, by=acting(neighbourhood.town_desk), now=order.review_at)
        order.refresh_from_db()
        assert order.state == OrderState.DRAFTED

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
        services.propose_change(order.pk, OrderState.IN_FORCE, reason="查明", by=acting(n.colleague), now=now)
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

    def test_lifting_and_dropping_need_a_reason(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        order = drafted(n)
        with pytest.raises(Invalid) as no:
            services.propose_change(order.pk, OrderState.DROPPED, reason=" ", by=acting(n.colleague), now=now)
        assert "reason" in no.value.errors

    def test_the_incident_goes_on_while_another_order_holds_or_waits(
        self, neighbourhood: Neighbourhood
    ) -> None:
        n, now = neighbourhood, timezone.now()
        order = drafted(n)
        services.put_in_force(order.pk, by=acting(n.town_desk), now=now)
        drafted(n, incident=order.incident, level="controlled")
        services.propose_change(order.pk, OrderState.LIFTED, reason="清零", by=acting(n.colleague), now=now)
        services.lift_order(order.pk, by=acting(n.town_desk), now=now)
        assert queries.open_incidents(by=acting(n.community_desk)) == [order.incident]

    def test_dropping_ends_what_else_was_proposed(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        order = drafted(n)
        services.propose_change(order.pk, OrderState.DROPPED, reason="查明", by=acting(n.colleague), now=now)
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


class TestAnOrderOnAWiderArea:
    """It holds in each compound below, so whoever works there sees it; only its desks change it."""

    def wide(self, n: Neighbourhood, *, in_force: bool) -> Order:
        order = drafted(n, by=n.town_desk, area=n.community)
        if in_force:
            services.put_in_force(order.pk, by=acting(n.city_desk), now=timezone.now())
        return order

    def test_is_seen_by_the_lead_of_a_compound_below(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        order, lead = self.wide(n, in_force=True), acting(n.lead)
        assert queries.order(order.pk, by=lead, language="en", now=now).order == order
        assert [view.order for view in queries.orders(by=lead, language="en", now=now)] == [order]
        assert queries.task_counts(by=lead, now=now).all == order.checklist.count() > 0
        client = sign_in(n.lead)
        page = client.get(f"/orders/{order.pk}/").content.decode()
        assert order.reason in page
        assert n.sibling.name not in page
        assert client.post(f"/tasks/{order.checklist.all()[0].pk}/done").status_code == 404

    def test_is_on_the_overview_of_an_area_below(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        order, desk = self.wide(n, in_force=True), acting(n.town_desk)
        found = queries.orders(by=desk, language="en", now=now, path=n.garden.path, state="in_force")
        assert [view.order for view in found] == [order]
        assert not queries.orders(by=desk, language="en", now=now, path=n.other_community.path)

    def test_is_not_seen_before_it_holds_nor_elsewhere(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        draft = self.wide(n, in_force=False)
        assert not queries.orders(by=acting(n.lead), language="en", now=now)
        assert sign_in(n.lead).get(f"/orders/{draft.pk}/").status_code == 404
        services.put_in_force(draft.pk, by=acting(n.city_desk), now=now)
        assert sign_in(n.stranger).get(f"/orders/{draft.pk}/").status_code == 404
        assert not queries.orders(by=acting(n.stranger), language="en", now=now)

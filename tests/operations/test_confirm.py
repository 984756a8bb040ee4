"""One order starts everything, one lift ends everything; what fails half-way leaves nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from haitang.accounts import queries as accounts
from haitang.accounts.models import Grant, Role
from haitang.core.actor import Act
from haitang.core.models import JournalEntry
from haitang.incidents import services as incidents
from haitang.incidents.models import ChecklistItem, Order, OrderState
from haitang.operations import services
from haitang.operations.queries import Show, State, compound_state
from haitang.relief import services as relief
from haitang.teams import queries as teams
from haitang.teams import services as team_services
from haitang.teams.models import Care, CoveragePlan, ReportIn, Team
from haitang.vault.models import HouseholdKey
from tests.incidents.test_orders import drafted
from tests.neighbourhood import OPERATOR, Neighbourhood, acting, resident


@pytest.fixture
def order(neighbourhood: Neighbourhood) -> Order:
    """A drafted sealing of the garden whose lead has another job."""
    return drafted(neighbourhood, lead=neighbourhood.lead)


def confirmed(n: Neighbourhood, order: Order) -> Team:
    services.confirm_order(order.pk, by=acting(n.town_desk), now=timezone.now())
    return Team.objects.get(order=order)


class TestConfirming:
    def test_forms_the_team_plans_coverage_and_opens_the_checklist(
        self, neighbourhood: Neighbourhood, order: Order
    ) -> None:
        team = confirmed(neighbourhood, order)
        cares = teams.cares(team)
        proof = teams.proof(team)
        assert [lead.name for lead in teams.leads(team)] == ["陈立"]
        assert len(cares) == 3
        assert all(care.steward and care.backup and care.steward != care.backup for care in cares)
        assert proof is not None and proof.is_optimal
        assert order.checklist.exists()

    def test_those_who_reported_in_come_first(self, neighbourhood: Neighbourhood, order: Order) -> None:
        n = neighbourhood
        person = resident("许念", n.garden)
        team_services.report_in(person.id, source="desk", by=acting(n.community_desk), now=timezone.now())
        team = confirmed(n, order)
        stewards = [row.member.name for row in teams.serving(team) if row.member.role == "steward"]
        assert "许念" in stewards

    def test_passes_over_helpers_whose_names_nobody_can_read_any_more(
        self, neighbourhood: Neighbourhood, order: Order
    ) -> None:
        lost = resident("许念", neighbourhood.garden)
        HouseholdKey.objects.filter(household=lost.household).delete()
        ReportIn.objects.create(
            person_id=lost.id, compound=neighbourhood.garden, source="desk", at=timezone.now()
        )
        team = confirmed(neighbourhood, order)
        assert team.members.exists() and not team.members.filter(person=lost.id).exists()

    def test_gives_a_steward_with_an_account_their_buildings(
        self, neighbourhood: Neighbourhood, order: Order
    ) -> None:
        n = neighbourhood
        team_services.report_in(n.steward.resident_id, source="desk", by=acting(n.lead), now=timezone.now())
        team = confirmed(n, order)
        mine = {care.building.path for care in teams.own_cares(n.steward.pk)}
        assert mine
        assert all(acting(n.steward).may(Act.READ_HOUSEHOLD, path) for path in mine)
        assert Grant.objects.filter(cause=f"team:{team.pk}", role=Role.STEWARD).count() == len(mine)

    def test_failing_half_way_leaves_nothing(
        self, neighbourhood: Neighbourhood, order: Order, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planner breaks down after the team has formed: not even the journal knows of it."""
        before = JournalEntry.objects.count()
        monkeypatch.setattr("haitang.teams.services.coverage.solved", _breaks_down)
        with pytest.raises(RuntimeError), transaction.atomic():
            services.confirm_order(order.pk, by=acting(neighbourhood.town_desk), now=timezone.now())
        order.refresh_from_db()
        assert order.state == OrderState.DRAFTED
        assert not any(table.objects.exists() for table in (Team, Care, CoveragePlan, ChecklistItem))
        assert JournalEntry.objects.count() == before

    def test_refuses_more_compounds_than_one_order_can_serve(
        self, neighbourhood: Neighbourhood, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        n = neighbourhood
        wide = drafted(n, area=n.community)
        monkeypatch.setattr(services, "MOST_COMPOUNDS", 1)
        with pytest.raises(services.TooManyCompounds) as no:
            services.confirm_order(wide.pk, by=acting(n.town_desk), now=timezone.now())
        assert no.value.facts == {"compounds": 2, "most": 1}

    def test_an_order_on_a_community_forms_a_team_in_each_compound(
        self, neighbourhood: Neighbourhood
    ) -> None:
        n = neighbourhood
        wide = drafted(n, area=n.community)
        services.confirm_order(wide.pk, by=acting(n.town_desk), now=timezone.now())
        assert {team.compound.name for team in Team.objects.filter(order=wide)} == {"海棠花园", "望湖台"}


def _breaks_down(*args: object) -> dict[str, object]:
    raise RuntimeError("no plan")


class TestLifting:
    def test_stands_the_team_down_and_ends_the_rights_it_brought(
        self, neighbourhood: Neighbourhood, order: Order
    ) -> None:
        n, now = neighbourhood, timezone.now()
        team = confirmed(n, order)
        incidents.propose_change(order.pk, OrderState.LIFTED, reason="查明", by=acting(n.colleague), now=now)
        services.lift_order(order.pk, by=acting(n.town_desk), now=now)
        team.refresh_from_db()
        assert team.stood_down_at == now
        assert not Grant.objects.filter(cause=f"team:{team.pk}", ended_at=None).exists()
        assert teams.coverage(by=acting(n.community_desk)).buildings == 0


Change = Callable[[Neighbourhood, Team], object]


class TestTheElevation:
    def test_colours_doors_by_who_looks_after_the_building(
        self, neighbourhood: Neighbourhood, order: Order
    ) -> None:
        n, now = neighbourhood, timezone.now()
        before = compound_state(n.garden, show=Show.COVERED, now=now)
        assert set(before.counts) == {State.UNKNOWN}
        team = confirmed(n, order)
        assert set(compound_state(n.garden, show=Show.COVERED, now=now).counts) == {State.YES}
        care = teams.cares(team)[0]
        assert care.steward is not None
        team_services.mark_away(care.steward.pk, by=acting(n.lead), now=now)
        state = compound_state(n.garden, show=Show.COVERED, now=now)
        assert care.building.pk in {building.building.pk for building in state.gaps}
        assert state.counts[State.PART] > 0

    def test_tells_who_was_heard_from_and_who_is_silent_for_too_long(
        self, neighbourhood: Neighbourhood, order: Order
    ) -> None:
        n, now = neighbourhood, timezone.now()
        confirmed(n, order)
        heard = compound_state(n.garden, show=Show.CONTACT, now=now).buildings[0].doors[0]
        relief.record_contact(heard.id, source="visit", by=OPERATOR, now=now)
        states = compound_state(n.garden, show=Show.CONTACT, now=now).buildings[0].states
        assert states[heard.id] is State.YES
        assert State.UNKNOWN in states.values() and State.NO not in states.values()
        later = compound_state(n.garden, show=Show.CONTACT, now=now + timedelta(days=5))
        assert set(later.counts) == {State.NO}


def test_nobody_sees_a_team_they_may_not(neighbourhood: Neighbourhood, order: Order) -> None:
    confirmed(neighbourhood, order)
    stranger = accounts.actor_for(neighbourhood.stranger, now=timezone.now())
    assert teams.teams(by=stranger) == []
    assert teams.gaps(by=stranger) == []

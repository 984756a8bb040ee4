"""The lead moves, locks and plans again; the page says what changed and why."""

import ast
from pathlib import Path

import pytest
from django.utils import timezone

import haitang.planning.coverage
from haitang.accounts.models import Grant
from haitang.console.planning import REASONS, in_words
from haitang.core.actor import Act
from haitang.core.models import JournalEntry
from haitang.core.refusal import NotHere
from haitang.operations import services as operations
from haitang.registry import services as registry
from haitang.registry.models import Level, Person
from haitang.registry.services import NewArea
from haitang.teams import queries, rules, services
from haitang.teams.models import Care, Member, Team
from haitang.vault.models import HouseholdKey
from tests.incidents.test_orders import drafted
from tests.neighbourhood import (
    FEW_PEOPLE,
    GARDEN,
    HEADINGS,
    OPERATOR,
    Neighbourhood,
    acting,
    resident,
    sign_in,
)


@pytest.fixture
def team(neighbourhood: Neighbourhood) -> Team:
    """The garden's team as an order forms it."""
    order = drafted(neighbourhood, lead=neighbourhood.lead)
    operations.confirm_order(order.pk, by=acting(neighbourhood.town_desk), now=timezone.now())
    return Team.objects.get(order=order)


def care_of(team: Team, number: str) -> Care:
    return next(care for care in queries.cares(team) if care.building.code == number)


def other_steward(team: Team, care: Care) -> Member:
    return team.members.filter(role="steward", away_since=None, left_at=None).exclude(pk=care.steward_id)[0]


class TestMoving:
    def test_gives_the_building_and_keeps_it_when_planned_again(
        self, neighbourhood: Neighbourhood, team: Team
    ) -> None:
        lead, now = acting(neighbourhood.lead), timezone.now()
        care = care_of(team, "1")
        chosen = other_steward(team, care)
        services.move_building(team.pk, care.building_id, chosen.pk, by=lead, now=now)
        services.plan_coverage(team.pk, by=lead, now=now)
        again = care_of(team, "1")
        assert (again.steward_id, again.is_locked) == (chosen.pk, True)
        assert again.backup_id != chosen.pk

    def test_refuses_a_steward_who_is_away(self, neighbourhood: Neighbourhood, team: Team) -> None:
        lead, now = acting(neighbourhood.lead), timezone.now()
        care = care_of(team, "1")
        chosen = other_steward(team, care)
        services.mark_away(chosen.pk, by=lead, now=now)
        with pytest.raises(rules.StewardAway):
            services.move_building(team.pk, care.building_id, chosen.pk, by=lead, now=now)

    def test_refuses_the_lead_as_a_steward(self, neighbourhood: Neighbourhood, team: Team) -> None:
        lead = acting(neighbourhood.lead)
        member = queries.leads(team)[0]
        with pytest.raises(rules.NotASteward):
            services.move_building(
                team.pk, care_of(team, "1").building_id, member.pk, by=lead, now=timezone.now()
            )

    def test_refuses_more_buildings_than_agreed(self, neighbourhood: Neighbourhood, team: Team) -> None:
        lead, now = acting(neighbourhood.lead), timezone.now()
        chosen = other_steward(team, care_of(team, "1"))
        Member.objects.filter(pk=chosen.pk).update(most_buildings=1)
        services.move_building(team.pk, care_of(team, "1").building_id, chosen.pk, by=lead, now=now)
        with pytest.raises(rules.StewardFull) as no:
            services.move_building(team.pk, care_of(team, "2").building_id, chosen.pk, by=lead, now=now)
        assert no.value.facts == {"most": 1}

    def test_refuses_a_steward_of_another_team(self, neighbourhood: Neighbourhood, team: Team) -> None:
        n = neighbourhood
        order = drafted(n, area=n.sibling)
        operations.confirm_order(order.pk, by=acting(n.town_desk), now=timezone.now())
        person = Person.objects.filter(compound=n.sibling)[0]
        other = Team.objects.get(order=order)
        by = acting(n.community_desk)
        stranger = services.enlist(other.pk, person.pk, role="steward", by=by, now=timezone.now())
        with pytest.raises(rules.NotASteward):
            services.move_building(
                team.pk, care_of(team, "1").building_id, stranger.pk, by=by, now=timezone.now()
            )

    def test_gives_the_new_steward_the_right_and_takes_it_from_the_old(
        self, neighbourhood: Neighbourhood, team: Team
    ) -> None:
        n, now = neighbourhood, timezone.now()
        lead = acting(n.lead)
        mine = (
            services.enlist(team.pk, n.steward.resident_id, role="steward", by=lead, now=now)
            if (not team.members.filter(user=n.steward).exists())
            else team.members.get(user=n.steward)
        )
        care = care_of(team, "3")
        services.move_building(team.pk, care.building_id, mine.pk, by=lead, now=now)
        assert acting(n.steward).may(Act.READ_HOUSEHOLD, care.building.path)
        services.move_building(
            team.pk, care.building_id, other_steward(team, care_of(team, "3")).pk, by=lead, now=now
        )
        Care.objects.filter(backup=mine).update(backup=None)
        services.plan_coverage(team.pk, by=lead, now=now)
        held = {c.building_id for c in queries.own_cares(n.steward.pk)}
        for each in queries.cares(team):
            may = acting(n.steward).may(Act.READ_HOUSEHOLD, each.building.path)
            assert may == (each.building_id in held or each.building.code == "1")

    def test_tells_the_lead_when_a_steward_has_more_than_agreed(
        self, neighbourhood: Neighbourhood, team: Team
    ) -> None:
        care = care_of(team, "1")
        chosen = other_steward(team, care)
        Care.objects.filter(team=team).exclude(pk=care.pk).update(steward=chosen, backup=None)
        answer = sign_in(neighbourhood.lead).post(
            f"/teams/{team.pk}/move", {"building": care.building_id, "steward": chosen.pk}, follow=True
        )
        assert "3 buildings; 2 were agreed" in answer.content.decode()

    def test_refuses_the_steward_themselves(self, neighbourhood: Neighbourhood, team: Team) -> None:
        care = care_of(team, "1")
        with pytest.raises(NotHere):
            services.move_building(
                team.pk,
                care.building_id,
                other_steward(team, care).pk,
                by=acting(neighbourhood.steward),
                now=timezone.now(),
            )


class TestLocking:
    def test_refuses_more_locks_than_were_agreed(self, neighbourhood: Neighbourhood, team: Team) -> None:
        lead, now = acting(neighbourhood.lead), timezone.now()
        first, second = care_of(team, "1"), care_of(team, "2")
        chosen = first.steward
        assert chosen is not None
        Care.objects.filter(pk=second.pk).update(steward=chosen, backup=None)
        Member.objects.filter(pk=chosen.pk).update(most_buildings=1)
        services.lock_building(team.pk, first.building_id, by=lead, now=now)
        with pytest.raises(rules.StewardFull):
            services.lock_building(team.pk, second.building_id, by=lead, now=now)
        services.plan_coverage(team.pk, by=lead, now=now)
        services.unlock_building(team.pk, first.building_id, by=lead, now=now)
        assert not care_of(team, "1").is_locked

    def test_is_for_one_steward_and_passes_to_nobody_else(
        self, neighbourhood: Neighbourhood, team: Team
    ) -> None:
        lead, now = acting(neighbourhood.lead), timezone.now()
        care = care_of(team, "1")
        assert care.steward is not None
        services.lock_building(team.pk, care.building_id, by=lead, now=now)
        services.plan_coverage(team.pk, by=lead, now=now)
        assert care_of(team, "1").is_locked
        services.mark_away(care.steward.pk, by=lead, now=now)
        services.plan_coverage(team.pk, by=lead, now=now)
        again = care_of(team, "1")
        assert again.steward_id != care.steward_id
        assert not again.is_locked


class TestAway:
    def test_shows_a_gap_until_planned_again(self, neighbourhood: Neighbourhood, team: Team) -> None:
        lead, now = acting(neighbourhood.lead), timezone.now()
        gone = care_of(team, "1").steward
        assert gone is not None and not queries.gaps(by=lead)
        services.mark_away(gone.pk, by=lead, now=now)
        assert "1" in {care.building.code for care in queries.gaps(by=lead)}
        services.plan_coverage(team.pk, by=lead, now=now)
        assert care_of(team, "1").steward_id != gone.pk
        proof = queries.proof(team)
        assert proof is not None
        changed = [change for change in proof.changes if change.role == "steward"]
        assert {change.before for change in changed} >= {queries.name([gone])[0].name}
        assert all(change.why for change in in_words(proof).changes)

    def test_counts_for_nobody_elsewhere(self, neighbourhood: Neighbourhood, team: Team) -> None:
        gone = care_of(team, "1").steward
        assert gone is not None
        services.mark_away(gone.pk, by=acting(neighbourhood.lead), now=timezone.now())
        stranger, desk = acting(neighbourhood.stranger), acting(neighbourhood.city_desk)
        assert queries.gaps(by=desk) and not queries.gaps(by=stranger)
        assert queries.coverage(by=desk).buildings and not queries.coverage(by=stranger).buildings
        assert queries.coverage_by_compound(by=desk) and not queries.coverage_by_compound(by=stranger)
        assert not queries.gaps(by=desk, path=neighbourhood.sibling.path)

    def test_names_the_buildings_left_out_and_what_would_help(
        self, neighbourhood: Neighbourhood, team: Team
    ) -> None:
        lead, now = acting(neighbourhood.lead), timezone.now()
        for member in list(team.members.filter(role="steward"))[1:]:
            services.mark_away(member.pk, by=lead, now=now)
        services.plan_coverage(team.pk, by=lead, now=now)
        proof = queries.proof(team)
        assert proof is not None
        left_out = next(item for item in proof.unmet if item.what == "building")
        assert len(left_out.buildings) == 1
        told = in_words(proof).unmet[0]
        assert told.why and told.would_help


class TestJoiningAndLeaving:
    def test_a_helper_joins_and_leaves(self, neighbourhood: Neighbourhood, team: Team) -> None:
        lead, now = acting(neighbourhood.lead), timezone.now()
        person = resident("冯雨", neighbourhood.garden)
        if not team.members.filter(person=person.id).exists():
            services.enlist(team.pk, person.id, role="steward", by=lead, now=now)
        with pytest.raises(rules.AlreadyMember):
            services.enlist(team.pk, person.id, role="steward", by=lead, now=now)
        member = team.members.get(person=person.id)
        services.leave(member.pk, by=lead, now=now)
        assert not Care.objects.filter(steward=member).exists()
        assert JournalEntry.objects.filter(act="member.leave").count() == 1

    def test_a_building_whose_steward_left_is_planned_again(
        self, neighbourhood: Neighbourhood, team: Team
    ) -> None:
        client = sign_in(neighbourhood.lead)
        gone = care_of(team, "1").steward
        assert gone is not None
        Member.objects.filter(team=team).update(most_buildings=3)
        client.post(f"/members/{gone.pk}/leave")
        assert care_of(team, "1").steward is None
        assert client.post(f"/teams/{team.pk}/plan").status_code == 302
        assert care_of(team, "1").steward_id not in (None, gone.pk)

    def test_rights_end_with_the_one_who_leaves(self, neighbourhood: Neighbourhood, team: Team) -> None:
        n, now = neighbourhood, timezone.now()
        if not team.members.filter(user=n.steward).exists():
            services.enlist(team.pk, n.steward.resident_id, role="steward", by=acting(n.lead), now=now)
        mine = team.members.get(user=n.steward)
        care = care_of(team, "3")
        services.move_building(team.pk, care.building_id, mine.pk, by=acting(n.lead), now=now)
        services.leave(mine.pk, by=acting(n.lead), now=now)
        assert not acting(n.steward).may(Act.READ_HOUSEHOLD, care.building.path)
        assert not queries.own_cares(n.steward.pk)
        assert mine.person not in {row.member.person for row in queries.serving(team)}

    def test_a_member_is_no_candidate(self, neighbourhood: Neighbourhood, team: Team) -> None:
        on_team = {member.person_id for member in team.members.filter(left_at=None)}
        offered, helpers = queries.candidates(team)
        assert not on_team & {person.id for person in [*offered, *helpers]}

    def test_nobody_under_age_becomes_a_steward(self, neighbourhood: Neighbourhood, team: Team) -> None:
        child = resident("冯安", neighbourhood.garden)
        with pytest.raises(rules.TooYoung):
            services.enlist(
                team.pk, child.id, role="steward", by=acting(neighbourhood.lead), now=timezone.now()
            )

    def test_nobody_joins_whose_name_nobody_can_read_any_more(
        self, neighbourhood: Neighbourhood, team: Team
    ) -> None:
        lost = resident("冯雨", neighbourhood.garden)
        HouseholdKey.objects.filter(household=lost.household).delete()
        team.members.filter(person=lost.id).delete()
        with pytest.raises(NotHere):
            services.enlist(
                team.pk, lost.id, role="steward", by=acting(neighbourhood.lead), now=timezone.now()
            )

    def test_nobody_joins_from_another_compound(self, neighbourhood: Neighbourhood, team: Team) -> None:
        stranger = Person.objects.filter(compound=neighbourhood.sibling)[0]
        with pytest.raises(NotHere):
            services.enlist(
                team.pk, stranger.pk, role="steward", by=acting(neighbourhood.lead), now=timezone.now()
            )

    def test_nothing_changes_once_the_team_has_stood_down(
        self, neighbourhood: Neighbourhood, team: Team
    ) -> None:
        Team.objects.filter(pk=team.pk).update(stood_down_at=timezone.now())
        with pytest.raises(rules.TeamStoodDown):
            services.plan_coverage(team.pk, by=acting(neighbourhood.lead), now=timezone.now())
        assert not queries.own_cares(neighbourhood.steward.pk)

    def test_a_team_keeps_its_lead(self, neighbourhood: Neighbourhood, team: Team) -> None:
        with pytest.raises(rules.LeadStays):
            services.leave(queries.leads(team)[0].pk, by=acting(neighbourhood.lead), now=timezone.now())


class TestLeading:
    def test_a_desk_appoints_another_lead(self, neighbourhood: Neighbourhood, team: Team) -> None:
        n, now = neighbourhood, timezone.now()
        services.appoint_lead(team.pk, n.volunteer.pk, by=acting(n.town_desk), now=now)
        assert [lead.user for lead in queries.leads(team)] == [n.volunteer]
        assert acting(n.volunteer).may(Act.LEAD_TEAM, n.garden.path)
        assert not Grant.objects.filter(user=n.lead, cause=f"team:{team.pk}", ended_at=None).exists()
        before = JournalEntry.objects.count()
        services.appoint_lead(team.pk, n.volunteer.pk, by=acting(n.town_desk), now=now)
        assert JournalEntry.objects.count() == before

    def test_refuses_strangers_oneself_and_the_lead(self, neighbourhood: Neighbourhood, team: Team) -> None:
        n, now = neighbourhood, timezone.now()
        with pytest.raises(rules.CannotLead):
            services.appoint_lead(team.pk, n.stranger.pk, by=acting(n.town_desk), now=now)
        with pytest.raises(rules.AppointsThemselves):
            services.appoint_lead(team.pk, n.community_desk.pk, by=acting(n.community_desk), now=now)
        with pytest.raises(NotHere):
            services.appoint_lead(team.pk, n.volunteer.pk, by=acting(n.lead), now=now)

    def test_whoever_leads_is_not_a_steward_as_well(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        services.report_in(n.steward.resident_id, source="desk", by=acting(n.lead), now=now)
        order = drafted(n, lead=n.steward)
        operations.confirm_order(order.pk, by=acting(n.town_desk), now=now)
        held = Member.objects.filter(team__order=order, user=n.steward)
        assert [member.role for member in held] == ["lead"]


class TestTheDenominator:
    """What nobody counts, nobody misses."""

    def test_a_building_that_comes_later_is_a_gap_at_once_and_planned_next(
        self, neighbourhood: Neighbourhood, team: Team
    ) -> None:
        n, now = neighbourhood, timezone.now()
        fresh = registry.add_area(NewArea(GARDEN, Level.BUILDING, "4", "4", place=4), by=OPERATOR, now=now)
        given = registry.preview_ledger(
            n.garden, f"{HEADINGS}\n4,101,新户,,40,女,,\n".encode(), name="a.csv", by=OPERATOR, now=now
        )
        operations.import_ledger(given.pk, by=acting(n.community_desk), now=now)
        assert queries.coverage(by=acting(n.lead)) == queries.Coverage(covered=3, buildings=4)
        services.plan_coverage(team.pk, by=acting(n.lead), now=now)
        care = Care.objects.get(team=team, building=fresh)
        assert care.steward is not None
        proof = queries.proof(team)
        assert proof is not None and not [item for item in proof.unmet if item.reason_code == "too_far"]

    def test_a_compound_without_a_ledger_gets_its_team_with_the_ledger(
        self, neighbourhood: Neighbourhood
    ) -> None:
        n, now = neighbourhood, timezone.now()
        bare = registry.add_area(
            NewArea(n.community.path, Level.COMPOUND, "bare", "新园", lon=120.6, lat=31.3),
            by=OPERATOR,
            now=now,
        )
        order = drafted(n, area=bare)
        operations.confirm_order(order.pk, by=acting(n.town_desk), now=now)
        assert not Team.objects.filter(order=order).exists()
        given = registry.preview_ledger(bare, FEW_PEOPLE.encode(), name="a.csv", by=OPERATOR, now=now)
        operations.import_ledger(given.pk, by=acting(n.community_desk), now=now)
        team = Team.objects.get(order=order)
        assert team.cares.count() == 1

    def test_a_building_counts_once_where_two_orders_hold(
        self, neighbourhood: Neighbourhood, team: Team
    ) -> None:
        n, now = neighbourhood, timezone.now()
        flood = drafted(n, opens="flood", level="watch", legal_basis="《中华人民共和国防洪法》")
        operations.confirm_order(flood.pk, by=acting(n.town_desk), now=now)
        desk = acting(n.city_desk)
        assert Team.objects.filter(compound=n.garden, stood_down_at=None).count() == 2
        assert queries.coverage(by=desk).buildings == 3
        assert queries.coverage_by_compound(by=desk)[n.garden.pk].buildings == 3


def test_a_team_goes_on_under_the_order_that_continues_it(neighbourhood: Neighbourhood, team: Team) -> None:
    n, now = neighbourhood, timezone.now()
    before = {care.building_id: care.steward_id for care in queries.cares(team)}
    again = drafted(n, incident=team.order.incident, level="controlled", lead=n.volunteer)
    operations.confirm_order(again.pk, by=acting(n.town_desk), now=now)
    team.refresh_from_db()
    assert (team.order, team.stood_down_at) == (again, None)
    assert {care.building_id: care.steward_id for care in queries.cares(team)} == before
    assert [lead.user for lead in queries.leads(team)] == [n.volunteer]
    assert Team.objects.filter(compound=n.garden, stood_down_at=None).count() == 1


def test_every_reason_of_the_planner_has_words() -> None:
    codes = set()
    for path in Path(haitang.planning.coverage.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Said":
                codes.add(ast.literal_eval(node.args[0]))
    assert codes
    assert codes == set(REASONS)

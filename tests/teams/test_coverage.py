"""The lead moves, locks and plans again; the page says what changed and why."""

import ast
from pathlib import Path

import pytest
from django.utils import timezone

import haitang.planning.coverage
from haitang.console.planning import REASONS, in_words
from haitang.core.models import JournalEntry
from haitang.core.refusal import NotHere
from haitang.operations import services as operations
from haitang.registry.models import Person
from haitang.teams import queries, rules, services
from haitang.teams.models import Care, Member, Team
from tests.incidents.test_orders import drafted
from tests.neighbourhood import Neighbourhood, acting


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
        assert {change.before for change in changed} >= {gone.name}
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
        person = Person.objects.get(compound=neighbourhood.garden, name="冯雨")
        if not team.members.filter(person=person).exists():
            services.enlist(team.pk, person.pk, role="steward", by=lead, now=now)
        with pytest.raises(rules.AlreadyMember):
            services.enlist(team.pk, person.pk, role="steward", by=lead, now=now)
        member = team.members.get(person=person)
        services.leave(member.pk, by=lead, now=now)
        assert not Care.objects.filter(steward=member).exists()
        assert JournalEntry.objects.filter(act="member.leave").count() == 1

    def test_nobody_joins_from_another_compound(self, neighbourhood: Neighbourhood, team: Team) -> None:
        stranger = Person.objects.filter(compound=neighbourhood.sibling)[0]
        with pytest.raises(NotHere):
            services.enlist(
                team.pk, stranger.pk, role="steward", by=acting(neighbourhood.lead), now=timezone.now()
            )

    def test_a_team_keeps_its_lead(self, neighbourhood: Neighbourhood, team: Team) -> None:
        with pytest.raises(rules.LeadStays):
            services.leave(queries.leads(team)[0].pk, by=acting(neighbourhood.lead), now=timezone.now())


def test_every_reason_of_the_planner_has_words() -> None:
    codes = set()
    for path in Path(haitang.planning.coverage.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Said":
                codes.add(ast.literal_eval(node.args[0]))
    assert codes
    assert codes == set(REASONS)

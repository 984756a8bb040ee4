"""Rights: given, given until a day, given anew, ended."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from haitang.accounts import queries, rules, services
from haitang.accounts.models import Grant, Role, User
from haitang.console.sentences import sentence
from haitang.core.actor import Act
from haitang.core.models import JournalEntry
from haitang.core.refusal import NotHere
from tests.neighbourhood import Neighbourhood, acting, employ, sign_in

NOON = datetime(2026, 5, 4, 4, tzinfo=UTC)
DAY = timedelta(days=1)


def given(n: Neighbourhood, *, now: datetime = NOON, until: datetime | None = None) -> Grant:
    """The lead of the garden, given to the volunteer by the community desk."""
    by = queries.actor_for(n.community_desk, now=timezone.now())
    return services.give_grant(n.volunteer, role=Role.LEAD, area=n.garden, until=until, by=by, now=now)


def rows(grant: Grant) -> list[tuple[str, str]]:
    """What the journal says about a grant: acts and the day they name."""
    entries = JournalEntry.objects.filter(subject=str(grant.pk)).order_by("id")
    return [(entry.act, entry.facts.get("until", "")) for entry in entries]


def may_lead(n: Neighbourhood, now: datetime) -> bool:
    return queries.actor_for(n.volunteer, now=now).may(Act.LEAD_TEAM, n.garden.path)


class TestGivingAnew:
    def test_changes_nothing_when_it_is_the_very_same(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        grant = given(n, until=NOON + DAY)
        assert given(n, now=NOON + DAY / 2, until=NOON + DAY) == grant
        grant.refresh_from_db()
        assert grant.given_at == NOON
        assert [act for act, _ in rows(grant)] == ["grant.give"]

    def test_extends_and_shortens_a_right(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        grant = given(n, until=NOON + DAY)
        for until in (NOON + 3 * DAY, NOON + 2 * DAY, None):
            assert given(n, now=NOON + DAY / 2, until=until) == grant
            grant.refresh_from_db()
            assert grant.until == until
        assert [act for act, _ in rows(grant)] == ["grant.give", *["grant.change"] * 3]
        days = [datetime.fromisoformat(until) if until else None for _, until in rows(grant)]
        assert days == [NOON + DAY, NOON + 3 * DAY, NOON + 2 * DAY, None]

    @pytest.mark.parametrize("until", [None, NOON + 5 * DAY])
    def test_gives_an_expired_right_again(self, neighbourhood: Neighbourhood, until: datetime | None) -> None:
        n = neighbourhood
        old, later = given(n, until=NOON + DAY), NOON + 2 * DAY
        assert not may_lead(n, later)
        new = given(n, now=later, until=until)
        assert may_lead(n, later)
        old.refresh_from_db()
        assert (new.given_at, new.until, old.ended_at) == (later, until, later)
        assert new != old
        assert [act for act, _ in rows(old)] == ["grant.give", "grant.end"]
        assert [act for act, _ in rows(new)] == ["grant.give"]

    def test_gives_an_ended_right_again(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        services.end_grant(given(n).pk, by=acting(n.community_desk), now=NOON + DAY)
        given(n, now=NOON + 2 * DAY)
        assert may_lead(n, NOON + 3 * DAY)

    def test_reads_well_in_the_journal(self, neighbourhood: Neighbourhood) -> None:
        given(neighbourhood)
        given(neighbourhood, until=NOON + DAY)
        grant = given(neighbourhood)
        entries = JournalEntry.objects.filter(subject=str(grant.pk)).order_by("id")
        with translation.override("en"):
            assert [sentence(entry) for entry in entries] == [
                "volunteer was given the role team lead",
                "volunteer now holds the role team lead until 2026-05-05",
                "volunteer now holds the role team lead until somebody ends it",
            ]


class TestEnding:
    def test_is_in_the_journal_once(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        grant = given(n)
        for now in (NOON + DAY, NOON + 2 * DAY):
            services.end_grant(grant.pk, by=acting(n.community_desk), now=now)
        grant.refresh_from_db()
        assert grant.ended_at == NOON + DAY
        assert [act for act, _ in rows(grant)] == ["grant.give", "grant.end"]

    def test_refuses_what_a_team_brought(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        grant = given(n)
        Grant.objects.filter(pk=grant.pk).update(cause="team:1")
        with pytest.raises(rules.BroughtByATeam):
            services.end_grant(grant.pk, by=acting(n.community_desk), now=NOON + DAY)
        assert may_lead(n, NOON + DAY)

    def test_refuses_ones_own(self, neighbourhood: Neighbourhood) -> None:
        n, now = neighbourhood, timezone.now()
        second = employ("second", "陆岚", Role.LEAD, n.garden, unit="", now=now)
        User.objects.filter(pk=second.pk).update(identity=n.community_desk.identity)
        with pytest.raises(rules.NotYours):
            services.end_grant(second.grants.get().pk, by=acting(n.community_desk), now=now)
        assert acting(second).rights

    def test_refuses_what_this_desk_could_not_give(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        for who in (n.colleague, n.stranger, n.town_desk):
            with pytest.raises(NotHere):
                services.end_grant(who.grants.get().pk, by=acting(n.community_desk), now=timezone.now())
            assert acting(who).rights


class TestTheDaysOfARight:
    def test_it_holds_from_when_it_is_given_until_its_day(self, neighbourhood: Neighbourhood) -> None:
        n, moment = neighbourhood, timedelta(microseconds=1)
        grant = given(n, until=NOON + DAY)
        days = (NOON - moment, NOON, NOON + DAY - moment, NOON + DAY)
        assert [may_lead(n, now) for now in days] == [False, True, True, False]
        desk = queries.actor_for(n.city_desk, now=timezone.now())
        seen = [grant in queries.grants_within(by=desk, now=now) for now in days]
        assert seen == [False, True, True, False]

    @pytest.mark.parametrize(
        "days",
        [
            {"until": timezone.now() - DAY, "given_at": timezone.now() - 2 * DAY},
            {"given_at": timezone.now() + DAY},
        ],
        ids=["over", "to come"],
    )
    def test_outside_them_there_is_no_page_and_no_act(
        self, neighbourhood: Neighbourhood, days: dict[str, datetime]
    ) -> None:
        n = neighbourhood
        desk = sign_in(n.community_desk)
        assert desk.get("/rights/").status_code == 200
        Grant.objects.filter(user=n.community_desk).update(**days)
        assert desk.get("/rights/").status_code == 404
        with pytest.raises(NotHere):
            given(n)

    def test_an_account_that_was_closed_acts_no_more(self, neighbourhood: Neighbourhood) -> None:
        n = neighbourhood
        assert queries.user_by_id(n.lead.pk) == n.lead
        User.objects.filter(pk=n.lead.pk).update(is_active=False)
        assert queries.user_by_id(n.lead.pk) is None
        assert queries.user_named("lead") is None

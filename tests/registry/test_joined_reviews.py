"""Looking through a joined list: a row beside those whom it may mean, and what somebody decides."""

from uuid import uuid4

import pytest

from haitang.core.models import JournalEntry
from haitang.core.refusal import NotHere
from haitang.registry import queries, rules, services
from tests.neighbourhood import Neighbourhood, acting
from tests.registry.test_joined_lists import (
    CERTAIN,
    NAME_ONLY,
    NO_DOOR,
    NOW,
    OTHER,
    PHONE_ONLY,
    UNLISTED,
    decide,
    join,
    lose,
    person,
    standing,
)


class TestLooking:
    def test_shows_a_row_beside_its_candidates_and_writes_down_that_somebody_looked(
        self, neighbourhood: Neighbourhood
    ) -> None:
        given, by = join(neighbourhood), acting(neighbourhood.community_desk)
        found = services.look_at(given.pk, NAME_ONLY, by=by, now=NOW)
        assert found.row.name == "沈一鸣"
        assert [(one.name, why.evidence) for one, why in found.candidates] == [("沈一鸣", ("name_same",))]
        look = JournalEntry.objects.latest("id")
        assert (look.act, look.subject) == ("household.read", str(person("沈一鸣").household))

    def test_shows_no_row_that_nobody_needs_to_look_at(self, neighbourhood: Neighbourhood) -> None:
        given, by = join(neighbourhood), acting(neighbourhood.community_desk)
        for row in (CERTAIN, UNLISTED, 99):
            with pytest.raises(NotHere):
                services.look_at(given.pk, row, by=by, now=NOW)

    def test_leads_through_all_of_them(self, neighbourhood: Neighbourhood) -> None:
        given, by = join(neighbourhood), acting(neighbourhood.community_desk)
        order = standing(given).to_review
        first, second, third = (services.look_at(given.pk, row, by=by, now=NOW) for row in order)
        assert [(one.before, one.place, one.after) for one in (first, second, third)] == [
            (None, 1, order[1]),
            (order[0], 2, order[2]),
            (order[1], 3, order[0]),
        ]

    def test_leaves_out_whom_the_ledger_lost_meanwhile(self, neighbourhood: Neighbourhood) -> None:
        given, by = join(neighbourhood), acting(neighbourhood.community_desk)
        lose("冯雨")
        assert services.look_at(given.pk, OTHER, by=by, now=NOW).candidates == []


class TestDeciding:
    def test_takes_the_person_or_nobody_and_leads_on(self, neighbourhood: Neighbourhood) -> None:
        given = join(neighbourhood)
        assert decide(neighbourhood, given, NAME_ONLY, person("沈一鸣").id) in (OTHER, PHONE_ONLY)
        assert decide(neighbourhood, given, OTHER, None) == PHONE_ONLY
        assert decide(neighbourhood, given, PHONE_ONLY, None) is None
        found = standing(given)
        assert found.people[NAME_ONLY] == person("沈一鸣").id
        assert [row.number for row in found.unlisted] == [OTHER, UNLISTED, NO_DOOR, PHONE_ONLY]
        given.refresh_from_db()
        assert (given.figures["undecided"], given.figures["unlisted"]) == (0, 4)

    def test_may_be_decided_anew(self, neighbourhood: Neighbourhood) -> None:
        given = join(neighbourhood)
        decide(neighbourhood, given, NAME_ONLY, None)
        decide(neighbourhood, given, NAME_ONLY, person("沈一鸣").id)
        assert NAME_ONLY in standing(given).people

    def test_tells_the_journal_the_row_and_no_more(self, neighbourhood: Neighbourhood) -> None:
        given = join(neighbourhood)
        decide(neighbourhood, given, NAME_ONLY, person("沈一鸣").id)
        assert JournalEntry.objects.latest("id").facts == {"row": NAME_ONLY, "same": True}

    def test_refuses_somebody_whom_the_row_does_not_show(self, neighbourhood: Neighbourhood) -> None:
        given = join(neighbourhood)
        for who in (person("许念").id, uuid4()):
            with pytest.raises(rules.NotShown):
                decide(neighbourhood, given, NAME_ONLY, who)
        assert NAME_ONLY not in standing(given).decisions

    def test_refuses_a_row_that_is_not_looked_at(self, neighbourhood: Neighbourhood) -> None:
        with pytest.raises(NotHere):
            decide(neighbourhood, join(neighbourhood), CERTAIN, None)

    def test_is_not_for_a_desk_elsewhere(self, neighbourhood: Neighbourhood) -> None:
        given, by = join(neighbourhood), acting(neighbourhood.stranger)
        for act in (
            lambda: services.decide_row(given.pk, NAME_ONLY, person=None, by=by, now=NOW),
            lambda: services.look_at(given.pk, NAME_ONLY, by=by, now=NOW),
            lambda: services.finish_list(given.pk, by=by, now=NOW),
            lambda: services.compare_again(given.pk, by=by, now=NOW),
            lambda: services.add_unlisted(given.pk, by=by, now=NOW),
            lambda: services.forget_list(given.pk, by=by, now=NOW),
            lambda: queries.joined_list(given.pk, by=by),
        ):
            with pytest.raises(NotHere):
                act()
        assert queries.joined_lists(by=by) == []

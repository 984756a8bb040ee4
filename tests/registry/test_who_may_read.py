"""Reads of a room that check the reader's right themselves, whatever the page before them did."""

import pytest
from django.utils import timezone

from haitang.core.models import JournalEntry
from haitang.core.refusal import NotHere
from haitang.registry import queries, services
from haitang.registry.models import Household
from tests.neighbourhood import Neighbourhood, acting, household


class TestReadingAHousehold:
    @pytest.fixture
    def door(self, neighbourhood: Neighbourhood) -> Household:
        return household(neighbourhood.buildings[0], "101")

    def read(self, door: Household, neighbourhood: Neighbourhood, who: str) -> Household:
        by = acting(neighbourhood.people[who])
        return services.read_household(door.pk, by=by, now=timezone.now())

    def test_leaves_a_row_in_the_journal(self, door: Household, neighbourhood: Neighbourhood) -> None:
        assert self.read(door, neighbourhood, "steward") == door
        assert JournalEntry.objects.get(act="household.read").actor_label == neighbourhood.steward.name

    @pytest.mark.parametrize("who", ["stranger", "volunteer", "auditor"])
    def test_refuses_whoever_has_no_right_to_it(
        self, door: Household, neighbourhood: Neighbourhood, who: str
    ) -> None:
        with pytest.raises(NotHere):
            self.read(door, neighbourhood, who)
        assert not JournalEntry.objects.filter(act="household.read").exists()

    def test_refuses_a_steward_of_another_building(self, neighbourhood: Neighbourhood) -> None:
        with pytest.raises(NotHere):
            self.read(household(neighbourhood.buildings[1], "101"), neighbourhood, "steward")


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("community_desk", ["garden", "terrace"]),
        ("stranger", ["harbour"]),
        ("steward", []),
        ("volunteer", []),
        ("auditor", []),
    ],
)
def test_imports_are_those_in_reach(neighbourhood: Neighbourhood, who: str, seen: list[str]) -> None:
    found = queries.imports(by=acting(neighbourhood.people[who]))
    assert sorted(given.compound.code for given in found) == seen

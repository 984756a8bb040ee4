"""Counting a ledger: right up to the city, and each count made once even by a planner that knows nothing."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from haitang.registry import services
from haitang.registry.models import Area, Household, Person
from haitang.registry.services.places import COUNT_BUILDINGS
from tests.neighbourhood import Neighbourhood
from tests.reaching import as_superuser

# What PostgreSQL believes when it last looked at the tables while they were empty, as it may have during an import.
BELIEVES_ALL_EMPTY = """
UPDATE pg_class SET reltuples = 0, relpages = 1000
WHERE relname IN ('registry_area', 'registry_household', 'registry_person')
"""


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


class TestCounting:
    def test_counts_doors_and_people_of_each_area(self, neighbourhood: Neighbourhood) -> None:
        Area.objects.update(households=0, people=0)
        services.count_ledger(neighbourhood.garden)
        for building in Area.objects.filter(parent=neighbourhood.garden):
            assert building.households == Household.objects.filter(building=building).count() > 0
            assert building.people == Person.objects.filter(household__building=building).count() > 0
        garden = Area.objects.get(pk=neighbourhood.garden.pk)
        assert garden.people == Person.objects.filter(compound=garden).count()
        assert Area.objects.get(pk=neighbourhood.city.pk).people == garden.people

    def test_counts_once_and_not_for_every_area(self, neighbourhood: Neighbourhood) -> None:
        Area.objects.update(households=0, people=0)
        with as_superuser(), connection.cursor() as cursor:
            cursor.execute(BELIEVES_ALL_EMPTY)
            cursor.execute(
                f"EXPLAIN (ANALYZE, FORMAT JSON) {COUNT_BUILDINGS}", {"compound": neighbourhood.garden.pk}
            )
            [[plan]] = cursor.fetchone()
        counts = [node for node in nodes(plan["Plan"]) if node["Node Type"] == "Aggregate"]
        assert counts
        assert [node["Actual Loops"] for node in counts] == [1] * len(counts)

"""Writes to the area tree and its counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from haitang.core import journal, reach
from haitang.core.actor import Act, Actor
from haitang.registry import queries
from haitang.registry.models import Area

# Who is said to live somewhere counts like those known by name: the denominator is all who are there.
# Each count is made once, whatever the planner believes: just after an import it knows nothing of the new rows,
# and counting anew for every area of a city takes it hours.
COUNT_BUILDINGS = """
WITH homes AS MATERIALIZED (
    SELECT building_id, count(*) AS households FROM registry_household
    WHERE compound_id = %(compound)s GROUP BY building_id
), residents AS MATERIALIZED (
    SELECT h.building_id, count(*) AS people
    FROM registry_person p JOIN registry_household h ON h.id = p.household_id
    WHERE p.compound_id = %(compound)s GROUP BY h.building_id
), said AS MATERIALIZED (
    SELECT h.building_id, greatest(h.said_people - count(p.id), 0) AS unnamed
    FROM registry_household h LEFT JOIN registry_person p ON p.household_id = h.id
    WHERE h.compound_id = %(compound)s AND h.said_people IS NOT NULL GROUP BY h.id
), unnamed AS MATERIALIZED (
    SELECT building_id, sum(unnamed) AS people FROM said GROUP BY building_id
), counted AS MATERIALIZED (
    SELECT b.id, coalesce(homes.households, 0) AS households,
        coalesce(residents.people, 0) + coalesce(unnamed.people, 0) AS people
    FROM registry_area b LEFT JOIN homes ON homes.building_id = b.id
    LEFT JOIN residents ON residents.building_id = b.id
    LEFT JOIN unnamed ON unnamed.building_id = b.id
    WHERE b.parent_id = %(compound)s AND b.level = 'building'
)
UPDATE registry_area AS a SET households = c.households, people = c.people FROM counted AS c
WHERE a.id = c.id AND (a.households, a.people) IS DISTINCT FROM (c.households, c.people)
"""
COUNT_ABOVE = """
UPDATE registry_area AS a SET households = c.households, people = c.people
FROM (SELECT coalesce(sum(households), 0) AS households, coalesce(sum(people), 0) AS people
      FROM registry_area WHERE path LIKE %(below)s AND level = %(level)s) AS c
WHERE a.path = %(path)s
"""


@dataclass(frozen=True, slots=True)
class NewArea:
    """An area to be added below the one at `parent` (a path, empty for a city)."""

    parent: str
    level: str
    code: str
    name: str
    place: int = 0
    lon: float | None = None
    lat: float | None = None


@transaction.atomic
def add_areas(new: Iterable[NewArea], *, by: Actor, now: datetime) -> int:
    """Add areas, parents first; those whose path exists are left as they are. Returns how many came."""
    wanted = list(new)
    held = set(Area.objects.values_list("path", flat=True))
    fresh = [area for area in wanted if f"{area.parent}{area.code}/" not in held]
    for level_depth in sorted({area.parent.count("/") for area in fresh}):
        layer = [area for area in fresh if area.parent.count("/") == level_depth]
        parents = dict(Area.objects.filter(path__in={a.parent for a in layer}).values_list("path", "id"))
        Area.objects.bulk_create([_area(area, parents.get(area.parent)) for area in layer], batch_size=2000)
    for area in wanted[:1] if fresh else []:
        top = Area.objects.get(path=f"{area.parent}{area.code}/")
        by.check(Act.IMPORT_LEDGER, top.path)
        journal.record("area.add", top, by=by, at=now, path=top.path, areas=len(fresh))
    return len(fresh)


def add_area(new: NewArea, *, by: Actor, now: datetime) -> Area:
    """Add one area, or find it when its path exists."""
    add_areas([new], by=by, now=now)
    return Area.objects.get(path=f"{new.parent}{new.code}/")


def _area(new: NewArea, parent_id: UUID | None) -> Area:
    return Area(
        parent_id=parent_id,
        level=new.level,
        code=new.code,
        name=new.name,
        path=f"{new.parent}{new.code}/",
        place=new.place,
        lon=new.lon,
        lat=new.lat,
    )


def lock_above(compound: Area) -> None:
    """Two imports below one community would each miss the other's people in its sum."""
    above = Area.objects.filter(path__in=queries.ancestors_of(compound.path)).order_by("-path")
    list(above.select_for_update(no_key=True))


def count_ledger(compound: Area) -> None:
    """Bring the counts of a compound's buildings, of the compound and of all above it up to date; people count
    who are known by name, and where more are said to live than that, those.

    The whole compound counts, also for a steward who sees one building of it."""
    with reach.within([compound.path]), connection.cursor() as cursor:
        cursor.execute(COUNT_BUILDINGS, {"compound": compound.pk})
        for path in reversed(queries.ancestors_of(compound.path)):
            level = "building" if path == compound.path else "compound"
            cursor.execute(COUNT_ABOVE, {"below": f"{path}%", "level": level, "path": path})

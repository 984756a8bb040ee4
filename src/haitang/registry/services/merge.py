"""What a file would do to a compound's ledger: compared row by row, nothing written."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from haitang.registry import ledger, queries
from haitang.registry.models import Area, Household, Level, Person

KNOWN = ("phones", "birth_year", "sex", "relation", "flags", "skills", "is_helper")
NOT_SAID: tuple[object, ...] = ("", None, [], False)
DOOR_FIELDS = ("building", "room", "compound")
_BLANK = re.compile(r"\s+")

Door = tuple[str, str, str]
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """How many rows of the ledger a file adds, changes or leaves as they are, and its errors."""

    buildings: int
    households: int
    people: int
    changed: int
    same: int
    errors: int

    @property
    def named(self) -> int:
        """People whom the file names, each counted once."""
        return self.people + self.changed + self.same

    @property
    def moved(self) -> int:
        """People whom an import would add or change."""
        return self.people + self.changed


@dataclass(frozen=True, slots=True)
class Merge:
    """What a file does to a compound's ledger: rows to add or change, how many stay the same, all errors."""

    buildings: list[Area]
    households: list[Household]
    people: list[Person]
    changed: list[Person]
    same: int
    errors: list[ledger.RowError]

    @property
    def figures(self) -> Figures:
        """The counts that a preview shows and an import keeps."""
        return Figures(
            buildings=len(self.buildings),
            households=len(self.households),
            people=len(self.people),
            changed=len(self.changed),
            same=self.same,
            errors=len(self.errors),
        )


def merged(compound: Area, reading: ledger.Reading) -> Merge:
    """Compare a reading with the ledger as it stands: a door is known by building, entrance and room,
    a person by door and name. Nobody is removed because a file doesn't name them."""
    column = _door_column(reading)
    standing = {b.code: b for b in Area.objects.filter(parent=compound, level=Level.BUILDING)}
    errors = list(reading.errors)
    rows = _of_this_compound(compound, reading.rows, column, errors)
    new_buildings = {} if standing else _buildings(compound, rows)
    known = standing | new_buildings
    errors += [_no_such_building(row, column) for row in rows if row.building not in known]
    rows = [row for row in rows if row.building in known]
    doors, new_doors = _doors(compound, known, rows)
    fresh, changed, same = _people(compound, doors, rows, errors)
    errors.sort(key=lambda error: error.row)
    return Merge(list(new_buildings.values()), new_doors, fresh, changed, same, errors)


def _of_this_compound(
    compound: Area, rows: Iterable[ledger.Row], column: str, errors: list[ledger.RowError]
) -> list[ledger.Row]:
    """The rows that don't name a neighbouring compound instead of this one."""
    others = {_plain(name) for name in queries.neighbours(compound)}
    own, kept, verdicts = _plain(compound.name), [], {"": True}
    for row in rows:
        if row.compound not in verdicts:
            said = _plain(row.compound)
            verdicts[row.compound] = own in said or not any(other in said for other in others)
        if verdicts[row.compound]:
            kept.append(row)
        else:
            errors.append(_other_compound(row, column))
    return kept


def _plain(name: str) -> str:
    return _BLANK.sub("", name).casefold()


def _buildings(compound: Area, rows: Iterable[ledger.Row]) -> dict[str, Area]:
    codes = sorted({row.building for row in rows}, key=lambda code: (len(code), code))
    return {
        code: Area(
            parent=compound,
            level=Level.BUILDING,
            code=code,
            name=code,
            path=f"{compound.path}{code}/",
            place=place,
            lon=compound.lon,
            lat=compound.lat,
        )
        for place, code in enumerate(codes)
    }


def _doors(
    compound: Area, buildings: Mapping[str, Area], rows: Iterable[ledger.Row]
) -> tuple[dict[Door, Household], list[Household]]:
    """Each row's household, and those among them that are new."""
    held = Household.objects.filter(compound=compound).select_related("building")
    doors = {(h.building.code, h.entrance, h.room): h for h in held}
    alone = _without_entrance(doors)
    fresh: list[Household] = []
    for row in rows:
        door = (row.building, row.entrance, row.room)
        if door in doors:
            continue
        if door in alone:
            doors[door] = alone[door]
            continue
        doors[door] = Household(
            compound=compound,
            building=buildings[row.building],
            entrance=row.entrance,
            floor=row.floor,
            room=row.room,
            reference=row.household_ref,
        )
        fresh.append(doors[door])
    return doors, fresh


def _without_entrance(doors: Mapping[Door, Household]) -> dict[Door, Household]:
    """Doors as a file writes them that leaves out entrances: only where one room of the building fits."""
    found: dict[Door, list[Household]] = {}
    for (building, _entrance, room), household in doors.items():
        found.setdefault((building, "", room), []).append(household)
    return {door: households[0] for door, households in found.items() if len(households) == 1}


def _people(
    compound: Area,
    doors: Mapping[Door, Household],
    rows: Iterable[ledger.Row],
    errors: list[ledger.RowError],
) -> tuple[list[Person], list[Person], int]:
    """New people, changed people, and how many stay as they are; each person of the file counted once."""
    said: dict[tuple[UUID, str], Facts] = {}
    homes: dict[UUID, Household] = {}
    for row in rows:
        home = doors[(row.building, row.entrance, row.room)]
        homes[home.pk] = home
        facts = said.setdefault((home.pk, row.name), {})
        if not _add(facts, row):
            errors.append(_same_name(row))
    held = {(p.household_id, p.name): p for p in Person.objects.filter(compound=compound)}
    fresh, changed = [], []
    for key, facts in said.items():
        if key not in held:
            fresh.append(Person(compound=compound, household=homes[key[0]], name=key[1], **facts))
        elif _take(held[key], facts):
            changed.append(held[key])
    return fresh, changed, len(said) - len(fresh) - len(changed)


def _add(facts: Facts, row: ledger.Row) -> bool:
    """Add what a row says to what earlier rows said of the same person; False if it must be someone else."""
    years = {facts.get("birth_year"), row.birth_year} - {None}
    if len(years) > 1:
        return False
    for field in KNOWN:
        value = getattr(row, field)
        if isinstance(value, tuple):
            facts[field] = list(dict.fromkeys([*facts.get(field, []), *value]))
        elif facts.get(field) in NOT_SAID:
            facts[field] = value
    return True


def _take(person: Person, facts: Facts) -> bool:
    """Write what the file says into the person; what it leaves empty stays. Whether anything changed."""
    news = {field: value for field, value in facts.items() if value not in NOT_SAID}
    differing = {field: value for field, value in news.items() if getattr(person, field) != value}
    for field, value in differing.items():
        setattr(person, field, value)
    return bool(differing)


def _door_column(reading: ledger.Reading) -> str:
    """The column to look at when a door is wrong, as errors name columns."""
    by_field = {column.field: f"{column.letter} {column.header}".strip() for column in reading.columns}
    return next((by_field[field] for field in DOOR_FIELDS if field in by_field), "")


def _no_such_building(row: ledger.Row, column: str) -> ledger.RowError:
    return ledger.RowError(
        row=row.number,
        column=column,
        code="no_such_building",
        message=_("There is no building of this number in the compound."),
        remedy=_("Correct the number, or ask your desk to add the building."),
    )


def _other_compound(row: ledger.Row, column: str) -> ledger.RowError:
    return ledger.RowError(
        row=row.number,
        column=column,
        code="other_compound",
        message=_("This row names a neighbouring compound."),
        remedy=_("Import it into that compound, or correct the name."),
    )


def _same_name(row: ledger.Row) -> ledger.RowError:
    return ledger.RowError(
        row=row.number,
        column="",
        code="same_name",
        message=_("Somebody of this name but another year of birth is in the same household already."),
        remedy=_("Correct the year, or tell the two apart by name, for instance 王芳（母）."),
    )

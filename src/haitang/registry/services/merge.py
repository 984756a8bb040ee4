"""What a file would do to a compound's ledger: compared row by row, nothing written."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Max
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from haitang.registry import ledger
from haitang.registry.models import GATE, Area, Household, Level
from haitang.registry.services import belonging, doors
from haitang.registry.services.doors import Doors
from haitang.registry.services.people import Known, known_in

FLOORS_BEYOND = 5  # above the highest that is known, before a floor is taken for a slip
LEAST_DOORS = 12  # of a building of which enough is known to say so
KNOWN = ("phones", "birth_year", "sex", "relation", "flags", "skills", "is_helper")
NOT_SAID: tuple[object, ...] = ("", None, (), False)
DOOR_FIELDS = ("building", "room", "compound")
ENTRANCE_FIELDS = ("unit", "room", "building", "compound")

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """How many rows of the ledger a file adds, changes or leaves as they are, and its errors. Whoever's door
    gets its entrance counts as changed: their address does."""

    buildings: int
    households: int
    people: int
    changed: int
    same: int
    errors: int
    codes: dict[str, int]  # errors by code

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
    """What a file does to a compound's ledger: rows to add or change, how many stay the same, all errors.
    `placed`: households whose door gets its entrance; `confirmed`: provisional ones that the file names; `held`:
    whom the ledger knew, as the file leaves them."""

    buildings: list[Area]
    households: list[Household]
    placed: list[Household]
    confirmed: list[Household]
    people: list[Known]
    changed: list[Known]
    held: list[Known]
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
            codes=dict(Counter(error.code for error in self.errors)),
        )


def merged(compound: Area, reading: ledger.Reading) -> Merge:
    """Compare a reading with the ledger as it stands: a door is known by building, entrance and room (see
    `doors` for those without an entrance), a person by door and name. Nobody is removed because a file doesn't
    name them."""
    column = _column(reading, DOOR_FIELDS)
    standing = {b.code: b for b in Area.objects.filter(parent=compound, level=Level.BUILDING)}
    errors = list(reading.errors)
    rows = _of_this_compound(compound, reading.rows, column, errors)
    new_buildings = {} if standing.keys() - {GATE} else _buildings(compound, rows)
    known = standing | new_buildings
    errors += [_no_such_building(row, column) for row in rows if row.building not in known]
    rows = _within_reach(compound, [row for row in rows if row.building in known], column, errors)
    found = doors.find_doors(compound, known, rows)
    rows = _told(rows, found, _column(reading, ENTRANCE_FIELDS), errors)
    named = {found.homes[doors.door_of(row)] for row in rows}
    confirmed = [household for household in named if household.is_provisional]
    held = known_in(compound)
    fresh, changed, same = _people(held, found, rows, errors)
    errors.sort(key=lambda error: error.row)
    buildings = list(new_buildings.values())
    return Merge(buildings, found.fresh, found.placed, confirmed, fresh, changed, held, same, errors)


def _of_this_compound(
    compound: Area, rows: Sequence[ledger.Row], column: str, errors: list[ledger.RowError]
) -> list[ledger.Row]:
    """The rows that don't name a neighbouring compound instead of this one."""
    ours = belonging.names_of(compound, (row.compound for row in rows))
    errors += [_other_compound(row, column) for row in rows if row.compound not in ours]
    return [row for row in rows if row.compound in ours]


def _within_reach(
    compound: Area, rows: Sequence[ledger.Row], column: str, errors: list[ledger.RowError]
) -> list[ledger.Row]:
    """The rows whose floor their building can have: a slip such as 9901 for 901 would make a tower of it."""
    doors = Household.objects.filter(compound=compound).order_by()
    known = doors.values_list("building__code").annotate(top=Max("floor"), number=Count("*"))
    highest = {code: top for code, top, number in known if number >= LEAST_DOORS}
    kept = []
    for row in rows:
        if row.building in highest and row.floor > highest[row.building] + FLOORS_BEYOND:
            errors.append(_too_high(row, column, highest[row.building]))
        else:
            kept.append(row)
    return kept


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


def _told(
    rows: Iterable[ledger.Row], found: Doors, column: str, errors: list[ledger.RowError]
) -> list[ledger.Row]:
    """The rows whose household could be told."""
    kept = []
    for row in rows:
        door = doors.door_of(row)
        if door in found.refused:
            errors.append(doors.refusal_of(row, found.refused[door], column))
        else:
            kept.append(row)
    return kept


def _people(
    known: Iterable[Known],
    found: Doors,
    rows: Iterable[ledger.Row],
    errors: list[ledger.RowError],
) -> tuple[list[Known], list[Known], int]:
    """New people, changed people, and how many stay as they are; each person of the file counted once."""
    said: dict[tuple[UUID, str], Facts] = {}
    for row in rows:
        home = found.homes[doors.door_of(row)]
        facts = said.setdefault((home.pk, row.name), {})
        if not _add(facts, row):
            errors.append(_same_name(row))
    held = {(one.household, one.name): one for one in known}
    placed = {home.pk for home in found.placed}
    fresh, changed = [], []
    for key, facts in said.items():
        if key not in held:
            fresh.append(Known(uuid7(), *key, **facts))
        elif _take(held[key], facts) or key[0] in placed:
            changed.append(held[key])
    return fresh, changed, len(said) - len(fresh) - len(changed)


def _add(facts: Facts, row: ledger.Row) -> bool:
    """Add what a row says to what earlier rows said of the same person; False if it must be someone else."""
    years = {facts.get("birth_year"), row.birth_year} - {None}
    if len(years) > 1:
        return False
    for field in KNOWN:
        value = getattr(row, field)
        if facts.get(field) in NOT_SAID:
            facts[field] = value
        elif isinstance(value, tuple) and value:
            facts[field] = tuple(dict.fromkeys([*facts[field], *value]))
    return True


def _take(person: Known, facts: Facts) -> bool:
    """Write what the file says into the person; what it leaves empty stays. Whether anything changed."""
    news = {field: value for field, value in facts.items() if value not in NOT_SAID}
    differing = {field: value for field, value in news.items() if getattr(person, field) != value}
    for field, value in differing.items():
        setattr(person, field, value)
    return bool(differing)


def _column(reading: ledger.Reading, fields: Iterable[str]) -> str:
    """The first of the columns for `fields` that the file has, as errors name columns."""
    by_field = {column.field: f"{column.letter} {column.header}".strip() for column in reading.columns}
    return next((by_field[field] for field in fields if field in by_field), "")


def _no_such_building(row: ledger.Row, column: str) -> ledger.RowError:
    return ledger.RowError(
        row=row.number,
        column=column,
        code="no_such_building",
        message=_("There is no building of this number in the compound."),
        remedy=_("Correct the number, or ask your desk to add the building."),
    )


def _too_high(row: ledger.Row, column: str, highest: int) -> ledger.RowError:
    facts = {"floor": row.floor, "highest": highest}
    return ledger.RowError(
        row=row.number,
        column=column,
        code="floor_too_high",
        message=format_lazy(
            _("Floor {floor}, but the building's highest known floor is {highest}."), **facts
        ),
        remedy=_("Correct the room, or first import the floors in between."),
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
        remedy=_("Correct the year, or tell the two apart by name, for instance 王芳2."),
    )

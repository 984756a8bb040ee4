"""Which household each row of a file means, where one list names entrances and another leaves them out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from haitang.registry import ledger
from haitang.registry.models import Area, Household

Door = tuple[str, str, str]
Room = tuple[str, str]

REFUSALS = {
    "needs_entrance": (
        _("This room number exists in several entrances of the building."),
        _("Give the entrance, for instance 8-3-2706."),
    ),
    "several_entrances": (
        _("The ledger holds this room once, without an entrance; several entrances are named for it."),
        _("First import a file with only that household and its entrance, then this file again."),
    ),
}


@dataclass(frozen=True, slots=True)
class Doors:
    """Households by door as the file writes it. `fresh` are new; `placed` stood without an entrance and get
    theirs; `refused` says, for every other door of the file, why no household could be told."""

    homes: dict[Door, Household] = field(default_factory=dict)
    fresh: list[Household] = field(default_factory=list)
    placed: list[Household] = field(default_factory=list)
    refused: dict[Door, str] = field(default_factory=dict)


def door_of(row: ledger.Row) -> Door:
    """The door as a row writes it."""
    return row.building, row.entrance, row.room


def find_doors(compound: Area, buildings: Mapping[str, Area], rows: Iterable[ledger.Row]) -> Doors:
    """The household of each row's door. A room that is written with one entrance and without any is one door;
    as soon as ledger and file name several entrances for it, what leaves them out could be any and is refused."""
    held = Household.objects.filter(compound=compound).select_related("building")
    standing = {(h.building.code, h.entrance, h.room): h for h in held}
    written = {door_of(row): row for row in rows}
    entrances = _entrances([*standing, *written])
    known, found = dict(standing), Doors()
    for door, row in written.items():
        named, bare = entrances[_room(door)], (door[0], "", door[2])
        refusal = _refusal(door, named, standing)
        if refusal:
            found.refused[door] = refusal
            continue
        whole = door if door in standing else _whole(door, named)
        if whole not in known and bare in standing:
            known[whole] = standing[bare]
            known[whole].entrance = whole[1]
            found.placed.append(known[whole])
        elif whole not in known:
            known[whole] = _household(compound, buildings[whole[0]], whole[1], row)
            found.fresh.append(known[whole])
        found.homes[door] = known[whole]
    return found


def refusal_of(row: ledger.Row, code: str, column: str) -> ledger.RowError:
    """Why a row's household could not be told, in words."""
    message, remedy = REFUSALS[code]
    return ledger.RowError(row=row.number, column=column, code=code, message=message, remedy=remedy)


def _entrances(doors: Iterable[Door]) -> dict[Room, set[str]]:
    """The entrances that are named for each room of a building."""
    found: dict[Room, set[str]] = {}
    for door in doors:
        found.setdefault(_room(door), set()).update({door[1]} - {""})
    return found


def _room(door: Door) -> Room:
    return door[0], door[2]


def _refusal(door: Door, named: set[str], standing: Mapping[Door, Household]) -> str:
    if door in standing or len(named) < 2:
        return ""
    if not door[1]:
        return "needs_entrance"
    return "several_entrances" if (door[0], "", door[2]) in standing else ""


def _whole(door: Door, named: set[str]) -> Door:
    """The door with the only entrance that is named for its room, if there is one."""
    return door if door[1] or not named else (door[0], min(named), door[2])


def _household(compound: Area, building: Area, entrance: str, row: ledger.Row) -> Household:
    return Household(
        compound=compound,
        building=building,
        entrance=entrance,
        floor=row.floor,
        room=row.room,
        reference=row.household_ref,
        path=building.path,
    )

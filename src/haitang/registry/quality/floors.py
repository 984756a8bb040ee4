"""Rules about buildings: floors and doors that should be there if the others are."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from statistics import median
from typing import TYPE_CHECKING
from uuid import UUID

from haitang.registry.quality.shapes import Finding, Row, Site, finding

if TYPE_CHECKING:
    from haitang.registry.queries import Door

LEAST_FLOORS = 3  # of a building before anything is expected of it
MOST_FLOORS = 99  # that are looked through: one slip must not make a tower of a building
REGULAR = 0.75  # of the floors have the door: then the others should have it too
_NUMBERED = re.compile(r"([A-Z]?)([0-9]{1,2})([0-9]{2})([A-Z]?)")
Stack = tuple[str, str, str, str]


def missing_floors(site: Site) -> Finding:
    """Buildings with floors in between on which there is no door. Some houses leave 4, 13 or 14 out."""
    rows = []
    for building, doors in site.flats.items():
        floors = {door.floor for door in doors}
        gone = sorted(_between(floors) - floors)
        if gone and len(floors) >= LEAST_FLOORS:
            rows.append(_row(site, building, floors=_listed(map(str, gone))))
    return finding("missing_floors", rows, of=len(site.flats))


def uneven_floors(site: Site) -> Finding:
    """Buildings with a floor of far fewer or far more doors than usual. Top and bottom are often different."""
    rows = []
    for building, doors in site.flats.items():
        counts = Counter(door.floor for door in doors)
        inner = {floor: n for floor, n in counts.items() if min(counts) < floor < max(counts)}
        if len(inner) < LEAST_FLOORS:
            continue
        usual = median(inner.values())
        odd = [f for f, n in sorted(inner.items()) if n * 2 <= usual or n >= usual * 1.5 + 1]
        if odd:
            rows.append(_row(site, building, floors=_listed(map(str, odd)), usual=f"{usual:g}"))
    return finding("uneven_floors", rows, of=len(site.flats))


def absent_doors(site: Site) -> Finding:
    """Doors that a building should have, for most of its floors have the one above or below. Counts doors."""
    rows, number = [], 0
    for building, doors in site.flats.items():
        absent = _absent(doors)
        if absent:
            number += len(absent)
            rows.append(_row(site, building, doors=_listed(absent), number=len(absent)))
    return finding("absent_doors", rows, of=number + sum(map(len, site.flats.values())), number=number)


def off_floor(site: Site) -> Finding:
    """Doors whose number says another floor than the one they are on."""
    rows = [
        Row("household", door.id, site.label(door), {"floor": door.floor})
        for doors in site.flats.values()
        for door in doors
        if (match := _NUMBERED.fullmatch(door.room)) and int(match[2]) != door.floor
    ]
    return finding("off_floor", rows, of=sum(map(len, site.flats.values())))


def bare_entrances(site: Site) -> Finding:
    """Doors without an entrance in a building where others have one."""
    rows = [
        Row("household", door.id, site.label(door))
        for doors in site.flats.values()
        if len({bool(door.entrance) for door in doors}) > 1
        for door in doors
        if not door.entrance
    ]
    return finding("bare_entrances", rows, of=sum(map(len, site.flats.values())))


def _absent(doors: list[Door]) -> list[str]:
    """The doors that are not there though their stack is on most floors of the entrance. The lowest floor is
    passed over: halls and shops are there."""
    floors: dict[str, set[int]] = defaultdict(set)
    stacks: dict[Stack, set[int]] = defaultdict(set)
    for door in doors:
        match = _NUMBERED.fullmatch(door.room)
        if match and int(match[2]) == door.floor:
            floors[door.entrance].add(door.floor)
            stacks[door.entrance, match[1], match[3], match[4]].add(door.floor)
    return [
        f"{entrance}-{door}" if entrance else door
        for (entrance, before, stack, after), held in sorted(stacks.items())
        if len(floors[entrance]) >= LEAST_FLOORS and len(held) >= REGULAR * len(floors[entrance])
        for floor in sorted(floors[entrance] - held - {min(floors[entrance])})
        for door in [f"{before}{floor}{stack}{after}"]
    ]


def _between(floors: set[int]) -> set[int]:
    """All floors from the lowest to the highest; there is no floor 0."""
    return set(range(min(floors), min(max(floors), MOST_FLOORS) + 1)) - {0}


def _row(site: Site, building: UUID, **facts: object) -> Row:
    return Row("building", building, site.names[building], facts)


def _listed(words: Iterable[str], most: int = 12) -> str:
    found = list(words)
    return ", ".join(found[:most]) + (f", … (+{len(found) - most})" if len(found) > most else "")

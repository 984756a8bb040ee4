"""coverage, checked: who has which building, at most how many, backups, homes, locks, changes, value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from haitang.planning.places import WALKING_KMH, Floats, Point, Travel
from haitang.planning.reading import Fields, Node, read_travel, unique

from .changes import Change, Key, check_changes
from .finding import Entry
from .given import Spots, kilometres, km_between, members, spots, weight
from .standing import Terms, check_number, check_standing
from .unmet import check_count, check_ids, read_unmet

BACKUPS = 4  # buildings one steward backs at most
KEPT_KM = 2.0  # an earlier backup stays while nobody lives nearer by more than this
EXACT_KM = 1e-6


@dataclass(frozen=True)
class Given:
    """What the input says: households by building, most buildings by steward, where everybody is."""

    root: Fields
    households: Mapping[str, int]
    most: Mapping[str, int]
    travel: Travel
    places: Mapping[str, Point]
    homes: Mapping[str, Point | None]
    before: Mapping[str, tuple[str, str | None]] | None

    @property
    def mean(self) -> float:
        return sum(self.households.values()) / len(self.most) if self.most else 0.0

    @cached_property
    def rows(self) -> Mapping[str, int]:
        return {steward: row for row, steward in enumerate(self.homes)}

    @cached_property
    def known(self) -> npt.NDArray[np.int64]:
        """Rows of the stewards whose home is known."""
        rows = [row for row, home in enumerate(self.homes.values()) if home is not None]
        return np.array(rows, dtype=np.int64)

    @cached_property
    def starts(self) -> Spots:
        return spots(self.travel, [home for home in self.homes.values() if home is not None])

    def km(self, building: str) -> Floats:
        """(S) from each steward's home, 0 to the home building."""
        end = self.places[building]
        way = np.full(
            len(self.homes), self._from_the_middle(end) if len(self.known) < len(self.homes) else 0.0
        )
        way[self.known] = km_between(self.travel, self.starts, spots(self.travel, [end]))
        way[self.tenants[building]] = 0.0
        return way

    @cached_property
    def tenants(self) -> Mapping[str, list[int]]:
        """Rows of the stewards who live in each building."""
        found: dict[str, list[int]] = {building: [] for building in self.places}
        for row, home in enumerate(self.homes.values()):
            if home is not None and self.places.get(home.id) is home:
                found[home.id].append(row)
        return found

    def _from_the_middle(self, end: Point) -> float:
        """Nobody knows where this steward lives: as far as the middle of all buildings."""
        places = list(self.places.values())
        if self.travel.matrix is not None:
            return float(kilometres(self.travel, places, [end] * len(places)).mean())
        lon, lat = np.array([point.place for point in places], dtype=np.float64).mean(axis=0)
        return float(kilometres(self.travel, [Point("", (float(lon), float(lat)))], [end])[0])


@dataclass(frozen=True)
class Plan:
    """Who has which building and backs it, and where in the answer that stands."""

    steward: dict[str, str] = field(default_factory=dict)
    backup: dict[str, str] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)


def check(data: Node, answer: Entry) -> None:
    given = read(data)
    plan = _plan(given, answer)
    _check_most(given, plan)
    _check_backups(given, plan)
    _check_locked(given, plan, answer)
    _check_unmet(given, plan, answer)
    check_changes(answer, ("building", "role"), _changes(given, plan), is_replan=given.before is not None)
    if (mean := answer.maybe("mean_households")).is_there:
        check_number(mean, given.mean, "the mean of households", "mean")
    check_standing(answer, terms(given, plan))


def read(data: Node) -> Given:
    root = members(data, "buildings", "stewards")
    travel = read_travel(root, WALKING_KMH)
    buildings = {
        name: members(node, "households")
        for name, node in unique(root["buildings"].items(), "building").items()
    }
    stewards = {name: members(node) for name, node in unique(root["stewards"].items(), "steward").items()}
    places = {name: Point(name, fields.place()) for name, fields in buildings.items()}
    return Given(
        root,
        {name: fields["households"].count() for name, fields in buildings.items()},
        {name: int(fields.number("max_buildings", 2)) for name, fields in stewards.items()},
        travel,
        places,
        {name: _home(name, fields, places, travel) for name, fields in stewards.items()},
        _before(root.get("previous")),
    )


def _home(name: str, fields: Fields, places: Mapping[str, Point], travel: Travel) -> Point | None:
    if (building := fields.get("home_building")) is not None:
        return places[building.one_of(places, "building")]
    if travel.matrix is not None:
        return Point(name) if name in travel.matrix.ids else None
    place = fields.place()
    return None if place is None else Point(name, place)


def _before(previous: Node | None) -> dict[str, tuple[str, str | None]] | None:
    """Steward and backup by building of the earlier plan; a building that nobody had has nothing to keep."""
    if previous is None:
        return None
    found: dict[str, tuple[str, str | None]] = {}
    for node in members(previous, "assignments")["assignments"].items():
        fields = members(node, "building")
        steward, backup = fields.get("steward"), fields.get("backup")
        if steward is not None:
            found[fields["building"].text()] = (steward.text(), backup.text() if backup else None)
    return found


def _plan(given: Given, answer: Entry) -> Plan:
    plan = Plan()
    for entry in answer.get("assignments").items():
        building = entry.get("building").one_of(given.households, "building")
        steward, backup = entry.get("steward"), entry.get("backup")
        main = None if steward.is_null else steward.one_of(given.most, "steward")
        second = None if backup.is_null else backup.one_of(given.most, "steward")
        if building is None:
            continue
        if building in plan.entries:
            entry.note(
                "twice", f"building {building!r} is there twice, first at {plan.entries[building].path}"
            )
            continue
        plan.entries[building] = entry
        plan.steward.update({building: main} if main else {})
        plan.backup.update({building: second} if second else {})
        if second is not None and second == main:
            backup.note("own_backup", f"{second!r} is steward and backup of {building!r}")
        if second is not None and steward.is_null:
            backup.note("backup_of_nothing", f"building {building!r} has a backup but no steward")
    return plan


def _check_most(given: Given, plan: Plan) -> None:
    cares, backs = Counter[str](), Counter[str]()
    for building, entry in plan.entries.items():
        steward, backup = plan.steward.get(building), plan.backup.get(building)
        if steward is not None:
            cares[steward] += 1
            if cares[steward] > given.most[steward]:
                text = (
                    f"{steward!r} may have {given.most[steward]} buildings, this is number {cares[steward]}"
                )
                entry.get("steward").note("too_many", text, cares[steward] - given.most[steward])
        if backup is not None:
            backs[backup] += 1
            if backs[backup] > BACKUPS:
                text = f"{backup!r} may back {BACKUPS} buildings, this is number {backs[backup]}"
                entry.get("backup").note("too_many", text, backs[backup] - BACKUPS)


def _check_backups(given: Given, plan: Plan) -> None:
    """Nobody who still may back a building goes without one, and no free steward lives nearer than the backup."""
    backs = Counter(plan.backup.values())
    free = np.array([backs[steward] < BACKUPS for steward in given.homes], dtype=bool)
    locked = {building for building, _, backup, _ in _locks(given) if backup is not None}
    for building, steward in plan.steward.items():
        others = free.copy()
        others[given.rows[steward]] = False
        if not others.any() or building in locked:
            continue
        backup, entry = plan.backup.get(building), plan.entries[building].get("backup")
        if backup is not None:
            _check_nearest(given, building, backup, others, entry)
        elif entry.is_null:
            name = list(given.homes)[int(np.argmax(others))]
            entry.note("no_backup", f"{building!r} has no backup, though {name!r} backs fewer than {BACKUPS}")


def _check_nearest(
    given: Given, building: str, backup: str, others: npt.NDArray[np.bool_], entry: Entry
) -> None:
    km, had = given.km(building), (given.before or {}).get(building)
    kept = had[1] if had is not None else None
    if kept is not None and kept in given.rows:
        km[given.rows[kept]] -= KEPT_KM
    near = int(np.argmin(np.where(others, km, np.inf)))
    off = float(km[given.rows[backup]] - km[near])
    if off > EXACT_KM:
        name = list(given.homes)[near]
        text = f"{name!r} is free and {off:.6f} km nearer to {building!r} than its backup {backup!r}"
        entry.note("not_nearest", text, off)


def _locks(given: Given) -> list[tuple[str, str, str | None, str]]:
    """(building, steward, backup if that is locked too, path in the input)"""
    found = []
    for node in given.root.list("locked"):
        fields = members(node, "building", "steward")
        building = fields["building"].one_of(given.households, "building")
        steward, backup = fields["steward"].one_of(given.most, "steward"), fields.get("backup")
        second = backup.one_of(given.most, "steward") if backup else None
        found.append((building, steward, second, node.path))
    return found


def _check_locked(given: Given, plan: Plan, answer: Entry) -> None:
    for building, steward, backup, path in _locks(given):
        entry = plan.entries.get(building, answer.maybe("assignments"))
        has, second = plan.steward.get(building), plan.backup.get(building)
        if has != steward:
            entry.note("locked", f"{path} gives {building!r} to {steward!r}; the plan to {has or 'nobody'!r}")
        if backup is not None and second != backup:
            entry.note("locked", f"{path} makes {backup!r} the backup of {building!r}; the plan {second!r}")


def _check_unmet(given: Given, plan: Plan, answer: Entry) -> None:
    wishes = read_unmet(answer)
    out = {building for building in given.households if building not in plan.steward}
    bare = {building for building in plan.steward if building not in plan.backup}
    for what, missing in (("building", out), ("backup", bare)):
        these = [wish for wish in wishes if wish.what == what]
        check_count(answer, these, len(missing), f"{what}s")
        check_ids(these, missing, what)
    for wish in wishes:
        if wish.what not in ("building", "backup"):
            wish.entry.get("what").note("unmet", f"must be 'building' or 'backup', is {wish.what!r}")


def _changes(given: Given, plan: Plan) -> dict[Key, Change]:
    """Each building whose steward or backup is another than before."""
    found: dict[Key, Change] = {}
    for building in given.households:
        had = (given.before or {}).get(building, (None, None))
        has = (plan.steward.get(building), plan.backup.get(building))
        for role, old, new in zip(("steward", "backup"), had, has, strict=True):
            if old != new:
                found[building, role] = (old, new)
    return found


def terms(given: Given, plan: Plan) -> Terms:
    """The objective: 10,000 a building left out, 1 a household off the mean, 30 a km, 60 a building moved."""
    care = Counter(dict.fromkeys(given.most, 0))
    for building, steward in plan.steward.items():
        care[steward] += given.households[building]
    walked = sum(float(given.km(b)[given.rows[s]]) for b, s in plan.steward.items())
    left = len(given.households) - len(plan.steward)
    found = {
        "uncovered": weight(given.root, "uncovered", 10_000) * left,
        "uneven": weight(given.root, "uneven", 1) * sum(abs(load - given.mean) for load in care.values()),
        "walking": weight(given.root, "walking", 30) * walked,
    }
    if given.before is not None:
        moved = [
            building
            for building, (steward, _) in given.before.items()
            if building in given.households
            and steward in given.most
            and plan.steward.get(building) != steward
        ]
        found["changes"] = weight(given.root, "change", 60) * len(moved)
    return found

"""Reads that span rooms: the overview of a scope, a compound door by door, lists that were asked for."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import QuerySet

from haitang.core.actor import Act, Actor
from haitang.core.refusal import NotHere, Refused
from haitang.incidents.playbooks import Playbook, playbook
from haitang.operations import rules
from haitang.operations.models import ExportRequest as ExportRequest  # the doors may not read models
from haitang.registry import queries as registry
from haitang.registry.exports import Asked, Choice
from haitang.registry.models import Area
from haitang.registry.queries import Door
from haitang.relief import queries as relief
from haitang.teams import queries as teams
from haitang.teams.models import Care, Team


class Show(StrEnum):
    """What the colours of the elevation say."""

    COVERED = "covered"
    CONTACT = "contact"
    REACHED = "reached"


class State(StrEnum):
    """What one door shows; the words for each depend on what is shown."""

    YES = "yes"
    PART = "part"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class BuildingState:
    """A building with its doors and their states, and who looks after it."""

    building: Area
    doors: list[Door]
    states: dict[UUID, State]
    care: Care | None

    @property
    def counts(self) -> Counter[str]:
        return Counter(self.states.values())

    @property
    def is_gap(self) -> bool:
        return self.care is not None and teams.is_gap(self.care)

    @property
    def alone(self) -> int:
        """Households of one person living alone."""
        return sum(door.lives_alone for door in self.doors)


@dataclass(frozen=True, slots=True)
class CompoundState:
    """A compound as its page and the elevation show it."""

    compound: Area
    show: Show
    team: Team | None
    playbook: Playbook | None
    buildings: list[BuildingState]

    @property
    def counts(self) -> Counter[str]:
        return sum((building.counts for building in self.buildings), Counter())

    @property
    def gaps(self) -> list[BuildingState]:
        return [building for building in self.buildings if building.is_gap]


def compound_state(compound: Area, *, show: Show, now: datetime, only: Area | None = None) -> CompoundState:
    """The doors of a compound, or of the building `only`, with their states. The caller checks the right."""
    standing = teams.standing_at(compound)
    team = standing[0] if standing else None
    book = playbook(team.order.incident.playbook) if team else None
    buildings = [only] if only else registry.buildings(compound)
    doors: dict[UUID, list[Door]] = {building.pk: [] for building in buildings}
    for door in registry.doors(compound, building=only):
        doors[door.building].append(door)
    cares = {care.building_id: care for care in teams.cares(team)} if team else {}
    states = _states(compound, show, team, book, doors, cares, now)
    return CompoundState(
        compound,
        show,
        team,
        book,
        [
            BuildingState(b, doors[b.pk], {d.id: states[d.id] for d in doors[b.pk]}, cares.get(b.pk))
            for b in buildings
        ],
    )


def _states(
    compound: Area,
    show: Show,
    team: Team | None,
    book: Playbook | None,
    doors: Mapping[UUID, list[Door]],
    cares: Mapping[UUID, Care],
    now: datetime,
) -> dict[UUID, State]:
    every = [door for group in doors.values() for door in group]
    if show is Show.COVERED:
        by_building = {building: cover(cares.get(building)) for building in doors}
        return {door.id: by_building[door.building] for door in every}
    if show is Show.CONTACT:
        return _heard(compound, every, team, book, now)
    return {door.id: State.UNKNOWN for door in every}


def cover(care: Care | None) -> State:
    """Whether a building is looked after: by its steward, by the backup only, by nobody; unknown without a team."""
    if care is None:
        return State.UNKNOWN
    if not teams.is_gap(care):
        return State.YES
    if care.backup is not None and care.backup.away_since is None:
        return State.PART
    return State.NO


def _heard(
    compound: Area, doors: list[Door], team: Team | None, book: Playbook | None, now: datetime
) -> dict[UUID, State]:
    """Heard from within the playbook's limit, or silent beyond it, or not heard from yet."""
    last = relief.heard_from(compound)
    flags = registry.flags_by_household(compound)
    usual = _silent_after(book, ())
    found = {}
    for door in doors:
        limit = _silent_after(book, flags[door.id]) if door.id in flags else usual
        heard = last.get(door.id)
        since = max(filter(None, (heard, team.formed_at if team else None)), default=None)
        if heard is not None and now - heard <= limit:
            found[door.id] = State.YES
        elif since is not None and now - since > limit:
            found[door.id] = State.NO
        else:
            found[door.id] = State.PART if heard is not None else State.UNKNOWN
    return found


def _silent_after(book: Playbook | None, flags: Collection[str]) -> timedelta:
    return timedelta(hours=book.silent_after(flags)) if book else timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One area of an overview with its figures."""

    area: Area
    coverage: teams.Coverage | None


def rows_below(areas: list[Area], held: Mapping[UUID, teams.Coverage]) -> list[Row]:
    """Areas with the coverage of the standing teams below each; `held` is the coverage by compound."""
    compounds = registry.paths_of(held)
    rows = []
    for area in areas:
        inside = [held[pk] for pk, path in compounds.items() if path.startswith(area.path)]
        rows.append(Row(area, teams.total(inside) if inside else None))
    return rows


def export_path(export_id: UUID) -> str:
    """The path of the area that a list is about, for the policy of its routes. Raises NotHere."""
    path = ExportRequest.objects.filter(pk=export_id).values_list("area__path", flat=True).first()
    if path is None:
        raise NotHere
    return path


def export(export_id: UUID, *, by: Actor) -> ExportRequest:
    """One list that was asked for where `by` may agree to lists. Raises NotHere."""
    found = _exports(by, "").filter(pk=export_id).first()
    if found is None:
        raise NotHere
    return found


def exports(*, by: Actor, path: str = "", most: int = 50) -> list[ExportRequest]:
    """The last lists that were asked for below `path` where `by` may agree to lists, newest first."""
    return list(_exports(by, path).order_by("-made_at")[:most])


def waiting_exports(*, by: Actor, now: datetime, path: str = "") -> list[ExportRequest]:
    """Lists below `path` on which `by` could decide now, the oldest first."""
    rows = _exports(by, path).filter(needs_second=True, decided_at=None, made_at__gte=now - rules.WAITS)
    return [export for export in rows.order_by("made_at") if may_decide(export, by=by, now=now)]


def _exports(by: Actor, path: str) -> QuerySet[ExportRequest]:
    rows = ExportRequest.objects.select_related("area__parent")
    return rows.filter(by.within(Act.DECIDE_EXPORT, "area__path"), area__path__startswith=path)


def may_decide(export: ExportRequest, *, by: Actor, now: datetime) -> bool:
    """Whether `by` could be the second person, for a page that offers the button."""
    try:
        rules.check_decide(export, by=by, now=now)
    except Refused:
        return False
    return True


def may_take(export: ExportRequest, *, by: Actor, now: datetime) -> bool:
    """Whether `by` may take the list now, for a page that offers it."""
    try:
        rules.check_take(export, named=0, by=by, now=now)
    except Refused:
        return False
    return True


def asked_of(export: ExportRequest) -> Asked:
    """What a stored request asks for."""
    criteria = export.criteria
    choice = Choice(
        flags=tuple(criteria.get("flags", ())),
        age_from=criteria.get("age_from"),
        alone=criteria.get("alone", False),
        helpers=criteria.get("helpers", False),
    )
    return Asked(export.what, tuple(export.columns), choice, export.with_tags)

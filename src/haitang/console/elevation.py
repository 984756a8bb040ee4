"""The building elevation: each building drawn floor by floor, door by door, as SVG from values."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from haitang.operations.queries import BuildingState, CompoundState, Show, State
from haitang.registry import queries as registry
from haitang.registry.queries import Door

DOOR = 12
PITCH = 14
GUTTER = 18
PLATE = 56  # the roof's name plate, above the facade
PROBE = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Legend:
    """One entry of the legend: a state, its words here, how many doors show it."""

    state: str
    words: str
    doors: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """An elevation ready for its template."""

    show: str
    buildings: list[SafeString]
    legend: list[Legend]
    alone: int | None
    provisional: int


@dataclass(frozen=True, slots=True)
class Telling:
    """What is said of a door: its state in words, its link or "", and, to whom may know, that someone lives alone."""

    words: dict[State, str]
    href: Callable[[Door], str]
    tells_alone: bool


def words(show: Show) -> dict[State, str]:
    """What each state means for what is shown."""
    if show is Show.COVERED:
        return {
            State.YES: _("steward on duty"),
            State.PART: _("backup only"),
            State.NO: _("nobody looks after it"),
            State.UNKNOWN: _("no team here"),
        }
    if show is Show.CONTACT:
        return {
            State.YES: _("heard from"),
            State.PART: _("heard from a while ago"),
            State.NO: _("silent for too long"),
            State.UNKNOWN: _("not heard from yet"),
        }
    return {
        State.YES: _("reached"),
        State.PART: _("partly reached"),
        State.NO: _("not reached"),
        State.UNKNOWN: _("no round has begun"),
    }


def draw(state: CompoundState, *, reads_households: bool) -> Drawing:
    """Draw all buildings of `state`; only who reads households is given doors as links, and who lives alone."""
    said = words(state.show)
    telling = Telling(said, _hrefs(reads_households), reads_households)
    counts = state.counts
    shown = [
        s for s in State if counts[s] or s is State.YES or (s is State.NO and state.show is not Show.REACHED)
    ]
    return Drawing(
        show=state.show,
        buildings=[_building(building, telling) for building in state.buildings],
        legend=[Legend(s.value, said[s], counts[s]) for s in shown],
        alone=sum(building.alone for building in state.buildings) if reads_households else None,
        provisional=sum(door.is_provisional for building in state.buildings for door in building.doors),
    )


def _hrefs(reads_households: bool) -> Callable[[Door], str]:
    if not reads_households:
        return lambda door: ""
    before, after = reverse("console:household", args=[PROBE]).split(PROBE)
    return lambda door: f' href="{before}{door.id}{after}"'


Stack = tuple[str, str, str, str, str, bool]


def _columns(doors: list[Door]) -> dict[Stack, int]:
    """A column for each stack of doors."""
    return {key: place for place, key in enumerate(sorted({_stack(door) for door in doors}))}


def _stack(door: Door) -> Stack:
    """What doors above one another share: their entrance, and their room but for the floor in its number.

    No two doors of a floor share it: entrance and room follow from it and the floor.
    """
    floor = re.fullmatch(rf"([^0-9]*){door.floor}([0-9]{{2}}.*|[^0-9].*)", door.room)
    before, room = floor.groups() if floor else ("", door.room)
    return door.entrance.zfill(3), door.entrance, before, room.zfill(4), room, floor is not None


def _building(state: BuildingState, telling: Telling) -> SafeString:
    columns = _columns(state.doors)
    floors = max((door.floor for door in state.doors), default=1)
    width, height = GUTTER + 4 + PITCH * max(len(columns), 1), PLATE + 4 + PITCH * floors
    good, of = state.counts[State.YES], len(state.doors)
    label = _("Building %(name)s: %(good)s of %(of)s households: %(words)s") % {
        "name": state.building.name,
        "good": good,
        "of": of,
        "words": telling.words[State.YES],
    }
    parts = [
        f'<svg class="building{" is-gap" if state.is_gap else ""}" id="building-{escape(state.building.code)}" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" data-columns="{len(columns)}" '
        f'role="group" aria-label="{escape(label)}">',
        _plate(state, good, of),
        f'<rect class="facade" x="{GUTTER - 3}" y="{PLATE}" width="{width - GUTTER}" height="{height - PLATE}"/>'
        f'<rect class="roof" x="{GUTTER - 5}" y="{PLATE - 2}" width="{width - GUTTER + 4}" height="2.5" rx="1"/>',
        *(_floor_number(floor, floors) for floor in range(floors, 0, -1)),
        *(
            _door(door, state, columns[_stack(door)], floors, telling)
            for door in sorted(state.doors, key=lambda d: (-d.floor, _stack(d)))
        ),
        "</svg>",
    ]
    return mark_safe("".join(parts))  # noqa: S308 - every text in it is escaped above


def _plate(state: BuildingState, good: int, of: int) -> str:
    silent = state.counts[State.NO]
    missing = escape(_("%(n)s missing") % {"n": silent}) if silent else ""
    return (
        f'<g class="plate" aria-hidden="true"><text class="plate-name" x="{GUTTER}" y="18">'
        f'{escape(state.building.name)}</text><text class="plate-count" x="{GUTTER}" y="33">{good}/{of}</text>'
        f'<text class="plate-silent" x="{GUTTER}" y="48">{missing}</text></g>'
    )


def _floor_number(floor: int, floors: int) -> str:
    between = "" if floor in (1, floors) or floor % 5 == 0 else " is-between"
    y = PLATE + 13 + PITCH * (floors - floor)
    return f'<text class="floor-no{between}" x="14.5" y="{y}" aria-hidden="true">{floor}</text>'


def _door(door: Door, building: BuildingState, column: int, floors: int, telling: Telling) -> str:
    state, href = building.states[door.id], telling.href(door)
    x, y = GUTTER + PITCH * column, PLATE + 3 + PITCH * (floors - door.floor)
    entrance = f"{door.entrance}-" if door.entrance else ""
    label = f"{building.building.name}-{entrance}{door.room} · {telling.words[state]}"
    corner = ""
    if door.lives_alone and telling.tells_alone:
        label += " · " + _("lives alone")
        corner = f'<path class="mark-alone" d="M{x} {y}h5.5l-5.5 5.5z"/>'
    if door.is_provisional:
        label += " · " + _("provisional")
        corner += f'<path class="mark-provisional" d="M{x + 7.5} {y + 12.5}h5v-5" />'
    role = "" if href else ' role="img"'
    pattern = "" if state is State.YES else f'<use href="#p-{state.value}" x="{x}" y="{y}"/>'
    return (
        f'<a class="door door-{state.value}"{href}{role} data-floor="{door.floor}" data-column="{column + 1}" '
        f'aria-label="{escape(label)}"><rect x="{x}" y="{y}" width="{DOOR}" height="{DOOR}" rx="1.5"/>{pattern}</a>'
        f"{corner}"
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that the colours can say."""

    value: str
    words: str


def shows() -> list[Choice]:
    """What the switch above the elevation offers."""
    return [
        Choice(Show.COVERED.value, _("Stewards")),
        Choice(Show.CONTACT.value, _("Heard from")),
        Choice(Show.REACHED.value, _("Reached")),
    ]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One building in the table behind the drawing: its doors counted in the legend's order."""

    building: BuildingState
    counts: list[int]


def table(state: CompoundState, drawing: Drawing) -> list[TableRow]:
    """The table that says the same as the drawing."""
    return [
        TableRow(building, [building.counts[entry.state] for entry in drawing.legend])
        for building in state.buildings
    ]


@dataclass(frozen=True, slots=True)
class DoorRow:
    """One door in words, for the table that stands behind the drawing."""

    door: Door
    state: str
    words: str
    kind: str


def door_rows(state: CompoundState) -> list[DoorRow]:
    """Every door in words, top floor first, as a steward walks down."""
    said = words(state.show)
    return [
        DoorRow(
            door,
            building.states[door.id].value,
            said[building.states[door.id]],
            registry.kind_words(door.kind),
        )
        for building in state.buildings
        for door in sorted(building.doors, key=lambda d: (d.entrance.zfill(3), -d.floor, d.room))
    ]

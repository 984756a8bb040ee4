"""Lists on paper: a steward's doors in walking order, and a compound's buildings."""

from dataclasses import asdict, dataclass

from haitang.paper.typesetting import typeset


@dataclass(frozen=True, slots=True)
class DoorLine:
    """One door of a door list. Each of `people` and `flags` is kept on one line; `ends_floor` draws the stronger line
    below it."""

    door: str
    count: str
    people: tuple[str, ...]
    flags: tuple[str, ...]
    heard: str
    ends_floor: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Doors that are walked together: one entrance. An empty title prints none."""

    title: str
    lines: tuple[DoorLine, ...]


@dataclass(frozen=True, slots=True)
class DoorList:
    """One building's doors, the pages counted by themselves."""

    place: str
    building: str
    steward: str
    figures: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class DoorWords:
    """The words of door lists. `ticks` stand above the boxes; `page` holds %(page)s and %(pages)s."""

    title: str
    door: str
    count: str
    people: str
    flags: str
    heard: str
    ticks: tuple[str, ...]
    notes: str
    page: str
    made: str
    care: str


@dataclass(frozen=True, slots=True)
class DoorLists:
    """Door lists in the order in which they are printed, each beginning a page. `one_a_line`: people stand below one
    another, for phones are with them."""

    words: DoorWords
    lists: tuple[DoorList, ...]
    one_a_line: bool = False

    def __post_init__(self) -> None:
        if not self.lists:
            raise ValueError("There is no door list to print.")


@dataclass(frozen=True, slots=True)
class BuildingLine:
    """One building with those who look after it. `alone` is None where it is not to be told."""

    building: str
    steward: str
    backup: str
    households: int
    people: int
    alone: int | None
    is_gap: bool


@dataclass(frozen=True, slots=True)
class BuildingWords:
    """The words of a building list; `gap` stands in place of a steward on duty."""

    title: str
    building: str
    steward: str
    backup: str
    households: str
    people: str
    alone: str
    notes: str
    total: str
    gap: str
    page: str
    made: str


@dataclass(frozen=True, slots=True)
class BuildingList:
    """All buildings of a compound, in the order of the site."""

    place: str
    figures: str
    words: BuildingWords
    lines: tuple[BuildingLine, ...]

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("There is no building to print.")


def print_door_lists(given: DoorLists) -> bytes:
    """The PDF of door lists. Raises FontsMissing."""
    return typeset("doors.typ", asdict(given))


def print_building_list(given: BuildingList) -> bytes:
    """The PDF of a building list. Raises FontsMissing."""
    tells_alone = all(line.alone is not None for line in given.lines)
    total = {
        "households": sum(line.households for line in given.lines),
        "people": sum(line.people for line in given.lines),
        "alone": sum(line.alone or 0 for line in given.lines),
    }
    return typeset("buildings.typ", asdict(given) | {"total": total, "tells_alone": tells_alone})

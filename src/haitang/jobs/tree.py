"""Reads the tree of places: chains from a city down to a compound, from a CSV file or the one shipped for Suzhou."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from haitang import registry as room
from haitang.registry.services import NewArea

COMMITTEES = Path(room.__file__).parent / "data" / "suzhou_admin_2023.csv"
CITY = "3205"
CITY_NAME = "苏州市"
SHIPPED_AS = {"district": "district", "town": "street", "community": "village"}

LEVELS = ("city", "district", "town", "community", "compound")
POSITION = {"lon": 180.0, "lat": 90.0}
NEEDED = [f"{level}_{part}" for level in LEVELS[:-1] for part in ("code", "name")]
OPTIONAL = ["compound_code", "compound_name", *POSITION]
# Codes make up paths, which are looked for by how they begin: what a pattern would read as its own is no code.
CODE = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


class Unreadable(Exception):
    """The file as a whole can't be read; the words say why and what to do."""


class RowRefused(Exception):
    """One cell of a row is not right."""

    def __init__(self, column: str, words: str) -> None:
        super().__init__(words)
        self.column = column


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in one cell, and how to mend it; `row` counts the sheet's rows from 1."""

    row: int
    column: str
    words: str


@dataclass(slots=True)
class Tree:
    """Places by path, parents first, and what could not be read."""

    places: dict[str, NewArea] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def cities(self) -> list[list[NewArea]]:
        """The places of each city, the city itself first."""
        found: dict[str, list[NewArea]] = {}
        for path, place in self.places.items():
            found.setdefault(path.split("/", 1)[0], []).append(place)
        return list(found.values())


def suzhou() -> Tree:
    """The city with its districts, towns and committees."""
    tree = Tree()
    with COMMITTEES.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            cells = {"city_code": CITY, "city_name": CITY_NAME}
            for level, name in SHIPPED_AS.items():
                cells |= {f"{level}_code": row[f"{name}_code"], f"{level}_name": row[f"{name}_name"]}
            _take(tree, number, cells)
    return tree


def read(content: bytes) -> Tree:
    """The places that a CSV file names, each row a chain from the city down; a bad row is left out and named.
    Raises Unreadable."""
    rows = _rows(content)
    headings = [cell.strip().lower() for cell in next(rows, [])]
    _check_headings(headings)
    tree = Tree(unknown=[name for name in headings if name and name not in (*NEEDED, *OPTIONAL)])
    for number, row in enumerate(rows, 2):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        try:
            if any(cells[len(headings) :]):
                raise RowRefused(headings[-1], "more cells than headings; put a name with a comma in quotes.")
            _take(tree, number, dict(zip(headings, cells, strict=False)))
        except RowRefused as no:
            tree.errors.append(RowError(number, no.column, str(no)))
    return tree


def _rows(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise Unreadable(f"line {line} is not UTF-8: save the file as CSV UTF-8.") from problem
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error as problem:
        raise Unreadable(f"this is not a CSV file ({problem}): save the sheet as CSV UTF-8.") from problem


def _check_headings(headings: Sequence[str]) -> None:
    missing = [name for name in NEEDED if name not in headings]
    for pair in (OPTIONAL[:2], OPTIONAL[2:]):
        missing += [name for name in pair if name not in headings and set(pair) & set(headings)]
    if missing:
        raise Unreadable(f"row 1 lacks {', '.join(missing)}: head the columns {','.join(NEEDED + OPTIONAL)}.")


def _take(tree: Tree, number: int, cells: Mapping[str, str]) -> None:
    """Add the chain of one row, or nothing of it. Raises RowRefused."""
    chain = _chain(cells)
    for path, place in chain.items():
        held = tree.places.get(path, place)
        if held.name != place.name:
            raise RowRefused(
                f"{place.level}_name",
                f"{place.code} is {held.name} in row {tree.rows[path]} and {place.name} here; give one name.",
            )
        if None not in (held.lon, place.lon) and (held.lon, held.lat) != (place.lon, place.lat):
            raise RowRefused(
                "lon", f"{place.name} lies elsewhere in row {tree.rows[path]}; give one position."
            )
    for path, place in chain.items():
        if path not in tree.places or tree.places[path].lon is None:
            tree.places[path] = place
            tree.rows.setdefault(path, number)


def _chain(cells: Mapping[str, str]) -> dict[str, NewArea]:
    """The places of one row by path, from the city down."""
    lon, lat = (_degrees(cells, name) for name in POSITION)
    deepest = max((at for at, level in enumerate(LEVELS) if _says(cells, level)), default=0)
    if lon is not None and LEVELS[deepest] != "compound":
        raise RowRefused("lon", "only a compound has a position; name the compound or clear lon and lat.")
    found: dict[str, NewArea] = {}
    path = ""
    for level in LEVELS[: deepest + 1]:
        code, name = _code(cells, level), cells.get(f"{level}_name", "")
        if not name:
            raise RowRefused(f"{level}_name", f"empty beside the code {code}; enter the name.")
        at = (lon, lat) if level == "compound" else (None, None)
        found[f"{path}{code}/"] = NewArea(path, level, code, name, lon=at[0], lat=at[1])
        path = f"{path}{code}/"
    return found


def _says(cells: Mapping[str, str], level: str) -> bool:
    return any(cells.get(f"{level}_{part}") for part in ("code", "name"))


def _code(cells: Mapping[str, str], level: str) -> str:
    code = cells.get(f"{level}_code", "")
    if not code:
        raise RowRefused(f"{level}_code", "empty, but cells to its right are filled; enter the code.")
    if not CODE.fullmatch(code):
        raise RowRefused(
            f"{level}_code", f"{code} is no code; use letters, digits and hyphens, no / or space."
        )
    return code


def _degrees(cells: Mapping[str, str], name: str) -> float | None:
    text, most = cells.get(name, ""), POSITION[name]
    if not text:
        if any(cells.get(other) for other in POSITION):
            raise RowRefused(name, "empty, but the other half of the position is given; enter both.")
        return None
    try:
        degrees = float(text)
    except ValueError:
        degrees = most + 1
    if not -most <= degrees <= most:
        raise RowRefused(name, f"{text} is not in range; enter degrees from {-most:g} to {most:g}.")
    return degrees

"""Reading JSON-like input strictly: every refusal names the JSON path and what is wrong there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .places import Floats, Matrix, Point, Travel

# Above these it is a slip of the keyboard, and sums of such numbers would no longer be exact enough to prove a plan.
MOST = 1_000_000  # of anything counted, and minutes of one way
MOST_DETOUR = 10.0  # times the great circle
MOST_KMH = 1_000.0
MOST_KM = 100_000.0  # of one way: twice around the earth and more


class BadInput(ValueError):
    """Input that can't be planned with; the message begins with the JSON path."""


@dataclass(frozen=True)
class Node:
    """A value within the input, and where it stands (`$.stewards[3]`)."""

    value: Any
    path: str = "$"

    def refuse(self, why: str) -> BadInput:
        return BadInput(f"{self.path}: {why}")

    def fields(self, needed: Iterable[str], optional: Iterable[str] = ()) -> Fields:
        """The members of an object that has the needed keys, maybe optional ones, and no others."""
        if not isinstance(self.value, Mapping):
            raise self.refuse(f"must be an object, is {_kind(self.value)}")
        needed, known = list(needed), [*needed, *optional]
        for key in self.value:
            if key not in known:
                raise self.refuse(f"unknown key {key!r}; known are {', '.join(known)}")
        for key in needed:
            if self.value.get(key) is None:
                raise self.refuse(f"needs {key!r}")
        return Fields(self)

    def items(self) -> Iterator[Node]:
        if not isinstance(self.value, Sequence) or isinstance(self.value, str | bytes):
            raise self.refuse(f"must be a list, is {_kind(self.value)}")
        for index, value in enumerate(self.value):
            yield Node(value, f"{self.path}[{index}]")

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.refuse(f"must be text, is {_kind(self.value)}")
        if any("\ud800" <= letter <= "\udfff" for letter in self.value):
            raise self.refuse("has half a character (a lone surrogate), which nobody can write down")
        return self.value

    def number(self, least: float = -math.inf, most: float = math.inf) -> float:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.refuse(f"must be a number, is {_kind(self.value)}")
        if not _is_finite(self.value):
            raise self.refuse("must be a finite number")
        return float(self._within(self.value, least, most))

    def count(self, least: int = 0, most: int = MOST) -> int:
        # Infinity stands for a whole number that has too many digits to be read, and is out of any range.
        is_whole = isinstance(self.value, int) or self.value in (math.inf, -math.inf)
        if isinstance(self.value, bool) or not is_whole:
            raise self.refuse(f"must be a whole number, is {_kind(self.value)}")
        return int(self._within(self.value, least, most))

    def one_of(self, known: Mapping[str, Any], kind: str) -> str:
        """An id that must be among those known."""
        if (name := self.text()) not in known:
            raise self.refuse(f"no {kind} has the id {name!r}")
        return name

    def _within(self, value: float, least: float, most: float) -> float:
        if value < least:
            raise self.refuse(f"must be {least:.9g} or more, is {_shown(value)}")
        if value > most:
            raise self.refuse(f"must be {most:.9g} or less, is {_shown(value)}")
        return value


@dataclass(frozen=True)
class Fields:
    """Members of an object whose keys were checked; null counts as absent."""

    node: Node

    def __getitem__(self, key: str) -> Node:
        return Node(self.node.value[key], f"{self.node.path}.{key}")

    def get(self, key: str) -> Node | None:
        return None if self.node.value.get(key) is None else self[key]

    def list(self, key: str) -> list[Node]:
        """Members of a list, none if it is absent."""
        found = self.get(key)
        return list(found.items()) if found else []

    def number(self, key: str, default: float, least: float = 0.0, most: float = math.inf) -> float:
        found = self.get(key)
        return default if found is None else found.number(least, most)

    def place(self) -> tuple[float, float] | None:
        """lon and lat in degrees (WGS84), both or neither."""
        lon, lat = self.get("lon"), self.get("lat")
        if (lon is None) != (lat is None):
            raise self.node.refuse("needs both 'lon' and 'lat', or neither")
        return None if lon is None or lat is None else (lon.number(-180, 180), lat.number(-90, 90))


def unique(nodes: Iterable[Node], kind: str) -> dict[str, Node]:
    """Objects by their `id`; two of the same are refused."""
    found: dict[str, Node] = {}
    for node in nodes:
        if not isinstance(node.value, Mapping):
            raise node.refuse(f"must be an object, is {_kind(node.value)}")
        if node.value.get("id") is None:
            raise node.refuse("needs 'id'")
        name = Node(node.value["id"], f"{node.path}.id")
        if name.text() in found:
            raise name.refuse(f"{kind} {name.value!r} is there twice, first at {found[name.value].path}")
        found[name.value] = node
    return found


def check_kind(fields: Fields, kind: str) -> None:
    """`kind`, where it is said, must be the one that is read."""
    said = fields.get("kind")
    if said is not None and said.text() != kind:
        raise said.refuse(f"must be {kind!r}, is {said.value!r}")


def by_rank(node: Node, rank: str, most: float) -> tuple[float, float, float]:
    """A number from 0 to `most` for each of rank 1, 2, 3; rank: what the input calls it."""
    numbers = [each.number(0, most) for each in node.items()]
    if len(numbers) != 3:
        raise node.refuse(f"must have 3 numbers, for {rank} 1, 2 and 3, has {len(numbers)}")
    return numbers[0], numbers[1], numbers[2]


TRAVEL_KEYS = ("detour", "speed_kmh", "matrix")


def read_travel(root: Fields, speed_kmh: float) -> Travel:
    """How distances are found: `detour`, `speed_kmh` (with the kind's own default) and `matrix`."""
    matrix = root.get("matrix")
    return Travel(
        detour=root.number("detour", 1.35, least=1.0, most=MOST_DETOUR),
        speed_kmh=root.number("speed_kmh", speed_kmh, least=0.1, most=MOST_KMH),
        matrix=_read_matrix(matrix) if matrix else None,
    )


def _read_matrix(node: Node) -> Matrix:
    fields = node.fields(["ids", "km"], ["minutes"])
    ids: dict[str, int] = {}
    for entry in fields["ids"].items():
        if entry.text() in ids:
            raise entry.refuse(f"{entry.value!r} is there twice")
        ids[entry.value] = len(ids)
    minutes = fields.get("minutes")
    km = _read_table(fields["km"], len(ids), MOST_KM)
    return Matrix(ids, km, _read_table(minutes, len(ids), MOST) if minutes else None)


def _read_table(node: Node, size: int, most: float) -> Floats:
    rows = [_read_row(row, size, most) for row in node.items()]
    table = np.array(rows, dtype=np.float64).reshape(len(rows), size)
    if len(table) != size:
        raise node.refuse(f"must have {size} rows, one for each of 'ids', has {len(table)}")
    return table


def _read_row(node: Node, size: int, most: float) -> list[float]:
    row = [entry.number(least=0, most=most) for entry in node.items()]
    if len(row) != size:
        raise node.refuse(f"must have {size} numbers, one for each of 'ids', has {len(row)}")
    return row


def check_reachable(point: Point, travel: Travel, node: Node) -> None:
    """A place needs coordinates, or a row in the matrix if there is one."""
    if travel.matrix is None and point.place is None:
        raise node.refuse("needs 'lon' and 'lat'")
    if travel.matrix is not None and point.id not in travel.matrix.ids:
        raise node.refuse(f"{point.id!r} is not among the ids of $.matrix")


def _is_finite(value: float) -> bool:
    """Whether it is a number that arithmetic can go on with: a whole one may be beyond all broken ones."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _shown(value: float) -> str:
    return f"{value:.9g}" if _is_finite(value) else "far beyond it"


def _kind(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", str: "text", type(None): "null"}
    if value == "" or (isinstance(value, str) and not value.strip()):
        return "empty"
    if isinstance(value, Mapping):
        return "an object"
    return names.get(type(value), "a list")

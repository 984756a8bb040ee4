"""What the checks of all kinds read from the input: members, ids, weights, ways between places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from haitang.planning.places import EARTH_KM, Floats, Point, Travel
from haitang.planning.reading import BadInput, Fields, Node

Spots = npt.NDArray[Any]


def members(node: Node, *needed: str) -> Fields:
    """An object of the input that has these. Keys that no rule here needs are for the planner to refuse."""
    others = node.value if isinstance(node.value, Mapping) else ()
    return node.fields(needed, others)


def weight(root: Fields, name: str, standard: float) -> float:
    """What a term weighs: `weights` in the input goes before the standard."""
    given = root.get("weights")
    return standard if given is None else members(given).number(name, standard)


def spots(travel: Travel, points: Sequence[Point]) -> Spots:
    """Places made ready for distances: rows of the matrix (n), or vectors of length one (n, 3)."""
    if travel.matrix is not None:
        ids = travel.matrix.ids
        for point in points:
            if point.id not in ids:
                raise BadInput(f"$.matrix.ids: {point.id!r} is not among them")
        return np.array([ids[point.id] for point in points], dtype=np.int64)
    for point in points:
        if point.place is None:
            raise BadInput(f"$: {point.id!r} has neither 'lon' and 'lat' nor a matrix")
    degrees = np.array([point.place for point in points], dtype=np.float64).reshape(-1, 2)
    lon, lat = np.radians(degrees).T
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def km_between(travel: Travel, starts: Spots, ends: Spots) -> Floats:
    """(n) from each start to the end beside it, or to the one end: the matrix's, else along the sphere."""
    if travel.matrix is not None:
        return travel.matrix.km[starts, ends]
    chord = np.linalg.norm(starts - ends, axis=1)
    arc: Floats = 2.0 * np.arcsin(np.minimum(chord / 2.0, 1.0)) * EARTH_KM * travel.detour
    return arc


def minutes_between(travel: Travel, starts: Spots, ends: Spots) -> Floats:
    """(n) likewise; the matrix's own minutes if it has them."""
    if travel.matrix is not None and travel.matrix.minutes is not None:
        return travel.matrix.minutes[starts, ends]
    return km_between(travel, starts, ends) * 60.0 / travel.speed_kmh


def kilometres(travel: Travel, starts: Sequence[Point], ends: Sequence[Point]) -> Floats:
    """(n) from each start to the end beside it."""
    return km_between(travel, spots(travel, starts), spots(travel, ends))


def minutes(travel: Travel, starts: Sequence[Point], ends: Sequence[Point]) -> Floats:
    """(n) likewise."""
    return minutes_between(travel, spots(travel, starts), spots(travel, ends))

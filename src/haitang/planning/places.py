"""How far it is from place to place, and how long the way takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

EARTH_KM = 6371.0088  # mean radius (IUGG)
WALKING_KMH = 4.5

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Point:
    """A place by id, with lon and lat in degrees (WGS84) where these are known."""

    id: str
    place: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class Matrix:
    """Distances somebody measured: km and minutes (n, n) from row to column, ids to positions."""

    ids: Mapping[str, int]
    km: Floats
    minutes: Floats | None = None


@dataclass(frozen=True)
class Travel:
    """Great circle times detour at a speed, unless a matrix says better."""

    detour: float = 1.35
    speed_kmh: float = WALKING_KMH
    matrix: Matrix | None = None

    def km(self, starts: Sequence[Point], ends: Sequence[Point]) -> Floats:
        """(starts, ends) kilometres; KeyError or TypeError for a place that is nowhere."""
        if self.matrix is not None:
            return self.matrix.km[_positions(self.matrix, starts, ends)]
        return great_circle_km(_degrees(starts)[:, None], _degrees(ends)[None]) * self.detour

    def minutes(self, starts: Sequence[Point], ends: Sequence[Point]) -> Floats:
        """(starts, ends) minutes, from the matrix's own if it has them."""
        if self.matrix is not None and self.matrix.minutes is not None:
            return self.matrix.minutes[_positions(self.matrix, starts, ends)]
        return self.km(starts, ends) / self.speed_kmh * 60.0


def great_circle_km(starts: Floats, ends: Floats) -> Floats:
    """Haversine distance between places (..., 2) of lon and lat in degrees."""
    here, there = np.radians(starts), np.radians(ends)
    half = np.sin((there - here) / 2.0) ** 2
    across = np.cos(here[..., 1]) * np.cos(there[..., 1]) * half[..., 0]
    arc: Floats = 2.0 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half[..., 1] + across, 1.0)))
    return arc


def _positions(
    matrix: Matrix, starts: Sequence[Point], ends: Sequence[Point]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    rows = np.array([matrix.ids[point.id] for point in starts], dtype=np.int64)
    columns = np.array([matrix.ids[point.id] for point in ends], dtype=np.int64)
    return rows[:, None], columns[None]


def _degrees(points: Sequence[Point]) -> Floats:
    return np.array([point.place for point in points], dtype=np.float64).reshape(-1, 2)

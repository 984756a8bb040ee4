"""Maps in kilometres: places by id, and axes that show them undistorted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from haitang.planning.places import EARTH_KM

from .style import GREY

KM_OF_A_DEGREE = EARTH_KM * np.pi / 180.0
ROOM = 1.14  # around the places
XY = tuple[float, float]


@dataclass(frozen=True)
class Map:
    """Where things are, by id, in kilometres east and north of the middle of all of them."""

    spots: Mapping[str, XY]

    def size(self, width: float, least: float = 3.0, most: float = 9.0) -> float:
        """Height of axes so many inches wide."""
        east, north = self.extent
        return float(np.clip(width * north / east, least, most))

    @property
    def extent(self) -> tuple[float, float]:
        """Kilometres shown from west to east and from south to north."""
        spots = np.array(list(self.spots.values()), dtype=np.float64).reshape(-1, 2)
        wide = np.ptp(spots, axis=0) if len(spots) else np.zeros(2)
        longest = max(float(wide.max()), 0.1)
        east, north = np.maximum(wide, longest * 0.35) * ROOM
        return float(east), float(north)

    def name(self, axes: Axes, names: Iterable[str], size: float = 7.0) -> None:
        """Names beside their places; those of one place are told together."""
        here: dict[XY, list[str]] = {}
        for name in names:
            here.setdefault(self.spots[name], []).append(name)
        for spot, all_ in here.items():
            axes.annotate(
                ", ".join(all_), spot, xytext=(7, 6), textcoords="offset points", fontsize=size, zorder=6
            )

    def show(self, axes: Axes, *, labels: bool = True) -> None:
        """Equal scales, axes in kilometres."""
        axes.set_aspect("equal", adjustable="box", anchor="NW")
        axes.grid(True)
        if not self.spots:
            axes.text(0.5, 0.5, "no lon and lat", ha="center", color=GREY, transform=axes.transAxes)
        spots = np.array(list(self.spots.values()) or [(0.0, 0.0)])
        middle = (spots.min(axis=0) + spots.max(axis=0)) / 2
        east, north = self.extent
        axes.set_xlim(middle[0] - east / 2, middle[0] + east / 2)
        axes.set_ylim(middle[1] - north / 2, middle[1] + north / 2)
        if labels:
            axes.set_xlabel("km east")
            axes.set_ylabel("km north")


def survey(*kinds: Sequence[Mapping[str, Any]]) -> Map:
    """A map of all things that say where they are."""
    things = [thing for kind in kinds for thing in kind if thing.get("lon") is not None]
    if not things:
        return Map({})
    degrees = np.array([(thing["lon"], thing["lat"]) for thing in things], dtype=np.float64)
    lon, lat = (degrees.min(axis=0) + degrees.max(axis=0)) / 2
    east = (degrees[:, 0] - lon) * KM_OF_A_DEGREE * np.cos(np.radians(lat))
    north = (degrees[:, 1] - lat) * KM_OF_A_DEGREE
    return Map({thing["id"]: (float(x), float(y)) for thing, x, y in zip(things, east, north, strict=True)})


def split(spots: Iterable[XY]) -> tuple[list[float], list[float]]:
    """Eastings and northings."""
    pairs = list(spots)
    return [x for x, _ in pairs], [y for _, y in pairs]

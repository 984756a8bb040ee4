"""Maps in kilometres: places by id, and axes that show them undistorted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from haitang.planning.places import EARTH_KM

from .style import GREY

KM_OF_A_DEGREE = EARTH_KM * np.pi / 180.0
XY = tuple[float, float]


@dataclass(frozen=True)
class Plane:
    """Kilometres east and north of the middle of all places."""

    lon: float
    lat: float

    def xy(self, thing: Mapping[str, Any]) -> XY | None:
        if thing.get("lon") is None or thing.get("lat") is None:
            return None
        east = (thing["lon"] - self.lon) * KM_OF_A_DEGREE * np.cos(np.radians(self.lat))
        return float(east), float((thing["lat"] - self.lat) * KM_OF_A_DEGREE)

    def all(self, things: Iterable[Mapping[str, Any]]) -> dict[str, XY]:
        """Where each is, by id; those that are nowhere are left out."""
        return {thing["id"]: xy for thing in things if (xy := self.xy(thing)) is not None}


def plane(things: Iterable[Mapping[str, Any]]) -> Plane:
    """One whose middle is that of all these."""
    known = [(thing["lon"], thing["lat"]) for thing in things if thing.get("lon") is not None]
    if not known:
        return Plane(0.0, 0.0)
    spots = np.array(known, dtype=np.float64)
    lon, lat = (spots.min(axis=0) + spots.max(axis=0)) / 2
    return Plane(float(lon), float(lat))


def dress(axes: Axes, places: Iterable[XY], *, labels: bool = True) -> None:
    """Equal scales, a little room around the places, axes in kilometres."""
    spots = np.array(list(places), dtype=np.float64).reshape(-1, 2)
    axes.set_aspect("equal", adjustable="box")
    axes.grid(True)
    if len(spots):
        middle = (spots.min(axis=0) + spots.max(axis=0)) / 2
        half = max(float((spots.max(axis=0) - spots.min(axis=0)).max()) * 0.56, 0.05)
        wide = np.maximum((spots.max(axis=0) - spots.min(axis=0)) * 0.56, half * 0.45)
        axes.set_xlim(middle[0] - wide[0], middle[0] + wide[0])
        axes.set_ylim(middle[1] - wide[1], middle[1] + wide[1])
    else:
        axes.text(
            0.5, 0.5, "the input gives no lon and lat", ha="center", color=GREY, transform=axes.transAxes
        )
    if labels:
        axes.set_xlabel("km east")
        axes.set_ylabel("km north")

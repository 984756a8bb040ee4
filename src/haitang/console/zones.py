"""The map's two layers: outlines of districts, and zones of the orders in force."""

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from django.http import HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from scipy.spatial import ConvexHull

from haitang.console.policy import Request, page
from haitang.core.actor import Act
from haitang.incidents import queries as incidents
from haitang.registry import queries as registry

OUTLINES = Path(registry.__file__).parent / "data" / "suzhou_districts.geojson"
MARGIN_DEGREES = 0.0006  # about 60 m around the outermost buildings
CORNERS = np.linspace(0, 2 * np.pi, 12, endpoint=False)


@cache
def outlines_text() -> bytes:
    """The districts' outlines as they are shipped."""
    return OUTLINES.read_bytes()


@page(Act.VIEW_AREA)
def outlines(request: Request) -> HttpResponse:
    response = HttpResponse(outlines_text(), content_type="application/geo+json")
    response["Cache-Control"] = "private, max-age=86400"
    return response


@page(Act.VIEW_AREA)
def zones(request: Request) -> HttpResponse:
    by, now, language = request.actor, timezone.now(), get_language() or ""
    found = incidents.orders(by=by, language=language, now=now, state="in_force")
    points = registry.points_of(view.area for view in found)
    features = [feature for view in found if (feature := _zone(view, points[view.area.pk])) is not None]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _zone(view: incidents.OrderView, points: list[tuple[float, float]]) -> dict[str, Any] | None:
    ring = outline(tuple(points))
    if ring is None:
        return None
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {
            "id": str(view.order.pk),
            "name": view.area.name,
            "level": view.level.pattern,
            "level_label": view.level_title,
            "state": view.state,
            "url": reverse("console:order", args=[view.order.pk]),
        },
    }


@lru_cache(maxsize=4096)  # buildings stay where they are while the map asks again
def outline(points: tuple[tuple[float, float], ...]) -> list[list[float]] | None:
    """A ring around (lon, lat) points with a margin of some 60 m; None without points."""
    if not points:
        return None
    around = np.column_stack([np.cos(CORNERS), np.sin(CORNERS) * 0.86]) * MARGIN_DEGREES
    cloud = (np.array(points)[:, None, :] + around[None, :, :]).reshape(-1, 2)
    ring = cloud[ConvexHull(cloud).vertices].round(6).tolist()
    return [*ring, ring[0]]


def bounds(path: str) -> str:
    """West, south, east and north of what lies below `path`, for a map without zones; empty if nothing does."""
    points = registry.points_below(path)
    if not points:
        return ""
    lons, lats = zip(*points, strict=True)
    edges = (
        min(lons) - MARGIN_DEGREES,
        min(lats) - MARGIN_DEGREES,
        max(lons) + MARGIN_DEGREES,
        max(lats) + MARGIN_DEGREES,
    )
    return ",".join(f"{edge:.5f}" for edge in edges)


routes = [
    path("map/zones.json", zones, name="zones"),
    path("map/outlines.json", outlines, name="outlines"),
]

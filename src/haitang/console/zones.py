"""The map's layers: outlines of districts, compounds, and zones of the orders in force."""

from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from django.http import HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from scipy.spatial import ConvexHull

from haitang.console import scope
from haitang.console.policy import Request, page
from haitang.core.actor import Act, Actor
from haitang.incidents import queries as incidents
from haitang.registry import queries as registry
from haitang.registry.queries import Area

OUTLINES = Path(registry.__file__).parents[1] / "data" / "suzhou_districts.geojson"
MARGIN_DEGREES = 0.0006  # about 60 m around the outermost buildings
MOST_COMPOUNDS = 60  # on one map; where there are more, only zones can be told apart
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
    found = _in_force(request)
    return _drawn([(view.area, _zone(view)) for view in found])


@page(Act.VIEW_AREA)
def compounds(request: Request) -> HttpResponse:
    """The compounds without a zone of their own, where there are few enough to draw."""
    by = request.actor
    where = scope.only(request.GET.get("area", ""), by=by, act=Act.VIEW_AREA)
    found = registry.compounds_below([where.path] if where else by.reach(Act.VIEW_AREA))
    if len(found) > MOST_COMPOUNDS:
        return _drawn([])
    zoned = {view.area.pk for view in _in_force(request)}
    return _drawn([(area, _compound(area, by=by)) for area in found if area.pk not in zoned])


def _in_force(request: Request) -> list[incidents.OrderView]:
    by, now, language = request.actor, timezone.now(), get_language() or ""
    where = scope.only(request.GET.get("area", ""), by=by, act=Act.VIEW_AREA)
    below = where.path if where else ""
    return incidents.orders(by=by, language=language, now=now, path=below, state="in_force")


def _zone(view: incidents.OrderView) -> dict[str, str]:
    return {
        "id": str(view.order.pk),
        "name": view.area.name,
        "level": view.level.pattern,
        "level_label": view.level_title,
        "state": view.state,
        "url": reverse("console:order", args=[view.order.pk]),
    }


def _compound(area: Area, *, by: Actor) -> dict[str, str]:
    page_name = "compound" if by.may(Act.VIEW_COMPOUND, area.path) else "area"
    return {"name": area.name, "url": reverse(f"console:{page_name}", args=[area.pk])}


def _drawn(areas: list[tuple[Area, dict[str, str]]]) -> HttpResponse:
    """A ring around each area that lies somewhere, with what is said of it."""
    points = registry.points_of(area for area, _said in areas)
    features = [feature for area, said in areas if (feature := _feature(area.pk, points, said)) is not None]
    response = JsonResponse({"type": "FeatureCollection", "features": features})
    # Kept and asked about again: the map reads it after every poll.
    response["Cache-Control"] = "private, no-cache"
    return response


def _feature(
    area_id: UUID, points: dict[UUID, list[tuple[float, float]]], said: dict[str, str]
) -> dict[str, Any] | None:
    ring = outline(tuple(points[area_id]))
    if ring is None:
        return None
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": said,
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
    path("map/compounds.json", compounds, name="map_compounds"),
    path("map/outlines.json", outlines, name="outlines"),
]

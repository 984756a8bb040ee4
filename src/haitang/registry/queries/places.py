"""Reads about places: the tree of areas and what lies below each."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from haitang.core.actor import Act, Actor
from haitang.core.refusal import NotHere
from haitang.registry import ledger
from haitang.registry.models import GATE as GATE  # the doors name it, and may not read models
from haitang.registry.models import Area, Household, JoinedList, LedgerImport, Level, Person

TOWN_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Figures:
    """What lies below a path: counts of places, households and people."""

    compounds: int
    buildings: int
    households: int
    people: int


def ancestors_of(path: str) -> list[str]:
    """The paths from the city down to `path` itself."""
    return [path[: i + 1] for i, letter in enumerate(path) if letter == "/"]


def is_empty() -> bool:
    """Whether there is no place at all yet, and so no ledger and nobody with a right."""
    return not Area.objects.exists()


def area_path(area_id: UUID) -> str:
    """An area's path, for the policy of its routes. Raises NotHere."""
    return path_in(Area.objects.filter(pk=area_id), "path")


def compound_path(area_id: UUID) -> str:
    """A compound's path; any other level is NotHere."""
    return path_in(Area.objects.filter(pk=area_id, level=Level.COMPOUND), "path")


def building_path(area_id: UUID) -> str:
    """A building's path; any other level is NotHere."""
    return path_in(Area.objects.filter(pk=area_id, level=Level.BUILDING), "path")


def printable_path(area_id: UUID) -> str:
    """The path of a compound or a building; any other level is NotHere."""
    return path_in(Area.objects.filter(pk=area_id, level__in=[Level.COMPOUND, Level.BUILDING]), "path")


def compound_around(area: Area) -> Area:
    """The compound in which a building stands; a compound itself."""
    return Area.objects.get(level=Level.COMPOUND, path__in=ancestors_of(area.path))


def path_in(
    rows: QuerySet[Area]
    | QuerySet[Household]
    | QuerySet[Person]
    | QuerySet[LedgerImport]
    | QuerySet[JoinedList],
    field: str,
) -> str:
    """The path that the first of `rows` holds in `field`. Raises NotHere."""
    path: str | None = rows.values_list(field, flat=True).first()
    if path is None:
        raise NotHere
    return path


def area(area_id: UUID, *, by: Actor, act: Act = Act.VIEW_AREA) -> Area:
    """One area on which `by` may do `act`. Raises NotHere."""
    found = Area.objects.filter(by.within(act), pk=area_id).first()
    if found is None:
        raise NotHere
    return found


def area_at(path: str) -> Area:
    """The area at `path`, for those who sit at the server itself. Raises NotHere."""
    found = Area.objects.filter(path=path).first()
    if found is None:
        raise NotHere
    return found


def compound_at(path: str) -> Area:
    """The compound that `path` lies in, or is. Raises NotHere."""
    found = Area.objects.filter(path__in=ancestors_of(path), level=Level.COMPOUND).first()
    if found is None:
        raise NotHere
    return found


def trail(path: str) -> list[Area]:
    """The areas from the city down to `path`: where a page is."""
    return list(Area.objects.filter(path__in=ancestors_of(path)).order_by("path"))


def tops(*, by: Actor, act: Act) -> list[Area]:
    """The widest areas on which `by` may do `act`."""
    return list(Area.objects.filter(path__in=by.reach(act)).order_by("path"))


def tops_of(paths: Iterable[str]) -> list[Area]:
    """The areas at `paths`."""
    return list(Area.objects.filter(path__in=list(paths)).order_by("path"))


def children(parent: Area) -> list[Area]:
    """The areas directly below `parent`, in the order of the site."""
    return list(Area.objects.filter(parent=parent).order_by("place", "code"))


def areas_within(*, by: Actor, act: Act, levels: Iterable[str], most: int = 3000) -> list[Area]:
    """Areas of `levels` on which `by` may do `act`, by path."""
    return list(Area.objects.filter(by.within(act), level__in=list(levels)).order_by("path")[:most])


def compounds_below(paths: Iterable[str], *, with_doors: bool = False) -> list[Area]:
    """Compounds below or at any of `paths`; only those with households if `with_doors`."""
    rows = Area.objects.filter(_below(paths), level=Level.COMPOUND)
    return list((rows.filter(households__gt=0) if with_doors else rows).order_by("path"))


def paths_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The paths of the areas with these ids."""
    return dict(Area.objects.filter(pk__in=list(ids)).values_list("pk", "path"))


def compounds_called(text: str) -> list[Area]:
    """Compounds with this path, code or name: for whoever sits at the server itself."""
    named = Q(path=text.strip("/") + "/") | Q(code=text) | Q(name=text)
    return list(Area.objects.filter(named, level=Level.COMPOUND).order_by("path"))


def areas_called(text: str) -> list[Area]:
    """Areas above a compound with this path, code or name: for whoever sits at the server itself."""
    named = Q(path=text.strip("/") + "/") | Q(code=text) | Q(name=text)
    rows = Area.objects.filter(named).exclude(level__in=[Level.COMPOUND, Level.BUILDING])
    return list(rows.order_by("path"))


def ledger_places(area: Area) -> list[ledger.Place]:
    """The compounds below an area, as a list of many compounds may call them."""
    compounds = compounds_below([area.path])
    paths = {path for compound in compounds for path in ancestors_of(compound.path)[:-1]}
    called = {path: (name, code) for path, name, code in _called(paths)}
    return [
        ledger.Place(
            compound.path,
            compound.code,
            compound.name,
            tuple(word for path in ancestors_of(compound.path)[:-1] for word in called[path]),
        )
        for compound in compounds
    ]


def _called(paths: Iterable[str]) -> list[tuple[str, str, str]]:
    return list(Area.objects.filter(path__in=list(paths)).values_list("path", "name", "code"))


def place_names(paths: Iterable[str]) -> dict[str, str]:
    """How each place is called: a building by its compound and its own name, all others by their own."""
    wanted = set(paths)
    above = {path: path[: path.rstrip("/").rfind("/") + 1] for path in wanted}
    rows = Area.objects.filter(path__in=wanted | set(above.values())).values_list("path", "name", "level")
    found = {path: (name, level) for path, name, level in rows}
    return {
        path: f"{found[above[path]][0]} {found[path][0]}"
        if found[path][1] == Level.BUILDING
        else found[path][0]
        for path in wanted & found.keys()
    }


def neighbours(compound: Area) -> list[str]:
    """The names of the other compounds of its town: what a ledger may have been mixed up with."""
    town = ancestors_of(compound.path)[TOWN_DEPTH - 1]
    rows = Area.objects.filter(path__startswith=town, level=Level.COMPOUND)
    return list(rows.exclude(pk=compound.pk).exclude(name=compound.name).values_list("name", flat=True))


def buildings(compound: Area) -> list[Area]:
    """A compound's buildings in the order of the site."""
    rows = Area.objects.filter(path__startswith=compound.path, level=Level.BUILDING)
    return list(rows.order_by("place", "code"))


def points_below(path: str) -> list[tuple[float, float]]:
    """Where the buildings below `path` stand, as (lon, lat); where its compounds lie if no building is placed."""
    placed = Area.objects.filter(path__startswith=path, lon__isnull=False, lat__isnull=False)
    for level in (Level.BUILDING, Level.COMPOUND):
        rows = placed.filter(level=level).values_list("lon", "lat")
        points = [(lon, lat) for lon, lat in rows if lon is not None and lat is not None]
        if points:
            return points
    return []


def points_of(areas: Iterable[Area]) -> dict[UUID, list[tuple[float, float]]]:
    """For each area what `points_below` says of it: one query for all compounds, one for each wider area."""
    wanted = list(areas)
    compounds = [area.pk for area in wanted if area.level == Level.COMPOUND]
    placed = Area.objects.filter(parent__in=compounds).values_list("parent", "lon", "lat")
    found: dict[UUID, list[tuple[float, float]]] = {}
    for compound, lon, lat in placed:
        if compound is not None and lon is not None and lat is not None:
            found.setdefault(compound, []).append((lon, lat))
    return {area.pk: found.get(area.pk) or points_below(area.path) for area in wanted}


def figures(paths: Iterable[str]) -> Figures:
    """Counts below `paths` of areas, which must not lie inside one another."""
    tops = list(paths)
    # Each area's row holds the people counted below it; places are counted from an index alone.
    living = Area.objects.filter(path__in=tops).aggregate(
        households=Sum("households", default=0), people=Sum("people", default=0)
    )
    places = Area.objects.filter(_below(tops), level__in=[Level.COMPOUND, Level.BUILDING])
    number: dict[str, int] = dict(places.order_by().values_list("level").annotate(number=Count("*")))
    return Figures(number.get(Level.COMPOUND, 0), number.get(Level.BUILDING, 0), **living)


def _below(paths: Iterable[str]) -> Q:
    reach = Q(pk__in=[])
    for path in paths:
        reach |= Q(path__startswith=path)
    return reach

"""The demonstration's places and ledgers: the real tree of Suzhou, and the invented compounds hung into it."""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from statistics import fmean

import xlsxwriter

from haitang.core.actor import Actor
from haitang.jobs import tree
from haitang.jobs.demonstration.neighbourhood import Compound, Neighbourhood
from haitang.jobs.demonstration.sites import Site
from haitang.jobs.demonstration.spreadsheet import compound_rows
from haitang.registry import queries, services
from haitang.registry.services import NewArea


def town_path(site: Site) -> str:
    """The path of the real town that an invented compound lies in."""
    return f"{tree.CITY}/{site.town[:6]}/{site.town}/"


def community_path(site: Site) -> str:
    """The path of a compound's invented community."""
    return f"{town_path(site)}{site.community}/"


def compound_path(site: Site) -> str:
    """The path of an invented compound."""
    return f"{community_path(site)}{site.slug}/"


def add_places(drawn: Neighbourhood, *, by: Actor, now: datetime) -> int:
    """Add the city with all its committees and the invented compounds; returns how many areas came."""
    invented = (area for compound in drawn.compounds for area in _compound(compound))
    return services.add_areas([*tree.suzhou().places.values(), *invented], by=by, now=now)


def _compound(compound: Compound) -> Iterator[NewArea]:
    site, buildings = compound.site, compound.buildings
    lon, lat = fmean(b.lon for b in buildings), fmean(b.lat for b in buildings)
    yield NewArea(town_path(site), "community", site.community, site.community_name)
    yield NewArea(community_path(site), "compound", site.slug, site.name, lon=lon, lat=lat)
    for place, building in enumerate(buildings, start=1):
        number = building.number
        yield NewArea(
            compound_path(site), "building", number, number, place=place, lon=building.lon, lat=building.lat
        )


def import_ledger(compound: Compound, seed: int, *, by: Actor, now: datetime) -> None:
    """Import a compound's ledger the way its desk does: choose the file, look at the preview, import it."""
    place = queries.area_at(compound_path(compound.site))
    name = f"{compound.site.name}居民底册.xlsx"
    given = services.preview_ledger(place, ledger_file(compound, seed), name=name, by=by, now=now)
    services.apply_ledger(given.pk, by=by, now=now)


def ledger_file(compound: Compound, seed: int) -> bytes:
    """A compound's ledger as the spreadsheet that its community would hand over."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("底册")
        for number, row in enumerate(compound_rows(compound, seed)):
            sheet.write_row(number, 0, row)
    return content.getvalue()

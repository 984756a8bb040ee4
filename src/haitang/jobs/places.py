"""`haitang places`: put the tree of places into the database, the shipped one or one's own."""

import getpass
from pathlib import Path

import click
from django.utils import timezone

from haitang.core.actor import operator
from haitang.jobs import tree
from haitang.jobs.database import with_database
from haitang.registry import services
from haitang.registry.services import NewArea

MOST_ERRORS = 200


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@with_database
def command(file: Path | None) -> None:
    """Add places from FILE; without FILE, Suzhou with its districts, towns and communities.

    FILE is CSV (UTF-8). Each row names places from the city down, in the columns city_code, city_name,
    district_code, district_name, town_code, town_name, community_code, community_name and, if wanted,
    compound_code, compound_name, lon, lat; those to the right may be empty.

    Places that exist stay as they are, so adding a file twice changes nothing. Good rows are kept; each error
    is listed with what to do, and the exit status is then 1.
    """
    with click.progressbar(length=2, label="Places · 区域") as bar:
        found = _read(file)
        bar.update(1)
        came = _add(found.cities())
        bar.update(1)
    for heading in found.unknown:
        click.echo(f"  {heading}: left out. The heading is not one of the columns that --help names.")
    for error in found.errors[:MOST_ERRORS]:
        click.echo(f"  row {error.row}, {error.column}: {error.words}")
    if len(found.errors) > MOST_ERRORS:
        click.echo(f"  ... and {len(found.errors) - MOST_ERRORS:,} more errors.")
    there = len(found.places) - came
    click.echo(f"New: places {came:,}. As before: {there:,}. Errors: {len(found.errors):,}.")
    raise SystemExit(1 if found.errors else 0)


def _read(file: Path | None) -> tree.Tree:
    if file is None:
        return tree.suzhou()
    try:
        return tree.read(file.read_bytes())
    except OSError as no:
        raise click.ClickException(f"Can't open {file}: {no.strerror}.") from no
    except tree.Unreadable as no:
        raise click.ClickException(f"{file}: {no}") from no


def _add(cities: list[list[NewArea]]) -> int:
    """How many places came; each city's are one row of its journal."""
    by, now = operator(getpass.getuser()), timezone.now()
    return sum(services.add_areas(places, by=by, now=now) for places in cities)

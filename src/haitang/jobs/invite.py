"""`haitang invite`: let a person choose a password and sign in; how the first desk of a new installation begins."""

import getpass

import click
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from haitang.accounts import services
from haitang.accounts.rules import NameTaken, Role
from haitang.core.actor import Actor, operator
from haitang.core.refusal import NotHere, Refused
from haitang.jobs.database import with_database
from haitang.registry import queries as registry


@click.command()
@click.argument("username")
@click.option("--name", help="The person's name, as others will read it.")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="What they will do.")
@click.option("--area", metavar="CODES", help="Where: the codes from the city down, such as 32/05/08/.")
@click.option("--unit", default="", help="The organisation they come from.")
@with_database
def command(username: str, name: str | None, role: str | None, area: str | None, unit: str) -> None:
    """Invite USERNAME, and print the link with which they choose a password. It works once, for two days.

    For a new person give name, role and area. USERNAME alone makes a new link for someone who lost theirs.
    """
    try:
        if name and role and area:
            token = _invite(username, name=name, role=Role(role), codes=area, unit=unit)
        elif name or role or area:
            raise click.UsageError("A new person needs all three: --name, --role and --area.")
        else:
            token = _invite_again(username)
    except NameTaken as no:
        raise click.ClickException(f"{username} exists; for a new link leave out the options.") from no
    except Refused as no:
        raise click.ClickException(str(no)) from no
    click.echo(f"{settings.ORIGIN}{reverse('invited')}#{token}")


def _invite(username: str, *, name: str, role: Role, codes: str, unit: str) -> str:
    try:
        place = registry.area_at(f"{codes.strip('/')}/")
    except NotHere as no:
        raise click.ClickException(f"There is no area {codes}: add it with `haitang places`.") from no
    by, now = _operator(), timezone.now()
    _, token = services.invite_user(username, name=name, unit=unit, role=role, area=place, by=by, now=now)
    return token


def _invite_again(username: str) -> str:
    try:
        _, token = services.invite_again(username, by=_operator(), now=timezone.now())
    except NotHere as no:
        raise click.ClickException(f"There is no {username}; give --name, --role and --area.") from no
    return token


def _operator() -> Actor:
    return operator(getpass.getuser())

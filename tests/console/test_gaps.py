"""Where a building has no steward on duty: what the pages say of its backup, and which building comes first."""

import re

import pytest
from django.utils import timezone

from haitang.operations import services as operations
from haitang.teams import queries, services
from haitang.teams.models import Care, Team
from tests.incidents.test_orders import drafted
from tests.neighbourhood import Neighbourhood, acting, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(neighbourhood: Neighbourhood) -> Team:
    """The garden's team: one steward and another are the backups of each other's buildings."""
    order = drafted(neighbourhood, lead=neighbourhood.lead)
    operations.confirm_order(order.pk, by=acting(neighbourhood.town_desk), now=timezone.now())
    return Team.objects.get(order=order)


def away(n: Neighbourhood, care: Care, *, backup_too: bool) -> None:
    for member in (care.steward, care.backup) if backup_too else (care.steward,):
        assert member
        services.mark_away(member.pk, by=acting(n.lead), now=timezone.now())


def pages(n: Neighbourhood, team: Team) -> list[str]:
    client = sign_in(n.lead)
    addresses = ("/overview/", "/gaps/", f"/teams/{team.pk}/", f"/compounds/{n.garden.pk}/")
    return [client.get(address).content.decode() for address in addresses]


def first_care(team: Team) -> Care:
    return queries.cares(team)[0]


def test_a_backup_on_duty_is_named(neighbourhood: Neighbourhood, team: Team) -> None:
    care = first_care(team)
    away(neighbourhood, care, backup_too=False)
    assert care.backup
    for shown in pages(neighbourhood, team):
        assert f"backup {care.backup.name}" in shown
        assert f"backup {care.backup.name} away too" not in shown


def test_a_backup_who_is_away_is_not_said_to_step_in(neighbourhood: Neighbourhood, team: Team) -> None:
    care = first_care(team)
    away(neighbourhood, care, backup_too=True)
    assert care.backup
    for shown in pages(neighbourhood, team):
        assert f"backup {care.backup.name} away too" in shown
    address = f"/buildings/{care.building_id}/"
    assert "away too" in sign_in(neighbourhood.lead).get(address).content.decode()


def test_the_tables_mark_a_backup_who_is_away(neighbourhood: Neighbourhood, team: Team) -> None:
    care = first_care(team)
    assert care.backup
    services.mark_away(care.backup.pk, by=acting(neighbourhood.lead), now=timezone.now())
    marked = re.compile(re.escape(care.backup.name) + r' <span class="gap-mark">away</span></td>')
    _overview, _gaps, of_team, of_compound = pages(neighbourhood, team)
    assert marked.search(of_team) and marked.search(of_compound)


def test_a_building_that_nobody_looks_after_comes_first(neighbourhood: Neighbourhood, team: Team) -> None:
    stewards = list(team.members.filter(role="steward").order_by("pk"))
    cares = list(team.cares.select_related("building").order_by("building__place"))
    for care in cares:
        care.steward, care.backup = stewards[0], stewards[1]
    cares[-1].backup = None
    Care.objects.bulk_update(cares, ["steward", "backup"])
    services.mark_away(stewards[0].pk, by=acting(neighbourhood.lead), now=timezone.now())
    for shown in pages(neighbourhood, team):
        rows = re.findall(r'class="gap-name"[^>]*>\D*(\d)<', shown)
        assert rows == [cares[-1].building.name, *(care.building.name for care in cares[:-1])]

"""The map's zones: a ring around what each order in force covers, whatever the level of its area."""

from typing import Any

import pytest
from django.utils import timezone

from haitang.accounts.models import User
from haitang.operations import services
from haitang.registry.models import Area
from tests.incidents.test_orders import drafted
from tests.neighbourhood import Neighbourhood, acting, sign_in

pytestmark = pytest.mark.django_db


def in_force(n: Neighbourhood, area: Area) -> None:
    order = drafted(n, by=n.town_desk, area=area)
    services.confirm_order(order.pk, by=acting(n.city_desk), now=timezone.now())


def zones(who: User, layer: str = "zones", **asked: object) -> dict[str, Any]:
    features = sign_in(who).get(f"/map/{layer}.json", asked).json()["features"]
    return {feature["properties"]["name"]: feature["geometry"]["coordinates"][0] for feature in features}


def holds(ring: list[list[float]], lon: float, lat: float) -> bool:
    lons, lats = zip(*ring, strict=True)
    return min(lons) < lon < max(lons) and min(lats) < lat < max(lats)


def test_a_compounds_zone_goes_around_its_own_buildings(neighbourhood: Neighbourhood) -> None:
    n = neighbourhood
    in_force(n, n.garden)
    in_force(n, n.sibling)
    found = zones(n.city_desk)
    assert all(holds(found[n.garden.name], b.lon, b.lat) for b in n.buildings if b.lon and b.lat)
    assert not holds(found[n.garden.name], 120.604, 31.3)


def test_a_compound_without_placed_buildings_is_a_ring_around_itself(neighbourhood: Neighbourhood) -> None:
    in_force(neighbourhood, neighbourhood.sibling)
    assert holds(zones(neighbourhood.city_desk)[neighbourhood.sibling.name], 120.604, 31.3)


def test_a_communitys_zone_goes_around_all_its_buildings(neighbourhood: Neighbourhood) -> None:
    n = neighbourhood
    in_force(n, n.community)
    ring = zones(n.city_desk)[n.community.name]
    assert all(holds(ring, b.lon, b.lat) for b in n.buildings if b.lon and b.lat)


def test_a_compound_without_an_order_is_drawn_as_a_compound(neighbourhood: Neighbourhood) -> None:
    n = neighbourhood
    in_force(n, n.garden)
    assert set(zones(n.community_desk, "compounds")) == {n.sibling.name}
    assert set(zones(n.city_desk, "compounds", area=n.town.pk)) == {n.sibling.name, "磨坊里"}


def test_too_many_compounds_are_not_drawn(
    neighbourhood: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("haitang.console.zones.MOST_COMPOUNDS", 1)
    assert zones(neighbourhood.community_desk, "compounds") == {}
    assert set(zones(neighbourhood.stranger, "compounds")) == {neighbourhood.elsewhere.name}


def test_nobody_is_shown_a_zone_elsewhere(neighbourhood: Neighbourhood) -> None:
    in_force(neighbourhood, neighbourhood.garden)
    assert zones(neighbourhood.stranger) == {}

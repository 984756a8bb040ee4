"""Pages about households in no list, a ledger's quality and exports, furnished with something to show."""

from django.utils import timezone

from haitang.operations import services as operations
from haitang.registry.services import Said
from tests.neighbourhood import Neighbourhood, acting


def out_pages(n: Neighbourhood) -> list[str]:
    """Their addresses, for the desk."""
    by, now = acting(n.community_desk), timezone.now()
    said = operations.add_household(n.buildings[0], Said("shop", "果店", 3, name="白果"), by=by, now=now)
    operations.add_household(n.garden, Said("site", "工棚", 30), by=by, now=now)
    return [
        f"/compounds/{n.garden.pk}/quality",
        f"/households/{said.pk}/",
        f"/areas/{n.garden.pk}/households/new",
        f"/areas/{n.buildings[0].pk}/households/new",
    ]

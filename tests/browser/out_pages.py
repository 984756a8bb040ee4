"""Pages about households in no list, a ledger's quality and exports, furnished with something to show."""

from django.utils import timezone

from haitang.operations import services as operations
from haitang.operations.models import ExportRequest
from haitang.registry.exports import Asked, Choice
from haitang.registry.services import Said
from tests.neighbourhood import OPERATOR, Neighbourhood, acting


def out_pages(n: Neighbourhood) -> list[str]:
    """Their addresses, for the desk."""
    by, now = acting(n.community_desk), timezone.now()
    said = operations.add_household(n.buildings[0], Said("shop", "果店", 3, name="白果"), by=by, now=now)
    operations.add_household(n.garden, Said("site", "工棚", 30), by=by, now=now)
    people = Asked("people", ("name", "phone"), Choice(flags=("lives_alone",), age_from=60))
    asked = operations.request_export(n.garden, people, reason="给独居老人送药", by=by, now=now)
    ExportRequest.objects.filter(pk=asked.pk).update(needs_second=True, accepted=True, decided_at=now)
    counts = operations.request_export(n.garden, Asked("buildings"), reason="排班", by=by, now=now)
    waiting = operations.request_export(n.garden, people, reason="核对名单", by=OPERATOR, now=now)
    ExportRequest.objects.filter(pk=waiting.pk).update(needs_second=True)
    return [
        "/exports/",
        f"/areas/{n.garden.pk}/export",
        f"/areas/{n.buildings[0].pk}/export?what=buildings",
        *(f"/exports/{export.pk}/" for export in (asked, counts, waiting)),
        f"/compounds/{n.garden.pk}/quality",
        f"/households/{said.pk}/",
        f"/areas/{n.garden.pk}/households/new",
        f"/areas/{n.buildings[0].pk}/households/new",
    ]

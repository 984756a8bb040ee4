"""The public page: orders in force, and the heads of the journal's chains. Nothing about persons."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from haitang.core import journal
from haitang.incidents import queries as incidents
from haitang.registry import queries as registry


@require_safe
def in_force(request: HttpRequest) -> HttpResponse:
    """Every order in force with reason, issuer, start and review date."""
    now = timezone.now()
    found = incidents.published(language=get_language() or "", now=now)
    rows = [(view, registry.trail(view.area.path)[:-1], journal.head_of(view.area.path)) for view in found]
    return render(request, "porch/orders.html", {"rows": rows, "now": now})

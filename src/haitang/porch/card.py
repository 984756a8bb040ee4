"""The page for whoever holds a household's card: no account, no name; the code comes in a form, never in an address."""

from dataclasses import dataclass
from datetime import datetime

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from haitang.core.journal import JournalEntry
from haitang.registry import queries as registry
from haitang.registry.cards import CardUnreadable, NoSuchCard

LONGEST = 200

WHAT: dict[str, str | Promise] = {
    "household.read": _("opened your household's page"),
    "paper.print": _("printed a door list with your household on it"),
    "people.export": _("took out a file with your household in it"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One time that somebody saw who lives there: when, what they did, and who they were as the journal has it."""

    at: datetime
    what: str | Promise
    who: str
    unit: str


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("code")
def show(request: HttpRequest) -> HttpResponse:
    """Ask for a card's code; for a living card, tell what its household may see."""
    if request.method != "POST":
        return render(request, "porch/card_form.html")
    if not ratelimit.consume(request, action="card"):
        return render(request, "porch/card_busy.html", status=429)
    given = request.POST.get("code", "")[:LONGEST]
    try:
        card = registry.card_of(given)
    except (CardUnreadable, NoSuchCard) as no:
        return render(request, "porch/card_form.html", {"given": given, "problem": no}, status=no.status)
    if card.ended_at is not None:
        return render(request, "porch/card_ended.html", {"card": card}, status=410)
    home = registry.home_of(card)
    looks = [_look(entry) for entry in registry.looks_at(home)]
    view = {
        "card": card,
        "home": home,
        "by_the_gate": home.building.code == registry.GATE,
        "looks": looks,
    }
    return render(request, "porch/card.html", view)


def _look(entry: JournalEntry) -> Look:
    return Look(entry.at, WHAT[entry.act], entry.actor_label, entry.actor_unit)

"""What every page needs of the console: its navigation, and counts written for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from haitang.core.actor import Act, Actor
from haitang.incidents.playbooks import Text
from haitang.registry.queries import GATE

if TYPE_CHECKING:
    from haitang.registry.models import Area

register = template.Library()


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the main navigation."""

    url: str
    words: str
    is_current: bool


MOBILE_DIGITS = 11  # of a Chinese mobile number
FLAGS = {
    "lives_alone": _lazy("lives alone"),
    "low_income": _lazy("low income"),
    "homebound": _lazy("can't leave home"),
    "chronic_illness": _lazy("chronic illness"),
    "disabled": _lazy("disabled"),
    "infant": _lazy("infant"),
    "pregnant": _lazy("pregnant"),
    "no_smartphone": _lazy("no smartphone"),
    "special_care": _lazy("needs special care"),
}

CHANGES = {
    "in_force": _lazy("put the order in force"),
    "lifted": _lazy("lift the order"),
    "dropped": _lazy("drop the draft"),
}


@register.filter
def may_view(actor: Actor, area: "Area") -> bool:
    """Whether `actor` may open the overview of `area`."""
    return actor.may(Act.VIEW_AREA, area.path)


@register.filter
def called(building: "Area") -> str:
    """What a building is called; what stands for all doors outside the buildings is by the gate."""
    if building.code == GATE:
        return _("by the gate")
    return _("building %(name)s") % {"name": building.name}


@register.filter
def flag_words(flag: str) -> str:
    """What a flag of the ledger means."""
    return str(FLAGS.get(flag, flag))


@register.filter
def act_words(to_state: str) -> str:
    """What bringing an order to a state is called."""
    return str(CHANGES[to_state])


@register.filter
def spaced(phone: str) -> str:
    """A phone number as people read it aloud: without +86, in groups."""
    number = phone.removeprefix("+86")
    return f"{number[:3]} {number[3:7]} {number[7:]}" if len(number) == MOBILE_DIGITS else phone


@register.filter
def said(text: Text) -> str:
    """A playbook's text in the reader's language."""
    return text.in_language(get_language() or "")


@register.filter
def at(values: Mapping[str, object], key: str) -> object:
    """The value under `key`, or an empty string."""
    return values.get(key, "")


@register.simple_tag(takes_context=True)
def nav_links(context: RequestContext, actor: Actor) -> list[Link]:
    """The pages that `actor` may open; what they can't open is not named."""
    entries = [
        (Act.VIEW_AREA, "console:overview", _("Overview")),
        (Act.VIEW_ORDER, "console:orders", _("Orders")),
        (Act.VIEW_TEAM, "console:teams", _("Teams")),
        (Act.VIEW_ORDER, "console:checklist", _("Checklist")),
        (Act.IMPORT_LEDGER, "console:ledger", _("Ledger")),
        (Act.RECORD_CONTACT, "console:my_work", _("My work")),
        (Act.MANAGE_PEOPLE, "console:rights", _("People and rights")),
        (Act.VIEW_JOURNAL, "console:journal", _("Journal")),
    ]
    here = context["request"].path
    return [
        Link(reverse(name), words, here.startswith(reverse(name)))
        for act, name, words in entries
        if actor.holds(act)
    ]


@register.filter
def may_find(actor: Actor) -> bool:
    """Whether somebody may look people up."""
    return actor.holds(Act.READ_HOUSEHOLD)

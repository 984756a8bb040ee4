"""What stands on paper: rooms' values and their words turned into the values that `haitang.paper` prints."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from haitang import paper
from haitang.console.templatetags.pages import flag_words, spaced
from haitang.core.actor import Actor
from haitang.operations.queries import BuildingState, CompoundState
from haitang.registry import queries as registry
from haitang.registry.queries import Area, Door, Listed
from haitang.registry.services import IssuedCard

CARD_WORDS = {
    "title": gettext_lazy("Household card"),
    "building": gettext_lazy("Building"),
    "door": gettext_lazy("Door"),
    "use": gettext_lazy("Ask for help, offer help, answer, correct, see who looked at your household"),
    "keep": gettext_lazy("Keep it. If lost, ask your steward for a new one: this one stops working."),
}


def both(text: str | Promise) -> paper.Both:
    """A text in both languages, whichever the reader of the page has."""
    said = {}
    for language in ("zh-hans", "en"):
        with override(language):
            said[language] = str(text)
    return paper.Both(zh=said["zh-hans"], en=said["en"])


def card_sheet(place: Area, cards: Iterable[IssuedCard], *, address: str, now: datetime) -> paper.CardSheet:
    """The cards of a compound; `address` is where their codes are typed."""
    return paper.CardSheet(
        place=place.name,
        address=address,
        margin=f"{place.name} · {_time(now)}",
        words=paper.CardWords(**{name: both(text) for name, text in CARD_WORDS.items()}),
        cards=tuple(
            paper.Card(card.building, door_name(card), card.code.payload, card.code.groups) for card in cards
        ),
    )


def door_name(door: Door | IssuedCard) -> str:
    """A door without its building."""
    return f"{door.entrance}-{door.room}" if door.entrance else door.room


def door_lists(
    state: CompoundState,
    people: Mapping[UUID, list[Listed]],
    heard: Mapping[UUID, datetime],
    *,
    by: Actor,
    now: datetime,
) -> paper.DoorLists:
    """The door list of each building of `state`, those of one steward together."""
    lists = [
        _door_list(state.compound, building, people[building.building.pk], heard)
        for building in _by_steward(state)
    ]
    with_phones = any(one.phones for group in people.values() for one in group)
    return paper.DoorLists(words=_door_words(by, now), lists=tuple(lists), one_a_line=with_phones)


def _by_steward(state: CompoundState) -> list[BuildingState]:
    """Buildings in the order of the site, each steward's others behind the first of theirs."""
    first: dict[object, int] = {}
    for place, each in enumerate(state.buildings):
        first.setdefault(_steward(each), place)
    return sorted(state.buildings, key=lambda each: first[_steward(each)])


def _steward(each: BuildingState) -> object:
    return each.care.steward_id if each.care and each.care.steward_id else each.building.pk


def _door_list(
    compound: Area, each: BuildingState, people: list[Listed], heard: Mapping[UUID, datetime]
) -> paper.DoorList:
    behind: dict[UUID, list[Listed]] = {}
    for one in people:
        behind.setdefault(one.household, []).append(one)
    doors = sorted(each.doors, key=registry.on_the_way)
    entrances = list(dict.fromkeys(door.entrance for door in doors))
    return paper.DoorList(
        place=compound.name,
        building=_called(each.building),
        steward=_who_cares(each),
        figures=_figures(len(doors), sum(door.people for door in doors), each.alone),
        sections=tuple(
            paper.Section(
                title=_("Entrance %(name)s") % {"name": entrance} if entrance else "",
                lines=_lines([door for door in doors if door.entrance == entrance], behind, heard),
            )
            for entrance in entrances
        ),
    )


def _called(building: Area) -> str:
    is_gate = building.code == registry.GATE
    return building.name if is_gate else _("building %(name)s") % {"name": building.name}


def _lines(
    doors: list[Door], behind: Mapping[UUID, list[Listed]], heard: Mapping[UUID, datetime]
) -> tuple[paper.DoorLine, ...]:
    following = [*doors[1:], None]
    return tuple(
        paper.DoorLine(
            door=door_name(door),
            count=str(door.people),
            people=tuple(_person(one) for one in behind.get(door.id, [])),
            flags=_flags(behind.get(door.id, [])),
            heard=f"{timezone.localtime(heard[door.id]):%m-%d %H:%M}" if door.id in heard else "",
            ends_floor=below is None or below.floor != door.floor,
        )
        for door, below in zip(doors, following, strict=True)
    )


def _person(one: Listed) -> str:
    return " ".join([one.name, *(spaced(phone) for phone in one.phones)])


def _flags(people: list[Listed]) -> tuple[str, ...]:
    return tuple(flag_words(flag) for flag in dict.fromkeys(flag for one in people for flag in one.flags))


def _who_cares(each: BuildingState) -> str:
    care = each.care
    if care is None:
        return ""
    steward = _("steward %(name)s") % {"name": care.steward.name} if care.steward else _("no steward")
    return " · ".join(
        [steward, *([_("backup %(name)s") % {"name": care.backup.name}] if care.backup else [])]
    )


def _figures(households: int, people: int, alone: int) -> str:
    parts = [
        ngettext("%(n)s household", "%(n)s households", households) % {"n": f"{households:,}"},
        ngettext("%(n)s person", "%(n)s people", people) % {"n": f"{people:,}"},
    ]
    if alone:
        parts.append(ngettext("%(n)s lives alone", "%(n)s live alone", alone) % {"n": f"{alone:,}"})
    return " · ".join(parts)


def _time(now: datetime) -> str:
    return f"{timezone.localtime(now):%Y-%m-%d %H:%M}"


def _made(by: Actor, now: datetime) -> str:
    who = f"{by.label} ({by.unit})" if by.unit else by.label
    return _("Printed by %(who)s, as of %(time)s") % {"who": who, "time": _time(now)}


def _door_words(by: Actor, now: datetime) -> paper.DoorWords:
    return paper.DoorWords(
        title=_("Door list"),
        door=_("Door"),
        count=_("People"),
        people=_("Who lives here"),
        flags=_("Mind"),
        heard=_("Last heard from"),
        ticks=(_("Met"), _("Called"), _("Wrote")),
        notes=_("Notes"),
        page=_("Page %(page)s of %(pages)s"),
        made=_made(by, now),
        care=_("Names are on it: keep it on you, give it back when done, no photos."),
    )


def building_list(state: CompoundState, *, tells_alone: bool, by: Actor, now: datetime) -> paper.BuildingList:
    """Every building of `state` with who looks after it."""
    return paper.BuildingList(
        place=state.compound.name,
        figures=_figures(state.compound.households, state.compound.people, 0),
        words=_building_words(by, now),
        lines=tuple(_building_line(each, tells_alone=tells_alone) for each in state.buildings),
    )


def _building_line(each: BuildingState, *, tells_alone: bool) -> paper.BuildingLine:
    care = each.care
    return paper.BuildingLine(
        building=each.building.name,
        steward=care.steward.name if care and care.steward else "",
        backup=care.backup.name if care and care.backup else "",
        households=len(each.doors),
        people=sum(door.people for door in each.doors),
        alone=each.alone if tells_alone else None,
        is_gap=each.is_gap,
    )


def _building_words(by: Actor, now: datetime) -> paper.BuildingWords:
    return paper.BuildingWords(
        title=_("Building list"),
        building=_("Building"),
        steward=_("Steward"),
        backup=_("Backup"),
        households=_("Households"),
        people=_("People"),
        alone=_("Live alone"),
        notes=_("Notes"),
        total=_("Total"),
        gap=_("no steward"),
        page=_("Page %(page)s of %(pages)s"),
        made=_made(by, now),
    )

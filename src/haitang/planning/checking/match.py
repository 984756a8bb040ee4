"""match, checked: categories, quantities, hours, locks, changes, value."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from haitang.planning.places import WALKING_KMH, Point, Travel
from haitang.planning.reading import Fields, Node, read_travel, unique
from haitang.planning.times import Clock, read_clock

from .changes import Change, Key, check_changes
from .finding import Entry
from .given import members, minutes, weight
from .posting import PRIORITIES, by_priority
from .standing import Terms, check_standing
from .unmet import check_count, read_unmet

FLOOR_MINUTES = 2.0  # of stairs or lift, for each floor down and up
Pair = tuple[str, str]  # need, offer


@dataclass(frozen=True)
class Side:
    """A need or an offer: how much of what, where, on which floor, and when in minutes of the clock."""

    category: str
    quantity: int
    point: Point
    building: str | None
    floor: float
    moment: float | None  # since when, or until when


@dataclass(frozen=True)
class Given:
    root: Fields
    travel: Travel
    needs: Mapping[str, Side]
    offers: Mapping[str, Side]
    urgency: Mapping[str, int]
    helper: Mapping[str, str]
    before: Mapping[Pair, int] | None


@dataclass(frozen=True)
class Plan:
    """What quantity goes from which offer to which need, and where in the answer that stands."""

    quantity: Mapping[Pair, int]
    entries: Mapping[Pair, Entry]

    def of_need(self) -> Counter[str]:
        return _summed((need, quantity) for (need, _), quantity in self.quantity.items())

    def of_offer(self) -> Counter[str]:
        return _summed((offer, quantity) for (_, offer), quantity in self.quantity.items())


def _summed(parts: Iterable[tuple[str, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for name, quantity in parts:
        found[name] += quantity
    return found


def check(data: Node, answer: Entry) -> None:
    given = read(data)
    plan = _plan(given, answer)
    _check_pairs(given, plan)
    _check_locked(given, plan, answer)
    check_count(answer, read_unmet(answer), sum(_missing(given, plan).values()), "of quantity")
    check_changes(answer, ("need", "offer"), _changes(given, plan), is_replan=given.before is not None)
    check_standing(answer, terms(given, plan))


def read(data: Node) -> Given:
    root = members(data, "needs", "offers")
    needs = {
        name: members(node, "category", "quantity", "urgency")
        for name, node in unique(root["needs"].items(), "need").items()
    }
    offers = {
        name: members(node, "category", "quantity")
        for name, node in unique(root["offers"].items(), "offer").items()
    }
    times = [fields.get("since") for fields in needs.values()] + [
        fields.get("until") for fields in offers.values()
    ]
    clock, travel = read_clock(root, times), read_travel(root, WALKING_KMH)
    return Given(
        root,
        travel,
        {name: _side(name, fields, fields.get("since"), clock, travel) for name, fields in needs.items()},
        {name: _side(name, fields, fields.get("until"), clock, travel) for name, fields in offers.items()},
        {name: fields["urgency"].count(1, 3) for name, fields in needs.items()},
        {name: _helper(name, fields) for name, fields in offers.items()},
        _before(root.get("previous")),
    )


def _side(name: str, fields: Fields, moment: Node | None, clock: Clock, travel: Travel) -> Side:
    building = fields.get("building")
    # A matrix is asked by the building, and by the id of the need or offer where it does not have that.
    named = building is not None and travel.matrix is not None and building.text() in travel.matrix.ids
    return Side(
        fields["category"].text(),
        fields["quantity"].count(),
        Point(building.text() if building is not None and named else name, fields.place()),
        building.text() if building else None,
        fields.number("floor", 0, least=-math.inf),
        None if moment is None else clock.minute(moment),
    )


def _helper(name: str, fields: Fields) -> str:
    """Who gives: an offer that names nobody is by the helper of its own id."""
    helper = fields.get("helper")
    return name if helper is None else helper.text()


def _before(previous: Node | None) -> dict[Pair, int] | None:
    if previous is None:
        return None
    found: Counter[Pair] = Counter()
    for node in members(previous, "pairs")["pairs"].items():
        fields = members(node, "need", "offer", "quantity")
        found[fields["need"].text(), fields["offer"].text()] += fields["quantity"].count()
    return found


def _plan(given: Given, answer: Entry) -> Plan:
    quantities: dict[Pair, int] = {}
    entries: dict[Pair, Entry] = {}
    for entry in answer.get("pairs").items():
        need = entry.get("need").one_of(given.needs, "need")
        offer = entry.get("offer").one_of(given.offers, "offer")
        quantity = entry.get("quantity").count(least=1)
        if need is None or offer is None or quantity is None:
            continue
        if (need, offer) in quantities:
            entry.note(
                "twice", f"{need!r} from {offer!r} is there twice, first at {entries[need, offer].path}"
            )
            continue
        quantities[need, offer], entries[need, offer] = quantity, entry
    return Plan(quantities, entries)


def _check_pairs(given: Given, plan: Plan) -> None:
    taken: Counter[str] = Counter()
    given_out: Counter[str] = Counter()
    for (need, offer), quantity in plan.quantity.items():
        wants, has, entry = given.needs[need], given.offers[offer], plan.entries[need, offer]
        if wants.category != has.category:
            text = f"{need!r} asks for {wants.category!r}, {offer!r} is {has.category!r}"
            entry.note("category", text)
        if wants.moment is not None and has.moment is not None and has.moment < wants.moment:
            late = wants.moment - has.moment
            entry.note("hours", f"{offer!r} ended {late:.2f} minutes before {need!r} arose", late)
        taken[need] += quantity
        given_out[offer] += quantity
        for name, told, most in (
            (need, taken[need], wants.quantity),
            (offer, given_out[offer], has.quantity),
        ):
            off = min(quantity, told - most)
            if off > 0:
                entry.get("quantity").note("too_many", f"{name!r} is {most} in all, this is {off} more", off)


def _check_locked(given: Given, plan: Plan, answer: Entry) -> None:
    for node in given.root.list("locked"):
        lock = members(node, "need", "offer")
        need = lock["need"].one_of(given.needs, "need")
        offer = lock["offer"].one_of(given.offers, "offer")
        quantity = lock.get("quantity")
        least, has = 1 if quantity is None else quantity.count(), plan.quantity.get((need, offer), 0)
        if has < least:
            entry = plan.entries.get((need, offer), answer.maybe("pairs"))
            entry.note(
                "locked", f"{node.path} gives {least} of {offer!r} to {need!r}, the plan {has}", least - has
            )


def _missing(given: Given, plan: Plan) -> Counter[int]:
    """Unmet quantity by urgency."""
    served, found = plan.of_need(), Counter(dict.fromkeys(PRIORITIES, 0))
    for name, need in given.needs.items():
        found[given.urgency[name]] += max(0, need.quantity - served[name])
    return found


def _changes(given: Given, plan: Plan) -> dict[Key, Change]:
    if given.before is None:
        return {}
    pairs = dict.fromkeys([*given.before, *plan.quantity])
    both = {pair: (given.before.get(pair, 0), plan.quantity.get(pair, 0)) for pair in pairs}
    return {pair: (old, new) for pair, (old, new) in both.items() if old != new}


def terms(given: Given, plan: Plan) -> Terms:
    """The objective: 600, 200, 60 an unmet unit, minutes on foot and 2 a floor, 5 a helper's further units squared."""
    weighs = by_priority(given.root, (600, 200, 60))
    gives: Counter[str] = Counter()
    for (_, offer), quantity in plan.quantity.items():
        gives[given.helper[offer]] += quantity
    found = {
        "unmet": sum(weighs.get(urgency, 0.0) * count for urgency, count in _missing(given, plan).items()),
        "distance": weight(given.root, "distance", 1) * _distance(given, plan),
        "load": weight(given.root, "load", 5) * sum((quantity - 1) ** 2 for quantity in gives.values()),
    }
    if given.before is not None:
        found["changes"] = weight(given.root, "change", 10) * _withdrawn(given, plan)
    return found


def _withdrawn(given: Given, plan: Plan) -> int:
    """Units that were to be given before, could be again, and now are not."""
    lost = 0
    for pair, before in (given.before or {}).items():
        need, offer = given.needs.get(pair[0]), given.offers.get(pair[1])
        if need is not None and offer is not None and _fits(need, offer):
            lost += max(0, min(before, need.quantity, offer.quantity) - plan.quantity.get(pair, 0))
    return lost


def _fits(need: Side, offer: Side) -> bool:
    lasts = need.moment is None or offer.moment is None or need.moment <= offer.moment
    return need.category == offer.category and lasts


def _distance(given: Given, plan: Plan) -> float:
    """Minutes on foot and by stairs, each unit by itself; nothing within one building."""
    pairs = [pair for pair in plan.quantity if not _is_same_building(given, pair)]
    needs, offers = [given.needs[need] for need, _ in pairs], [given.offers[offer] for _, offer in pairs]
    ways = minutes(given.travel, [offer.point for offer in offers], [need.point for need in needs])
    return sum(
        plan.quantity[pair] * (float(way) + FLOOR_MINUTES * (need.floor + offer.floor))
        for pair, way, need, offer in zip(pairs, ways, needs, offers, strict=True)
    )


def _is_same_building(given: Given, pair: Pair) -> bool:
    need, offer = given.needs[pair[0]], given.offers[pair[1]]
    return need.building is not None and need.building == offer.building

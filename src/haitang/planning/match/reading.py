"""A match question from JSON-like data, or a refusal that names the path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from haitang.planning.places import WALKING_KMH, Point, Travel
from haitang.planning.reading import (
    TRAVEL_KEYS,
    Fields,
    Node,
    by_rank,
    check_kind,
    check_reachable,
    read_travel,
    unique,
)
from haitang.planning.times import TIME_KEYS, Clock, read_clock

from .problem import Need, Offer, Pair, Problem, Spot, Weights, fits

ANSWER_KEYS = ("status", "value", "bound", "gap", "seconds", "seed", "unmet", "changes")
SPOT_KEYS = ("lon", "lat", "building", "floor")
MOST_QUANTITY = 100_000  # of one need or offer: more is a slip of the keyboard
MOST_FLOOR = 200
MOST_WEIGHT = 1_000_000.0


def read(data: Mapping[str, Any]) -> Problem:
    """A problem that makes sense; BadInput with the JSON path if the data don't."""
    known = ["kind", *TRAVEL_KEYS, *TIME_KEYS, "same_building_first", "weights", "locked", "previous"]
    root = Node(data).fields(["needs", "offers"], known)
    check_kind(root, "match")
    travel = read_travel(root, WALKING_KMH)
    clock = read_clock(root, _times(root))
    needs = {
        name: _need(node, name, travel, clock) for name, node in unique(root["needs"].items(), "need").items()
    }
    offers = {
        name: _offer(node, name, travel, clock)
        for name, node in unique(root["offers"].items(), "offer").items()
    }
    first, previous = root.get("same_building_first"), root.get("previous")
    return Problem(
        tuple(needs.values()),
        tuple(offers.values()),
        travel,
        _weights(root.get("weights")),
        True if first is None else _yes_or_no(first),
        _locks(root, needs, offers),
        None if previous is None else _previous(previous),
    )


def _yes_or_no(node: Node) -> bool:
    if not isinstance(node.value, bool):
        raise node.refuse("must be true or false")
    return node.value


def _times(root: Fields) -> Iterator[Node]:
    """Times in the order in which the first decides whether all are ISO 8601 or minutes."""
    for key, name in (("needs", "since"), ("offers", "until")):
        for node in root[key].items():
            if isinstance(node.value, Mapping) and node.value.get(name) is not None:
                yield Node(node.value[name], f"{node.path}.{name}")


def _spot(fields: Fields, name: str, travel: Travel) -> Spot:
    building, floor = fields.get("building"), fields.get("floor")
    spot = Spot(
        fields.place(),
        building.text() if building else None,
        0 if floor is None else floor.count(most=MOST_FLOOR),
    )
    in_matrix = travel.matrix is not None and spot.building in travel.matrix.ids
    if not in_matrix:
        check_reachable(Point(name, spot.place), travel, fields.node)
    return spot


def _need(node: Node, name: str, travel: Travel, clock: Clock) -> Need:
    fields = node.fields(["id", "category", "quantity", "urgency"], [*SPOT_KEYS, "since"])
    since = fields.get("since")
    return Need(
        name,
        fields["category"].text(),
        fields["quantity"].count(most=MOST_QUANTITY),
        fields["urgency"].count(1, 3),
        _spot(fields, name, travel),
        clock.minute(since) if since else None,
    )


def _offer(node: Node, name: str, travel: Travel, clock: Clock) -> Offer:
    fields = node.fields(["id", "category", "quantity"], [*SPOT_KEYS, "helper", "until"])
    helper, until = fields.get("helper"), fields.get("until")
    return Offer(
        name,
        fields["category"].text(),
        fields["quantity"].count(most=MOST_QUANTITY),
        helper.text() if helper else name,
        _spot(fields, name, travel),
        clock.minute(until) if until else None,
    )


def _weights(node: Node | None) -> Weights:
    if node is None:
        return Weights()
    standard = Weights()
    fields = node.fields([], ["unmet", "distance", "load", "change"])
    unmet = fields.get("unmet")
    return Weights(
        by_rank(unmet, "urgency", MOST_WEIGHT) if unmet else standard.unmet,
        fields.number("distance", standard.distance, most=MOST_WEIGHT),
        fields.number("load", standard.load, most=MOST_WEIGHT),
        fields.number("change", standard.change, most=MOST_WEIGHT),
    )


def _locks(root: Fields, needs: Mapping[str, Need], offers: Mapping[str, Offer]) -> tuple[Pair, ...]:
    locks: dict[tuple[str, str], Pair] = {}
    given: Counter[tuple[str, str]] = Counter()
    for node in root.list("locked"):
        fields = node.fields(["need", "offer", "quantity"])
        need = needs[fields["need"].one_of(needs, "need")]
        offer = offers[fields["offer"].one_of(offers, "offer")]
        pair = Pair(need.id, offer.id, fields["quantity"].count(least=1, most=MOST_QUANTITY))
        if (need.id, offer.id) in locks:
            raise node.refuse(f"need {need.id!r} and offer {offer.id!r} are locked twice")
        if not fits(need, offer):
            other = need.category != offer.category
            raise node.refuse(
                "they are of different categories" if other else "the offer ends before the need arose"
            )
        for name, one in (("need", need), ("offer", offer)):
            given[name, one.id] += pair.quantity
            if given[name, one.id] > one.quantity:
                raise fields["quantity"].refuse(f"{name} {one.id!r} has {one.quantity} in all, this is more")
        locks[need.id, offer.id] = pair
    return tuple(locks.values())


def _previous(node: Node) -> tuple[Pair, ...]:
    """Only the pairs count; needs and offers may be gone by now."""
    fields = node.fields(["pairs"], ["kind", *ANSWER_KEYS])
    check_kind(fields, "match")
    found: dict[tuple[str, str], Pair] = {}
    for entry in fields["pairs"].items():
        members = entry.fields(["need", "offer", "quantity"])
        need, offer = members["need"].text(), members["offer"].text()
        if (need, offer) in found:
            raise entry.refuse(f"need {need!r} and offer {offer!r} are there twice")
        found[need, offer] = Pair(need, offer, members["quantity"].count(most=MOST_QUANTITY))
    return tuple(found.values())

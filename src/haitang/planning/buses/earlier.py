"""An earlier answer, as far as a new plan starts from it."""

from __future__ import annotations

from haitang.planning.reading import Node, check_kind

from .problem import Before, Load, Stop, Trip

ANSWER_KEYS = ("status", "value", "bound", "gap", "seconds", "seed", "vehicles", "left", "unmet", "changes")


def read_before(node: Node) -> Before:
    """Only the trips count; groups and vehicles may be gone by now, and times are worked out anew."""
    fields = node.fields(["trips"], ["kind", *ANSWER_KEYS])
    check_kind(fields, "buses")
    trips: dict[str, Trip] = {}
    for entry in fields["trips"].items():
        trip = _trip(entry)
        if trip.id in trips:
            raise entry.refuse(f"trip {trip.id!r} is there twice")
        trips[trip.id] = trip
    return Before(tuple(trips.values()))


def _trip(node: Node) -> Trip:
    fields = node.fields(["id", "vehicle", "stops"], ["people"])
    stops = tuple(_stop(stop) for stop in fields["stops"].items())
    return Trip(fields["id"].text(), fields["vehicle"].text(), stops)


def _stop(node: Node) -> Stop:
    fields = node.fields(["at"], ["arrive", "depart", "on", "off"])
    on = tuple(_load(load) for load in fields.list("on"))
    off = tuple(_load(load) for load in fields.list("off"))
    return Stop(fields["at"].text(), 0.0, 0.0, on, off)


def _load(node: Node) -> Load:
    fields = node.fields(["group", "count"])
    return Load(fields["group"].text(), fields["count"].count())

"""The trips of an answer, as far as they can be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .buses_given import Given
from .finding import Entry


@dataclass(frozen=True)
class Stop:
    """arrive, depart: minutes of the clock; on, off: people by group."""

    entry: Entry
    at: str
    arrive: float
    depart: float
    on: Counter[str]
    off: Counter[str]


@dataclass(frozen=True)
class Trip:
    entry: Entry
    vehicle: str
    stops: Sequence[Stop]

    @property
    def people(self) -> int:
        return sum(stop.on.total() for stop in self.stops)


def read(given: Given, answer: Entry) -> list[Trip]:
    """Trips with a known vehicle and at least one stop that can be read, in the order of the answer."""
    found: list[Trip] = []
    ids: dict[str, str] = {}
    for entry in answer.get("trips").items():
        name = entry.get("id").text()
        if name is not None and name in ids:
            entry.note("twice", f"trip {name!r} is there twice, first at {ids[name]}")
        ids.setdefault(name or "", entry.path)
        vehicle = entry.get("vehicle").one_of(given.vehicles, "vehicle")
        stops = [stop for one in entry.get("stops").items() if (stop := _stop(given, one)) is not None]
        if not stops and entry.get("stops").value == []:
            entry.note("empty", "a trip without a stop")
        if vehicle is not None and stops:
            found.append(Trip(entry, vehicle, stops))
    return found


def _stop(given: Given, entry: Entry) -> Stop | None:
    at = entry.get("at").one_of(given.places, "muster or post")
    arrive, depart = entry.get("arrive").minute(given.clock), entry.get("depart").minute(given.clock)
    on, off = _loads(given, entry.get("on")), _loads(given, entry.get("off"))
    if at is None or arrive is None or depart is None:
        return None
    return Stop(entry, at, arrive, depart, on, off)


def _loads(given: Given, listed: Entry) -> Counter[str]:
    found: Counter[str] = Counter()
    for entry in listed.items():
        group, count = entry.get("group").one_of(given.groups, "group"), entry.get("count").count(least=1)
        if group is not None and group in found:
            entry.note("twice", f"group {group!r} is there twice at this stop")
        if group is not None and count is not None:
            found[group] += count
    return found

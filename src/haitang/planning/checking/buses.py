"""buses, checked: ways and hours, seats, who gets on and off where, rides, locks, changes, value."""

from __future__ import annotations

import itertools
from collections import Counter, deque
from collections.abc import Iterator, Sequence

from haitang.planning.reading import Node

from . import buses_given, buses_plan
from .buses_given import SECOND, Given
from .buses_plan import Stop, Trip
from .finding import Entry
from .given import members
from .standing import Terms, check_standing
from .unmet import check_count, read_unmet

Boarded = deque[tuple[float, int]]  # when they left their muster point, and how many


def check(data: Node, answer: Entry) -> None:
    given = buses_given.read(data)
    trips = buses_plan.read(given, answer)
    for trip in trips:
        _check_stops(given, trip)
        _check_riders(given, trip)
        _check_people(trip)
    for vehicle, duty in duties(trips).items():
        _check_duty(given, vehicle, duty)
    _check_groups(given, trips)
    _check_locked(given, trips)
    check_count(answer, read_unmet(answer), left(given, trips), "people")
    if given.before is not None:
        _check_changes(given, trips, answer)
    check_standing(answer, terms(given, trips), {"late": _vague(given, trips)})


def _check_stops(given: Given, trip: Trip) -> None:
    for stop in trip.stops:
        _check_boarding(given, stop)
    for one, two in itertools.pairwise(trip.stops):
        way = given.drive(given.places[one.at], given.places[two.at])
        early = one.depart + way - two.arrive
        if early > SECOND:
            text = f"arrives {early:.2f} minutes before it can: {way:.2f} minutes from {one.at!r}"
            two.entry.get("arrive").note("too_fast", text, early)


def _check_boarding(given: Given, stop: Stop) -> None:
    if stop.depart < stop.arrive - SECOND:
        early = stop.arrive - stop.depart
        stop.entry.get("depart").note("backwards", f"departs {early:.2f} minutes before it arrives", early)
        return
    done = stop.arrive
    for group in sorted(stop.on, key=lambda one: given.groups[one].ready):
        early = given.groups[group].ready - stop.depart
        if early > SECOND:
            text = f"departs {early:.2f} minutes before {group!r} is ready"
            stop.entry.get("depart").note("not_ready", text, early)
        done = max(done, given.groups[group].ready) + stop.on[group] * given.boarding
    short = done - stop.depart
    if short > SECOND:
        text = f"departs {short:.2f} minutes before {stop.on.total()} people have boarded"
        stop.entry.get("depart").note("boarding", text, short)


def _check_people(trip: Trip) -> None:
    told = trip.entry.get("people")
    number = told.count()
    if number is not None and number != trip.people:
        told.note("people", f"is {number}, but {trip.people} get on", number - trip.people)


def _check_riders(given: Given, trip: Trip) -> None:
    """On at their muster, off at their post, nobody longer than they may ride, never more than there are seats."""
    seats = given.vehicles[trip.vehicle].seats
    aboard: dict[str, Boarded] = {}
    for stop in trip.stops:
        for group, count in stop.off.items():
            _check_off(given, stop, group, aboard.setdefault(group, deque()), count)
        for group, count in stop.on.items():
            if given.groups[group].muster != stop.at:
                text = f"{group!r} boards at {given.groups[group].muster!r}, not at {stop.at!r}"
                stop.entry.get("on").note("wrong_place", text)
            aboard.setdefault(group, deque()).append((stop.depart, count))
        riding = sum(count for people in aboard.values() for _, count in people)
        if riding > seats:
            stop.entry.get("on").note("seats", f"{riding} people on {seats} seats", riding - seats)
    for group, people in aboard.items():
        if people:
            left = sum(count for _, count in people)
            trip.entry.get("stops").note("still_aboard", f"{left} of {group!r} never get off", left)


def _check_off(given: Given, stop: Stop, group: str, aboard: Boarded, count: int) -> None:
    """People of a group are alike: whoever got on first gets off first."""
    if given.groups[group].post != stop.at:
        text = f"{group!r} goes to {given.groups[group].post!r}, not to {stop.at!r}"
        stop.entry.get("off").note("wrong_place", text)
    while count > 0 and aboard:
        since, people = aboard.popleft()
        if people > count:
            aboard.appendleft((since, people - count))
        count -= min(count, people)
        over = stop.arrive - since - given.longest_ride
        if over > SECOND:
            text = f"{group!r} rides {stop.arrive - since:.2f} minutes, at most {given.longest_ride:g} are allowed"
            stop.entry.get("arrive").note("long_ride", text, over)
    if count > 0:
        stop.entry.get("off").note("not_aboard", f"{count} more of {group!r} get off than are aboard", count)


def _check_duty(given: Given, name: str, trips: Sequence[Trip]) -> None:
    """From the depot, through its trips in this order, and back, within its hours."""
    vehicle = given.vehicles[name]
    depot = given.depots[vehicle.depot]
    first, last = trips[0].stops[0], trips[-1].stops[-1]
    early = vehicle.there.start + given.drive(depot, given.places[first.at]) - first.arrive
    if early > SECOND:
        text = f"arrives {early:.2f} minutes before {name!r} can be there from its depot"
        first.entry.get("arrive").note("hours", text, early)
    late = last.depart + given.drive(given.places[last.at], depot) - vehicle.there.end
    if late > SECOND:
        text = f"{name!r} is back at its depot {late:.2f} minutes after it has to be"
        last.entry.get("depart").note("hours", text, late)
    for one, two in itertools.pairwise(trips):
        here, there = one.stops[-1], two.stops[0]
        early = here.depart + given.drive(given.places[here.at], given.places[there.at]) - there.arrive
        if early > SECOND:
            text = f"arrives {early:.2f} minutes before {name!r} can be there from its trip before"
            there.entry.get("arrive").note("too_fast", text, early)


def _check_groups(given: Given, trips: Sequence[Trip]) -> None:
    taken: Counter[str] = Counter()
    for trip in trips:
        for stop in trip.stops:
            for group, count in stop.on.items():
                taken[group] += count
                off = min(count, taken[group] - given.groups[group].count)
                if off > 0:
                    text = f"{group!r} is {given.groups[group].count} people, here {off} more get on"
                    stop.entry.get("on").note("too_many", text, off)


def _check_locked(given: Given, trips: Sequence[Trip]) -> None:
    for node in given.root.list("locked"):
        lock = members(node, "group", "vehicle")
        group, vehicle = lock["group"].one_of(given.groups, "group"), lock["vehicle"].text()
        for trip in trips:
            for stop in trip.stops:
                if stop.on[group] and trip.vehicle != vehicle:
                    text = f"{node.path} has {group!r} ride with {vehicle!r}, not with {trip.vehicle!r}"
                    stop.entry.get("on").note("locked", text)


def arrivals(trips: Sequence[Trip]) -> Iterator[tuple[str, int, float]]:
    """(group, people, minute) as they reach their post."""
    for trip in trips:
        for stop in trip.stops:
            for group, count in stop.off.items():
                yield group, count, stop.arrive


def left(given: Given, trips: Sequence[Trip]) -> int:
    """People who do not reach their post."""
    there: Counter[str] = Counter()
    for group, count, _ in arrivals(trips):
        there[group] += count
    return sum(max(0, group.count - there[name]) for name, group in given.groups.items())


def duties(trips: Sequence[Trip]) -> dict[str, list[Trip]]:
    """The trips of each coach, in the order of the answer."""
    found: dict[str, list[Trip]] = {}
    for trip in trips:
        found.setdefault(trip.vehicle, []).append(trip)
    return found


def driven(given: Given, trips: Sequence[Trip]) -> float:
    """Minutes at the wheel of all coaches, empty runs from, between and to depots included."""
    total = 0.0
    for name, duty in duties(trips).items():
        depot = given.depots[given.vehicles[name].depot]
        way = [depot, *(given.places[stop.at] for trip in duty for stop in trip.stops), depot]
        total += sum(given.drive(one, two) for one, two in itertools.pairwise(way))
    return total


def terms(given: Given, trips: Sequence[Trip]) -> Terms:
    """The objective: 1,000 a person left, 2 a person-minute late, a minute driven, 15 a trip, 60 a coach."""
    late = sum(count * max(0.0, at - given.groups[group].due) for group, count, at in arrivals(trips))
    found = {
        "left": given.weight("left", 1_000) * left(given, trips),
        "late": given.weight("late", 2) * late,
        "driving": given.weight("driving", 1) * driven(given, trips),
        "trips": given.weight("trips", 15) * len(trips),
        "vehicles": given.weight("vehicles", 60) * len({trip.vehicle for trip in trips}),
    }
    if given.before is not None:
        found["changes"] = given.weight("change", 2) * sum(moved(given, trips).values())
    return found


def _riders(trips: Sequence[Trip]) -> dict[str, Counter[str]]:
    """People of each group by the coach they ride with."""
    found: dict[str, Counter[str]] = {}
    for trip in trips:
        for stop in trip.stops:
            for group, count in stop.on.items():
                found.setdefault(group, Counter())[trip.vehicle] += count
    return found


def moved(given: Given, trips: Sequence[Trip]) -> dict[str, int]:
    """People of each group who rode with a coach that is still here, and now ride with another or with none.

    Of a group that has shrunk, only those who are still there can have been moved.
    """
    now, found = _riders(trips), {}
    for name, before in (given.before or {}).items():
        if name in given.groups:
            still = Counter({coach: count for coach, count in before.items() if coach in given.vehicles})
            gone = before.total() - still.total()
            kept = (still & now.get(name, Counter())).total()
            found[name] = max(0, min(still.total(), given.groups[name].count - gone) - kept)
    return found


def _check_changes(given: Given, trips: Sequence[Trip], answer: Entry) -> None:
    """`changes` names as many people of each group as were moved from coaches that are still here."""
    told: Counter[str] = Counter()
    now, before = _riders(trips), given.before or {}
    for entry in answer.get("changes").items():
        group, coach = entry.get("group").one_of(given.groups, "group"), entry.get("from").text()
        count, to = entry.get("count").count(least=1), entry.get("to")
        if group is None or coach is None or count is None:
            continue
        if before.get(group, Counter())[coach] < count:
            text = (
                f"{before.get(group, Counter())[coach]} of {group!r} rode with {coach!r} before, not {count}"
            )
            entry.get("count").note("changes", text)
        if not to.is_null and (name := to.text()) is not None and not now.get(group, Counter())[name]:
            to.note("changes", f"nobody of {group!r} rides with {name!r}")
        told[group] += count if coach in given.vehicles else 0
    for group, count in moved(given, trips).items():
        if told[group] != count:
            text = f"{count} people of {group!r} were moved, {told[group]} are told"
            answer.get("changes").note("changes", text, told[group] - count)


def _vague(given: Given, trips: Sequence[Trip]) -> float:
    """How far lateness may be off as arrivals are told to the second."""
    late = sum(count for group, count, at in arrivals(trips) if at > given.groups[group].due - SECOND)
    return given.weight("late", 2) * late * SECOND

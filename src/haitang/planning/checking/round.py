"""round, checked: hours, lanes, staff at every moment, booking, visits at the door, locks, changes, value."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from haitang.planning.reading import Fields, Node

from . import round_given, round_plan
from .finding import Entry
from .given import members
from .round_days import Chance, Invited, Lanes, spent
from .round_given import SECOND, Given
from .round_plan import Plan, Visit, Working
from .standing import Terms, check_number, check_standing
from .unmet import check_count, check_ids, read_unmet


def check(data: Node, answer: Entry) -> None:
    given = round_given.read(data)
    plan = round_plan.read(given, answer)
    for name, station in plan.stations.items():
        _check_hours(given, name, station)
        _check_booking(given, station, [slot for slot in plan.slots if slot.by == name])
        invited = sum(slot.people for slot in plan.slots if slot.by == name)
        if station.told is not None and station.told != invited:
            text = f"is {station.told}, but slots invite {invited} people there"
            station.entry.get("people").note("people", text, station.told - invited)
    _check_slots(given, plan)
    _check_doors(given, plan)
    _check_staff(given, plan, answer)
    _check_locked(given, plan, answer)
    _check_forecast(given, answer)
    _check_unmet(given, plan, answer)
    if (previous := given.root.get("previous")) is not None:
        _check_changes(given, plan, previous, answer)
    check_standing(answer, terms(given, plan))


def _check_hours(given: Given, name: str, station: Working) -> None:
    there, entry = given.stations[name], station.entry
    if station.lanes[-1] > there.max_lanes:
        off = station.lanes[-1] - there.max_lanes
        entry.get("lanes").note("too_many", f"{name!r} has room for {there.max_lanes} lanes", off)
    closes = min(there.close, given.deadline)
    early, late = there.open - station.opens, station.closes - closes
    if early > SECOND:
        entry.get("from").note("too_early", f"{early:.2f} minutes before {name!r} opens", early)
    if late > SECOND:
        entry.get("to").note("too_late", f"{late:.2f} minutes after {name!r} closes or the deadline", late)
    if station.closes <= station.opens:
        entry.get("to").note("backwards", "must be after 'from'", station.opens - station.closes)


def _check_slots(given: Given, plan: Plan) -> None:
    least = given.number("slot_minutes", 15)
    booked: Counter[str] = Counter()
    for slot in plan.slots:
        station = plan.stations.get(slot.by)
        short = least - (slot.end - slot.start)
        if short > SECOND:
            slot.entry.note("too_short", f"is {short:.2f} minutes shorter than {least:g}", short)
        if station is None:
            slot.entry.get("station").note("closed", f"station {slot.by!r} does not work in this plan")
        else:
            off = max(station.opens - slot.start, slot.end - station.closes)
            if off > SECOND:
                slot.entry.note("outside", f"lies {off:.2f} minutes outside the hours of {slot.by!r}", off)
        _book(booked, slot, given.buildings[slot.building].walkers, "who can come")


def _book(booked: Counter[str], visit: Visit, most: int, who: str) -> None:
    booked[visit.building] += visit.people
    off = booked[visit.building] - most
    if off > 0:
        text = f"{visit.building!r} has {most} people {who}, here are {min(off, visit.people)} more"
        visit.entry.get("people").note("too_many", text, min(off, visit.people))


def _check_forecast(given: Given, answer: Entry) -> None:
    forecast = answer.get("forecast")
    if not (finish := forecast.get("finish")).is_null:
        finish.minute(given.clock)
    told = [forecast.get("wait_p50"), forecast.get("wait_p95")]
    half, most = (None if one.is_null else one.number() for one in told)  # null where nobody comes
    if half is not None and most is not None and not 0 <= half <= most:
        forecast.get("wait_p50").note("forecast", f"must be between 0 and wait_p95, is {half:g}")


def _check_booking(given: Given, station: Working, slots: Sequence[Visit]) -> None:
    """The backlog, if all goes as expected, keeps nobody waiting longer than the limit."""
    longest, clearing = given.number("max_wait_minutes", 15), _per_minute(given, station)
    rates = [
        (slot.people * (1.0 - given.no_show) / (slot.end - slot.start), slot)
        for slot in slots
        if slot.end > slot.start
    ]
    moments = sorted({moment for _, slot in rates for moment in (slot.start, slot.end)})
    backlog = worst = 0.0
    for before, now in itertools.pairwise(moments):
        coming = sum(rate for rate, slot in rates if slot.start <= before and now <= slot.end)
        backlog = max(0.0, backlog + (coming - clearing) * (now - before))
        worst = max(worst, backlog)
    over = worst / clearing - longest
    if over > SECOND:
        text = f"its slots book {worst:.1f} people too many at once: {over:.2f} minutes over {longest:g}"
        station.entry.note("overbooked", text, over)


def _per_minute(given: Given, station: Working) -> float:
    """People a minute that the slowest stage lets through."""
    pairs = zip(station.lanes, given.stages, strict=True)
    return min(lanes * 60.0 / stage.seconds for lanes, stage in pairs)


def _check_doors(given: Given, plan: Plan) -> None:
    visited: Counter[str] = Counter()
    for door in plan.doors:
        building = given.buildings[door.building]
        short = door.people * building.visit(given.visit_minutes) - (door.end - door.start)
        if short > SECOND:
            door.entry.note("too_short", f"{door.people} people take {short:.2f} minutes longer", short)
        late = door.end - given.deadline
        if late > SECOND:
            door.entry.get("end").note("too_late", f"{late:.2f} minutes after the deadline", late)
        _book(visited, door, building.homebound, "at home")
    for name, team in plan.teams.items():
        doors = sorted((d for d in plan.doors if d.by == name), key=lambda d: (d.start, d.end))
        for one, two in itertools.pairwise(doors):
            _check_way(given, one, two)
        if doors:
            _check_out(given, team, doors[0], max(doors, key=lambda d: d.end))
        else:
            team.entry.note("idle", f"team {name!r} visits nobody")


def _check_way(given: Given, one: Visit, two: Visit) -> None:
    here, there = given.buildings[one.building].point, given.buildings[two.building].point
    walk = 0.0 if one.building == two.building else given.walk(here, there)
    short = walk - (two.start - one.end)
    if short > SECOND:
        text = f"begins {short:.2f} minutes before the team can be there from {one.building!r}"
        two.entry.get("start").note("too_early", text, short)


def _check_out(given: Given, team: round_plan.Team, first: Visit, last: Visit) -> None:
    """It sets out from the station nearest to its first building and goes back to the one nearest to its last."""
    if not given.stations:
        team.entry.note("no_station", "there is no station to set out from")
        return
    out = first.start - given.to_a_station(first.building, there=False)
    back = last.end + given.to_a_station(last.building, there=True)
    for key, told, due in (("from", team.out, out), ("to", team.back, back)):
        if abs(told - due) > 2 * SECOND:
            team.entry.get(key).note("way", f"is {told - due:+.2f} minutes off the way it goes", told - due)
    early = min(station.open for station in given.stations.values()) - team.out
    if early > SECOND:
        team.entry.get("from").note("too_early", f"{early:.2f} minutes before the first station opens", early)


def _check_staff(given: Given, plan: Plan, answer: Entry) -> None:
    """At every moment, no more staff of a role at work than there is."""
    needed = {role for stage in given.stages for role in stage.staff} | given.team.keys()
    for role in sorted(needed):
        available = given.staff.get(role, 0)
        moments: list[tuple[float, int]] = []
        for station in plan.stations.values():
            pairs = zip(station.lanes, given.stages, strict=True)
            need = sum(lanes * stage.staff.get(role, 0) for lanes, stage in pairs)
            moments += _steps(station.opens, station.closes, need)
        for team in plan.teams.values():
            moments += _steps(team.out, team.back, given.team.get(role, 0))
        most = _highest(moments)
        if most > available:
            text = f"{most} {role} are at work at once, there are {available}"
            answer.get("stations").note("staff", text, most - available)


def _steps(start: float, end: float, count: int) -> list[tuple[float, int]]:
    """Who ends when another begins can go there; both are rounded to the second."""
    return [(start, count), (end - SECOND, -count)] if end - SECOND > start else []


def _highest(moments: Iterable[tuple[float, int]]) -> int:
    level = highest = 0
    for _, step in sorted(moments):
        level += step
        highest = max(highest, level)
    return highest


def _check_locked(given: Given, plan: Plan, answer: Entry) -> None:
    named = Counter(node.value.get("building") for node in given.root.list("locked"))
    for node in given.root.list("locked"):
        lock = members(node, "station")
        station = lock["station"].one_of(given.stations, "station")
        if lock.get("lanes") is not None:
            _check_locked_lanes(plan, answer, station, lock)
        elif lock.get("building") is not None:
            building = lock["building"].one_of(given.buildings, "building")
            slots = [slot for slot in plan.slots if slot.building == building]
            if lock.get("start") is None:
                for slot in slots:
                    if slot.by != station:
                        text = f"{node.path} sends {building!r} to {station!r}, not to {slot.by!r}"
                        slot.entry.get("station").note("locked", text)
            else:
                alone = named[building] == 1
                _check_locked_slot(given, answer, lock, [s for s in slots if s.by == station], alone=alone)


def _check_locked_lanes(plan: Plan, answer: Entry, station: str, lock: Fields) -> None:
    lanes, working = lock["lanes"].count(), plan.stations.get(station)
    if working is not None and working.lanes[-1] != lanes:
        text = f"{lock.node.path} gives {station!r} {lanes} lanes, the plan {working.lanes[-1]}"
        working.entry.get("lanes").note("locked", text, working.lanes[-1] - lanes)


def _check_locked_slot(
    given: Given, answer: Entry, lock: Fields, slots: Sequence[Visit], *, alone: bool
) -> None:
    span, told = given.clock.span(lock), lock.get("people")
    building = given.buildings[lock["building"].text()]
    least = told.count() if told is not None else building.walkers if alone else 1
    here = [slot for slot in slots if abs(slot.start - span.start) + abs(slot.end - span.end) <= 2 * SECOND]
    people = sum(slot.people for slot in here)
    if people < least:
        text = f"{lock.node.path} wants {least} people of {building.point.id!r} in this slot, the plan has {people}"
        answer.get("slots").note("locked", text, least - people)


def unreached(given: Given, plan: Plan) -> dict[str, Counter[str]]:
    """People by building who can come but have no slot (`slot`), and who are at home and not visited (`visit`)."""
    slots, doors = _people(plan.slots), _people(plan.doors)
    return {
        "slot": +Counter({name: one.walkers - slots[name] for name, one in given.buildings.items()}),
        "visit": +Counter({name: one.homebound - doors[name] for name, one in given.buildings.items()}),
    }


def _check_unmet(given: Given, plan: Plan, answer: Entry) -> None:
    wishes, missing = read_unmet(answer), unreached(given, plan)
    for what, people in missing.items():
        these = [wish for wish in wishes if wish.what == what]
        check_count(answer, these, people.total(), f"people without a {what}")
        check_ids(these, people, "building")
    for wish in wishes:
        if wish.what not in missing:
            wish.entry.get("what").note("unmet", f"must be 'slot' or 'visit', is {wish.what!r}")


def _people(visits: Iterable[Visit]) -> Counter[str]:
    found: Counter[str] = Counter()
    for visit in visits:
        found[visit.building] += visit.people
    return found


def terms(given: Given, plan: Plan) -> Terms:
    """The objective: 1,000 a person missed, 60 a staff-hour, 1 a minute waited and 1 walked, 2 a person moved."""
    missed, waited = _missed_and_waited(given, plan)
    left = sum(people.total() for people in unreached(given, plan).values())
    hours = sum(station.staff * (station.closes - station.opens) / 60 for station in plan.stations.values())
    hours += sum(team.staff * (team.back - team.out) / 60 for team in plan.teams.values())
    walked = sum(
        slot.people
        * (1.0 - given.no_show)
        * given.walk(given.buildings[slot.building].point, given.stations[slot.by].point)
        for slot in plan.slots
    )
    found = {
        "missed": given.weight("missed", 1_000) * (missed + left),
        "staff": given.weight("staff", 60) * hours,
        "waiting": given.weight("waiting", 1) * waited,
        "walking": given.weight("walking", 1) * walked,
    }
    if (previous := given.root.get("previous")) is not None:
        found["changes"] = given.weight("change", 2) * sum(moved(given, plan, previous).values())
    return found


def _missed_and_waited(given: Given, plan: Plan) -> tuple[float, float]:
    chance = Chance(
        given.no_show,
        given.number("late", 0.05),
        given.number("late_minutes", 15),
        given.number("service_spread", 0.5),
    )
    seconds = [stage.seconds for stage in given.stages]
    missed = waited = 0.0
    for name, people in _invited(given, plan).items():
        station = plan.stations[name]
        # More lanes than people are of no use to anybody, and a damaged answer may name millions.
        lanes = [min(count, len(people.start)) for count in station.lanes]
        here = spent(people, Lanes(lanes, seconds, station.opens, station.closes), chance)
        missed, waited = missed + here[0], waited + here[1]
    return missed, waited


def _invited(given: Given, plan: Plan) -> dict[str, Invited]:
    """People by station, numbered within their building in the order of the slots."""
    numbered: Counter[str] = Counter()
    parts: dict[str, list[tuple[int, int, int, float, float]]] = {}
    for slot in plan.slots:
        building = given.buildings[slot.building]
        first = numbered[slot.building]
        last = min(first + slot.people, building.walkers)
        numbered[slot.building] = max(first, last)
        if slot.by in plan.stations and last > first:
            parts.setdefault(slot.by, []).append((building.row, first, last, slot.start, slot.end))
    return {name: _joined(found) for name, found in parts.items()}


def _joined(parts: Sequence[tuple[int, int, int, float, float]]) -> Invited:
    counts = [last - first for _, first, last, _, _ in parts]
    return Invited(
        np.repeat(np.array([row for row, *_ in parts], dtype=np.uint64), counts),
        np.concatenate([np.arange(first, last, dtype=np.uint64) for _, first, last, _, _ in parts]),
        np.repeat(np.array([part[3] for part in parts]), counts),
        np.repeat(np.array([part[4] for part in parts]), counts),
    )


Slots = dict[str, Counter[tuple[str, int, int]]]  # people by station and seconds, of each building


def _before(given: Given, previous: Node) -> Slots:
    found: Slots = {}
    for node in members(previous, "slots")["slots"].items():
        fields = members(node, "building", "station", "people")
        span = given.clock.span(fields)
        key = (fields["station"].text(), round(span.start * 60), round(span.end * 60))
        found.setdefault(fields["building"].text(), Counter())[key] += fields["people"].count()
    return found


def _now(plan: Plan) -> Slots:
    found: Slots = {}
    for slot in plan.slots:
        key = (slot.by, round(slot.start * 60), round(slot.end * 60))
        found.setdefault(slot.building, Counter())[key] += slot.people
    return found


def moved(given: Given, plan: Plan, previous: Node) -> Mapping[str, int]:
    """People by building who have no slot like one of the earlier plan."""
    now, found = _now(plan), {}
    for name, had in _before(given, previous).items():
        if name in given.buildings:
            kept = (had & now.get(name, Counter())).total()
            found[name] = max(0, min(had.total(), given.buildings[name].walkers) - kept)
    return found


def _check_changes(given: Given, plan: Plan, previous: Node, answer: Entry) -> None:
    """`changes` names each building whose slots are not what they were, and how many people that moves."""
    before, now = _before(given, previous), _now(plan)
    people = moved(given, plan, previous)
    due = {name for name in given.buildings if before.get(name, Counter()) != now.get(name, Counter())}
    listed = set()
    for entry in answer.get("changes").items():
        if entry.get("what").text() != "slots":
            continue
        name = entry.get("id").one_of(given.buildings, "building")
        if name is not None and name not in due:
            entry.note("changes", f"the slots of {name!r} are the same as before")
        elif name is not None:
            check_number(entry.get("how_many"), people.get(name, 0), f"people of {name!r} moved", "changes")
            listed.add(name)
    for name in sorted(due - listed):
        answer.get("changes").note("changes", f"the slots of {name!r} change, which is not listed")

"""A round's answer, as far as it can be read: stations at work, slots, visits at the door, teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .finding import Entry
from .round_given import SECOND, Given, Stage


@dataclass(frozen=True)
class Working:
    """A station that is used: lanes of each stage, all its staff, hours in minutes of the clock."""

    entry: Entry
    lanes: Sequence[int]
    staff: int
    opens: float
    closes: float
    told: int | None  # people


@dataclass(frozen=True)
class Visit:
    """People of a building for a span of minutes: at a station in their slot, or at the door by a team."""

    entry: Entry
    building: str
    by: str
    start: float
    end: float
    people: int


@dataclass(frozen=True)
class Team:
    entry: Entry
    staff: int
    out: float
    back: float


@dataclass(frozen=True)
class Plan:
    stations: Mapping[str, Working]
    slots: Sequence[Visit]
    doors: Sequence[Visit]
    teams: Mapping[str, Team]


def read(given: Given, answer: Entry) -> Plan:
    stations: dict[str, Working] = {}
    for entry in answer.get("stations").items():
        name = entry.get("id").one_of(given.stations, "station")
        if name is not None and name in stations:
            entry.note("twice", f"station {name!r} is there twice, first at {stations[name].entry.path}")
        elif name is not None and (station := _station(given, entry)) is not None:
            stations[name] = station
    doors = answer.get("door_to_door")
    teams = _teams(given, answer)
    return Plan(
        stations,
        _visits(given, answer.get("slots"), "station", given.stations),
        [] if _is_left_out(doors) else _visits(given, doors, "team", teams),
        teams,
    )


def _is_left_out(entry: Entry) -> bool:
    return entry.is_null or not entry.is_there


def _station(given: Given, entry: Entry) -> Working | None:
    lanes = _lanes(given, entry)
    due = {role: 0 for stage in given.stages for role in stage.staff}
    for stage, count in zip(given.stages, lanes or (), strict=bool(lanes)):
        for role, each in stage.staff.items():
            due[role] += count * each
    if lanes is not None:
        check_staff(entry.get("staff"), due)
    opens, closes = entry.get("from").minute(given.clock), entry.get("to").minute(given.clock)
    if lanes is None or opens is None or closes is None:
        return None
    return Working(entry, lanes, sum(due.values()), opens, closes, entry.get("people").count())


def _lanes(given: Given, entry: Entry) -> list[int] | None:
    """Lanes of each stage."""
    last = entry.get("lanes").count(least=1)
    if not given.has_stages:
        return None if last is None else [last]
    counts = [_lanes_of(entry.get("stages"), stage) for stage in given.stages]
    if last is not None and counts[-1] is not None and counts[-1] != last:
        text = f"is {last}, but the last stage has {counts[-1]} lanes"
        entry.get("lanes").note("lanes", text, last - counts[-1])
    found = [count for count in counts if count is not None]
    return found if len(found) == len(counts) else None


def _lanes_of(stages: Entry, stage: Stage) -> int | None:
    return stages.get(stage.id).count(least=1)


def check_staff(told: Entry, due: Mapping[str, int]) -> None:
    """Staff by role against what lanes and teams need."""
    for role, count in due.items():
        number = told.get(role).count() if count else 0
        if number is not None and number != count:
            told.get(role).note("staff", f"has {number} {role}, needs {count}", number - count)


def _visits(given: Given, listed: Entry, key: str, known: Mapping[str, object]) -> list[Visit]:
    found = []
    for entry in listed.items():
        building = entry.get("building").one_of(given.buildings, "building")
        by = entry.get(key).one_of(known, key)
        start, end = entry.get("start").minute(given.clock), entry.get("end").minute(given.clock)
        people = entry.get("people").count(least=1)
        if start is not None and end is not None and end < start - SECOND:
            entry.get("end").note(
                "backwards", f"ends {start - end:.2f} minutes before it starts", start - end
            )
        elif None not in (building, by, people, start, end):
            found.append(Visit(entry, str(building), str(by), start or 0.0, end or 0.0, people or 0))
    return found


def _teams(given: Given, answer: Entry) -> dict[str, Team]:
    found: dict[str, Team] = {}
    listed = answer.maybe("teams")
    for entry in () if _is_left_out(listed) else listed.items():
        name = entry.get("id").text()
        if name is not None and name in found:
            entry.note("twice", f"team {name!r} is there twice, first at {found[name].entry.path}")
            continue
        check_staff(entry.get("staff"), given.team)
        out, back = entry.get("from").minute(given.clock), entry.get("to").minute(given.clock)
        if name is not None and out is not None and back is not None:
            found[name] = Team(entry, sum(given.team.values()), out, back)
    return found

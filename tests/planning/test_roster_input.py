"""Rosters that can't be planned are refused by their JSON path."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest

from haitang.planning import roster
from haitang.planning.reading import BadInput
from tests.planning.test_coverage_input import adding, setting

Data = dict[str, Any]
ENTRY = {"person": "wu", "post": "gate", "shift": "d1", "skill": "any"}


def team() -> Data:
    day = {"start": "2022-02-20T08:00+08:00", "end": "2022-02-20T16:00+08:00"}
    return {
        "kind": "roster",
        "people": [{"id": "wu", "skills": ["medic"], "lon": 120.9, "lat": 31.3, "unavailable": ["d2"]}],
        "posts": [{"id": "gate", "lon": 120.9, "lat": 31.3}],
        "shifts": [{"id": "d1", **day}, {"id": "d2", **day, "night": False}],
        "demands": [{"post": "gate", "shift": "d1", "skill": "any", "count": 1, "priority": 1}],
        "rules": {},
        "weights": {},
        "locked": [dict(ENTRY)],
        "previous": {"assignments": [dict(ENTRY)]},
    }


BAD = [
    (setting("colour", 1), "$: unknown key 'colour'"),
    (setting("kind", "surge"), "$.kind: must be 'roster', is 'surge'"),
    (setting("people", None), "$: needs 'people'"),
    (setting("people.0.id", ""), "$.people[0].id: must be text, is empty"),
    (adding("people", {"id": "wu"}), "$.people[1].id: person 'wu' is there twice, first at $.people[0]"),
    (setting("people.0.skills", [7]), "$.people[0].skills[0]: must be text"),
    (setting("people.0.unavailable", ["d9"]), "$.people[0].unavailable[0]: no shift has the id 'd9'"),
    (setting("people.0.unit", "u1"), "$.people[0]: unknown key 'unit'"),
    (setting("people.0.lat", 91), "$.people[0].lat: must be 90 or less"),
    (adding("people", {"id": "li"}), "$.people[1]: needs 'lon' and 'lat'"),
    (adding("posts", {"id": "door"}), "$.posts[1]: needs 'lon' and 'lat'"),
    (setting("shifts.0.end", "2022-02-20T07:00+08:00"), "$.shifts[0].end: must not be before 'start'"),
    (setting("shifts.0.end", "2022-04-20T07:00+08:00"), "$.shifts[0].end: is more than 31 days after"),
    (setting("shifts.0.start", "2022-02-20T08:00"), "$.shifts[0].start: needs an offset"),
    (setting("shifts.1.start", 480), "$.shifts[1].start: is in minutes while other times are ISO 8601"),
    (setting("shifts.0.night", 1), "$.shifts[0].night: must be true or false"),
    (setting("shifts.1.id", "d1"), "$.shifts[1].id: shift 'd1' is there twice"),
    (setting("demands.0.post", "door"), "$.demands[0].post: no post has the id 'door'"),
    (setting("demands.0.shift", "d9"), "$.demands[0].shift: no shift has the id 'd9'"),
    (setting("demands.0.count", -1), "$.demands[0].count: must be 0 or more, is -1"),
    (setting("demands.0.count", 10**9), "$.demands[0].count: must be 100000 or less"),
    (setting("demands.0.priority", 4), "$.demands[0].priority: must be 3 or less, is 4"),
    (setting("rules.min_rest_hours", -1), "$.rules.min_rest_hours: must be 0 or more"),
    (setting("rules.max_shifts_7_days", 2.5), "$.rules.max_shifts_7_days: must be a whole number"),
    (setting("rules.max_nights_in_row", -1), "$.rules.max_nights_in_row: must be 0 or more"),
    (setting("rules.max_hours_day", math.inf), "$.rules.max_hours_day: must be a finite number"),
    (setting("rules.protective_suit_hours", 0), "$.rules.protective_suit_hours: must be 0.1 or more"),
    (setting("rules.tea", 1), "$.rules: unknown key 'tea'"),
    (setting("weights.unmet", [1, 2]), "$.weights.unmet: must have 3 numbers"),
    (setting("weights.travel", 1e7), "$.weights.travel: must be 1000000 or less"),
    (setting("weights.change", -1), "$.weights.change: must be 0 or more"),
    (setting("locked.0.person", "li"), "$.locked[0].person: no person has the id 'li'"),
    (setting("locked.0.shift", "d2"), "$.locked[0]: person 'wu' is not available in d2"),
    (setting("previous", {}), "$.previous: needs 'assignments'"),
    (setting("previous.kind", "surge"), "$.previous.kind: must be 'roster'"),
    (
        setting("previous.assignments", [ENTRY, ENTRY]),
        "$.previous.assignments[1]: person 'wu' is there twice",
    ),
]


@pytest.mark.parametrize(("spoil", "message"), BAD, ids=[message for _, message in BAD])
def test_refuses_with_the_path(spoil: Any, message: str) -> None:
    data = copy.deepcopy(team())
    roster.read(data)
    spoil(data)
    with pytest.raises(BadInput) as refused:
        roster.read(data)
    assert str(refused.value).startswith(message)


def test_what_is_gone_from_an_earlier_answer_is_no_fault() -> None:
    data = team()
    data["previous"]["assignments"] = [{**ENTRY, "person": "gone"}, {**ENTRY, "shift": "gone"}]
    assert not roster.read(data).kept

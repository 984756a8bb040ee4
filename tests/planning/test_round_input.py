"""A round that can't be planned with is refused by its JSON path."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from haitang.planning import round as rounds
from haitang.planning.reading import BadInput
from tests.planning.test_coverage_input import adding, setting
from tests.planning.test_round import small, solved

Data = dict[str, Any]
STAGE = {"id": "scan", "service_seconds": 18, "staff_per_lane": {"register": 1}}


def staged(*stages: Data, **more: Any) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        del data["service_seconds"], data["staff_per_lane"]
        data |= {"stages": list(stages), **more}

    return change


BAD: list[tuple[Callable[[Data], None], str]] = [
    (setting("colour", 1), "$: unknown key 'colour'"),
    (setting("kind", "buses"), "$.kind: must be 'round', is 'buses'"),
    (setting("deadline", None), "$: needs 'deadline'"),
    (setting("deadline", "2022-02-20T15:00"), "$.deadline: needs an offset"),
    (setting("deadline", 900), "$.stations[0].open: is ISO 8601 while other times are in minutes"),
    (setting("buildings.1.id", "b1"), "$.buildings[1].id: building 'b1' is there twice"),
    (setting("buildings.0.people", -1), "$.buildings[0].people: must be 0 or more, is -1"),
    (setting("buildings.0.people", 10_001), "$.buildings[0].people: must be 10000 or less"),
    (setting("buildings.0.people", 10**400), "$.buildings[0].people: must be 10000 or less"),
    (setting("buildings.0.homebound", 10_000), "$.buildings[0].homebound: must be at most 'people'"),
    (setting("buildings.0.households", 1.5), "$.buildings[0].households: must be a whole number"),
    (setting("buildings.0.floors", 3), "$.buildings[0]: unknown key 'floors'"),
    (setting("buildings.0.lat", None), "$.buildings[0]: needs both 'lon' and 'lat'"),
    (setting("stations.1.id", "s1"), "$.stations[1].id: station 's1' is there twice"),
    (setting("stations.0.max_lanes", -1), "$.stations[0].max_lanes: must be 0 or more"),
    (setting("stations.0.close", "2022-02-20T06:00+08:00"), "$.stations[0].close: must not be before 'open'"),
    (setting("stations.0.open", None), "$.stations[0]: needs 'open'"),
    (setting("service_seconds", 0), "$.service_seconds: must be 1 or more, is 0"),
    (setting("service_seconds", None), "$: needs 'service_seconds', or 'stages'"),
    (setting("staff", []), "$.staff: must be an object"),
    (setting("staff.sampler", -1), "$.staff.sampler: must be 0 or more, is -1"),
    (setting("staff_per_lane.nurse", 1), "$.staff_per_lane.nurse: no role 'nurse' in $.staff"),
    (setting("staff_per_team", {"nurse": 1}), "$.staff_per_team.nurse: no role 'nurse' in $.staff"),
    (setting("no_show", 1.5), "$.no_show: must be 1 or less, is 1.5"),
    (setting("no_show", math.nan), "$.no_show: must be a finite number"),
    (setting("late", -0.1), "$.late: must be 0 or more"),
    (setting("slot_minutes", 0.5), "$.slot_minutes: must be 1 or more"),
    (setting("max_wait_minutes", -1), "$.max_wait_minutes: must be 0 or more"),
    (setting("door_visit_minutes", 1e9), "$.door_visit_minutes: must be 1440 or less"),
    (setting("weights", {"tea": 1}), "$.weights: unknown key 'tea'"),
    (setting("weights", {"missed": 1e7}), "$.weights.missed: must be 1000000 or less"),
    (setting("stages", [STAGE]), "$.service_seconds: is given stage by stage"),
    (staged(), "$.stages: needs at least one stage"),
    (staged(STAGE, STAGE), "$.stages[1].id: stage 'scan' is there twice"),
    (staged(STAGE | {"staff_per_lane": {"x": 1}}), "$.stages[0].staff_per_lane.x: no role 'x' in $.staff"),
    (setting("previous", {}), "$.previous: needs 'slots'"),
    (setting("previous", {"slots": [{"building": "b1"}]}), "$.previous.slots[0]: needs 'station'"),
    (setting("locked", [3]), "$.locked[0]: must be an object"),
    (
        setting("locked", [{"station": "s1", "building": "b9"}]),
        "$.locked[0].building: no building has the id",
    ),
    (
        setting("locked", [{"station": "s1", "building": "b1", "people": 3}]),
        "$.locked[0]: needs both 'start' and 'end'",
    ),
    (setting("locked", [{"station": "s1", "lanes": 1, "people": 3}]), "$.locked[0].people: goes with"),
    (
        adding("buildings", {"id": "b9", "households": 1, "people": 1, "homebound": 0}),
        "$.buildings[3]: needs 'lon'",
    ),
]


@pytest.mark.parametrize(("spoil", "message"), BAD, ids=[message for _, message in BAD])
def test_refuses_with_the_path(spoil: Callable[[Data], None], message: str) -> None:
    data = small()
    rounds.read(data)
    spoil(data)
    with pytest.raises(BadInput) as refused:
        rounds.read(data)
    assert str(refused.value).startswith(message)


def test_a_matrix_is_believed_over_coordinates() -> None:
    ids = ["b1", "b2", "b3", "s1", "s2"]
    km = [[0.0 if one == two else 0.3 for two in ids] for one in ids]
    data = small(matrix={"ids": ids, "km": km})
    problem = rounds.read(data)
    assert problem.walk == pytest.approx(4.0)
    answer = solved(data)
    walkers = sum(slot["people"] for slot in answer["slots"])
    assert answer["value"]["walking"] == pytest.approx(walkers * 0.9 * 4.0)

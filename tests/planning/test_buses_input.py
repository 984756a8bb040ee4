"""Input for coaches that can't be planned with is refused by its JSON path; what is meant well is understood."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from haitang.planning import buses
from haitang.planning.reading import BadInput

Data = dict[str, Any]


EARLIER = {
    "id": "t1",
    "vehicle": "bus1",
    "people": 3,
    "stops": [{"at": "m1", "on": [{"group": "g1", "count": 3}]}],
}


def night() -> Data:
    return {
        "musters": [{"id": "m1", "lon": 120.95, "lat": 31.39}],
        "posts": [{"id": "p1", "lon": 120.99, "lat": 31.41}],
        "depots": [{"id": "d1", "lon": 120.94, "lat": 31.37}],
        "groups": [
            {
                "id": "g1",
                "muster": "m1",
                "post": "p1",
                "count": 34,
                "ready": "2022-02-20T03:30+08:00",
                "due": "2022-02-20T05:30+08:00",
            }
        ],
        "vehicles": [
            {
                "id": "bus1",
                "seats": 50,
                "depot": "d1",
                "available_from": "2022-02-20T03:00+08:00",
                "available_to": "2022-02-20T08:00+08:00",
            },
            {
                "id": "van",
                "seats": 0,
                "depot": "d1",
                "available_from": "2022-02-20T01:00+08:00",
                "available_to": "2022-02-20T02:00+08:00",
            },
        ],
        "locked": [{"group": "g1", "vehicle": "bus1"}],
        "previous": {"trips": [EARLIER]},
    }


def setting(path: str, value: Any) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        keys = [int(key) if key.isdigit() else key for key in path.split(".")]
        target: Any = data
        for key in keys[:-1]:
            target = target[key]
        target[keys[-1]] = value

    return change


def adding(key: str, value: Any) -> Callable[[Data], None]:
    return lambda data: data[key].append(value)


BAD: list[tuple[Callable[[Data], None], str]] = [
    (setting("colour", 1), "$: unknown key 'colour'"),
    (setting("kind", "round"), "$.kind: must be 'buses', is 'round'"),
    (setting("depots", None), "$: needs 'depots'"),
    (setting("groups", {}), "$.groups: must be a list, is an object"),
    (setting("musters.0.lat", None), "$.musters[0]: needs both 'lon' and 'lat'"),
    (setting("posts.0.id", "m1"), "$.posts[0]: 'm1' is a muster as well"),
    (adding("depots", {"id": "d1"}), "$.depots[1].id: depot 'd1' is there twice"),
    (setting("groups.0.count", -1), "$.groups[0].count: must be 0 or more, is -1"),
    (setting("groups.0.count", 10**9), "$.groups[0].count: must be 10000 or less"),
    (setting("groups.0.count", 1.5), "$.groups[0].count: must be a whole number"),
    (setting("groups.0.muster", "p1"), "$.groups[0].muster: no muster has the id 'p1'"),
    (setting("groups.0.post", "p9"), "$.groups[0].post: no post has the id 'p9'"),
    (setting("groups.0.due", "2022-02-20T03:00+08:00"), "$.groups[0].due: must not be before 'ready'"),
    (setting("groups.0.due", "2022-02-20T05:30"), "$.groups[0].due: needs an offset"),
    (setting("groups.0.ready", None), "$.groups[0]: needs 'ready'"),
    (setting("vehicles.0.seats", -1), "$.vehicles[0].seats: must be 0 or more"),
    (setting("vehicles.0.depot", "d9"), "$.vehicles[0].depot: no depot has the id 'd9'"),
    (setting("vehicles.0.available_to", "2022-02-20T02:00+08:00"), "$.vehicles[0].available_to: must not be before"),
    (setting("boarding_seconds", -1), "$.boarding_seconds: must be 0 or more"),
    (setting("max_ride_minutes", -1), "$.max_ride_minutes: must be 0 or more"),
    (setting("weights", {"tea": 1}), "$.weights: unknown key 'tea'"),
    (setting("weights", {"late": -2}), "$.weights.late: must be 0 or more"),
    (setting("locked.0.group", "g9"), "$.locked[0].group: no group has the id 'g9'"),
    (setting("locked.0.vehicle", "bus9"), "$.locked[0].vehicle: no vehicle has the id 'bus9'"),
    (setting("locked.0.vehicle", "van"), "$.locked[0]: vehicle 'van' has no seats"),
    (adding("locked", {"group": "g1", "vehicle": "bus1"}), "$.locked[1]: group 'g1' is locked twice"),
    (setting("vehicles.0.available_to", "2022-02-20T03:20+08:00"), "$.locked[0]: vehicle 'bus1' could not take group"),
    (setting("max_ride_minutes", 1), "$.locked[0]: vehicle 'bus1' could not take group"),
    (setting("previous", {}), "$.previous: needs 'trips'"),
    (setting("previous.kind", "round"), "$.previous.kind: must be 'buses'"),
    (setting("previous.trips.0.stops.0.on.0.count", -3), "$.previous.trips[0].stops[0].on[0].count: must be 0"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "message"), BAD, ids=[message for _, message in BAD])
def test_refuses_with_the_path(spoil: Callable[[Data], None], message: str) -> None:
    data = copy.deepcopy(night())
    buses.read(data)
    spoil(data)
    with pytest.raises(BadInput) as refused:
        buses.read(data)
    assert str(refused.value).startswith(message)


def test_times_may_be_minutes_from_the_start() -> None:
    data = night()
    del data["locked"], data["previous"]
    data["start"] = "2022-02-20T03:00+08:00"
    data["groups"][0] |= {"ready": 30, "due": 150}
    problem = buses.read(data)
    assert (problem.groups[0].ready, problem.groups[0].due) == (30, 150)
    assert (problem.vehicles[0].opens, problem.vehicles[0].closes) == (0, 300)


def test_an_earlier_plan_may_name_groups_and_vehicles_that_are_gone() -> None:
    data = night()
    data["previous"]["trips"][0] |= {"vehicle": "gone"}
    data["previous"]["trips"][0]["stops"][0]["on"][0]["group"] = "nobody"
    assert buses.read(data).previous is not None

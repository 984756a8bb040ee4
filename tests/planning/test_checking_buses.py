"""Each fault of a plan for coaches is found where it stands."""

from __future__ import annotations

import pytest

from haitang.planning.checking import check
from tests.planning.planting import Data, Fault, adding, both, dropping, example, given, setting
from tests.planning.rules import rules_of


def at(time: str) -> str:
    return f"2022-02-20T{time}+08:00"


# bus1 takes g1 and g2 to p1 (46 people), then 25 of g3 to p2; bus2 the other 35 of g3.
FAULTS = [
    Fault(setting("trips.0.vehicle", "bus9"), "$.trips[0].vehicle", "unknown_id"),
    Fault(setting("trips.1.id", "t1"), "$.trips[1]", "twice"),
    Fault(setting("trips.0.stops", []), "$.trips[0]", "empty"),
    Fault(setting("trips.0.people", 45), "$.trips[0].people", "people", -1),
    Fault(setting("trips.0.stops.0.at", "d1"), "$.trips[0].stops[0].at", "unknown_id"),
    Fault(setting("trips.0.stops.0.arrive", "soon"), "$.trips[0].stops[0].arrive", "bad_time"),
    Fault(setting("trips.0.stops.0.arrive", "2022-02-20T03:30"), "$.trips[0].stops[0].arrive", "bad_time"),
    Fault(dropping("trips.0.stops.0.off"), "$.trips[0].stops[0].off", "missing"),
    Fault(setting("trips.0.stops.0.on.0.group", "g9"), "$.trips[0].stops[0].on[0].group", "unknown_id"),
    Fault(setting("trips.0.stops.0.on.0.count", 0), "$.trips[0].stops[0].on[0].count", "too_small", 1),
    Fault(adding("trips.0.stops.0.on", {"group": "g1", "count": 1}), "$.trips[0].stops[0].on[1]", "twice"),
    Fault(setting("trips.0.stops.0.depart", at("03:29")), "$.trips[0].stops[0].depart", "backwards", 1),
    Fault(setting("trips.0.stops.0.depart", at("03:32:24")), "$.trips[0].stops[0].depart", "boarding", 1),
    Fault(given("groups.0.ready", at("03:34:24")), "$.trips[0].stops[0].depart", "not_ready", 1),
    Fault(setting("trips.0.stops.1.arrive", at("03:38:20")), "$.trips[0].stops[1].arrive", "too_fast", 1.007),
    Fault(setting("trips.1.stops.0.arrive", at("04:05:00")), "$.trips[1].stops[0].arrive", "too_fast", 2.396),
    Fault(given("vehicles.0.available_from", at("03:25")), "$.trips[0].stops[0].arrive", "hours", 1.529),
    Fault(given("vehicles.1.available_to", at("04:30")), "$.trips[2].stops[1].depart", "hours", 6.45),
    Fault(given("vehicles.0.seats", 45), "$.trips[0].stops[1].on", "seats", 1),
    Fault(setting("trips.0.stops.0.at", "m2"), "$.trips[0].stops[0].on", "wrong_place"),
    Fault(setting("trips.0.stops.2.at", "p2"), "$.trips[0].stops[2].off", "wrong_place"),
    Fault(setting("trips.0.stops.2.off.1.count", 11), "$.trips[0].stops", "still_aboard", 1),
    Fault(setting("trips.0.stops.2.off.1.count", 13), "$.trips[0].stops[2].off", "not_aboard", 1),
    Fault(given("max_ride_minutes", 15), "$.trips[0].stops[2].arrive", "long_ride", 2.5167),
    Fault(given("groups.2.count", 59), "$.trips[2].stops[0].on", "too_many", 1),
    Fault(given("locked", [{"group": "g3", "vehicle": "bus1"}]), "$.trips[2].stops[0].on", "locked"),
    Fault(given("groups.2.count", 61), "$.unmet", "unmet", -1),
    Fault(given("groups.2.count", 61), "$.value.left", "value", -1_000),
    Fault(dropping("trips.2"), "$.value.trips", "value", 15),
    Fault(dropping("trips.2"), "$.value.vehicles", "value", 60),
    Fault(dropping("trips.2"), "$.value.driving", "value", 35.976043),
    Fault(setting("value.late", 10), "$.value.late", "value", 10),
    Fault(given("groups.0.due", at("03:40:55")), "$.value.late", "value", -34 * 2 * 10),
    Fault(given("speed_kmh", 60), "$.value.driving", "value", 50.067594),
    Fault(given("boarding_seconds", 12), "$.trips[0].stops[0].depart", "boarding", 3.4),
    Fault(given("weights", {"driving": 2, "trips": 0}), "$.value.trips", "value", 45),
    # g2 has to board after g1, who is ready only at 03:31.
    Fault(
        both(given("groups.0.ready", at("03:31")), setting("trips.0.stops.0.depart", at("03:33:24"))),
        "$.trips[0].stops[0].depart",
        "boarding",
        1,
    ),
]


# The same plan as a re-plan: before, all of g3 rode with bus1, and g1 with a coach that is gone.
MOVED = [
    Fault(dropping("value.changes"), "$.value.changes", "missing"),
    Fault(setting("value.changes", 0), "$.value.changes", "value", -70),
    Fault(dropping("changes"), "$.changes", "missing"),
    Fault(dropping("changes.0"), "$.changes", "changes", -35),
    Fault(setting("changes.0.count", 61), "$.changes[0].count", "changes"),
    Fault(setting("changes.0.to", "bus9"), "$.changes[0].to", "changes"),
    Fault(setting("changes.0.group", "g9"), "$.changes[0].group", "unknown_id"),
]


def replanned() -> tuple[Data, Data]:
    data, answer = example("buses")
    rode = {"bus1": [("g3", 60), ("g2", 12)], "bus7": [("g1", 34)]}
    trips = [
        {"vehicle": coach, "stops": [{"on": [{"group": group, "count": count} for group, count in loads]}]}
        for coach, loads in rode.items()
    ]
    data["previous"] = {"trips": trips}
    answer["changes"] = [{"group": "g3", "count": 35, "from": "bus1", "to": "bus2"}]
    answer["value"] |= {"changes": 70, "total": answer["value"]["total"] + 70}
    return data, answer


@pytest.mark.parametrize("fault", MOVED, ids=str)
def test_a_fault_of_a_new_plan_is_found(fault: Fault) -> None:
    findings = fault.found(*replanned())
    assert fault.is_in(findings), findings


def test_a_new_plan_that_tells_its_changes_holds() -> None:
    assert check(*replanned()) == []


def test_of_a_group_that_shrank_only_those_still_there_are_moved() -> None:
    data, answer = replanned()
    data["previous"]["trips"][0]["stops"][0]["on"][0]["count"] = 99
    assert check(data, answer) == []


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_is_found(fault: Fault) -> None:
    findings = fault.found(*example("buses"))
    assert fault.is_in(findings), findings


def test_every_rule_is_broken_once() -> None:
    own = rules_of("buses.py") | rules_of("buses_plan.py")
    assert own <= {fault.rule for fault in FAULTS + MOVED}


def test_times_may_be_rounded_to_the_second() -> None:
    data, answer = example("buses")
    answer["trips"][0]["stops"][1]["arrive"] = at("03:39:20")
    assert check(data, answer) == []
    data["groups"][0]["due"] = at("03:50:54")
    answer["value"]["late"] = 0.5
    assert check(data, answer) == []

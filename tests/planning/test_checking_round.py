"""Each fault of a plan for a round is found where it stands."""

from __future__ import annotations

import pytest

from haitang.planning.checking import check
from tests.planning.planting import Data, Fault, adding, both, dropping, example, given, setting
from tests.planning.rules import rules_of


def at(time: str) -> str:
    return f"2022-02-20T{time}+08:00"


MORE = {"building": "b1", "station": "s1", "start": at("09:00"), "end": at("09:15"), "people": 1}
SLOT = {"what": "slot", "how_many": 1, "reason": "a", "would_help": "b"}
STAGES = [
    {"id": name, "service_seconds": 18, "staff_per_lane": {role: 1}}
    for name, role in (("scan", "register"), ("swab", "sampler"))
]
# Two lanes at s1 from 07:00 to 09:20, an hour for each building; one team visits b1, then b2.
FAULTS = [
    Fault(setting("stations.0.id", "s9"), "$.stations[0].id", "unknown_id"),
    Fault(adding("stations", {"id": "s1"}), "$.stations[1]", "twice"),
    Fault(setting("stations.0.lanes", 0), "$.stations[0].lanes", "too_small", 1),
    Fault(setting("stations.0.lanes", 5), "$.stations[0].lanes", "too_many", 1),
    Fault(setting("stations.0.lanes", 3), "$.stations[0].staff.sampler", "staff", -1),
    Fault(setting("stations.0.lanes", 3), "$.stations", "staff", 1),
    Fault(setting("stations.0.from", at("06:59")), "$.stations[0].from", "too_early", 1),
    Fault(given("deadline", at("09:10")), "$.stations[0].to", "too_late", 10),
    Fault(given("stations.0.close", at("09:15")), "$.stations[0].to", "too_late", 5),
    Fault(setting("stations.0.to", at("07:00")), "$.stations[0].to", "backwards", 0),
    Fault(setting("stations.0.people", 282), "$.stations[0].people", "people", -1),
    Fault(setting("slots.0.building", "b9"), "$.slots[0].building", "unknown_id"),
    Fault(setting("slots.0.people", 139), "$.slots[0].people", "too_many", 1),
    Fault(adding("slots", MORE), "$.slots[2].people", "too_many", 1),
    Fault(setting("slots.0.end", at("06:00")), "$.slots[0].end", "backwards", 60),
    Fault(setting("slots.0.end", at("07:10")), "$.slots[0]", "too_short", 5),
    Fault(setting("slots.0.end", at("07:20")), "$.stations[0]", "overbooked", 2.26),
    Fault(setting("slots.1.end", at("09:30")), "$.slots[1]", "outside", 10),
    Fault(dropping("stations.0"), "$.slots[0].station", "closed"),
    Fault(dropping("slots.0.people"), "$.slots[0].people", "missing"),
    Fault(setting("door_to_door.0.people", 4), "$.door_to_door[0].people", "too_many", 1),
    Fault(setting("door_to_door.0.end", at("07:21")), "$.door_to_door[0]", "too_short", 1),
    Fault(setting("door_to_door.0.team", "team9"), "$.door_to_door[0].team", "unknown_id"),
    Fault(setting("door_to_door.1.start", at("07:23")), "$.door_to_door[1].start", "too_early", 0.2623),
    Fault(given("deadline", at("07:40")), "$.door_to_door[1].end", "too_late", 4),
    Fault(setting("teams.0.from", at("07:08:12")), "$.teams[0].from", "way", -1.007),
    Fault(setting("teams.0.to", at("07:46:57")), "$.teams[0].to", "way", 2),
    Fault(given("stations.0.open", at("07:10")), "$.teams[0].from", "too_early", 0.8),
    Fault(adding("teams", {"id": "team1"}), "$.teams[1]", "twice"),
    Fault(setting("teams.0.staff.order", 2), "$.teams[0].staff.order", "staff", 1),
    Fault(setting("door_to_door", []), "$.teams[0]", "idle"),
    Fault(given("stations", []), "$.teams[0]", "no_station"),
    Fault(given("staff.register", 2), "$.stations", "staff", 1),
    Fault(given("locked", [{"station": "s1", "lanes": 3}]), "$.stations[0].lanes", "locked", -1),
    Fault(
        given("locked", [{"building": "b1", "station": "s1", "start": at("07:00"), "end": at("07:30")}]),
        "$.slots",
        "locked",
        138,
    ),
    Fault(setting("forecast.wait_p50", 2), "$.forecast.wait_p50", "forecast"),
    Fault(setting("forecast.finish", "noon"), "$.forecast.finish", "bad_time"),
    Fault(dropping("forecast"), "$.forecast", "missing"),
    Fault(setting("slots.0.people", 137), "$.unmet", "unmet", -1),
    Fault(setting("slots.0.people", 137), "$.value.missed", "value", -1_000),
    Fault(setting("door_to_door.0.people", 2), "$.unmet", "unmet", -1),
    Fault(adding("unmet", {**SLOT, "what": "tea"}), "$.unmet[0].what", "unmet"),
    Fault(adding("unmet", {**SLOT, "ids": ["b1"]}), "$.unmet[0].ids[0]", "unmet"),
    Fault(setting("value.staff", 900), "$.value.staff", "value", -47.25),
    Fault(setting("value.waiting", 54), "$.value.waiting", "value", -0.582688),
    Fault(setting("value.walking", 222), "$.value.walking", "value", -0.532475),
    Fault(given("weights", {"waiting": 2}), "$.value.waiting", "value", -54.582688),
    Fault(given("stages", STAGES), "$.stations[0].stages", "missing"),
    Fault(
        both(given("stages", STAGES), setting("stations.0.stages", {"scan": 2, "swab": 3})),
        "$.stations[0].lanes",
        "lanes",
        -1,
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_is_found(fault: Fault) -> None:
    findings = fault.found(*example("round"))
    assert fault.is_in(findings), findings


def test_every_rule_is_broken_once() -> None:
    assert rules_of("round.py") | rules_of("round_plan.py") <= {fault.rule for fault in FAULTS} | {"changes"}


class TestLocks:
    def test_that_are_kept(self) -> None:
        data, answer = example("round")
        data["locked"] = [
            {"station": "s1", "lanes": 2},
            {"building": "b1", "station": "s1"},
            {"building": "b2", "station": "s1", "start": at("08:00"), "end": at("09:00")},
        ]
        assert check(data, answer) == []

    def test_a_building_sent_elsewhere_is_found(self) -> None:
        data, answer = example("round")
        data["stations"].append({**data["stations"][0], "id": "s2"})
        data["locked"] = [{"building": "b1", "station": "s2"}]
        assert Fault(both(), "$.slots[0].station", "locked").is_in(check(data, answer))


class TestReplan:
    """Before, 100 people of b1 had its slot, b2 had another, and b9 is gone."""

    def replanned(self) -> tuple[Data, Data]:
        data, answer = example("round")
        before = [dict(slot) for slot in answer["slots"]]
        before[0]["people"] = 100
        before[1]["end"] = at("08:45")
        data["previous"] = {"slots": [*before, {**before[0], "building": "b9"}]}
        answer["value"] |= {"changes": 290, "total": answer["value"]["total"] + 290}
        answer["changes"] = [
            {"id": "b1", "what": "slots", "from": "100", "to": "138", "how_many": 0},
            {"id": "b2", "what": "slots", "from": "145", "to": "145", "how_many": 145},
            {"id": "s1", "what": "lanes", "from": "1", "to": "2", "how_many": 1},
        ]
        return data, answer

    def test_counts_people_who_have_no_slot_as_before(self) -> None:
        assert check(*self.replanned()) == []

    @pytest.mark.parametrize(
        "fault",
        [
            Fault(setting("value.changes", 0), "$.value.changes", "value", -290),
            Fault(dropping("changes"), "$.changes", "missing"),
            Fault(dropping("changes.1"), "$.changes", "changes"),
            Fault(setting("changes.1.how_many", 100), "$.changes[1].how_many", "changes", -45),
            Fault(given("previous.slots.0.people", 138), "$.changes[0]", "changes"),
        ],
        ids=str,
    )
    def test_a_fault_is_found(self, fault: Fault) -> None:
        findings = fault.found(*self.replanned())
        assert fault.is_in(findings), findings


def test_two_stages_follow_each_other() -> None:
    data, answer = example("round")
    data |= {"stages": STAGES}
    del data["service_seconds"], data["staff_per_lane"]
    answer["stations"][0] |= {"stages": {"scan": 2, "swab": 2}, "staff": {"register": 2, "sampler": 2}}
    answer["teams"][0]["staff"] = {"register": 1, "sampler": 1}
    assert {one.path for one in check(data, answer)} == {"$.value.total", "$.value.staff", "$.value.waiting"}

"""Each fault of a roster is found where it stands."""

from __future__ import annotations

from typing import Any

import pytest

from haitang.planning.checking import check
from tests.planning.planting import Data, Fault, adding, both, dropping, example, given, setting
from tests.planning.rules import rules_of


def working(*shifts: tuple[str, str, bool], **rules: float) -> tuple[Data, Data]:
    """One person who works all these (start, end, night), and what the checker says of it."""
    spans = [
        {"id": f"s{n}", "start": start, "end": end, "night": night}
        for n, (start, end, night) in enumerate(shifts)
    ]
    place = {"post": "p1", "skill": "any"}
    data = {
        "kind": "roster",
        "posts": [{"id": "p1", "lon": 120.99, "lat": 31.41}],
        "people": [{"id": "v1", "lon": 120.99, "lat": 31.41}],
        "shifts": spans,
        "demands": [{**place, "shift": one["id"], "count": 1, "priority": 1} for one in spans],
        "rules": {
            "min_rest_hours": 0,
            "max_shifts_7_days": 99,
            "max_nights_in_row": 99,
            "max_hours_day": 24,
            **rules,
        },
    }
    nights = sum(night for *_, night in shifts)
    total = 4 * nights**2 + 3 * max(0, len(shifts) - 4) ** 2
    answer = {
        "kind": "roster",
        "status": "optimal",
        "value": {"total": total, "unmet": 0, "travel": 0, "uneven": total},
        "bound": total,
        "gap": 0,
        "seconds": 0,
        "seed": 0,
        "unmet": [],
        "fairness": {},
        "assignments": [{"person": "v1", "shift": one["id"], **place} for one in spans],
        "load": [{"person": "v1", "shifts": len(shifts), "nights": nights}],
    }
    return data, answer


def days(first: int, count: int, *, night: bool = False, hours: int = 8) -> list[tuple[str, str, bool]]:
    """One shift a day from midnight, or from eight o'clock."""
    start = 0 if night else 8
    return [
        (
            f"2022-02-{first + n:02d}T{start:02d}:00+08:00",
            f"2022-02-{first + n:02d}T{start + hours:02d}:00+08:00",
            night,
        )
        for n in range(count)
    ]


# v1 registers in the night d1n, v2 is the medic of d1d; nobody is left for d2n.
FAULTS = [
    Fault(setting("assignments.0.person", "v9"), "$.assignments[0].person", "unknown_id"),
    Fault(setting("assignments.0.shift", "d9"), "$.assignments[0].shift", "unknown_id"),
    Fault(dropping("assignments.0.post"), "$.assignments[0].post", "missing"),
    Fault(
        adding("assignments", {"person": "v1", "post": "p1", "shift": "d1n", "skill": "register"}),
        "$.assignments[2]",
        "twice",
    ),
    Fault(setting("assignments.1.person", "v1"), "$.assignments[1].skill", "skill"),
    Fault(setting("assignments.1.person", "v1"), "$.assignments[1]", "rest", 11),
    Fault(
        adding("assignments", {"person": "v2", "post": "p1", "shift": "d2n", "skill": "any"}),
        "$.assignments[2]",
        "rest",
        3,
    ),
    Fault(
        adding("assignments", {"person": "v1", "post": "p1", "shift": "d2n", "skill": "any"}),
        "$.assignments[2].shift",
        "unavailable",
    ),
    Fault(
        adding("assignments", {"person": "v2", "post": "p1", "shift": "d1n", "skill": "register"}),
        "$.assignments[2]",
        "too_many",
        1,
    ),
    Fault(setting("assignments.0.skill", "any"), "$.assignments[0]", "no_demand"),
    Fault(
        given("locked", [{"person": "v2", "post": "p1", "shift": "d1n", "skill": "register"}]),
        "$.assignments",
        "locked",
    ),
    Fault(dropping("assignments.0"), "$.unmet", "unmet", -1),
    Fault(dropping("assignments.0"), "$.value.unmet", "value", -200),
    Fault(dropping("assignments.0"), "$.load[0].shifts", "load", 1),
    Fault(setting("load.0.nights", 0), "$.load[0].nights", "load", -1),
    Fault(dropping("load.1"), "$.load", "load"),
    Fault(setting("load.1.person", "v1"), "$.load[1]", "twice"),
    Fault(setting("value.uneven", 0), "$.value.uneven", "value", -4),
    Fault(setting("value.travel", 9), "$.value.travel", "value", -0.886491),
    Fault(setting("fairness", 3), "$.fairness", "wrong_type"),
    Fault(given("weights", {"unmet": [1, 2, 90]}), "$.value.unmet", "value", 10),
    Fault(given("speed_kmh", 15), "$.value.travel", "value", -9.886491),
]
NO_STEP = both()
LIMITS: list[tuple[Any, Fault]] = [
    (working(*days(1, 6), max_shifts_7_days=5), Fault(NO_STEP, "$.assignments[5]", "week", 1)),
    (working(*days(1, 3, night=True), max_nights_in_row=2), Fault(NO_STEP, "$.assignments[2]", "nights", 1)),
    (working(*days(1, 1, hours=9), max_hours_day=8), Fault(NO_STEP, "$.assignments[0]", "hours", 1)),
    (
        # 18:00 to 03:00 has six hours on the first date and three on the second, where six more follow.
        working(
            ("2022-02-01T18:00+08:00", "2022-02-02T03:00+08:00", False),
            ("2022-02-02T15:00+08:00", "2022-02-02T21:00+08:00", False),
            max_hours_day=8,
        ),
        Fault(NO_STEP, "$.assignments[1]", "hours", 1),
    ),
    (working(*days(1, 2), min_rest_hours=16.5), Fault(NO_STEP, "$.assignments[1]", "rest", 0.5)),
]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_is_found(fault: Fault) -> None:
    findings = fault.found(*example("roster"))
    assert fault.is_in(findings), findings


@pytest.mark.parametrize(("plan", "fault"), LIMITS, ids=[str(fault) for _, fault in LIMITS])
def test_a_broken_limit_is_the_only_finding(plan: tuple[Data, Data], fault: Fault) -> None:
    findings = check(*plan)
    assert len(findings) == 1
    assert fault.is_in(findings), findings


def test_every_rule_is_broken_once() -> None:
    own = rules_of("roster.py") | rules_of("posting.py")
    found = {fault.rule for fault in FAULTS} | {fault.rule for _, fault in LIMITS}
    assert own - found == {"fairness"}  # found below


class TestReplan:
    """Before, v1 was the medic of d1d, which they can't be, and v2 was at d1n and d2n."""

    def replanned(self) -> tuple[Data, Data]:
        data, answer = example("roster")
        register = {"post": "p1", "shift": "d1n", "skill": "register"}
        medic = {"post": "p1", "shift": "d1d", "skill": "medic"}
        any_ = {"post": "p1", "shift": "d2n", "skill": "any"}
        before = [("v1", medic), ("v2", register), ("v2", any_), ("v9", any_)]
        data["previous"] = {"assignments": [{"person": name, **had} for name, had in before]}
        answer["changes"] = [
            {"person": "v1", "shift": "d1d", "from": medic, "to": None},
            {"person": "v2", "shift": "d1n", "from": register, "to": None},
            {"person": "v2", "shift": "d2n", "from": any_, "to": None},
            {"person": "v1", "shift": "d1n", "from": None, "to": register},
            {"person": "v2", "shift": "d1d", "from": None, "to": medic},
        ]
        answer["value"] |= {"changes": 60, "total": answer["value"]["total"] + 60}
        answer["bound"] += 60
        return data, answer

    def test_counts_what_could_have_stayed(self) -> None:
        data, answer = self.replanned()
        assert check(data, answer) == []
        data["people"][1]["unavailable"] = ["d2n"]
        assert Fault(both(), "$.value.changes", "value", 30).is_in(check(data, answer))

    def test_each_change_must_be_told(self) -> None:
        data, answer = self.replanned()
        del answer["changes"][3]
        assert [(one.path, one.rule) for one in check(data, answer)] == [("$.changes", "changes")]


def test_hours_and_fairness_are_checked_where_they_are_told() -> None:
    data, answer = example("roster")
    answer["load"][0]["hours"] = 8
    answer["fairness"] = {
        "shifts": {"least": 1, "mean": 1, "most": 1},
        "nights": {"least": 0, "mean": 0.5, "most": 1},
    }
    assert check(data, answer) == []
    answer["load"][0]["hours"] = 9
    answer["fairness"]["nights"]["mean"] = 0.4
    assert [(one.path, one.rule) for one in check(data, answer)] == [
        ("$.load[0].hours", "load"),
        ("$.fairness.nights.mean", "fairness"),
    ]


class TestLimitsThatHold:
    def test_a_sixth_shift_168_hours_after_the_first(self) -> None:
        assert check(*working(*days(1, 5), *days(8, 1), max_shifts_7_days=5)) == []

    def test_a_third_night_after_a_night_off(self) -> None:
        assert check(*working(*days(1, 2, night=True), *days(4, 1, night=True), max_nights_in_row=2)) == []

    def test_rest_and_hours_that_are_just_enough(self) -> None:
        assert check(*working(*days(1, 2), min_rest_hours=16, max_hours_day=8)) == []

    def test_rest_is_counted_from_the_latest_end_not_from_the_shift_before(self) -> None:
        long_, short, after = (
            ("2022-02-01T00:00+08:00", "2022-02-01T12:00+08:00", False),
            ("2022-02-01T01:00+08:00", "2022-02-01T02:00+08:00", False),
            ("2022-02-01T13:00+08:00", "2022-02-01T14:00+08:00", False),
        )
        findings = check(*working(long_, short, after, min_rest_hours=2))
        assert [(one.path, one.by) for one in findings] == [("$.assignments[1]", 13), ("$.assignments[2]", 1)]

    def test_a_date_is_that_of_the_start_in_its_own_offset(self) -> None:
        # 23:00 to 07:00 at +08:00 is one date in UTC, and two where people live.
        night = ("2022-02-01T23:00+08:00", "2022-02-02T07:00+08:00", True)
        assert check(*working(night, max_hours_day=7)) == []
        in_utc = ("2022-02-01T15:00+00:00", "2022-02-01T23:00+00:00", True)
        assert [one.by for one in check(*working(in_utc, max_hours_day=7))] == [1]

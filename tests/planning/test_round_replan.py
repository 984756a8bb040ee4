"""What a person has decided stands, and a second plan keeps what it can of the first."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.planning.round import instance
from haitang.planning.reading import BadInput
from tests.planning import round_oracle as oracle
from tests.planning.test_round import assert_right, by_id, small, solved

Data = dict[str, Any]
DAY = "2022-02-20T{}+08:00"


def slot_of(building: str, station: str, start: str, end: str, **more: Any) -> Data:
    return {
        "building": building,
        "station": station,
        "start": DAY.format(start),
        "end": DAY.format(end),
        **more,
    }


def again(data: Data, answer: Data, **more: Any) -> Data:
    return {**copy.deepcopy(data), "previous": answer, **more}


class TestLocked:
    def test_a_building_at_a_station(self) -> None:
        free = solved(small())
        used = {slot["station"] for slot in free["slots"] if slot["building"] == "b1"}
        other = ({"s1", "s2"} - used).pop() if len(used) == 1 else "s1"
        data = small(locked=[{"building": "b1", "station": other}])
        answer = solved(data)
        assert_right(data, answer)
        assert {slot["station"] for slot in answer["slots"] if slot["building"] == "b1"} == {other}
        assert answer["value"]["total"] >= free["value"]["total"] - 1e-6

    def test_lanes(self) -> None:
        data = small(locked=[{"station": "s1", "lanes": 7}, {"station": "s2", "lanes": 0}])
        answer = solved(data)
        assert_right(data, answer)
        assert {name: station["lanes"] for name, station in by_id(answer, "stations").items()} == {"s1": 7}

    def test_a_slot_around_which_the_rest_is_planned(self) -> None:
        slot = slot_of("b2", "s1", "09:07", "09:37", people=40)
        data = small(locked=[slot])
        answer = solved(data)
        assert_right(data, answer)
        assert slot in answer["slots"]
        assert answer["value"]["missed"] < 1000

    def test_a_whole_building_in_one_slot(self) -> None:
        locked = slot_of("b1", "s2", "10:00", "11:00")
        data = small(locked=[locked])
        walkers = data["buildings"][0]["people"] - data["buildings"][0]["homebound"]
        answer = solved(data)
        assert_right(data, answer)
        assert [slot for slot in answer["slots"] if slot["building"] == "b1"] == [
            {**locked, "people": walkers}
        ]

    def test_two_stations_at_one_time_share_the_staff(self) -> None:
        locks = [
            slot_of("b1", "s1", "08:00", "08:30", people=45),
            slot_of("b2", "s2", "08:30", "09:00", people=45),
        ]
        data = small(locked=locks, staff={"sampler": 1, "register": 1, "order": 1})
        answer = solved(data)
        assert_right(data, answer)
        assert all(lock in answer["slots"] for lock in locks)

    def test_nobody_waits_for_a_slot_at_an_odd_time(self) -> None:
        one = {"sampler": 1, "register": 1, "order": 1}
        locks = [
            slot_of("b1", "s1", "09:00", "09:15", people=20),
            slot_of("b2", "s1", "09:20", "09:50", people=20),
        ]
        data = small(locked=locks, staff=one, max_wait_minutes=0.2, deadline=DAY.format("11:00"))
        assert_right(data, solved(data))

    @pytest.mark.parametrize(
        ("locks", "message"),
        [
            ([{"station": "s1"}], r"\$\.locked\[0\]: needs either 'building' or 'lanes'"),
            ([{"station": "s9", "lanes": 1}], r"\$\.locked\[0\]\.station: no station has the id 's9'"),
            ([{"station": "s1", "lanes": 9}], r"\$\.locked\[0\]\.lanes: must be 8 or less"),
            ([{"station": "s1", "lanes": 1}] * 2, r"\$\.locked\[1\]: the lanes of 's1' are locked twice"),
            (
                [{"building": "b1", "station": "s1"}, {"building": "b1", "station": "s2"}],
                r"\$\.locked\[1\]: building 'b1' is locked to another station",
            ),
            (
                [{"building": "b1", "station": "s1"}, {"station": "s1", "lanes": 0}],
                r"\$\.locked\[0\]: 's1' is locked with 0 lanes",
            ),
            ([slot_of("b1", "s1", "06:00", "06:30")], r"\$\.locked\[0\]: must be while 's1' is open"),
            ([slot_of("b1", "s1", "14:50", "15:20")], r"\$\.locked\[0\]: must be while 's1' is open"),
            ([slot_of("b1", "s1", "08:00", "08:10")], r"\$\.locked\[0\]: must last 15 minutes"),
            ([slot_of("b1", "s1", "08:00", "07:30")], r"\$\.locked\[0\]\.end: must not be before"),
            ([slot_of("b1", "s1", "08:00", "09:00", people=9000)], r"\$\.locked\[0\]\.people: must be"),
            (
                [slot_of("b1", "s1", "08:00", "09:00"), slot_of("b1", "s1", "10:00", "11:00", people=1)],
                r"\$\.locked\[1\]: more people are locked than the",
            ),
            (
                [slot_of("b1", "s1", "08:00", "08:20"), {"station": "s1", "lanes": 1}],
                r"\$\.locked\[0\]: with the locked slots so far needs more lanes",
            ),
        ],
    )
    def test_what_can_not_stand_is_refused(self, locks: list[Data], message: str) -> None:
        with pytest.raises(BadInput, match=message):
            solved(small(locked=locks))

    def test_more_staff_than_there_are_is_refused(self) -> None:
        staff = {"sampler": 1, "register": 1, "order": 1}
        locks = [
            slot_of("b1", "s1", "08:00", "08:30", people=10),
            slot_of("b2", "s2", "08:15", "08:45", people=10),
        ]
        with pytest.raises(BadInput, match=r"\$\.locked\[1\]: with the locked slots so far needs"):
            solved(small(locked=locks, staff=staff))


class TestAgain:
    def test_nothing_changes_where_nothing_did(self) -> None:
        data = small()
        first = solved(data)
        second = solved(again(data, first))
        assert second["value"]["changes"] == 0
        assert second["value"]["total"] <= first["value"]["total"] + 1e-6
        assert second["changes"] == []

    def test_a_station_that_is_lost_moves_its_people_only(self) -> None:
        data = instance(8)
        first = solved(data)
        used = max(first["stations"], key=lambda station: -station["people"])["id"]
        lost = [station for station in data["stations"] if station["id"] != used]
        second = solved(again(data, first, stations=lost), seconds=3)
        assert_right(again(data, first, stations=lost), second)
        gone = sum(slot["people"] for slot in first["slots"] if slot["station"] == used)
        assert second["value"]["missed"] < 1000
        assert gone * 2 <= second["value"]["changes"] <= gone * 2 * 1.2
        assert {change["why_code"] for change in second["changes"] if change["what"] == "slots"} <= {
            "gone",
            "better",
            "gap_filled",
        }

    def test_people_who_came_since_get_a_slot_and_the_others_keep_theirs(self) -> None:
        data = small()
        first = solved(data)
        data["buildings"][1]["people"] += 30
        second = solved(again(data, first))
        assert_right(again(data, first), second)
        assert second["value"]["missed"] == 0
        assert second["value"]["changes"] <= 2 * 10
        assert "b2" in {change["id"] for change in second["changes"]}

    def test_fewer_people_is_no_change_of_plan(self) -> None:
        data = small()
        first = solved(data)
        data["buildings"][1]["people"] -= 30
        second = solved(again(data, first))
        assert_right(again(data, first), second)
        assert second["value"]["changes"] == 0
        assert [change["why_code"] for change in second["changes"] if change["what"] == "slots"] == [
            "fewer_people"
        ]

    def test_a_lock_goes_before_what_was(self) -> None:
        data = small()
        first = solved(data)
        slot = slot_of("b3", "s2", "11:00", "11:30", people=20)
        second = solved(again(data, first, locked=[slot]))
        assert_right(again(data, first, locked=[slot]), second)
        assert slot in second["slots"]
        assert "locked" in {change["why_code"] for change in second["changes"]}

    def test_an_earlier_plan_may_name_what_is_gone(self) -> None:
        data = small()
        first = solved(data)
        first["slots"].append(slot_of("b9", "s9", "08:00", "08:15", people=5))
        answer = solved(again(data, first))
        assert_right(again(data, first), answer)
        assert answer["value"]["changes"] == 0

    def test_all_that_weighs_less_than_moving_stays(self) -> None:
        data = small()
        first = solved(data)
        first["slots"] = [
            {**slot, "start": slot["start"].replace("T0", "T1"), "end": slot["end"].replace("T0", "T1")}
            for slot in first["slots"]
        ]
        data["deadline"] = DAY.format("19:00")
        stays = solved(again(data, first, weights={"change": 1_000}))
        assert oracle.moved(again(data, first), stays) == 0


@given(st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_locked_or_was_before(data: st.DataObject) -> None:
    """Slots at odd times, in any number, some for people who are not there."""

    def slots(most: int) -> list[Data]:
        return [
            {
                "building": f"b{data.draw(st.integers(1, 3))}",
                "station": f"s{data.draw(st.integers(1, 2))}",
                "start": (start := data.draw(st.integers(400, 700))),
                "end": start + data.draw(st.integers(15, 60)),
                "people": data.draw(st.integers(1, 80)),
            }
            for _ in range(data.draw(st.integers(0, most)))
        ]

    town = small(
        deadline=data.draw(st.sampled_from([560, 720])),
        locked=slots(3),
        previous={"slots": slots(6)},
        staff=dict.fromkeys(("sampler", "register", "order"), data.draw(st.integers(1, 4))),
    )
    for station in town["stations"]:
        station |= {"open": 420, "close": 660, "max_lanes": data.draw(st.integers(1, 4))}
    try:
        answer = solved(town, seconds=0.4)
    except BadInput as refused:
        assert str(refused).startswith("$.locked[")
        return
    assert_right(town, answer)
    for lock in town["locked"]:
        same = [slot for slot in answer["slots"] if {**slot, "people": 0} == {**lock, "people": 0}]
        assert sum(slot["people"] for slot in same) >= lock["people"]

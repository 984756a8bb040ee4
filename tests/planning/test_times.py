"""Times are read from ISO 8601 with offset or as minutes, never from a mix that nobody could place."""

from __future__ import annotations

from typing import Any

import pytest

from haitang.planning.reading import BadInput, Node
from haitang.planning.times import DAY, Clock, Span, read_clock

NIGHT = "2022-02-20T00:00+08:00"


def clock(data: dict[str, Any], *times: Any) -> Clock:
    root = Node(data).fields([], ["start"])
    return read_clock(root, [Node(time, f"$.times[{n}]") for n, time in enumerate(times)])


class TestReading:
    def test_minutes_count_from_start_and_stand_beside_iso_times(self) -> None:
        here = clock({"start": "2022-02-20T06:00+08:00"})
        assert here.minute(Node(90)) == 90
        assert here.minute(Node("2022-02-20T07:30+08:00")) == 90
        assert here.minute(Node("2022-02-19T23:30Z")) == 90

    def test_without_start_iso_times_count_from_the_midnight_before_the_first(self) -> None:
        here = clock({}, None, "2022-02-20T22:15:30+08:00")
        assert here.minute(Node("2022-02-20T22:15:30+08:00")) == 22 * 60 + 15.5
        assert here.minute(Node("2022-02-19T23:00+08:00")) == -60

    def test_all_in_minutes_needs_no_start(self) -> None:
        assert clock({}, 30).minute(Node(-5.5)) == -5.5

    @pytest.mark.parametrize(
        ("data", "first", "value", "message"),
        [
            ({}, NIGHT, 30, "$.at: is in minutes while other times are ISO 8601; these need $.start"),
            ({}, 30, NIGHT, "$.at: is ISO 8601 while other times are in minutes; these need $.start"),
            ({}, NIGHT, "2022-02-20T00:00", "$.at: needs an offset such as +08:00"),
            ({}, NIGHT, "half past four", "$.at: must be a time such as"),
            ({}, NIGHT, "2072-02-20T00:00+08:00", "$.at: is more than ten years from the other times"),
            ({}, NIGHT, "0001-01-01T00:00+14:00", "$.at: must be between the years 1900 and 2200"),
            ({"start": NIGHT}, None, 1e9, "$.at: must be 5270400 or less"),
            ({"start": NIGHT}, None, True, "$.at: must be a number, is true or false"),
            ({"start": NIGHT}, None, None, "$.at: must be a number, is null"),
            ({"start": NIGHT}, None, float("nan"), "$.at: must be a finite number"),
        ],
    )
    def test_refuses_with_the_path(self, data: Any, first: Any, value: Any, message: str) -> None:
        with pytest.raises(BadInput) as refused:
            clock(data, first).minute(Node(value, "$.at"))
        assert str(refused.value).startswith(message)

    def test_start_itself_is_iso_with_offset(self) -> None:
        with pytest.raises(BadInput, match=r"\$\.start: must be text, is a number"):
            clock({"start": 5})


class TestSpans:
    def test_ends_before_it_starts_is_refused_at_the_end(self) -> None:
        fields = Node({"from": 5, "to": 4}, "$.x").fields(["from", "to"])
        with pytest.raises(BadInput, match=r"\$\.x\.to: must not be before 'from'"):
            Clock().span(fields, "from", "to")

    def test_covers_what_lies_within_ends_included(self) -> None:
        assert Span(0, 10).covers(Span(0, 10))
        assert not Span(0, 10).covers(Span(0, 10.5))
        assert not Span(0.5, 10).covers(Span(0, 10))


class TestWriting:
    @pytest.mark.parametrize(
        "text", [NIGHT, "2022-02-20T23:59+08:00", "2022-02-21T04:30:15+08:00", "2022-02-19T04:30+08:00"]
    )
    def test_what_is_written_reads_as_the_same_minute(self, text: str) -> None:
        here = clock({}, NIGHT)
        assert here.write(here.minute(Node(text))) == text

    def test_bare_minutes_stay_bare(self) -> None:
        assert [Clock().write(minute) for minute in (90.0, 0.25)] == [90, 0.25]


class TestDays:
    def test_are_those_of_the_origin_s_offset(self) -> None:
        here = clock({"start": "2022-02-20T22:00+08:00"})
        assert [here.day(minute) for minute in (-22 * 60, 0, 119, 120, 120 + DAY)] == [0, 0, 0, 1, 2]
        assert here.minute_of_day(120) == 0
        assert here.minute_of_day(-60) == 21 * 60

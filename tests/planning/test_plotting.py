"""Every kind of plan can be drawn, the same way each time, with names as text, however large or empty it is."""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from benchmarks.planning import city
from haitang.planning import kinds
from haitang.planning.plotting import ENDINGS, draw
from tests.planning.planting import Data, example

SVG = "{http://www.w3.org/2000/svg}"


def texts(picture: bytes) -> list[str]:
    return ["".join(node.itertext()).strip() for node in ET.fromstring(picture).iter(f"{SVG}text")]


def emptied(kind: str) -> tuple[Data, Data]:
    """The example with nothing in any list."""
    data, answer = example(kind)
    data |= {key: [] for key, value in data.items() if isinstance(value, list)}
    answer |= {key: [] for key, value in answer.items() if isinstance(value, list)}
    return data, answer


class TestEveryKind:
    @pytest.mark.parametrize("kind", kinds.NAMES)
    def test_is_a_picture_that_says_what_it_shows(self, kind: str) -> None:
        data, answer = example(kind)
        picture = draw(data, answer, ".svg")
        assert f"{kind}: {answer['status']}, value {answer['value']['total']:,.1f}" in texts(picture)
        assert b"Noto Sans SC" in picture
        assert draw(data, answer, ".svg") == picture

    @pytest.mark.parametrize("kind", kinds.NAMES)
    def test_leaves_what_it_draws_as_it_was(self, kind: str) -> None:
        data, answer = example(kind)
        before = copy.deepcopy((data, answer))
        draw(data, answer, ".svg")
        assert (data, answer) == before

    @pytest.mark.parametrize("kind", kinds.NAMES)
    @pytest.mark.parametrize("ending", ENDINGS)
    def test_may_be_empty(self, kind: str, ending: str) -> None:
        assert draw(*emptied(kind), ending)

    @pytest.mark.parametrize(
        ("kind", "axes"),
        [
            ("coverage", {"km east", "km north"}),
            ("surge", {"km east", "km north"}),
            ("match", {"km east", "km north"}),
            ("roster", {"time"}),
            ("buses", {"km east", "km north", "time"}),
            ("round", {"time", "people/h"}),
        ],
    )
    def test_axes_say_their_unit(self, kind: str, axes: set[str]) -> None:
        assert axes <= set(texts(draw(*example(kind), ".svg")))

    def test_another_ending_is_refused(self) -> None:
        with pytest.raises(ValueError, match=r"pictures end with \.svg or \.html, not '\.png'"):
            draw(*example("match"), ".png")


class TestNames:
    @pytest.mark.parametrize("name", ["东门<script>", "$x_1$", "a & b\x07"])
    @pytest.mark.parametrize("ending", ENDINGS)
    def test_are_shown_as_they_are_and_never_run(self, name: str, ending: str) -> None:
        data, answer = example("round")
        data["stations"][0]["id"] = answer["stations"][0]["id"] = name
        for slot in answer["slots"]:
            slot["station"] = name
        answer["unmet"] = [{"what": name, "how_many": 1, "reason": name, "would_help": name}]
        picture = draw(data, answer, ending)
        if ending == ".svg":
            assert f"slot at {name}".replace("\x07", "") in texts(picture)
        assert b"<script" not in picture

    def test_are_left_out_where_they_would_hide_each_other(self) -> None:
        data, answer = example("coverage")
        assert "b1" in " ".join(texts(draw(data, answer, ".svg")))
        data["buildings"] += [
            {**data["buildings"][0], "id": f"c{n}", "lon": 120.6 + n / 1e4} for n in range(99)
        ]
        assert "c7" not in " ".join(texts(draw(data, answer, ".svg")))


class TestPage:
    def test_tells_the_proof_and_what_was_not_met(self) -> None:
        page = draw(*example("surge"), ".html").decode()
        assert "No plan is better; found in 0.1 s with seed 0." in page
        assert (
            "<td>place: 1</td><td>two people are there for three places</td><td>1 more volunteer</td>" in page
        )
        assert "<script" not in page
        assert "http" not in page.replace("http://www.w3.org", "").replace("http://purl.org", "").replace(
            "http://creativecommons.org", ""
        )

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"bound": None, "gap": None, "status": "feasible"}, "How far from the best is not known"),
            ({"bound": 190.0, "gap": 0.0194, "status": "feasible"}, "by more than 1.94% (bound 190.0)"),
        ],
    )
    def test_says_how_far_the_best_may_be(self, change: dict[str, Any], said: str) -> None:
        data, answer = example("surge")
        assert said in draw(data, answer | change, ".html").decode()


class TestLargePlans:
    def test_a_roster_of_2639_people_is_shown_by_post(self) -> None:
        data = city.roster()
        some = data["demands"][::3]
        people = [person["id"] for person in data["people"]]
        answer = {
            **example("roster")[1],
            "assignments": [
                {"person": person, **{key: one[key] for key in ("post", "shift", "skill")}}
                for person, one in zip(people, some, strict=False)
            ],
            "load": [{"person": person, "shifts": n % 5, "nights": n % 2} for n, person in enumerate(people)],
        }
        said = texts(draw(data, answer, ".svg"))
        wanted = sum(demand["count"] for demand in data["demands"])
        assert f"{len(answer['assignments']):,} of {wanted:,} places filled" in said
        assert {"p1", "p119", "shifts of a person", "nights of a person", "people at work"} <= set(said)
        assert "v7" not in said

    def test_more_slots_than_maps_fit_a_page_are_drawn_as_one(self) -> None:
        data, answer = example("surge")
        assert "night: 2 of 3 places" in texts(draw(data, answer, ".svg"))
        data["slots"] = [{**data["slots"][0], "id": f"s{n}"} for n in range(10)] + data["slots"]
        assert "all slots: 2 of 3 places" in texts(draw(data, answer, ".svg"))


def test_places_without_coordinates_are_said_to_be_nowhere() -> None:
    data, answer = example("match")
    for side in ("needs", "offers"):
        for one in data[side]:
            del one["lon"], one["lat"]
    assert "no lon and lat" in texts(draw(data, answer, ".svg"))


def test_bare_minutes_are_told_as_hours() -> None:
    data, answer = example("roster")
    for n, shift in enumerate(data["shifts"]):
        shift |= {"start": 480 * n, "end": 480 * n + 480}
    said = texts(draw(data, answer, ".svg"))
    assert "9:00" in said
    assert "time (hours and minutes from the start)" in said

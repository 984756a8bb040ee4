"""Input that can't be planned with is refused by its JSON path; what is meant well is understood."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import pytest

from haitang.planning import coverage
from haitang.planning.reading import BadInput
from tests.planning import oracle

Data = dict[str, Any]


def town() -> Data:
    return {
        "buildings": [
            {"id": "b1", "households": 40, "lon": 120.6, "lat": 31.3},
            {"id": "b2", "households": 50, "lon": 120.601, "lat": 31.3},
        ],
        "stewards": [{"id": "wu", "home_building": "b1"}, {"id": "chen", "lon": 120.601, "lat": 31.301}],
        "locked": [{"building": "b1", "steward": "wu"}],
        "previous": {"assignments": [{"building": "b1", "steward": "wu", "backup": None}]},
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


MATRIX = {"ids": ["b1", "b2", "chen"], "km": [[0, 1, 2], [1, 0, 3], [2, 3, 0]]}

BAD: list[tuple[Callable[[Data], None], str]] = [
    (setting("colour", 1), "$: unknown key 'colour'"),
    (setting("kind", "buses"), "$.kind: must be 'coverage', is 'buses'"),
    (setting("buildings", {}), "$.buildings: must be a list, is an object"),
    (setting("buildings", None), "$: needs 'buildings'"),
    (setting("buildings.0", 3), "$.buildings[0]: must be an object, is a number"),
    (setting("buildings.0.id", " "), "$.buildings[0].id: must be text, is empty"),
    (
        setting("buildings.1.id", "b1"),
        "$.buildings[1].id: building 'b1' is there twice, first at $.buildings[0]",
    ),
    (setting("buildings.0.households", -1), "$.buildings[0].households: must be 0 or more, is -1"),
    (
        setting("buildings.0.households", 1.5),
        "$.buildings[0].households: must be a whole number, is a number",
    ),
    (
        setting("buildings.0.households", True),
        "$.buildings[0].households: must be a whole number, is true or",
    ),
    (setting("buildings.0.households", 10**9), "$.buildings[0].households: must be 5000 or less"),
    (setting("buildings.0.households", 10**400), "$.buildings[0].households: must be 5000 or less, is far"),
    (setting("buildings.0.households", math.nan), "$.buildings[0].households: must be a whole number"),
    (setting("buildings.0.id", "b\udcff"), "$.buildings[0].id: has half a character"),
    (setting("buildings.0.floors", 3), "$.buildings[0]: unknown key 'floors'"),
    (setting("buildings.1.lat", None), "$.buildings[1]: needs both 'lon' and 'lat'"),
    (setting("buildings.1.lat", 91), "$.buildings[1].lat: must be 90 or less, is 91"),
    (setting("buildings.1.lon", math.nan), "$.buildings[1].lon: must be a finite number"),
    (setting("buildings.1.lon", 10**400), "$.buildings[1].lon: must be a finite number"),
    (setting("buildings.1", {"id": "b2", "households": 1}), "$.buildings[1]: needs 'lon' and 'lat'"),
    (setting("stewards.1.id", "wu"), "$.stewards[1].id: steward 'wu' is there twice"),
    (setting("stewards.1.max_buildings", -1), "$.stewards[1].max_buildings: must be 0 or more, is -1"),
    (setting("stewards.0.home_building", "b9"), "$.stewards[0].home_building: no building has the id 'b9'"),
    (setting("detour", 0.5), "$.detour: must be 1 or more, is 0.5"),
    (setting("speed_kmh", 0), "$.speed_kmh: must be 0.1 or more"),
    (setting("weights", {"walking": -1}), "$.weights.walking: must be 0 or more, is -1"),
    (setting("detour", 10.5), "$.detour: must be 10 or less, is 10.5"),
    (setting("detour", 1e308), "$.detour: must be 10 or less, is 1e+308"),
    (setting("speed_kmh", 1001), "$.speed_kmh: must be 1000 or less, is 1001"),
    (setting("weights", {"uncovered": 1_000_001}), "$.weights.uncovered: must be 1000000 or less"),
    (setting("weights", {"uneven": 1e308}), "$.weights.uneven: must be 1000000 or less, is 1e+308"),
    (setting("weights", {"walking": 1e7}), "$.weights.walking: must be 1000000 or less"),
    (setting("weights", {"change": 1e7}), "$.weights.change: must be 1000000 or less"),
    (setting("weights", {"tea": 1}), "$.weights: unknown key 'tea'"),
    (setting("locked.0.steward", "li"), "$.locked[0].steward: no steward has the id 'li'"),
    (setting("locked.0.building", "b9"), "$.locked[0].building: no building has the id 'b9'"),
    (setting("locked.0.backup", "wu"), "$.locked[0].backup: must be another than the steward"),
    (adding("locked", {"building": "b1", "steward": "chen"}), "$.locked[1]: building 'b1' is locked twice"),
    (setting("stewards.0.max_buildings", 0), "$.locked[0]: steward 'wu' may have 0 buildings"),
    (setting("previous", {}), "$.previous: needs 'assignments'"),
    (setting("previous.kind", "match"), "$.previous.kind: must be 'coverage'"),
    (setting("previous.assignments.0.steward", 7), "$.previous.assignments[0].steward: must be text"),
    (setting("previous.assignments.0.building", None), "$.previous.assignments[0]: needs 'building'"),
    (
        setting("previous.assignments", [{"building": "b1", "steward": None, "backup": 7}]),
        "$.previous.assignments[0].backup: must be text",
    ),
    (
        setting("previous.assignments", 2 * [{"building": "b1", "steward": None}]),
        "$.previous.assignments[1]: building 'b1' is there twice",
    ),
    (setting("matrix", {**MATRIX, "ids": ["b1", "b1", "x"]}), "$.matrix.ids[1]: 'b1' is there twice"),
    (setting("matrix", {**MATRIX, "ids": ["b1", "chen"]}), "$.matrix.km[0]: must have 2 numbers"),
    (setting("matrix", {**MATRIX, "km": [[0, 1, 2]]}), "$.matrix.km: must have 3 rows"),
    (
        setting("matrix", {**MATRIX, "km": [[0, 1e6, 2], [1, 0, 3], [2, 3, 0]]}),
        "$.matrix.km[0][1]: must be 100000 or less, is 1000000",
    ),
    (
        setting("matrix", {**MATRIX, "minutes": [[0, 1, 2], [1, 0, 3], [2, 1e7, 0]]}),
        "$.matrix.minutes[2][1]: must be 1000000 or less",
    ),
    (
        setting("matrix", {"ids": ["b1"], "km": [[0]]}),
        "$.buildings[1]: 'b2' is not among the ids of $.matrix",
    ),
]


@pytest.mark.parametrize(("spoil", "message"), BAD, ids=[message for _, message in BAD])
def test_refuses_with_the_path(spoil: Callable[[Data], None], message: str) -> None:
    data = copy.deepcopy(town())
    coverage.read(data)
    spoil(data)
    with pytest.raises(BadInput) as refused:
        coverage.read(data)
    assert str(refused.value).startswith(message)


def test_the_largest_numbers_that_are_allowed_still_give_a_proven_plan() -> None:
    weights = dict.fromkeys(("uncovered", "uneven", "walking", "change"), 1_000_000)
    data = {**town(), "weights": weights, "detour": 10}
    data["buildings"][0]["households"] = 5_000
    answer = coverage.solve(coverage.read(data)).as_dict()
    assert answer["status"] == "optimal"
    assert answer["value"]["total"] == pytest.approx(oracle.best(data))


def test_refuses_one_lock_more_than_a_steward_may_have() -> None:
    data = town()
    data["stewards"][0]["max_buildings"] = 1
    data["locked"].append({"building": "b2", "steward": "wu"})
    with pytest.raises(BadInput, match=r"\$\.locked\[1\]: steward 'wu' may have 1 buildings"):
        coverage.read(data)


def test_an_earlier_plan_may_name_people_and_buildings_that_are_gone() -> None:
    data = town()
    data["previous"]["assignments"] += [{"building": "b7", "steward": "li", "backup": "wu"}]
    assert coverage.solve(coverage.read(data)).as_dict()["status"] == "optimal"


def test_a_matrix_is_believed_over_coordinates() -> None:
    data = {**town(), "matrix": MATRIX}
    km = coverage.read(data).km
    assert km.tolist() == [[0, 1], [2, 3]]


def test_a_matrix_of_no_places_is_one() -> None:
    nothing = {"buildings": [], "stewards": [], "matrix": {"ids": [], "km": [], "minutes": []}}
    assert coverage.solve(coverage.read(nothing)).as_dict()["value"]["total"] == 0


def test_a_home_nobody_knows_counts_as_the_middle_of_the_compound() -> None:
    data = town()
    data["stewards"][1] = {"id": "chen"}
    km = coverage.read(data).km
    assert km[1, 0] == pytest.approx(km[1, 1])
    assert km[1].sum() == pytest.approx(km[0, 1], rel=1e-6)


def test_great_circle_is_the_one_of_the_sphere() -> None:
    data = town()
    data["buildings"][1] |= {"lon": 120.6, "lat": 32.3}
    # One degree of a meridian on a sphere of 6,371.0088 km is 111.195 km.
    assert coverage.read(data).km[0, 1] == pytest.approx(111.195 * 1.35, rel=1e-5)

"""Coach plans against the rules, against a recomputed value, and against every plan there is of small inputs."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haitang.planning import buses
from haitang.planning.buses.bound import lower_bound
from haitang.planning.buses.reaching import Reach
from haitang.planning.deadline import Deadline
from haitang.planning.reading import BadInput
from tests.planning import bus_oracle as oracle

PLACE = st.tuples(st.integers(0, 12), st.integers(0, 12))


def place(name: str, at: tuple[int, int]) -> dict[str, Any]:
    return {"id": name, "lon": 120.9 + at[0] / 100, "lat": 31.3 + at[1] / 100}


@st.composite
def coaches(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = []
    for number in range(draw(st.integers(0, 2))):
        opens = draw(st.integers(0, 60))
        closes = opens + draw(st.integers(0, 300))
        about = {"id": f"v{number}", "depot": "d0", "available_from": opens, "available_to": closes}
        found.append({**about, "seats": draw(st.sampled_from([0, 8, 20, 45]))})
    return found


@st.composite
def nights(draw: st.DrawFn, most_groups: int = 3, most_count: int = 20) -> dict[str, Any]:
    musters = [place(f"m{n}", draw(PLACE)) for n in range(draw(st.integers(1, 2)))]
    posts = [place(f"p{n}", draw(PLACE)) for n in range(draw(st.integers(1, 3)))]
    depots = [place("d0", draw(PLACE))]
    groups = []
    for number in range(draw(st.integers(0, most_groups))):
        ready = draw(st.integers(0, 8)) * 15
        groups.append(
            {
                "id": f"g{number}",
                "muster": draw(st.sampled_from(musters))["id"],
                "post": draw(st.sampled_from(posts))["id"],
                "count": draw(st.integers(0, most_count)),
                "ready": ready,
                "due": ready + draw(st.integers(0, 60)),
            }
        )
    vehicles = draw(coaches())
    data: dict[str, Any] = {
        "musters": musters,
        "posts": posts,
        "depots": depots,
        "groups": groups,
        "vehicles": vehicles,
        "boarding_seconds": draw(st.sampled_from([0, 6, 20])),
        "max_ride_minutes": draw(st.sampled_from([10, 30, 90])),
    }
    if draw(st.booleans()):
        data["weights"] = {
            "left": draw(st.sampled_from([0, 3, 1_000])),
            "late": draw(st.sampled_from([0, 2])),
        }
    seated = [v["id"] for v in vehicles if v["seats"] and v["available_to"] >= 120]
    if groups and seated and draw(st.booleans()):
        locked = {**data, "locked": [{"group": groups[0]["id"], "vehicle": draw(st.sampled_from(seated))}]}
        with contextlib.suppress(BadInput):  # a lock that can't be kept
            buses.read(locked)
            data = locked
    return data


def solved(data: dict[str, Any], seconds: float = 0.15) -> dict[str, Any]:
    return buses.solve(buses.read(data), seconds=seconds).as_dict()


@given(nights())
@settings(max_examples=120, deadline=None, derandomize=True)
def test_rules_are_kept_and_anyone_can_recompute_the_value(data: dict[str, Any]) -> None:
    answer = solved(data)
    assert oracle.broken(data, answer) == []
    assert answer["value"] == pytest.approx(oracle.value(data, answer), abs=1e-3)
    assert answer["bound"] <= oracle.value(data, answer)["total"] + 1e-3


@given(nights(most_groups=3, most_count=8))
@settings(max_examples=120, deadline=None, derandomize=True)
def test_small_plans_are_the_best_and_no_plan_undercuts_the_bound(data: dict[str, Any]) -> None:
    answer, best = solved(data), oracle.best(data)
    # Rounding ways up to whole seconds, and splitting groups, may move it a little either way.
    assert answer["value"]["total"] <= best + 0.2 + 0.001 * best
    problem = buses.read(data)
    bound = lower_bound(problem, Reach(problem), Deadline(1))
    assert bound is not None and bound <= best + 1e-6
    if answer["status"] == "optimal":
        assert answer["value"]["total"] <= best + 1e-3

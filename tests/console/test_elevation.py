"""The elevation: a place of its own for every door."""

import re
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from haitang.console import elevation
from haitang.operations.queries import BuildingState, CompoundState, Show, State
from haitang.registry.models import Area
from haitang.registry.queries import Door

FLOORS = st.integers(1, 33)
ENTRANCES = st.sampled_from(["", "1", "2", "01", "A"])
ROOMS = st.from_regex(r"[A-C]?[0-9]{1,4}[A-C]?", fullmatch=True)


def door(room: str, *, floor: int, entrance: str = "") -> Door:
    return Door(uuid4(), UUID(int=0), entrance, floor, room, 2, False)


def drawn(doors: list[Door]) -> dict[str, tuple[int, int]]:
    """Floor and column of each door, by the name it is said with."""
    states = {door.id: State.YES for door in doors}
    building = BuildingState(Area(code="1", name="1"), doors, states, None)
    state = CompoundState(Area(), Show.COVERED, None, None, [building])
    [svg] = elevation.draw(state, reads_households=False).buildings
    found = re.findall(r'data-floor="(-?\d+)" data-column="(\d+)" aria-label="1-(\S+) ', svg)
    return {name: (int(floor), int(column)) for floor, column, name in found}


class TestWhereADoorIsDrawn:
    def test_letters_before_the_number_are_other_doors(self) -> None:
        places = drawn([door(room, floor=1) for room in ("101", "A101", "B101", "102", "101A")])
        assert len(set(places.values())) == 5

    def test_doors_of_a_stack_stand_above_one_another(self) -> None:
        rooms = {"101": 1, "201": 2, "1201": 12, "A301": 3, "A1101": 11, "202": 2, "1202": 12}
        places = drawn([door(room, floor=floor) for room, floor in rooms.items()])
        assert places["101"][1] == places["201"][1] == places["1201"][1] == 1
        assert places["202"][1] == places["1202"][1] == 2
        assert places["A301"][1] == places["A1101"][1] == 3

    @settings(max_examples=300, deadline=None)
    @given(st.lists(st.tuples(ENTRANCES, ROOMS, FLOORS), unique_by=lambda row: row[:2], max_size=30))
    def test_no_two_doors_share_a_place(self, rows: list[tuple[str, str, int]]) -> None:
        places = drawn([door(room, floor=floor, entrance=entrance) for entrance, room, floor in rows])
        assert len(set(places.values())) == len(places) == len(rows)

    @settings(max_examples=300, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(["", "A"])), unique=True), FLOORS)
    def test_rooms_that_are_almost_the_same_do_not_share_a_place(
        self, rows: list[tuple[str, str]], floor: int
    ) -> None:
        rooms = [
            f"{before}{number}{after}" for before, after in rows for number in (f"{floor}01", f"{floor}1")
        ]
        places = drawn([door(room, floor=floor) for room in rooms])
        assert len(set(places.values())) == len(rooms)

"""Doors in every way people write them: each reads back as the same building, entrance and room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haitang.registry.ledger.doors import read_door
from haitang.registry.ledger.shapes import CellRefused
from haitang.registry.ledger.writing import arabic, text_of

NUMERALS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """12 as 十二, 105 as 一百零五."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{NUMERALS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{NUMERALS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (NUMERALS[ones] if ones else "")


def digit_by_digit(room: str) -> str:
    """1404 as 一四零四."""
    return "".join(NUMERALS[int(digit)] for digit in room)


def full_width(text: str) -> str:
    """8-3 as ８－３."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def written(building: int, entrance: int | None, room: str) -> dict[str, dict[str, str]]:
    """For each supported style the cells of a row that name this door in it."""
    part = f"{entrance}单元" if entrance else ""
    dashed = f"{building}-{entrance}-{room}" if entrance else f"{building}-{room}"
    counted = f"{chinese(building)}幢{chinese(entrance)}单元" if entrance else f"{chinese(building)}幢"
    return {
        "dashes": {"room": dashed},
        "full width": {"room": full_width(dashed)},
        "long dashes": {"room": dashed.replace("-", "—")},
        "slashes": {"room": dashed.replace("-", "/")},
        "blanks": {"room": dashed.replace("-", " ")},
        "words": {"room": f"{building}栋{part}{room}"},
        "words with blanks": {"room": f" {building} 幢 {part} {room} 室 "},
        "traditional": {"room": f"{building}號樓{part.replace('单', '單')}{room}室"},
        "half words": {"room": f"{building}#-{part}-{room}"},
        "numerals": {"room": f"{counted}{digit_by_digit(room)}室"},
        "after a compound": {"room": f"海棠花园{building}号楼{part}{room}室"},
        "after a street": {"room": f"人民路100号海棠花园{building}栋{part}{room}"},
        "english": {"room": f"Building {building}{f', Unit {entrance}' if entrance else ''}, Room {room}"},
        "own columns": {"building": str(building), "entrance": str(entrance or ""), "room": room},
        "own columns with words": {
            "building": f"{building}幢",
            "entrance": part or "无",
            "room": f"{room}室",
        },
        "own columns in numerals": {"building": f"{chinese(building)}号楼", "entrance": part, "room": room},
        "floats": {
            "building": f"{building}.0",
            "entrance": f"{entrance}.0" if entrance else "",
            "room": f"{room}.0",
        },
        "zeros in front": {"building": f"{building:02}", "entrance": part and f"0{part}", "room": f"0{room}"},
        "building and entrance": {"building": f"{building}幢{part}", "room": room},
        "entrance and room": {"building": f"{building}栋", "room": f"{part}{room}室"},
        "everything twice": {"building": f"{building}栋", "entrance": str(entrance or ""), "room": dashed},
        "address as compound": {"compound": f"海棠花园{building}幢{part}{room}室"},
    }


@given(
    style=st.sampled_from(sorted(written(1, 1, "101"))),
    building=st.integers(1, 130),
    entrance=st.none() | st.integers(1, 12),
    floor=st.integers(1, 40),
    door=st.integers(1, 20),
)
def test_a_door_reads_back_from_every_style(
    style: str, building: int, entrance: int | None, floor: int, door: int
) -> None:
    room = f"{floor}{door:02}"
    repeats = style == "everything twice" and entrance is None
    cells = {key: text_of(text) for key, text in written(building, entrance, room)[style].items()}
    found = read_door(**cells, repeats_building=repeats)
    assert (found.building, found.entrance, found.floor, found.room) == (
        str(building),
        str(entrance or ""),
        floor,
        room,
    )


@pytest.mark.parametrize("number", [1, 9, 10, 11, 20, 25, 99, 100, 105, 110, 119, 130])
def test_chinese_numerals_count_as_people_count(number: int) -> None:
    assert arabic(chinese(number)) == str(number)


@pytest.mark.parametrize(
    ("room", "door"),
    [
        ("20栋1单元1404", ("20", "1", 14, "1404")),
        ("六号楼二单元一四零四", ("6", "2", 14, "1404")),
        ("1250弄88号1404室", ("88", "", 14, "1404")),
        ("A座1203", ("A", "", 12, "1203")),
        ("3幢14楼A室", ("3", "", 14, "14A")),
        ("8-3-1404A", ("8", "3", 14, "1404A")),
        ("8栋1单元14楼3室", ("8", "1", 14, "1403")),
        ("8-3-12", ("8", "3", 1, "12")),
    ],
)
def test_reads_doors_as_seen_in_the_wild(room: str, door: tuple[str, str, int, str]) -> None:
    found = read_door(room=room)
    assert (found.building, found.entrance, found.floor, found.room) == door


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"room": "22幢14楼"}, "needs_room"),
        ({"room": "2栋"}, "needs_room"),
        ({"room": "88号"}, "needs_room"),
        ({"building": "88号", "room": "无"}, "needs_room"),
        ({"room": "1404"}, "needs_building"),
        ({"room": "1单元101室"}, "needs_building"),
        ({"room": "2706-08-03"}, "door_is_date"),
        ({"room": "8月3日"}, "door_is_date"),
        ({"room": "3-Dec"}, "door_is_date"),
        ({"room": "8-3"}, "bad_door"),
        ({"room": "101-1"}, "bad_door"),
        ({"room": "12-8-3-2706"}, "bad_door"),
        ({"room": "东2706"}, "bad_door"),
        ({"building": "门卫室旁", "room": "101"}, "bad_door"),
        ({"building": "8", "room": "20栋1404"}, "door_conflict"),
        ({"building": "8", "entrance": "2", "room": "3单元1404"}, "door_conflict"),
        ({"room": "8幢14楼302"}, "door_conflict"),
    ],
)
def test_refuses_what_it_would_have_to_guess(cells: dict[str, str], code: str) -> None:
    with pytest.raises(CellRefused) as refused:
        read_door(**cells)
    assert refused.value.code == code


def test_keeps_the_phase_of_a_compound_apart() -> None:
    assert read_door(room="二期8-3-2706", compound="海棠花园").compound == "海棠花园二期"


def test_a_compound_alone_is_no_door() -> None:
    with pytest.raises(CellRefused) as refused:
        read_door(compound="五一花园", room="1404")
    assert refused.value.code == "needs_building"


def test_does_not_take_coordinates_for_a_compound() -> None:
    assert read_door(compound="(23.66,121.43)", building="8", room="1404").compound == ""

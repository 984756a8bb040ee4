"""Reads where somebody lives from one cell or several, in the ways people write it."""

import re
from dataclasses import dataclass
from functools import lru_cache

from haitang.registry.ledger.shapes import CellRefused
from haitang.registry.ledger.writing import TRADITIONAL, arabic, is_nothing, without_float_tail

_FORMAL = str.maketrans("壹贰貳叁參肆伍陆陸柒捌玖拾", "一二二三三四五六六七八九十")
_FORMAL_NUMERALS = re.compile("[壹贰貳叁參肆伍陆陸柒捌玖拾]+(?=栋|幢|座|号|单元|楼|层|室)")
_LONGEST = 80
_MARKS = "栋|幢|座|号|单元|梯|门|道|楼|层|室|房|户|#|-"
_NUMERAL = "[零〇一二两三四五六七八九十百]"
_NUMERALS = re.compile(rf"(?<!{_NUMERAL}){_NUMERAL}+(?={_MARKS})")
_LAST_NUMERALS = re.compile(
    r"(?<=[栋幢座号元梯门道楼层#-])[零〇一二两三四五六七八九十百]+$|^[零〇一二三四五六七八九十百]+$"
)
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9A-Z])[\s,、;.]+(?=[0-9])")
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_DASHES = re.compile(r"[‐‑‒–—―−~_/\\]+|--+")
_DATE = re.compile(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|[0-9]{4}年.*|[0-9]{1,2}月[0-9]{1,2}日?|[0-9]{1,2}-[A-Z]{3}|[A-Z]{3}-[0-9]{2}"
)
_BARE = re.compile(r"([A-Z]?[0-9]{1,4}[A-Z]?|[A-Z])(?:栋|幢|座|号楼|#楼|#|号|楼)?")
_BARE_ENTRANCE = re.compile(r"([0-9]{1,2}|[A-Z]|[甲乙丙丁东南西北中])(?:单元|单|梯|门|道|号门)?")
_BARE_ROOM = re.compile(r"([A-Z]?[0-9]{1,4}[A-Z]?)(?:室|号|房间?|户|号房|号室)?")
_TWO_PARTS = re.compile(r"([0-9]{1,2}|[A-Z])-([A-Z]?[0-9]{3,4}[A-Z]?)(?:室|号|房|户)?")
_WRITTEN = re.compile(
    r"(?P<place>.*?)"
    r"(?:(?<![0-9A-Z])(?:"
    r"(?P<building>[A-Z]?[0-9]{1,4}[A-Z]?|[0-9]{1,4}之[0-9]{1,2}|[A-Z])(?:栋|幢|座|号楼|#楼|#|号)"
    r"|(?P<dashed>[A-Z][0-9]{0,3}|[0-9]{1,3}[A-Z]?)(?=-))-?)?"
    r"(?:(?<![0-9A-Z])(?P<entrance>[0-9]{1,2}|[A-Z]|[甲乙丙丁东南西北中])(?:单元|单|梯|门|道|-)-?)?"
    r"(?:(?<![0-9A-Z])(?P<floor>[0-9]{1,2})(?:楼|层|F)-?)?"
    r"(?:(?<![0-9A-Z])(?P<room>[A-Z]?[0-9]{1,4}[A-Z]?|[A-Z](?=室|房|户|$))(?:室|房间?|户|号房|号室|号)?)?"
)
_ENGLISH = re.compile(
    r"(?:(?:BUILDING|BLDG|BLOCK)[.#-]?(?P<building>[0-9]{1,4}|[A-Z])-?)?"
    r"(?:(?:UNIT|ENTRANCE|STAIRWELL)[.#-]?(?P<entrance>[0-9]{1,2}|[A-Z])-?)?"
    r"(?:(?:ROOM|RM|APARTMENT|APT|FLAT|NO)[.#-]?(?P<room>[A-Z]?[0-9]{1,4}[A-Z]?))?"
)
_REMARK = re.compile(r"\((?:[^()0-9A-Z]{2,}|[租空])\)$")
_TAIWAN = re.compile(r"(?<=[0-9])号之([0-9]{1,2})(?![0-9])")
_TWO_DOORS = re.compile(
    r"(?<![0-9])[0-9]{3,4}室?[,、;&和及与][0-9]{3,4}(?![0-9])|(?<=[栋幢座元梯楼])[0-9]{3,4}室?/[0-9]{3,4}(?![0-9])"
)
_NO_DOOR = re.compile("°|[0-9A-Z](?:栋|幢|座|号楼|单元)|负|地下|车库|商铺|门面")
_PLACE = re.compile(r".*[^\x00-\x7f)].+|.*[)\u4e00-\u9fff]")
_ROOM = re.compile(r"([A-Z]?)([0-9]{1,4})([A-Z]?)")


@dataclass(frozen=True)
class Door:
    """A door as written: the building's number, the entrance or "", the floor, the room's number."""

    building: str
    entrance: str
    floor: int
    room: str
    compound: str = ""


@dataclass(frozen=True)
class Written:
    """The parts of a door that one cell names; "" where it says nothing."""

    place: str = ""
    building: str = ""
    entrance: str = ""
    floor: str = ""
    room: str = ""


@lru_cache(maxsize=1 << 13)
def read_door(
    *,
    building: str = "",
    entrance: str = "",
    room: str = "",
    compound: str = "",
    repeats_building: bool = False,
) -> Door:
    """The door that these cells (clean texts, "" for a missing column) name together.

    `repeats_building`: in this sheet 8-2706 beside building 8 says the building again, not entrance 8.
    Raises CellRefused with needs_building, needs_room, bad_door, two_doors, door_is_date or door_conflict.
    """
    in_building = _from_building(building)
    in_room = _from_room(room, has_building=bool(in_building.building) and not repeats_building)
    in_compound = Written() if in_building.building or in_room.building else _from_compound(compound)
    parts = (in_building, Written(entrance=_from_entrance(entrance)), in_room, in_compound)
    number = _agreed(*(part.building for part in parts))
    floor_text = _agreed(*(part.floor for part in parts))
    room_text = _agreed(*(part.room for part in parts))
    if not number:
        raise CellRefused("needs_building")
    floor, room_number = _floor_and_room(room_text, floor_text)
    place = in_compound.place or _joined(_place_name(compound), in_room.place or in_building.place)
    return Door(number, _agreed(*(part.entrance for part in parts)), floor, room_number, place)


def place_in(text: str) -> str:
    """The name that stands before the door in an address of one cell, or ""."""
    return _from_compound(text).place


@lru_cache(maxsize=1 << 13)
def is_two_parts(room: str) -> str:
    """The first part of a room written as 8-2706, else ""."""
    match = _TWO_PARTS.fullmatch(_even(room))
    return match.group(1) if match else ""


@lru_cache(maxsize=4096)
def building_number(text: str) -> str:
    """The building that a building column's cell names, or ""."""
    return _from_building(text).building


@lru_cache(maxsize=8192)
def _even(text: str) -> str:
    text = _REMARK.sub("", without_float_tail(text).translate(TRADITIONAL).upper())
    text = _FORMAL_NUMERALS.sub(lambda match: match.group().translate(_FORMAL), text)
    text = _DASHES.sub("-", _TAIWAN.sub(r"之\1号", text).replace("楼之", "楼-"))
    text = _BETWEEN_DIGITS.sub("-", text)
    text = re.sub(r"[\s,;、第]+", "", text).strip("-.:")
    text = _LAST_NUMERALS.sub(lambda match: arabic(match.group()), text)
    text = _NUMERALS.sub(lambda match: arabic(match.group()), text).lstrip("#")
    return _LEADING_ZEROS.sub("", text)


@lru_cache(maxsize=4096)
def _from_building(text: str) -> Written:
    if is_nothing(text):
        return Written()
    even = _even(text)
    bare = _BARE.fullmatch(even)
    if bare:
        return Written(building=_number(bare.group(1)))
    pair = re.fullmatch(r"([0-9]{1,3}[A-Z]?|[A-Z])-([0-9]{1,2})", even)
    if pair:
        return Written(building=_number(pair.group(1)), entrance=_number(pair.group(2)))
    return _parse(even)


@lru_cache(maxsize=1024)
def _from_entrance(text: str) -> str:
    if is_nothing(text):
        return ""
    bare = _BARE_ENTRANCE.fullmatch(_even(text))
    if not bare:
        raise CellRefused("bad_door")
    return _number(bare.group(1))


@lru_cache(maxsize=65536)
def _from_room(text: str, *, has_building: bool) -> Written:
    if is_nothing(text):
        return Written()
    if _TWO_DOORS.search(text):
        raise CellRefused("two_doors")
    even = _even(text)
    bare = _BARE_ROOM.fullmatch(even)
    if bare and (has_building or not even.endswith("号")):
        return Written(room=bare.group(1))
    pair = _TWO_PARTS.fullmatch(even)
    if pair and has_building:
        return Written(entrance=_number(pair.group(1)), room=pair.group(2))
    return _parse(even)


@lru_cache(maxsize=4096)
def _from_compound(text: str) -> Written:
    try:
        return _parse(_even(text)) if text else Written()
    except CellRefused:
        return Written()


def _parse(even: str) -> Written:
    """Takes a text of several parts to pieces; what it can't account for is refused, never guessed."""
    if len(even) > _LONGEST:
        raise CellRefused("bad_door")
    if _DATE.fullmatch(even):
        raise CellRefused("door_is_date")
    match = _ENGLISH.fullmatch(even)
    if match:
        building, entrance, room = (match[part] or "" for part in ("building", "entrance", "room"))
        return Written(building=_number(building), entrance=_number(entrance), room=room)
    match = _WRITTEN.fullmatch(even)
    if not match:
        raise CellRefused("bad_door")
    place, dashed, room = match["place"].strip("-"), match["dashed"] or "", match["room"] or ""
    is_place = not place or (len(place) > 1 and _PLACE.fullmatch(place))
    is_vague = bool(dashed) and not match["entrance"] and room.isdigit() and len(room) < 3
    says_nothing = not any(match.group("building", "dashed", "entrance", "floor", "room"))
    if not is_place or is_vague or says_nothing:
        raise CellRefused("bad_door")
    building = _number(match["building"] or dashed)
    if not building and _NO_DOOR.search(place):
        raise CellRefused("bad_door")
    return Written(place, building, _number(match["entrance"] or ""), match["floor"] or "", room)


def _number(text: str) -> str:
    """Without leading zeros; 0 means none."""
    return text.lstrip("0")


def _agreed(*said: str) -> str:
    values = {value for value in said if value}
    if len(values) > 1:
        raise CellRefused("door_conflict")
    return values.pop() if values else ""


def _floor_and_room(room: str, floor: str) -> tuple[int, str]:
    """The floor from the room's number (1404 is on 14), and the room as it is known everywhere.

    A room of one or two digits is counted on its floor (14楼3室 is 1403), else on the ground.
    """
    if len(room) == 1 and room.isalpha() and floor:
        return int(floor), f"{int(floor)}{room}"
    match = _ROOM.fullmatch(room)
    if not match:
        raise CellRefused("needs_room")
    before, digits, after = match.group(1), match.group(2).lstrip("0"), match.group(3)
    if not digits:
        raise CellRefused("bad_door")
    if len(digits) > 2:
        derived = int(digits[:-2])
    elif after and not floor:
        derived = int(digits)
    elif floor:
        return int(floor), f"{before}{int(floor)}{int(digits):02}{after}"
    else:
        derived = 1
    if floor and int(floor) != derived:
        raise CellRefused("door_conflict")
    return derived, f"{before}{digits}{after}"


def _place_name(text: str) -> str:
    return "" if is_nothing(text) or not re.search(r"[^\W\d_]", text) else text[:100]


def _joined(compound: str, place: str) -> str:
    if not place or place in compound:
        return compound
    return place if compound in place else compound + place

"""Rules about a file's rows: people who were named and found no door."""

from collections.abc import Mapping

from haitang.registry.quality.shapes import Finding, Row, finding

NO_DOOR = frozenset(
    {"needs_building", "needs_room", "bad_door", "door_is_date", "door_conflict", "no_such_building"}
    | {"floor_too_high", "needs_entrance", "several_entrances"}
)
COUNTED = ("people", "changed", "same")


def doorless(last: Row | None, figures: Mapping[str, object]) -> Finding:
    """Rows of the last import, `last`, whose door could not be read or told, by the figures it left behind."""
    codes = figures.get("codes")
    number = sum(n for code, n in codes.items() if code in NO_DOOR) if isinstance(codes, dict) else 0
    named = sum(n for name in COUNTED if isinstance(n := figures.get(name, 0), int))
    rows = [last] if last is not None and number else []
    return finding("doorless", rows, of=named + number, number=number)

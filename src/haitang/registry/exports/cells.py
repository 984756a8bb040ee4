"""Makes a text safe for spreadsheets: none of them may take it for a formula."""

import unicodedata
from collections.abc import Iterable

CALCULATES = frozenset("=+-@")  # what begins a formula; full-width and small forms of them count as well
BREAKS = frozenset("\t\r\n")  # what some programs drop before they look at the next character


def harmless(cells: Iterable[object]) -> list[str]:
    """The cells as texts; what a spreadsheet could take for a formula begins with an apostrophe."""
    return [f"'{text}" if _could_calculate(text) else text for text in map(str, cells)]


def _could_calculate(text: str) -> bool:
    if not text or text[0].isalnum():
        return False
    shown = text.lstrip().lstrip("\ufeff\u200b\u200c\u200d\u2060").lstrip()[:1]
    return text[0] in BREAKS or unicodedata.normalize("NFKC", shown)[:1] in CALCULATES

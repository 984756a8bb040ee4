"""How a spreadsheet names its cells and ranges."""

import re

Span = tuple[tuple[int, int], tuple[int, int]]

_CELL = re.compile(r"\$?([A-Za-z]{1,4})\$?([0-9]{1,9})")


def letter(index: int) -> str:
    """0 is A, 26 is AA."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for each in letters.upper()[:4]:
        number = number * 26 + ord(each) - 64
    return number


def corner(text: str) -> tuple[int, int]:
    """The (row, column) from 1 that B3 names; (0, 0) for what names no cell."""
    match = _CELL.fullmatch(text)
    return (int(match.group(2)), column_number(match.group(1))) if match else (0, 0)


def span(text: str) -> Span:
    """The corners of A2:A4 as (row, column) from 0: first and last."""
    first, _colon, last = text.partition(":")
    (top, left), (bottom, right) = corner(first), corner(last or first)
    return (top - 1, left - 1), (bottom - 1, right - 1)

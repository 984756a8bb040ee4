"""Reads a QR code back: off a page as it is drawn, and from its modules, by the standard (ISO/IEC 18004) and not by
the library that wrote it."""

from collections.abc import Iterator
from itertools import pairwise

from pypdf import PageObject

SIDE = 29
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
BLOCKS, DATA = 2, 13  # version 3 at correction H
FORMAT_MASK = 0b101010000010010
LEVEL_H = 0b10
Point = tuple[float, float]
MASKS = (
    lambda y, x: (y + x) % 2,
    lambda y, x: y % 2,
    lambda y, x: x % 3,
    lambda y, x: (y + x) % 3,
    lambda y, x: (y // 2 + x // 3) % 2,
    lambda y, x: y * x % 2 + y * x % 3,
    lambda y, x: (y * x % 2 + y * x % 3) % 2,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2,
)


def drawn_codes(page: PageObject) -> list[tuple[str, ...]]:
    """The modules of each QR code that is painted on a page, in the order of painting."""
    return [_modules(rectangles) for rectangles in _fills(page) if len(rectangles) > SIDE]


def _fills(page: PageObject) -> list[list[tuple[Point, Point]]]:
    """The bounding box of each subpath of each filled path, in the page's own coordinates."""
    fills: list[list[tuple[Point, Point]]] = []
    subpaths: list[list[Point]] = []

    def look(operator: bytes, operands: list[float], matrix: list[float], _text: object) -> None:
        if operator in (b"m", b"l"):
            a, b, c, d, e, f = (float(number) for number in matrix)
            x, y = (float(number) for number in operands)
            point = (a * x + c * y + e, b * x + d * y + f)
            subpaths.append([point]) if operator == b"m" else subpaths[-1].append(point)
        elif operator in (b"f", b"f*"):
            fills.append([_box(points) for points in subpaths])
            subpaths.clear()
        elif operator in (b"n", b"S"):
            subpaths.clear()

    page.extract_text(visitor_operand_before=look)
    return fills


def _box(points: list[Point]) -> tuple[Point, Point]:
    xs, ys = zip(*points, strict=True)
    return (min(xs), min(ys)), (max(xs), max(ys))


def _modules(boxes: list[tuple[Point, Point]]) -> tuple[str, ...]:
    """What colour the middle of each module has; a code's corners are black, so it fills its own outline."""
    left, right = min(low[0] for low, _ in boxes), max(high[0] for _, high in boxes)
    top = max(high[1] for _, high in boxes)
    unit = (right - left) / SIDE

    def is_black(x: float, y: float) -> bool:
        return any(low[0] < x < high[0] and low[1] < y < high[1] for low, high in boxes)

    middles = [(n + 0.5) * unit for n in range(SIDE)]
    return tuple("".join("01"[is_black(left + x, top - y)] for x in middles) for y in middles)


def decode(modules: tuple[str, ...]) -> str:
    """The text in an undamaged code of version 3, correction H, alphanumeric mode."""
    assert [len(row) for row in modules] == [SIDE] * SIDE
    black = [[module == "1" for module in row] for row in modules]
    word = sum(black[8][x] << (14 - place) for place, x in enumerate((0, 1, 2, 3, 4, 5, 7))) >> 8
    about = word ^ (FORMAT_MASK >> 8)  # of fifteen bits the first seven: level, mask and the first check bits
    assert about >> 5 == LEVEL_H
    mask = MASKS[about >> 2 & 7]
    bits = [black[y][x] != (mask(y, x) == 0) for y, x in _path()]
    words = [
        sum(bit << (7 - n) for n, bit in enumerate(bits[at : at + 8]))
        for at in range(0, BLOCKS * DATA * 8, 8)
    ]
    data = [word for block in range(BLOCKS) for word in words[block::BLOCKS]]
    return _text("".join(f"{word:08b}" for word in data))


def _path() -> Iterator[tuple[int, int]]:
    """The modules that hold data, in order: pairs of columns from the right, up and down in turn."""
    rights = [x for x in range(SIDE - 1, 0, -2) if x > 6] + [5, 3, 1]
    for turn, right in enumerate(rights):
        for step in range(SIDE):
            y = step if turn % 2 else SIDE - 1 - step
            yield from ((y, x) for x in (right, right - 1) if not _is_fixed(y, x))


def _is_fixed(y: int, x: int) -> bool:
    """Whether a module is part of a finder with its formats, a timing line or the alignment mark."""
    corner = (y < 9 and (x < 9 or x >= SIDE - 8)) or (y >= SIDE - 8 and x < 9)
    return corner or 6 in (y, x) or (20 <= y <= 24 and 20 <= x <= 24)


def _text(bits: str) -> str:
    assert bits[:4] == "0010"
    length, bits = int(bits[4:13], 2), bits[13:]
    ends = [*range(0, length // 2 * 11 + 1, 11)]
    pairs = [divmod(int(bits[start:end], 2), 45) for start, end in pairwise(ends)]
    text = "".join(ALPHANUMERIC[n] for pair in pairs for n in pair)
    return text + (ALPHANUMERIC[int(bits[ends[-1] : ends[-1] + 6], 2)] if length % 2 else "")

"""CSV and its kin as they should never arrive, drawn from a seed."""

import csv
import io
from collections.abc import Callable, Mapping
from random import Random

from tests.registry import hostile_cells as cells

ENCODINGS = (
    *("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "big5", "shift_jis"),
    *("latin-1", "cp1252", "utf-7", "euc_kr", "ascii"),
)


def written(rng: Random, rows: list[list[str]]) -> str:
    """The rows as text, with any mark between cells and any end of line."""
    text = io.StringIO()
    mark, end = rng.choice(",;\t|:,"), rng.choice(("\r\n", "\n", "\r", "\n\n"))
    quoting = rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    csv.writer(text, delimiter=mark, lineterminator=end, quoting=quoting).writerows(rows)
    return text.getvalue()


def wild(rng: Random) -> bytes:
    """Wild cells in any encoding, right or wrong."""
    return written(rng, cells.rows(rng)).encode(rng.choice(ENCODINGS), "replace")


def clean(rng: Random) -> bytes:
    """Wild cells in an encoding that can be read."""
    return _readable(rng, cells.rows(rng))


def people(rng: Random) -> bytes:
    """A good list but for a cell here and there."""
    return _readable(rng, cells.people(rng))


def _readable(rng: Random, rows: list[list[str]]) -> bytes:
    text = "".join(letter for letter in written(rng, rows) if letter >= " " or letter in "\t\r\n")
    return text.encode(rng.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16")), "replace")


def damaged(rng: Random) -> bytes:
    """A good file with some bytes changed, or cut off."""
    content = bytearray(clean(rng))
    for _ in range(rng.randint(1, 6)):
        content[rng.randrange(len(content))] = rng.randrange(256)
    return bytes(content[: rng.randint(1, len(content))])


def unclosed(rng: Random) -> bytes:
    """A quotation mark that never ends."""
    lines = written(rng, cells.rows(rng)).split("\n")
    lines.insert(rng.randint(0, len(lines)), '"' + rng.choice(("8,2706", "", "8\t2706", "''")))
    lines += ["8,2706,王芳"] * rng.choice((1, 50, 20_000))
    return "\n".join(lines).encode("utf-8", "replace")


def mixed(rng: Random) -> bytes:
    """Another mark and another encoding on every line."""
    lines = [rng.choice(",;\t| ").join(row) for row in cells.rows(rng)]
    return b"\n".join(line.encode(rng.choice(ENCODINGS[:8]), "replace") for line in lines)


def one_line(rng: Random) -> bytes:
    """A line without end, of one cell or of very many."""
    piece = rng.choice(("8", "8,", "8;", "王芳，", '"', "8,\r", '","'))
    size = rng.choice((70_000, 1_200_000, 3_000_000))
    return ("楼栋,房号,姓名\n" + piece * (size // len(piece))).encode()


def wide(rng: Random) -> bytes:
    """As many columns as there may be, or many more."""
    width = rng.choice((99, 100, 101, 20_000, 100_000))
    return "\n".join(",".join([word] * width) for word in ("姓名", "房号", "1")).encode()


def long(rng: Random) -> bytes:
    """More rows than there may be, of nothing or of nearly nothing."""
    return b"building,room,name\n" + rng.choice((b"\n", b",,\n", b"8,101,a\n")) * rng.choice(
        (1000, 1000, 200_001)
    )


def nothing(rng: Random) -> bytes:
    """Nothing, blanks, only headings, only a mark of byte order."""
    return rng.choice(
        (b"", b" \n\t\r\n", b"\xef\xbb\xbf", b"\xff\xfe", "楼栋,房号,姓名".encode(), b"\n" * 5000, b"\0" * 99)
    )


def noise(rng: Random) -> bytes:
    """Any bytes, with the beginning of something known."""
    start = rng.choice(
        (b"", b"PK\x03\x04", b"PK\x05\x06", bytes.fromhex("d0cf11e0a1b11ae1"), b"<html>", b"%PDF", b"PK")
    )
    return start + rng.randbytes(rng.choice((0, 1, 40, 3000)))


def page(rng: Random) -> bytes:
    """A page that calls itself a spreadsheet, as many registers export."""
    body = "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in cells.rows(rng))
    return f"<html><table>{body}</table></html>".encode("utf-8", "replace")


KINDS: Mapping[Callable[[Random], bytes], int] = {
    wild: 8,
    clean: 24,
    people: 15,
    damaged: 10,
    unclosed: 3,
    mixed: 3,
    one_line: 1,
    wide: 1,
    long: 1,
    nothing: 2,
    noise: 4,
    page: 2,
}

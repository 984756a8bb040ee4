"""A QR code as rows of modules and as a drawing.

A short text in QR's alphanumeric mode, at the highest error correction: three tenths of it may be folded away,
stained or torn off.
"""

import re

import segno

TEXT = re.compile(r"[0-9A-Z $%*+\-./:]{1,35}")
VERSION = 3  # 29 modules a side: the smallest that holds 35 characters at that correction
MASK = 0  # the best of the eight masks is read no better (400 damaged prints) and takes five times as long
BLEED = 0.02  # of a module: rows overlap, so that no printer leaves a white line between them


def modules(text: str) -> tuple[str, ...]:
    """The rows of the code, "1" for black, without the quiet zone. Raises ValueError for what it can't hold."""
    if not TEXT.fullmatch(text):
        raise ValueError("A QR code here holds up to 35 digits, capital letters and $%*+-./: only.")
    code = segno.make_qr(text, error="h", mode="alphanumeric", version=VERSION, mask=MASK, boost_error=False)
    return tuple("".join(map(str, row)) for row in code.matrix)


def drawing(rows: tuple[str, ...]) -> str:
    """The rows as SVG, one unit a module, without the quiet zone."""
    runs = [(y, run.span()) for y, row in enumerate(rows) for run in re.finditer("1+", row)]
    path = "".join(f"M{start} {y}H{end}v{1 + BLEED}H{start}z" for y, (start, end) in runs)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(rows)} {len(rows)}"><path d="{path}"/></svg>'

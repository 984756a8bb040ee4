"""From a template and plain values to a PDF, with our own fonts and no others."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import typst

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "templates"
FONTS = HERE / "fonts"
FAMILY = "Noto Sans SC"
WEIGHTS = frozenset({400, 700})


class FontsMissing(Exception):
    """The fonts are not where they belong: typst would print boxes in place of Chinese and say nothing."""

    def __init__(self) -> None:
        super().__init__("The fonts that papers are printed with are missing: run `make build`.")


class Unprintable(Exception):
    """A template that typst warns of: what it does instead of failing can't be printed."""


def check_fonts() -> None:
    """Raises FontsMissing unless both weights are here."""
    _fonts()


@cache
def _fonts() -> typst.Fonts:
    # An exception is not cached: once the fonts are there they are found without a restart.
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    if not {font.weight for font in found.fonts() if font.family == FAMILY} >= WEIGHTS:
        raise FontsMissing
    return found


def typeset(template: str, values: Mapping[str, object]) -> bytes:
    """The PDF of a template filled with `values` (as JSON). Raises FontsMissing."""
    compiler = typst.Compiler(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"values": json.dumps(values, ensure_ascii=False), "family": FAMILY},
    )
    # Tags, for those who listen, would make a list twenty times as large; the pages say the same to them.
    pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_tags=False)
    if warnings or not isinstance(pdf, bytes):
        raise Unprintable("; ".join(str(warning) for warning in warnings) or template)
    return pdf

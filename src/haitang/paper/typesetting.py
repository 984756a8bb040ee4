"""From a template and plain values to a PDF, with our own fonts and no others."""

import json
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import typst

from haitang.paper import isolated

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "templates"
FONTS = HERE / "fonts"
FAMILY = "Noto Sans SC"
WEIGHTS = frozenset({400, 700})
SECONDS = 120  # a compound takes three on a quiet machine


class FontsMissing(Exception):
    """The fonts are not where they belong: typst would print boxes in place of Chinese and say nothing."""

    def __init__(self) -> None:
        super().__init__("The fonts that papers are printed with are missing: run `make build`.")


class Unprintable(Exception):
    """The compiler errs, or warns of what it does instead: that can't be printed."""


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
    """The PDF of a template filled with `values` (as JSON). Raises FontsMissing, Unprintable."""
    check_fonts()
    command = [sys.executable, isolated.__file__, *map(str, (TEMPLATES / template, TEMPLATES, FONTS)), FAMILY]
    given = json.dumps(values, ensure_ascii=False).encode()
    done = subprocess.run(command, input=given, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    if done.returncode:
        raise Unprintable(f"{template}: {done.stderr.decode(errors='replace')[-500:]}")
    return done.stdout

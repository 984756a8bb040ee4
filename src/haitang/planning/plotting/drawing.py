"""One picture for each kind, as SVG or within a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from matplotlib.figure import Figure

from . import buses, coverage, match, roster, round, surge
from .page import page
from .style import headline, looks, svg

ENDINGS = (".svg", ".html")
PICTURES: Mapping[str, Callable[[dict[str, Any], dict[str, Any]], Figure]] = {
    "coverage": coverage.picture,
    "surge": surge.picture,
    "roster": roster.picture,
    "buses": buses.picture,
    "round": round.picture,
    "match": match.picture,
}


def draw(data: dict[str, Any], answer: dict[str, Any], ending: str) -> bytes:
    """The answer to this input, both as parsed from JSON, as a file of one of ENDINGS."""
    if ending not in ENDINGS:
        raise ValueError(f"pictures end with {' or '.join(ENDINGS)}, not {ending!r}")
    with looks():
        made = PICTURES[answer["kind"]](data, answer)
        if ending == ".svg":
            headline(made, f"{answer['kind']}: {answer['status']}, value {answer['value']['total']:,.1f}")
        drawn = svg(made)
    return page(answer, drawn) if ending == ".html" else drawn

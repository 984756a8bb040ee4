"""match as a map: which offer goes to which need, and what is not met."""

from __future__ import annotations

from collections import Counter
from typing import Any

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .places import Map, split, survey
from .style import ALARM, BLUE, INK, ORANGE, PAPER, SKY, areas, figure, legend, mark

MOST_NAMES = 40
WIDTH = 8.6


def picture(data: dict[str, Any], answer: dict[str, Any]) -> Figure:
    land = survey(data["needs"], data["offers"])
    made = figure(WIDTH + 1.0, land.size(WIDTH) + 1.2)
    axes = made.add_subplot()
    ways = [pair for pair in answer["pairs"] if pair["need"] in land.spots and pair["offer"] in land.spots]
    lines = [(land.spots[pair["offer"]], land.spots[pair["need"]]) for pair in ways]
    widths = [0.6 + 0.4 * min(pair["quantity"], 8) for pair in ways]
    axes.add_collection(LineCollection(lines, colors=BLUE, linewidths=widths, zorder=2))
    _offers(axes, data, land)
    _needs(axes, data, answer, land)
    if len(land.spots) <= MOST_NAMES:
        land.name(axes, land.spots)
    land.show(axes)
    legend(made, _key())
    return made


def _offers(axes: Axes, data: dict[str, Any], land: Map) -> None:
    offers = [one for one in data["offers"] if one["id"] in land.spots]
    sizes = areas([one["quantity"] for one in offers], 30, 9)
    look: Any = {"marker": "s", "color": ORANGE, "edgecolor": INK, "linewidth": 0.6}
    axes.scatter(*split(land.spots[one["id"]] for one in offers), s=sizes, zorder=5, **look)


def _needs(axes: Axes, data: dict[str, Any], answer: dict[str, Any], land: Map) -> None:
    got: Counter[str] = Counter()
    for pair in answer["pairs"]:
        got[pair["need"]] += pair["quantity"]
    needs = {one["id"]: one["quantity"] for one in data["needs"] if one["id"] in land.spots}
    sizes = dict(zip(needs, areas(list(needs.values()), 150, 30), strict=True))
    met = [name for name, quantity in needs.items() if got[name] >= quantity]
    short = [name for name, quantity in needs.items() if got[name] < quantity]
    for face, edge, chosen in ((SKY, BLUE, met), (PAPER, ALARM, short)):
        look: Any = {"color": face, "edgecolor": edge, "linewidth": 1.2}
        axes.scatter(
            *split(land.spots[name] for name in chosen), s=[sizes[name] for name in chosen], zorder=4, **look
        )


def _key() -> list[Line2D]:
    return [
        mark("s", ORANGE, INK, 6, "offer, area by quantity"),
        mark("o", SKY, BLUE, 7, "need that is met"),
        mark("o", PAPER, ALARM, 7, "need that is not, or in part"),
        Line2D([], [], color=BLUE, linewidth=1.4, label="goes to"),
    ]

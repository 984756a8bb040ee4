"""surge as a map for each slot: how many go from which muster point to which post, and what stays empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .places import Map, split, survey
from .style import ALARM, BLUE, GREY, INK, PALE, PAPER, SKY, figure, legend, mark

MOST_SLOTS = 9  # more are drawn as one
MOST_NAMES = 30
WIDTHS = (0.4, 3.5)  # of lines, in points
AREAS = (4.5, 40.0)  # of a place, in points squared, where posts are many and where they are few
Counts = Mapping[Any, int]


def picture(data: dict[str, Any], answer: dict[str, Any]) -> Figure:
    land = survey(data["musters"], data["posts"])
    slots = [slot["id"] for slot in data["slots"]]
    panels = [[slot] for slot in slots] if len(slots) <= MOST_SLOTS else [slots]
    columns = min(3, max(1, len(panels)))
    rows = -(-max(1, len(panels)) // columns)
    width = 9.0 if columns == 1 else 4.3
    made = figure(columns * width + 0.6, rows * (land.size(width - 0.6) + 0.55) + 0.8)
    ways, asked, filled = _counts(data, answer)
    most = max(ways.values(), default=1)
    grid = made.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    for axes, panel in zip(grid.flat, panels, strict=False):
        _panel(axes, land, data, panel, (ways, asked, filled))
        axes.set_title(
            f"{', '.join(panel) if len(panel) == 1 else 'all slots'}: {_said(panel, asked, filled)}"
        )
    for axes in grid.flat[len(panels) :]:
        axes.set_axis_off()
    for row, axes in np.ndenumerate(grid):
        land.show(axes, labels=False)
        axes.set_ylabel("km north" if row[1] == 0 else "")
        axes.set_xlabel("km east" if row[0] == rows - 1 else "")
    legend(made, _key(most), columns=6)
    return made


def _counts(data: dict[str, Any], answer: dict[str, Any]) -> tuple[Counts, Counts, Counts]:
    """People by (muster, post, slot); places asked for and filled by (post, slot)."""
    muster = {one["id"]: one["muster"] for one in data["volunteers"]}
    ways: Counter[Any] = Counter()
    asked: Counter[Any] = Counter()
    filled: Counter[Any] = Counter()
    for one in answer["assignments"]:
        ways[muster[one["volunteer"]], one["post"], one["slot"]] += 1
        filled[one["post"], one["slot"]] += 1
    for demand in data["demands"]:
        asked[demand["post"], demand["slot"]] += demand["count"]
    return ways, asked, filled


def _said(slots: list[str], asked: Counts, filled: Counts) -> str:
    has = sum(count for (_, slot), count in filled.items() if slot in slots)
    wants = sum(count for (_, slot), count in asked.items() if slot in slots)
    return f"{has:,} of {wants:,} places"


def _panel(
    axes: Axes, land: Map, data: dict[str, Any], slots: list[str], counts: tuple[Counts, Counts, Counts]
) -> None:
    ways, asked, filled = counts
    most = max(ways.values(), default=1)
    here: Counter[Any] = Counter()
    for (muster, post, slot), count in ways.items():
        if slot in slots and muster in land.spots and post in land.spots:
            here[muster, post] += count
    lines = [(land.spots[muster], land.spots[post]) for muster, post in here]
    widths = [_width(count, most) for count in here.values()]
    axes.add_collection(LineCollection(lines, colors=BLUE, linewidths=widths, alpha=0.55, zorder=2))
    posts, musters = (
        [one["id"] for one in data[key] if one["id"] in land.spots] for key in ("posts", "musters")
    )
    wants = {post: sum(asked.get((post, slot), 0) for slot in slots) for post in posts}
    lacks = {post: wants[post] - sum(filled.get((post, slot), 0) for slot in slots) for post in posts}
    _posts(axes, land, wants, lacks)
    axes.scatter(*split(land.spots[one] for one in musters), s=26, marker="s", color=INK, zorder=5)
    if len(posts) + len(musters) <= MOST_NAMES:
        land.name(axes, [*posts, *musters])


def _posts(axes: Axes, land: Map, wants: Counts, lacks: Counts) -> None:
    """A disc for the places asked for, and a red one within it for those that stay empty."""
    area = AREAS[len(wants) <= MOST_NAMES]
    idle = [post for post in wants if wants[post] == 0]
    full = [post for post in wants if wants[post] and lacks[post] <= 0]
    short = [post for post in wants if lacks[post] > 0]
    for face, edge, chosen in ((PALE, GREY, idle), (SKY, BLUE, full), (PAPER, ALARM, short)):
        sizes = [max(9.0, area * wants[post]) for post in chosen]
        look: Any = {"color": face, "edgecolor": edge, "linewidth": 0.6 if chosen is idle else 1.0}
        axes.scatter(*split(land.spots[post] for post in chosen), s=sizes, zorder=3, **look)
    sizes = [max(4.0, area * lacks[post]) for post in short]
    axes.scatter(*split(land.spots[post] for post in short), s=sizes, color=ALARM, linewidth=0, zorder=4)


def _width(count: int, most: int) -> float:
    return WIDTHS[0] + (WIDTHS[1] - WIDTHS[0]) * count / max(most, 1)


def _key(most: int) -> list[Line2D]:
    return [
        mark("s", INK, INK, 5, "muster point"),
        mark("o", SKY, BLUE, 8, "post, area by places asked for"),
        mark("o", ALARM, ALARM, 8, "places that stay empty"),
        mark("o", PALE, GREY, 4, "none asked for"),
        Line2D([], [], color=BLUE, alpha=0.55, linewidth=_width(1, most), label="1 person"),
        Line2D([], [], color=BLUE, alpha=0.55, linewidth=_width(most, most), label=f"{most} people"),
    ]

"""coverage as a map: who looks after which building, how even it is, who is left out."""

from __future__ import annotations

from collections import Counter
from typing import Any

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .places import XY, Map, split, survey
from .style import ALARM, DEPTH, GREY, INK, PAPER, areas, figure, legend, mark

MOST_NAMES = 80  # more would hide each other
WIDTH = 8.2
Assigned = dict[str, dict[str, Any]]


def picture(data: dict[str, Any], answer: dict[str, Any]) -> Figure:
    land = survey(data["buildings"], [one for one in data["stewards"] if not one.get("home_building")])
    made = figure(WIDTH + 1.8, land.size(WIDTH) + 1.2)
    axes = made.add_subplot()
    assigned = {entry["building"]: entry for entry in answer["assignments"] if entry["steward"]}
    homes = _homes(data, land)
    few = len(data["buildings"]) <= MOST_NAMES
    _lines(axes, assigned, land, homes)
    _buildings(made, axes, data, assigned, land)
    axes.scatter(
        *split(homes.values()),
        s=16 if few else 5,
        marker="D",
        color=PAPER,
        edgecolor=INK,
        linewidth=0.9,
        zorder=5,
    )
    if few:
        _names(axes, data, assigned, land)
    land.show(axes)
    legend(made, _key(is_whole=len(assigned) == len(data["buildings"])))
    return made


def _homes(data: dict[str, Any], land: Map) -> dict[str, XY]:
    """By steward; who lives nobody knows where is not on the map."""
    homes = {one["id"]: one.get("home_building") or one["id"] for one in data["stewards"]}
    return {steward: land.spots[home] for steward, home in homes.items() if home in land.spots}


def _lines(axes: Axes, assigned: Assigned, land: Map, homes: dict[str, XY]) -> None:
    thin: dict[str, Any] = {"colors": GREY, "linewidths": 0.7, "linestyles": (0, (1, 2.5))}
    for key, style in (("backup", thin), ("steward", {"colors": INK, "linewidths": 1.4})):
        ways = [
            (homes[entry[key]], land.spots[building])
            for building, entry in assigned.items()
            if entry[key] in homes and building in land.spots
        ]
        axes.add_collection(LineCollection(ways, zorder=2, **style))


def _buildings(made: Figure, axes: Axes, data: dict[str, Any], assigned: Assigned, land: Map) -> None:
    households = {one["id"]: one["households"] for one in data["buildings"] if one["id"] in land.spots}
    care: Counter[str] = Counter()
    for building, entry in assigned.items():
        care[entry["steward"]] += households.get(building, 0)
    largest = 420.0 if len(households) <= MOST_NAMES else 40.0
    sizes = dict(zip(households, areas(list(households.values()), largest), strict=True))
    kept = [building for building in households if building in assigned]
    mean = _mean(data)
    drawn = axes.scatter(
        *split(land.spots[building] for building in kept),
        s=[sizes[building] for building in kept],
        c=[care[assigned[building]["steward"]] for building in kept],
        cmap=DEPTH,
        vmin=0,
        vmax=max(2 * mean, 1),
        edgecolor=INK,
        linewidth=0.8,
        zorder=3,
    )
    bar = made.colorbar(drawn, ax=axes, shrink=0.6, aspect=26, pad=0.02, anchor=(0.0, 1.0))
    bar.set_label(f"households in the steward's care (the mean is {mean:.1f})")
    bar.outline.set_visible(False)
    out = [building for building in households if building not in assigned]
    axes.scatter(
        *split(land.spots[one] for one in out), s=80, marker="X", color=ALARM, edgecolor=PAPER, zorder=6
    )


def _mean(data: dict[str, Any]) -> float:
    total = sum(building["households"] for building in data["buildings"])
    return float(total / len(data["stewards"])) if data["stewards"] else 0.0


def _names(axes: Axes, data: dict[str, Any], assigned: Assigned, land: Map) -> None:
    households = [building["households"] for building in data["buildings"]]
    for building, area in zip(data["buildings"], areas(households, 420.0), strict=True):
        name = building["id"]
        if name in land.spots:
            steward = assigned[name]["steward"] if name in assigned else "nobody"
            axes.annotate(
                f"{name}\n{steward}",
                land.spots[name],
                xytext=(0, -(area**0.5) / 2 - 3),
                textcoords="offset points",
                ha="center",
                va="top",
                fontsize=7,
                linespacing=1.15,
                zorder=7,
                bbox={"boxstyle": "square,pad=0.12", "facecolor": PAPER, "alpha": 0.78, "edgecolor": "none"},
            )


def _key(*, is_whole: bool) -> list[Line2D]:
    marks = [
        mark("o", DEPTH(0.5), INK, 8, "building, area by households"),
        mark("D", PAPER, INK, 4.5, "steward's home"),
        Line2D([], [], color=INK, linewidth=1.4, label="looks after"),
        Line2D([], [], color=GREY, linewidth=0.9, linestyle=(0, (1, 2.5)), label="backs"),
    ]
    return marks if is_whole else [*marks, mark("X", ALARM, ALARM, 8, "nobody")]

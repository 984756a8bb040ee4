"""coverage as a map: who looks after which building, how even it is, who is left out."""

from __future__ import annotations

from collections import Counter
from typing import Any

from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .places import XY, dress, plane
from .style import ALARM, DEPTH, GREY, INK, PAPER, areas, figure, legend

MOST_NAMES = 80  # more would hide each other


def picture(data: dict[str, Any], answer: dict[str, Any]) -> Figure:
    made = figure(9.6, 8.4)
    axes = made.add_subplot()
    flat = plane([*data["buildings"], *data["stewards"]])
    spots, homes = (
        flat.all(data["buildings"]),
        _homes(data, flat.all(data["buildings"]), flat.all(data["stewards"])),
    )
    assigned = {entry["building"]: entry for entry in answer["assignments"] if entry["steward"]}
    _lines(axes, assigned, spots, homes)
    _buildings(made, axes, data, assigned, spots)
    axes.scatter(
        *_split(homes.values()), s=16, marker="D", color=PAPER, edgecolor=INK, linewidth=1.0, zorder=5
    )
    if len(spots) <= MOST_NAMES:
        _names(axes, assigned, spots)
    dress(axes, [*spots.values(), *homes.values()])
    legend(axes, _key(len(assigned) < len(data["buildings"])))
    return made


def _homes(data: dict[str, Any], spots: dict[str, XY], own: dict[str, XY]) -> dict[str, XY]:
    found = {}
    for steward in data["stewards"]:
        home = spots.get(steward["home_building"]) if steward.get("home_building") else own.get(steward["id"])
        if home is not None:
            found[steward["id"]] = home
    return found


def _lines(axes: Any, assigned: dict[str, Any], spots: dict[str, XY], homes: dict[str, XY]) -> None:
    for key, style in (
        ("backup", {"colors": GREY, "linewidths": 0.6, "linestyles": (0, (1, 2.5))}),
        ("steward", {"colors": INK, "linewidths": 1.3}),
    ):
        ways = [
            (homes[entry[key]], spots[building])
            for building, entry in assigned.items()
            if entry[key] in homes and building in spots
        ]
        axes.add_collection(LineCollection(ways, zorder=2, **style))


def _buildings(
    made: Figure, axes: Any, data: dict[str, Any], assigned: dict[str, Any], spots: dict[str, XY]
) -> None:
    households = {building["id"]: building["households"] for building in data["buildings"]}
    care: Counter[str] = Counter()
    for building, entry in assigned.items():
        care[entry["steward"]] += households[building]
    sizes = dict(
        zip(households, areas(list(households.values()), 420 if len(households) < 100 else 60), strict=True)
    )
    kept = [building for building in assigned if building in spots]
    load = [care[assigned[building]["steward"]] for building in kept]
    drawn = axes.scatter(
        *_split(spots[building] for building in kept),
        s=[sizes[building] for building in kept],
        c=load,
        cmap=DEPTH,
        vmin=0,
        edgecolor=INK,
        linewidth=0.8,
        zorder=3,
    )
    if load:
        bar = made.colorbar(drawn, ax=axes, shrink=0.55, aspect=28, pad=0.02)
        bar.set_label(f"households in the steward's care (mean {answer_mean(data):.1f})")
        bar.outline.set_visible(False)
    out = [building for building in spots if building not in assigned]
    axes.scatter(
        *_split(spots[building] for building in out), s=70, marker="X", color=ALARM, edgecolor=PAPER, zorder=6
    )


def answer_mean(data: dict[str, Any]) -> float:
    total = sum(building["households"] for building in data["buildings"])
    return float(total / len(data["stewards"])) if data["stewards"] else 0.0


def _names(axes: Any, assigned: dict[str, Any], spots: dict[str, XY]) -> None:
    for building, spot in spots.items():
        steward = assigned[building]["steward"] if building in assigned else "nobody"
        axes.annotate(
            f"{building}  {steward}",
            spot,
            xytext=(0, -13),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=7,
            zorder=7,
        )


def _split(spots: Any) -> tuple[list[float], list[float]]:
    pairs = list(spots)
    return [x for x, _ in pairs], [y for _, y in pairs]


def _key(left_out: bool) -> list[Line2D]:
    marks = [
        Line2D(
            [],
            [],
            marker="o",
            color=DEPTH(0.6),
            markeredgecolor=INK,
            linestyle="",
            label="building, area by households",
        ),
        Line2D(
            [],
            [],
            marker="D",
            color=PAPER,
            markeredgecolor=INK,
            linestyle="",
            markersize=4.5,
            label="steward's home",
        ),
        Line2D([], [], color=INK, linewidth=1.3, label="looks after"),
        Line2D([], [], color=GREY, linewidth=0.8, linestyle=(0, (1, 2.5)), label="backs"),
    ]
    alarm = Line2D([], [], marker="X", color=ALARM, linestyle="", label="nobody")
    return [*marks, alarm] if left_out else marks

"""buses in two panels: the ways of the coaches on a map, and when each of them does what."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from .hours import Hours, hours
from .places import Map, split, survey
from .style import BLUE, INK, ORANGE, PAPER, SKY, figure, legend, mark, rows_without_frame

MOST_NAMES = 80  # of coaches, at the left of their rows
MOST_PLACES = 30
Duties = dict[str, list[dict[str, Any]]]


def picture(data: dict[str, Any], answer: dict[str, Any]) -> Figure:
    duties: Duties = {}
    for trip in answer["trips"]:
        duties.setdefault(trip["vehicle"], []).append(trip)
    land = survey(data["musters"], data["posts"], data["depots"])
    tall = float(np.clip(0.2 * len(duties), 1.2, 30.0))
    east, north = land.extent
    if north > east:
        # Tall land stands beside the chart, wide land lies above it.
        height = max(min(tall, 12.0), 7.5)
        width = float(np.clip(height * east / north, 3.2, 7.0))
        made = figure(width + 9.2, height + 1.3)
        grid = made.add_gridspec(1, 2, width_ratios=[width, 8.2])
    else:
        made = figure(10.0, land.size(8.6) + tall + 1.8)
        grid = made.add_gridspec(2, 1, height_ratios=[land.size(8.6), tall])
    _map(made.add_subplot(grid[0]), data, duties, land)
    _chart(made.add_subplot(grid[1]), data, duties)
    legend(made, _key(), columns=4 if north <= east else 7)
    return made


def _map(axes: Axes, data: dict[str, Any], duties: Duties, land: Map) -> None:
    loaded: Counter[Any] = Counter()
    empty: Counter[Any] = Counter()
    depots = {vehicle["id"]: vehicle["depot"] for vehicle in data["vehicles"]}
    for vehicle, trips in duties.items():
        ends = [(trip["stops"][0]["at"], trip["stops"][-1]["at"]) for trip in trips]
        way = [depots[vehicle], *itertools.chain.from_iterable(ends), depots[vehicle]]
        empty.update(zip(way[::2], way[1::2], strict=True))
        for trip in trips:
            aboard = 0
            for one, two in itertools.pairwise(trip["stops"]):
                aboard += _people(one["on"]) - _people(one["off"])
                loaded[one["at"], two["at"]] += aboard
    _legs(axes, land, empty, colors=ORANGE, linewidths=0.8, linestyles=(0, (4, 2)), zorder=1)
    most = max(loaded.values(), default=1)
    widths = [0.4 + 3.2 * count / max(most, 1) for leg, count in loaded.items() if _is_on(land, leg)]
    _legs(axes, land, loaded, colors=BLUE, linewidths=widths, alpha=0.5, zorder=2)
    _places(axes, data, land)
    riders = sum(trip["people"] for trips in duties.values() for trip in trips)
    trips_ = sum(len(trips) for trips in duties.values())
    axes.set_title(f"{riders:,} people, {trips_:,} trips, {len(duties):,} coaches")
    land.show(axes)


def _people(loads: list[dict[str, Any]]) -> int:
    return sum(load["count"] for load in loads)


def _is_on(land: Map, leg: tuple[str, str]) -> bool:
    return leg[0] in land.spots and leg[1] in land.spots


def _legs(axes: Axes, land: Map, legs: Counter[Any], **style: Any) -> None:
    lines = [(land.spots[one], land.spots[two]) for one, two in legs if _is_on(land, (one, two))]
    axes.add_collection(LineCollection(lines, **style))


def _places(axes: Axes, data: dict[str, Any], land: Map) -> None:
    used = {group["post"] for group in data["groups"]} | {group["muster"] for group in data["groups"]}
    marks: tuple[tuple[str, dict[str, Any]], ...] = (
        ("posts", {"s": 18, "color": SKY, "edgecolor": BLUE, "linewidth": 0.9}),
        ("musters", {"s": 42, "marker": "s", "color": INK, "edgecolor": PAPER}),
        ("depots", {"s": 62, "marker": "^", "color": ORANGE, "edgecolor": INK, "linewidth": 0.8}),
    )
    names = []
    for key, style in marks:
        here = [
            one["id"]
            for one in data[key]
            if one["id"] in land.spots and (key == "depots" or one["id"] in used)
        ]
        axes.scatter(*split(land.spots[name] for name in here), zorder=4, **style)
        names += here
    if len(names) <= MOST_PLACES:
        land.name(axes, names, size=8)


def _chart(axes: Axes, data: dict[str, Any], duties: Duties) -> None:
    """A row for each coach that drives, by its first departure."""
    times = [group["ready"] for group in data["groups"]] + [one["available_from"] for one in data["vehicles"]]
    clock = hours(data, times)
    order = sorted(duties, key=lambda one: clock.at(duties[one][0]["stops"][0]["arrive"]))
    boxes: dict[str, list[Rectangle]] = {"drive": [], "stop": []}
    runs = []
    for row, vehicle in enumerate(order):
        for trip in duties[vehicle]:
            _trip(axes, clock, row, trip, boxes, with_people=len(order) <= MOST_NAMES)
        ends = [
            (clock.at(t["stops"][0]["arrive"]), clock.at(t["stops"][-1]["depart"])) for t in duties[vehicle]
        ]
        runs += [((one[1], row), (two[0], row)) for one, two in itertools.pairwise(ends)]
    axes.add_collection(LineCollection(runs, colors=ORANGE, linewidths=1.2, linestyles=(0, (4, 2)), zorder=1))
    for kind, colour in (("drive", BLUE), ("stop", SKY)):
        axes.add_collection(
            PatchCollection(boxes[kind], facecolor=colour, edgecolor=PAPER, linewidth=0.4, zorder=2)
        )
    moments = [
        clock.at(stop[key])
        for trips in duties.values()
        for trip in trips
        for stop in trip["stops"]
        for key in ("arrive", "depart")
    ]
    clock.axis(axes, min(moments, default=0.0), max(moments, default=1.0))
    axes.set_ylim(len(order) - 0.4, -0.6)
    names = order if len(order) <= MOST_NAMES else []
    axes.set_yticks(range(len(names)), names)
    axes.set_title("trips of each coach, and people of each trip")
    rows_without_frame(axes)


def _trip(
    axes: Axes,
    clock: Hours,
    row: int,
    trip: dict[str, Any],
    boxes: dict[str, list[Rectangle]],
    *,
    with_people: bool,
) -> None:
    for stop in trip["stops"]:
        boxes["stop"].append(_box(clock, row, stop["arrive"], stop["depart"]))
    for one, two in itertools.pairwise(trip["stops"]):
        boxes["drive"].append(_box(clock, row, one["depart"], two["arrive"]))
    if with_people and len(trip["stops"]) > 1:
        longest = max(boxes["drive"][-(len(trip["stops"]) - 1) :], key=lambda box: box.get_width())
        axes.text(
            longest.get_x() + longest.get_width() / 2,
            row,
            str(trip["people"]),
            ha="center",
            va="center",
            fontsize=6,
            color=PAPER,
            clip_on=True,
            zorder=3,
        )


def _box(clock: Hours, row: int, start: Any, end: Any) -> Rectangle:
    first = clock.at(start)
    return Rectangle((first, row - 0.36), clock.at(end) - first, 0.72)


def _key() -> list[Any]:
    return [
        mark("s", INK, INK, 6, "muster point"),
        mark("o", SKY, BLUE, 5, "post"),
        mark("^", ORANGE, INK, 7, "depot"),
        Line2D([], [], color=ORANGE, linewidth=1.0, linestyle=(0, (4, 2)), label="empty run"),
        Line2D([], [], color=BLUE, alpha=0.5, linewidth=3, label="with people, width by how many"),
        Patch(facecolor=BLUE, label="driving"),
        Patch(facecolor=SKY, label="at a stop: people wait, get on or off"),
    ]

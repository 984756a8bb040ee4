"""round over time: the slot of each building, visits at doors, and how much of each station's lanes is booked."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from .hours import Hours, hours
from .style import ALARM, BLUE, INK, ORANGE, PAPER, SKY, figure, legend, rows_without_frame

MOST_NAMES = 90
FACES = (SKY, BLUE, "#8d949e", INK)  # of stations, in turn, with a hatch from the fifth on
HATCHES = ("", "////", "....", "xxxx")


def picture(data: dict[str, Any], answer: dict[str, Any]) -> Figure:
    times = [one[key] for one in data["stations"] for key in ("open", "close")]
    clock = hours(data, [*times, data["deadline"]])
    rows = [building["id"] for building in data["buildings"]]
    tall = float(np.clip(0.24 * len(rows), 1.2, 26.0))
    stations = answer["stations"]
    made = figure(11.0, tall + 1.05 * len(stations) + 1.9)
    grid = made.add_gridspec(len(stations) + 1, 1, height_ratios=[tall, *[0.9] * len(stations)])
    first, last = _span(data, answer, clock)
    chart = made.add_subplot(grid[0])
    _chart(chart, data, answer, clock)
    clock.axis(chart, first, last)
    for n, station in enumerate(stations):
        axes = made.add_subplot(grid[n + 1])
        _booked(axes, data, answer, clock, station)
        clock.axis(axes, first, last)
        axes.set_xlabel("time" if n == len(stations) - 1 else "")
    legend(made, _key(answer), columns=7)
    return made


def _span(data: dict[str, Any], answer: dict[str, Any], clock: Hours) -> tuple[float, float]:
    starts = [clock.at(one["from"]) for one in answer["stations"] + answer.get("teams", [])]
    return min(starts, default=0.0), max(
        [clock.at(data["deadline"]), *(clock.at(s["to"]) for s in answer["stations"])]
    )


def _look(answer: dict[str, Any], station: str) -> dict[str, Any]:
    n = next((n for n, one in enumerate(answer["stations"]) if one["id"] == station), 0)
    return {"facecolor": FACES[n % len(FACES)], "hatch": HATCHES[n // len(FACES) % len(HATCHES)]}


def _chart(axes: Axes, data: dict[str, Any], answer: dict[str, Any], clock: Hours) -> None:
    row = {building["id"]: n for n, building in enumerate(data["buildings"])}
    named = len(row) <= MOST_NAMES
    for slot in answer["slots"]:
        look, here = _look(answer, slot["station"]), row[slot["building"]]
        _bar(axes, clock, slot, (here - 0.4, 0.56), edgecolor=PAPER, linewidth=0.6, **look)
        if named:
            ink = PAPER if look["facecolor"] in (BLUE, INK) else INK
            _text(axes, clock, here - 0.12, slot, str(slot["people"]), ink)
    for door in answer.get("door_to_door") or ():
        here = row[door["building"]]
        _bar(axes, clock, door, (here + 0.18, 0.22), facecolor=ORANGE, edgecolor=INK, linewidth=0.4)
    deadline = clock.at(data["deadline"])
    axes.axvline(deadline, color=ALARM, linewidth=1.2, linestyle=(0, (5, 2)))
    axes.set_ylim(len(row) - 0.4, -0.6)
    axes.set_yticks(range(len(row)) if named else [], list(row) if named else [])
    axes.set_title("when each building comes, and how many people")
    rows_without_frame(axes)


def _bar(axes: Axes, clock: Hours, one: dict[str, Any], place: tuple[float, float], **style: Any) -> None:
    """place: where it begins below the top, and how tall it is, in rows."""
    start = clock.at(one["start"])
    axes.add_patch(Rectangle((start, place[0]), clock.at(one["end"]) - start, place[1], zorder=2, **style))


def _text(axes: Axes, clock: Hours, row: float, one: dict[str, Any], said: str, ink: str) -> None:
    middle = (clock.at(one["start"]) + clock.at(one["end"])) / 2
    axes.text(middle, row, said, ha="center", va="center", fontsize=7, color=ink, clip_on=True, zorder=3)


def _booked(
    axes: Axes, data: dict[str, Any], answer: dict[str, Any], clock: Hours, station: dict[str, Any]
) -> None:
    """People expected an hour, against what the lanes can do."""
    slots = [slot for slot in answer["slots"] if slot["station"] == station["id"]]
    moments = sorted({clock.at(slot[key]) for slot in slots for key in ("start", "end")})
    come = 1.0 - (data.get("no_show") or 0.0)
    rates = [
        sum(
            slot["people"] * come / max(clock.at(slot["end"]) - clock.at(slot["start"]), 1e-9)
            for slot in slots
            if clock.at(slot["start"]) <= moment < clock.at(slot["end"])
        )
        for moment in moments
    ]
    axes.fill_between(moments, rates, step="post", linewidth=0, **_look(answer, station["id"]))
    most = _an_hour(data, station)
    axes.hlines(most, clock.at(station["from"]), clock.at(station["to"]), color=INK, linewidth=1.4)
    axes.set_ylim(0, max([most, *rates]) * 1.25 or 1)
    axes.set_ylabel("people/h")
    axes.set_title(f"{station['id']}: {station['lanes']} lanes, up to {most:,.0f} people an hour")
    axes.grid(True, axis="x")


def _an_hour(data: dict[str, Any], station: dict[str, Any]) -> float:
    stages = data.get("stages")
    if not stages:
        return float(station["lanes"] * 3600 / data["service_seconds"])
    return min(float(station["stages"][one["id"]] * 3600 / one["service_seconds"]) for one in stages)


def _key(answer: dict[str, Any]) -> list[Any]:
    stations = [
        Patch(edgecolor=INK, linewidth=0.4, label=f"slot at {one['id']}", **_look(answer, one["id"]))
        for one in answer["stations"][:12]
    ]
    return [
        *stations,
        Patch(facecolor=ORANGE, edgecolor=INK, linewidth=0.5, label="visit at the door"),
        Line2D([], [], color=INK, linewidth=1.4, label="what the lanes can do"),
        Line2D([], [], color=ALARM, linewidth=1.2, linestyle=(0, (5, 2)), label="deadline"),
    ]

"""roster over time: who works when, person by person; where they are many, how full each post is in each shift."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from .hours import Hours, hours
from .style import ALARM, BLUE, DEPTH, GREY, INK, PAPER, SKY, figure, legend, mark, rows_without_frame

MOST_PEOPLE = 45  # with a row each
MOST_NAMES = 60
EMPTY: Any = {"facecolor": PAPER, "edgecolor": ALARM, "hatch": "xxxx", "linewidth": 0.8}


def picture(data: dict[str, Any], answer: dict[str, Any]) -> Figure:
    clock = hours(data, [shift["start"] for shift in data["shifts"]])
    spans = {one["id"]: (clock.at(one["start"]), clock.at(one["end"])) for one in data["shifts"]}
    if len(data["people"]) <= MOST_PEOPLE:
        return _by_person(data, answer, clock, spans)
    return _by_post(data, answer, clock, spans)


Spans = dict[str, tuple[float, float]]


def _by_person(data: dict[str, Any], answer: dict[str, Any], clock: Hours, spans: Spans) -> Figure:
    people = [person["id"] for person in data["people"]]
    made = figure(11.0, 0.32 * len(people) + 1.9)
    axes = made.add_subplot()
    row = {person: n for n, person in enumerate(people)}
    night = {shift["id"] for shift in data["shifts"] if shift.get("night")}
    for person in data["people"]:
        for shift in person.get("unavailable") or ():
            _bar(
                axes,
                row[person["id"]],
                spans[shift],
                facecolor="none",
                edgecolor=GREY,
                hatch="////",
                linewidth=0,
            )
    for one in answer["assignments"]:
        face = BLUE if one["shift"] in night else SKY
        _bar(axes, row[one["person"]], spans[one["shift"]], facecolor=face, edgecolor=PAPER, linewidth=1)
        middle = sum(spans[one["shift"]]) / 2
        ink = PAPER if one["shift"] in night else INK
        said = one["post"] if one["skill"] == "any" else f"{one['post']} {one['skill']}"
        axes.text(
            middle, row[one["person"]], said, ha="center", va="center", fontsize=7, color=ink, clip_on=True
        )
    axes.set_yticks(range(len(people)), people)
    axes.set_ylim(len(people) - 0.4, -0.6)
    rows_without_frame(axes)
    _time(axes, clock, spans)
    legend(
        made,
        [
            Patch(facecolor=SKY, label="day shift"),
            Patch(facecolor=BLUE, label="night shift"),
            Patch(facecolor="none", edgecolor=GREY, hatch="////", linewidth=0, label="not available"),
        ],
    )
    return made


def _bar(axes: Axes, row: int, span: tuple[float, float], **style: Any) -> None:
    axes.add_patch(Rectangle((span[0], row - 0.36), span[1] - span[0], 0.72, **style))


def _time(axes: Axes, clock: Hours, spans: Spans) -> None:
    first = min((start for start, _ in spans.values()), default=0.0)
    clock.axis(axes, first, max((end for _, end in spans.values()), default=first + 1))


def _by_post(data: dict[str, Any], answer: dict[str, Any], clock: Hours, spans: Spans) -> Figure:
    asked: Counter[Any] = Counter()
    filled = Counter((one["post"], one["shift"]) for one in answer["assignments"])
    for demand in data["demands"]:
        asked[demand["post"], demand["shift"]] += demand["count"]
    posts = [post["id"] for post in data["posts"] if any(asked[post["id"], shift] for shift in spans)]
    tall = float(np.clip(0.085 * len(posts), 2.0, 24.0))
    made = figure(11.0, tall + 4.4)
    grid = made.add_gridspec(3, 1, height_ratios=[1.25, tall, 1.6])
    sums, cells = made.add_subplot(grid[0]), made.add_subplot(grid[1])
    _sums(sums, clock, spans, asked, filled)
    _cells(made, cells, clock, spans, posts, (asked, filled))
    _fairness(made, grid[2], answer)
    legend(
        made,
        [
            Patch(facecolor=SKY, label="places filled"),
            Patch(label="places that stay empty", **EMPTY),
            mark("o", ALARM, PAPER, 6, "of them at this post, area by how many"),
        ],
    )
    return made


def _sums(axes: Axes, clock: Hours, spans: Spans, asked: Counter[Any], filled: Counter[Any]) -> None:
    wants, has = Counter[str](), Counter[str]()
    for (_, shift), count in asked.items():
        wants[shift] += count
    for (_, shift), count in filled.items():
        has[shift] += count
    for shift, (start, end) in spans.items():
        axes.bar(start, has[shift], end - start, align="edge", color=SKY, edgecolor=PAPER)
        lack = wants[shift] - has[shift]
        if lack > 0:
            axes.bar(start, lack, end - start, bottom=has[shift], align="edge", **EMPTY)
    axes.set_ylabel("people")
    axes.set_title(f"{has.total():,} of {wants.total():,} places filled")
    _time(axes, clock, spans)
    axes.set_xlabel("")


def _cells(
    made: Figure,
    axes: Axes,
    clock: Hours,
    spans: Spans,
    posts: list[str],
    counts: tuple[Counter[Any], Counter[Any]],
) -> None:
    asked, filled = counts
    cells = [(row, shift) for row, post in enumerate(posts) for shift in spans if asked[post, shift]]
    boxes = [Rectangle((spans[s][0], row - 0.5), spans[s][1] - spans[s][0], 1.0) for row, s in cells]
    drawn = PatchCollection(boxes, cmap=DEPTH, edgecolor=PAPER, linewidth=0.5)
    drawn.set_array(np.array([filled[posts[row], shift] for row, shift in cells], dtype=np.float64))
    drawn.set_clim(0, max((filled[posts[row], shift] for row, shift in cells), default=1))
    axes.add_collection(drawn)
    short = [(row, shift, asked[posts[row], shift] - filled[posts[row], shift]) for row, shift in cells]
    short = [one for one in short if one[2] > 0]
    axes.scatter(
        [sum(spans[shift]) / 2 for _, shift, _ in short],
        [row for row, *_ in short],
        s=[min(9.0 * lack, 60.0) for *_, lack in short],
        color=ALARM,
        edgecolor=PAPER,
        linewidth=0.6,
        zorder=3,
    )
    axes.set_ylim(len(posts) - 0.5, -0.5)
    step = 1 if len(posts) <= MOST_NAMES else -(-len(posts) // MOST_NAMES)
    axes.set_yticks(range(0, len(posts), step), posts[::step], fontsize=6.5)
    axes.set_title("people at each post" if step == 1 else f"people at each post (one in {step} is named)")
    rows_without_frame(axes)
    axes.grid(False)
    _time(axes, clock, spans)
    axes.set_xlabel("")
    bar = made.colorbar(drawn, ax=axes, shrink=0.5, aspect=24, pad=0.015, anchor=(0.0, 1.0))
    bar.set_label("people at work")
    bar.outline.set_visible(False)


def _fairness(made: Figure, spot: Any, answer: dict[str, Any]) -> None:
    both = spot.subgridspec(1, 2)
    for column, (key, colour, shift) in enumerate((("shifts", SKY, "shift"), ("nights", BLUE, "night"))):
        axes = made.add_subplot(both[column])
        loads = Counter(int(one[key]) for one in answer["load"])
        most = max(loads, default=0)
        axes.bar(range(most + 1), [loads[n] for n in range(most + 1)], width=0.7, color=colour)
        for n in range(most + 1):
            axes.text(n, loads[n], f"{loads[n]:,}", ha="center", va="bottom", fontsize=7.5)
        axes.set_xticks(range(most + 1))
        axes.set_xlabel(f"{shift}s of a person")
        axes.set_ylabel("people")
        axes.margins(y=0.16)

"""How pictures look: ink on paper, marks that differ in lightness and shape, letters that Chinese names have."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

INK, GREY, PALE, PAPER = "#1c2430", "#6d7683", "#dfe3e8", "#ffffff"
# Blue and orange keep apart for every kind of colour blindness, and the orange prints much lighter than the blue.
BLUE, SKY, ORANGE, ALARM = "#1f5a94", "#a9c6e0", "#f2a33a", "#c2350f"
# From pale to dark, so that more is darker in black and white too.
DEPTH = LinearSegmentedColormap.from_list("depth", ["#eef3f8", SKY, "#4d8abf", BLUE, "#0b2c50"])

# DejaVu comes with matplotlib, so that widths are the same everywhere; what shows the letters is the reader's own.
MEASURED = "DejaVu Sans"
SHOWN = (
    "'Noto Sans SC', 'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', "
    "'DejaVu Sans', sans-serif"
)
CONTROLS = bytes(set(range(32)) - {9, 10, 13})  # XML has none of these, names may
LOOKS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "haitang",
    "font.family": MEASURED,
    "font.size": 9.0,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign in a name is one
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10.0,
    "axes.titlelocation": "left",
    "axes.titlepad": 7.0,
    "axes.axisbelow": True,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "grid.color": PALE,
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 8.0,
    "figure.facecolor": PAPER,
    "figure.constrained_layout.use": True,
}


@contextmanager
def looks() -> Iterator[None]:
    """Pictures are made within this."""
    with mpl.rc_context(LOOKS), warnings.catch_warnings():
        # Chinese letters are measured as boxes, and shown by the reader's own fonts.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def figure(width: float, height: float) -> Figure:
    """Inches."""
    made = Figure(figsize=(width, height))
    FigureCanvasSVG(made)
    return made


def svg(made: Figure) -> bytes:
    """The same bytes for the same picture: no date, no random ids."""
    target = io.BytesIO()
    made.savefig(target, format="svg", metadata={"Date": None, "Creator": "Haitang"})
    drawn = target.getvalue().replace(f"'{MEASURED}'".encode(), SHOWN.encode())
    return drawn.translate(None, delete=CONTROLS)


def headline(made: Figure, text: str) -> None:
    """The title of a picture that stands by itself."""
    made.suptitle(text, x=0.01, ha="left", fontsize=12, fontweight="bold")


def legend(made: Figure, handles: Sequence[Any], *, columns: int = 5) -> None:
    """Below everything."""
    made.legend(
        handles=list(handles),
        loc="outside lower left",
        ncols=columns,
        handletextpad=0.6,
        columnspacing=1.6,
        borderpad=0.8,
    )


def mark(shape: str, face: Any, edge: Any, size: float, label: str) -> Line2D:
    """A mark of the legend; size in points."""
    return Line2D(
        [], [], marker=shape, color=face, markeredgecolor=edge, linestyle="", markersize=size, label=label
    )


def areas(counts: Sequence[float], largest: float = 170.0, least: float = 8.0) -> list[float]:
    """(n) areas of marks in points squared, in proportion to the counts."""
    sizes = np.asarray(counts, dtype=np.float64)
    most = float(sizes.max(initial=0.0))
    return [max(least, float(size) / most * largest) if most > 0 else least for size in sizes]


def rows_without_frame(axes: Axes) -> None:
    """A chart over time whose rows are named at the left."""
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.grid(True, axis="x")

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

INK, GREY, PALE, PAPER = "#1c2430", "#6d7683", "#dfe3e8", "#ffffff"
# Blue and orange keep apart for every kind of colour blindness; the orange prints much lighter than the blue.
BLUE, ORANGE, ALARM = "#1f5a94", "#f2a33a", "#c2350f"
# From pale to dark, so that more is darker in black and white too.
DEPTH = LinearSegmentedColormap.from_list("depth", ["#eef3f8", "#a9c6e0", "#4d8abf", "#1f5a94", "#0b2c50"])

# DejaVu comes with matplotlib, so that widths are the same everywhere; what shows the letters is the reader's own.
MEASURED = "DejaVu Sans"
SHOWN = (
    "'Noto Sans SC', 'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', "
    "'DejaVu Sans', sans-serif"
)
LOOKS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "haitang",
    "font.family": MEASURED,
    "font.size": 9.0,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 9.0,
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
    "hatch.color": INK,
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
    return target.getvalue().replace(f"'{MEASURED}'".encode(), SHOWN.replace("'", "&#39;").encode())


def headline(made: Figure, title: str, under: str) -> None:
    made.suptitle(f"{title}\n", x=0.012, ha="left", fontsize=14, fontweight="bold")
    made.text(0.012, 1 - 0.42 / made.get_figheight(), under, ha="left", va="top", fontsize=9, color=GREY)


def legend(axes: Axes, handles: Sequence[Any], *, columns: int = 4) -> None:
    """Below the axes, outside."""
    axes.legend(
        handles=list(handles),
        loc="upper left",
        bbox_to_anchor=(0.0, -0.1),
        ncols=columns,
        borderaxespad=0.0,
        handletextpad=0.5,
        columnspacing=1.4,
    )


def areas(counts: Sequence[float], largest: float = 170.0, least: float = 8.0) -> Any:
    """(n) areas of marks in points squared, in proportion to the counts."""
    sizes = np.asarray(counts, dtype=np.float64)
    most = sizes.max(initial=0.0)
    return np.maximum(least, sizes / most * largest) if most > 0 else np.full(len(sizes), least)

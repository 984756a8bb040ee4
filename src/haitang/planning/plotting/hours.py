"""Times on an axis: hours from a midnight, told as clock times and dates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MultipleLocator

from haitang.planning.reading import Node
from haitang.planning.times import Clock, read_clock

STEPS = (0.25, 0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0)  # hours between ticks
MOST_TICKS = 14


@dataclass(frozen=True)
class Hours:
    clock: Clock

    def at(self, time: Any) -> float:
        """Hours from the clock's origin."""
        return self.clock.minute(Node(time)) / 60.0

    def axis(self, axes: Axes, first: float, last: float) -> None:
        """Ticks from first to last: clock times, with the date at each midnight."""
        wide = max(last - first, 0.25)
        step = next(
            (step for step in STEPS if wide / step <= MOST_TICKS), 24.0 * -(-wide // (24.0 * MOST_TICKS))
        )
        axes.set_xlim(first - 0.01 * wide, last + 0.01 * wide)
        axes.xaxis.set_major_locator(MultipleLocator(step))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda hours, _: self.told(hours)))
        axes.set_xlabel("time" if self.clock.origin else "time (hours and minutes from the start)")

    def told(self, hours: float) -> str:
        minutes = round(hours * 60)
        if self.clock.origin is None:
            return f"{minutes // 60}:{minutes % 60:02d}"
        moment = self.clock.origin + timedelta(minutes=minutes)
        midnight = moment.hour == 0 and moment.minute == 0
        return f"00:00\n{moment:%m-%d}" if midnight else f"{moment:%H:%M}"


def hours(data: dict[str, Any], times: Iterable[Any]) -> Hours:
    """Counted as the planner does; `times` in the order in which the first says how they are written."""
    return Hours(read_clock(Node(data).fields([], data), [Node(time) for time in times]))

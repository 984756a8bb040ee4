"""When each run and tour takes place, so that there are staff for all, and as few as possible at one time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from haitang.planning.places import Floats

from .plan import Run, Tour
from .problem import Ints, Problem

LITTLE = 1e-6
LEVELS = 32  # numbers of staff between the fewest thinkable and all there are
FEW, SHUFFLES = 40, 20  # blocks for which random orders are tried, and how many


@dataclass(frozen=True, eq=False)
class Block:
    """So many staff (R) for so many minutes, not before `opens` and done by `closes`; start: where pinned."""

    minutes: float
    staff: Ints
    opens: float
    closes: float
    people: int
    start: float | None = None


class Timeline:
    """Staff (R) at work over time, as steps."""

    def __init__(self, limits: Ints) -> None:
        self.limits = limits
        self.marks: list[float] = []
        self.used = np.zeros((0, len(limits)), dtype=np.int64)  # from each mark to the next

    def add(self, start: float, end: float, staff: Ints) -> None:
        for moment in (start, end):
            at = int(np.searchsorted(self.marks, moment - LITTLE))
            if at == len(self.marks) or self.marks[at] > moment + LITTLE:
                level = self.used[at - 1] if at else np.zeros(len(self.limits), dtype=np.int64)
                self.marks.insert(at, moment)
                self.used = np.insert(self.used, at, level, axis=0)
        marks = np.array(self.marks)
        within = (marks >= start - LITTLE) & (marks < end - LITTLE)
        self.used[within] += staff

    def earliest(self, block: Block) -> float | None:
        """First moment at which the block fits."""
        marks = np.array(self.marks)
        full = (
            np.any(self.used + block.staff > self.limits, axis=1) if len(marks) else np.zeros(0, dtype=bool)
        )
        if np.any(block.staff > self.limits):
            return None
        for start in [block.opens, *marks[marks > block.opens + LITTLE].tolist()]:
            if start + block.minutes > block.closes + LITTLE:
                return None
            if not self._meets(marks, full, start, start + block.minutes):
                return float(start)
        return None

    @staticmethod
    def _meets(
        marks: Floats, full: np.ndarray[tuple[int], np.dtype[np.bool_]], start: float, end: float
    ) -> bool:
        """Whether a full step overlaps the time from start to end."""
        ends = np.append(marks[1:], np.inf)
        return bool(np.any(full & (marks < end - LITTLE) & (ends > start + LITTLE)))


def run_block(problem: Problem, run: Run) -> Block:
    opens, closes = float(problem.open[run.station]), float(problem.close[run.station])
    start = run.start if run.pinned else None
    return Block(run.minutes, problem.staff_of(run.lanes), opens, closes, run.people, start)


def tour_block(problem: Problem, tour: Tour) -> Block:
    # Who is last visited must be so by the deadline; the way back may take longer.
    back = tour.end - tour.visits[-1].end
    people = sum(visit.people for visit in tour.visits)
    return Block(tour.minutes, problem.team_staff, problem.begin, problem.deadline + back, people)


Order = Sequence[int]


def place(blocks: Sequence[Block], limits: Ints, order: Order | None = None) -> list[float | None]:
    """Start of each block, None where it finds no room; pinned ones first, then in order: the largest, if none
    is given."""
    timeline = Timeline(limits)
    found: list[float | None] = [block.start for block in blocks]
    for block in blocks:
        if block.start is not None:
            timeline.add(block.start, block.start + block.minutes, block.staff)
    for at in _by_size(blocks) if order is None else order:
        block = blocks[at]
        if block.start is not None:
            continue
        start = found[at] = timeline.earliest(block)
        if start is not None:
            timeline.add(start, start + block.minutes, block.staff)
    return found


def _by_size(blocks: Sequence[Block]) -> Order:
    return sorted(range(len(blocks)), key=lambda at: -blocks[at].minutes * (int(blocks[at].staff.sum()) + 1))


def _orders(blocks: Sequence[Block]) -> list[Order]:
    """By size, by height, by width, and where that takes no time some at random, always the same."""
    rows = range(len(blocks))
    orders: list[Order] = [
        _by_size(blocks),
        sorted(rows, key=lambda at: (-int(blocks[at].staff.sum()), -blocks[at].minutes)),
        sorted(rows, key=lambda at: -blocks[at].minutes),
    ]
    if 3 < len(blocks) <= FEW:
        rng = np.random.default_rng(0)
        orders += [rng.permutation(len(blocks)).tolist() for _ in range(SHUFFLES)]
    return orders


def place_with_few(problem: Problem, blocks: Sequence[Block]) -> list[float | None]:
    """Most people first; then with as few staff at one time as is found to do."""
    if not blocks:
        return []
    orders = _orders(blocks)
    whole = max((place(blocks, problem.limits, order) for order in orders), key=partial(_reached, blocks))
    if any(start is None for start in whole):
        return whole
    least, most = _fewest(problem, blocks), np.minimum(problem.limits, sum(block.staff for block in blocks))
    low, high = 0, LEVELS  # of staff, between the fewest thinkable and all there are
    while low < high:
        level = (low + high) // 2
        limits = np.ceil(least + level / LEVELS * (most - least)).astype(np.int64)
        tried = (place(blocks, limits, order) for order in orders)
        fitting = next((found for found in tried if all(start is not None for start in found)), None)
        whole, low, high = (whole, level + 1, high) if fitting is None else (fitting, low, level)
    return whole


def _reached(blocks: Sequence[Block], starts: Sequence[float | None]) -> int:
    return sum(block.people for block, start in zip(blocks, starts, strict=True) if start is not None)


def _fewest(problem: Problem, blocks: Sequence[Block]) -> Ints:
    """(R) that no placing can do without: the largest block, and all work spread evenly over the day."""
    day = max(block.closes for block in blocks) - min(block.opens for block in blocks)
    work = sum(block.minutes * block.staff for block in blocks)
    tallest = np.max([block.staff for block in blocks], axis=0)
    least: Ints = np.maximum(tallest, np.floor(work / max(day, LITTLE))).astype(np.int64)
    return np.minimum(least, problem.limits)

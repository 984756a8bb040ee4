"""Every set of shifts one person may work, as the paths of a small graph that all people share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from .calendar import Calendar, Floats, Ints, Rules

MOST_STATES = 400_000  # while the graph is built
FEW = 8  # shifts or nights up to which the loosest graph counts
END = 0  # the node from which nothing more is worked


@dataclass(frozen=True)
class Burden:
    """What a person's load costs: `night` x nights squared + `extra` x max(0, shifts - `free`) squared."""

    night: float
    extra: float
    free: int = 4

    def added(self, shifts: int, nights: int, is_night: bool) -> float:
        """What one more shift costs after so many shifts and nights."""
        over, after = max(0, shifts - self.free), max(0, shifts + 1 - self.free)
        nightly = self.night * (2 * nights + 1) if is_night else 0.0
        return self.extra * (after * after - over * over) + nightly


@dataclass(frozen=True, eq=False)
class Patterns:
    """Nodes in an order in which `take` and `skip` point backwards; node 0 is the end, `root` the beginning.

    At a node a person works shift `shift` for `cost` and goes on at `take`, or goes on at `skip`. `exact`: each path
    keeps every rule; otherwise some paths break one, so that costs of best paths are only too low.
    """

    shift: Ints
    take: Ints
    skip: Ints
    cost: Floats
    exact: bool

    @property
    def root(self) -> int:
        return len(self.shift) - 1


@dataclass(frozen=True)
class State:
    """What of the shifts worked so far can still matter, in terms of the shifts that remain.

    free: first shift that starts late enough; leaving: for each start, the first shift a window of seven days later;
    dates: of nights that may be part of a row; used: minutes by date.
    """

    shifts: int = 0
    nights: int = 0
    free: int = 0
    leaving: tuple[int, ...] = ()
    dates: tuple[int, ...] = ()
    used: tuple[tuple[int, float], ...] = ()


Step = Callable[[Calendar, State, int], State]
Layers = list[dict[State, tuple[State | None, State]]]


def patterns(calendar: Calendar, rules: Rules, burden: Burden, most: int = MOST_STATES) -> Patterns:
    """The graph of all rules, or of fewer where its states would be more than `most`."""
    for forget in (None, *LOOSER):
        layers = layered(calendar, rules, forget, most)
        if layers is not None:
            return folded(calendar, burden, layers, exact=forget is None)
    raise AssertionError("rest alone has few states")


def layered(calendar: Calendar, rules: Rules, forget: Step | None, most: int) -> Layers | None:
    """For each shift the states before it, each with the states after working it (None: not allowed) and not."""

    def after(state: State, shift: int) -> State:
        kept = _kept(calendar, rules, state, shift)
        return forget(calendar, kept, shift) if forget else kept

    states: dict[State, None] = {State(): None}
    found: Layers = []
    count = 0
    for shift in range(calendar.count):
        layer: dict[State, tuple[State | None, State]] = {}
        for state in states:
            taken = _taken(calendar, rules, state, shift)
            layer[state] = (None if taken is None else after(taken, shift + 1), after(state, shift + 1))
        count += len(layer)
        if count > most:
            return None
        found.append(layer)
        states = {state: None for pair in layer.values() for state in pair if state is not None}
    return found


def _taken(calendar: Calendar, rules: Rules, state: State, shift: int) -> State | None:
    """The state after working the shift, or None where a rule forbids it."""
    if shift < state.free or len(state.leaving) >= rules.max_shifts_7_days:
        return None
    used: dict[int, float] = dict(state.used)
    for date, minutes in calendar.shifts[shift].by_date.items():
        used[date] = used.get(date, 0.0) + minutes
        if used[date] > rules.day_minutes:
            return None
    dates = set(state.dates)
    if calendar.night[shift]:
        dates.add(int(calendar.date[shift]))
        if longest_row(dates) > rules.max_nights_in_row:
            return None
    return State(
        state.shifts + 1,
        state.nights + int(calendar.night[shift]),
        max(state.free, int(calendar.next_free[shift])),
        (*state.leaving, int(calendar.next_week[shift])),
        tuple(sorted(dates)),
        tuple(sorted(used.items())),
    )


def longest_row(dates: set[int]) -> int:
    """How many dates follow each other at most."""
    longest = 0
    for date in dates:
        if date - 1 not in dates:
            end = date
            while end in dates:
                end += 1
            longest = max(longest, end - date)
    return longest


def _kept(calendar: Calendar, rules: Rules, state: State, shift: int) -> State:
    """The state without what no shift from this one on can ask about."""
    if shift >= calendar.count:
        return State(state.shifts, state.nights)
    first_night, touched = calendar.first_night[shift], calendar.touched[shift]
    return State(
        state.shifts,
        state.nights,
        state.free if state.free > shift else 0,
        tuple(out for out in state.leaving if out > shift),
        tuple(date for date in state.dates if date >= first_night - rules.max_nights_in_row),
        tuple(entry for entry in state.used if entry[0] in touched),
    )


def _by_block(calendar: Calendar, state: State, shift: int) -> State:
    """Windows of seven days only at fixed times one after the other, so that only their number is kept."""
    end = int(calendar.block_end[shift - 1])
    return replace(state, leaving=(end,) * len(state.leaving))


def _without_rows(calendar: Calendar, state: State, shift: int) -> State:
    """Beside that, neither rows of nights nor hours of a day."""
    return replace(_by_block(calendar, state, shift), dates=(), used=())


def _only_rest(calendar: Calendar, state: State, shift: int) -> State:
    """Rest alone, and what a load costs while it is small."""
    return State(min(state.shifts, FEW), min(state.nights, FEW), state.free)


def folded(calendar: Calendar, burden: Burden, layers: Layers, *, exact: bool) -> Patterns:
    """The graph from its end to its beginning; states with the same future become one node."""
    nodes: dict[tuple[int, int, int, float], int] = {}
    after: dict[State, int] = {}
    for shift in range(calendar.count - 1, -1, -1):
        here: dict[State, int] = {}
        for state, (taken, skipped) in layers[shift].items():
            onward = after.get(skipped, END)
            here[state] = onward
            if taken is not None:
                added = burden.added(state.shifts, state.nights, bool(calendar.night[shift]))
                node = (shift, after.get(taken, END), onward, added)
                here[state] = nodes.setdefault(node, len(nodes) + 1)
        after = here
    # A last node that leads to the true beginning, as numbering may have ended with another.
    first = after.get(State(), END)
    rows = [(0, END, END, np.inf), *nodes, (0, END, first, np.inf)]
    columns = list(zip(*rows, strict=True))
    shift_of, take, skip = (np.array(column, dtype=np.int64) for column in columns[:3])
    return Patterns(shift_of, take, skip, np.array(columns[3], dtype=np.float64), exact)


LOOSER: tuple[Step, ...] = (_by_block, _without_rows, _only_rest)

"""The queue before lanes, person by person: what is asked thousands of times while planning."""

from __future__ import annotations

import numpy as np

from haitang.planning.compiled import kernel
from haitang.planning.places import Floats


@kernel
def serve(arrival: Floats, need: Floats, lanes: int, opens: float) -> Floats:
    """(days, people) when each is taken: first come, first served by the lane that is free first.

    arrival: sorted along each day; need: minutes each takes; lanes are all free at `opens`.
    """
    days, people = arrival.shape
    begin = np.empty((days, people))
    free = np.empty(lanes)
    for day in range(days):
        free[:] = opens
        for person in range(people):
            lane = 0
            for other in range(1, lanes):
                if free[other] < free[lane]:
                    lane = other
            start = max(arrival[day, person], free[lane])
            begin[day, person] = start
            free[lane] = start + need[day, person]
    return begin


def rehearse() -> None:
    """Each kernel once, with the types it is called with."""
    serve(np.zeros((1, 2)), np.ones((1, 2)), 1, 0.0)

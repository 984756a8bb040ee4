"""One part decided: a plan in a moment, prices that prove how good it is, and better plans from the prices."""

from __future__ import annotations

import numpy as np

from haitang.planning.deadline import Deadline

from . import exact, simple
from .calendar import Floats, Ints
from .framing import Part
from .kernels.diving import advance, futures, sweep
from .prices import Prices

CLOSE = 1e-7  # part of the value below which a gap is rounding
CHUNK = 50  # steps of prices at a time
START = 20.0  # a first price, in minute-equivalents
TRIES = 25  # dives in a row at the end, at most, that give no better plan
PLAN_SECONDS = 1e-5  # a dive takes for each person and shift, before one was measured
LOAD_SECONDS = 0.8  # more for the first, as compiled kernels have to be loaded
RESERVE, LEISURE = 1.2, 6.0  # dives that must, or should, fit into the time left before another one
WARM_UPS = 4
AGAIN, FEW = 0.003, 5  # length and number of steps between dives when prices have settled
DIVES = (3, 6, 10)  # chunks after which there is one
EXACT_SHARE = 0.5  # of the time, at most, for an exact choice before all else
DUAL_SHARE = 0.7  # of the time, at most, for prices


class Decision:
    """The best plan and the best bound of a part so far; both only get better, in the terms of Part.value."""

    def __init__(self, part: Part, deadline: Deadline) -> None:
        self.part, self.deadline = part, deadline
        self.plan = simple.nearest(part, deadline)
        self.value = part.value(self.plan)
        self.bound = -np.inf
        self.prices: Floats = simple.first_prices(part)
        self.raise_bound(simple.first_bound(part), self.prices)
        self.took = PLAN_SECONDS * len(part.people) * part.facts.free.shape[1]
        if "jitted" not in vars(advance) and not exact.suits(part):
            self.took += LOAD_SECONDS

    @property
    def closed(self) -> bool:
        return self.value - self.bound <= CLOSE * max(1.0, abs(self.value))

    @property
    def done(self) -> bool:
        return self.closed or self.deadline.left < RESERVE * self.took

    def raise_bound(self, bound: float, prices: Floats) -> None:
        if bound > self.bound:
            self.bound, self.prices = min(bound, self.value), prices

    def offer(self, plan: Ints) -> None:
        """Keep the plan if it is the best so far."""
        value = self.part.value(plan)
        if value < self.value - CLOSE * max(1.0, abs(self.value)):
            self.plan, self.value = plan, value

    def dive(self, prices: Floats, rng: np.random.Generator) -> Floats:
        """Make a plan from prices (D), and keep it if it is the best; what one place less of each demand would save."""
        worth = prices.copy()
        if self.done:
            return worth
        began, part = self.deadline.spent, self.part
        plan, left, shifts = part.empty_plan(), part.room.copy(), part.facts.free.shape[1]
        node = np.full(len(plan), int(part.facts.node_skip[-1]))
        value = futures(part.facts, prices)
        for shift in range(shifts):
            if not self.deadline.passed:
                advance(part.facts, shift, value, node, left, plan, worth)
        for shift in rng.permutation(shifts).tolist():
            if not self.deadline.passed:
                sweep(part.facts, shift, left, plan)
        self.took = self.deadline.spent - began
        self.offer(plan)
        return worth


def decide(part: Part, deadline: Deadline, seed: int, workers: int, *, compiled: bool) -> Decision:
    """As good as the time allows; without compiled kernels only where little is to be decided."""
    decision = Decision(part, deadline)
    if exact.suits(part, exact.TINY):
        # Often done before kernels would even be loaded.
        _choose(decision, deadline.share(EXACT_SHARE), seed)
    if decision.closed or not (compiled or exact.suits(part)):
        return decision
    rng = np.random.default_rng([seed, len(part.people)])
    prices = Prices(part, _warm_up(decision, rng), workers)
    _climb(decision, prices, rng)
    if exact.suits(part):
        _choose(decision, deadline, seed)
    _polish(decision, prices, rng)
    return decision


def _choose(decision: Decision, deadline: Deadline, seed: int) -> None:
    if decision.closed:
        return
    choice = exact.choose(decision.part, decision.plan, deadline, seed)
    if choice.plan is not None:
        decision.offer(choice.plan)
    decision.raise_bound(choice.bound, decision.prices)


def _warm_up(decision: Decision, rng: np.random.Generator) -> Floats:
    """First prices: what places turn out to be worth in a dive, half way from where it began, a few times."""
    prices = np.minimum(decision.part.facts.weight, START)
    for turn in range(WARM_UPS):
        if turn and decision.deadline.left < LEISURE * decision.took:
            break
        prices = (prices + decision.dive(prices, rng)) / 2.0
    return prices


def _climb(decision: Decision, prices: Prices, rng: np.random.Generator) -> None:
    """Prices until they settle, with a dive now and then, as the value of a plan says how far to go."""
    deadline = decision.deadline
    share = Deadline((deadline.left - RESERVE * decision.took) * DUAL_SHARE)
    chunks = 0
    while not (prices.settled or share.passed or decision.closed):
        prices.climb(decision.value, CHUNK, share)
        decision.raise_bound(prices.bound, prices.best)
        chunks += 1
        if chunks in DIVES and deadline.left > LEISURE * decision.took:
            decision.dive(prices.best, rng)
    decision.dive(decision.prices, rng)


def _polish(decision: Decision, prices: Prices, rng: np.random.Generator) -> None:
    """Prices on and on around the best, and dives from where they are."""
    prices.length = max(prices.length, AGAIN)
    tries = 0
    while not decision.done and tries < TRIES:
        prices.climb(decision.value, FEW, decision.deadline)
        decision.raise_bound(prices.bound, prices.best)
        before = decision.value
        decision.dive(prices.here, rng)
        tries = 0 if decision.value < before else tries + 1

"""Why these offers for this need: what they cost, what would come next, and what rules out the rest."""

from __future__ import annotations

from typing import Any

import numpy as np

from haitang.planning.reading import BadInput

from .model import Ints, Model
from .problem import Answer, Problem

MOST = 5  # alternatives that are named


def explain(problem: Problem, answer: Answer, need_id: str) -> dict[str, Any]:
    """Costs in minute-equivalents for one unit; texts in English, each with a code. BadInput for an unknown need."""
    if need_id not in problem.need_rows:
        raise BadInput(f"$.needs: no need has the id {need_id!r}")
    return _Why(problem, answer, problem.need_rows[need_id]).tell()


class _Why:
    def __init__(self, problem: Problem, answer: Answer, row: int) -> None:
        self.problem, self.model, self.row = problem, Model(problem), row
        self.need = problem.needs[row]
        self.given = np.zeros(len(problem.offers), dtype=np.int64)
        self.used = np.zeros(len(problem.offers), dtype=np.int64)
        for pair in answer.pairs:
            offer = problem.offer_rows[pair.offer]
            self.used[offer] += pair.quantity
            self.given[offer] += pair.quantity if pair.need == self.need.id else 0
        self.loads = np.bincount(self.model.helper, self.used, self.model.helpers).astype(np.int64)
        self.pinned = {lock.offer for lock in problem.locked if lock.need == self.need.id}
        self.same = np.array([offer.category == self.need.category for offer in problem.offers], dtype=bool)
        self.distance = np.full(len(problem.offers), np.inf)
        mine = np.flatnonzero(self.same)
        if len(mine):
            self.distance[mine] = self.model.distance(np.full(len(mine), row), mine)

    def tell(self) -> dict[str, Any]:
        missing = self.need.quantity - int(self.given.sum())
        free = np.flatnonzero(np.isfinite(self.distance) & (self.used < self.model.supply))
        others = sorted((self._other(offer) for offer in free.tolist()), key=lambda other: other["extra"])
        return {
            "need": self.need.id,
            "given": [self._given(offer) for offer in np.flatnonzero(self.given).tolist()],
            "missing": missing,
            **self._reason(missing),
            "next_best": others[0] if others else None,
            "others": others[1:MOST],
            "excluded": self._excluded(),
        }

    def _reason(self, missing: int) -> dict[str, str]:
        offers = [self.problem.offers[row] for row in np.flatnonzero(self.given)]
        if offers and all(offer.id in self.pinned for offer in offers):
            return {"why_code": "locked", "why": "somebody decided so"}
        if missing:
            return {"why_code": "unmet", "why": "no more is offered in time, or all that is left weighs more"}
        if offers and all(self._at_home(row) for row in np.flatnonzero(self.given).tolist()):
            return {"why_code": "same_building", "why": "from the same building"}
        return {"why_code": "cheapest", "why": "in the whole plan this costs least"}

    def _at_home(self, offer: int) -> bool:
        return bool(self.model.is_same_building(np.array([self.row]), np.array([offer]))[0])

    def _marginal(self, helper: int, units: int) -> float:
        """What the last of so many units adds to a helper's load."""
        return self.model.load * (max(units - 1, 0) ** 2 - max(units - 2, 0) ** 2)

    def _given(self, offer: int) -> dict[str, Any]:
        helper = int(self.model.helper[offer])
        return {
            "offer": self.problem.offers[offer].id,
            "helper": self.problem.offers[offer].helper,
            "quantity": int(self.given[offer]),
            "distance": round(float(self.distance[offer]), 6),
            "load": round(self._marginal(helper, int(self.loads[helper])), 6),
            "locked": self.problem.offers[offer].id in self.pinned,
        }

    def _other(self, offer: int) -> dict[str, Any]:
        """One unit from an offer that has some left, in place of the dearest unit given now or of nothing."""
        now = self._dearest()
        helper = int(self.model.helper[offer])
        cost = float(self.distance[offer])
        if now is None:
            extra = (
                cost
                + self._marginal(helper, int(self.loads[helper]) + 1)
                - float(self.model.weight[self.row])
            )
        else:
            other = int(self.model.helper[now])
            extra = cost - float(self.distance[now])
            if other != helper:
                extra += self._marginal(helper, int(self.loads[helper]) + 1)
                extra -= self._marginal(other, int(self.loads[other]))
            extra += self._change(offer, now)
        named = self.problem.offers[offer]
        instead = None if now is None else self.problem.offers[now].id
        text = f"one unit of {named.id}{f' instead of {instead}' if instead else ''}: {extra:+.1f}"
        return {"offer": named.id, "instead_of": instead, "extra": round(extra, 6), "text": text}

    def _dearest(self) -> int | None:
        """The offer whose unit costs most, if nothing is missing."""
        mine = [
            row
            for row in np.flatnonzero(self.given).tolist()
            if self.problem.offers[row].id not in self.pinned
        ]
        if not mine or self.given.sum() < self.need.quantity:
            return None
        helper = self.model.helper
        return int(
            max(
                mine,
                key=lambda row: self.distance[row] + self._marginal(helper[row], self.loads[helper[row]]),
            )
        )

    def _change(self, to: int, origin: int) -> float:
        """What moving a unit changes in the count of units no longer given."""
        kept = self.model.kept
        mine = {
            int(offer): int(amount)
            for need, offer, amount in zip(kept.need, kept.offer, kept.amount, strict=True)
            if need == self.row
        }
        back = self.given[to] < mine.get(to, 0)
        lost = self.given[origin] <= mine.get(origin, 0)
        return self.problem.weights.change * (int(lost) - int(back))

    def _excluded(self) -> list[dict[str, Any]]:
        in_time = np.isfinite(self.distance)
        full = in_time & (self.used >= self.model.supply) & (self.given == 0)
        rules = (
            ("other_category", "offer something else", ~self.same),
            ("ended", "ended before the need arose", self.same & ~in_time),
            ("all_given", "have given all to others", full),
        )
        return [_rule(self.problem, code, text, which) for code, text, which in rules if which.any()]


def _rule(problem: Problem, code: str, text: str, which: Ints | np.ndarray) -> dict[str, Any]:
    ids = [problem.offers[row].id for row in np.flatnonzero(which)]
    return {"code": code, "text": text, "how_many": len(ids), "offers": ids[: 4 * MOST]}

"""Why this place for this volunteer: what it costs, what would come next, and what rules out the rest."""

from __future__ import annotations

from typing import Any

import numpy as np

from haitang.planning.reading import BadInput

from .framing import Frame, frame
from .model import NOWHERE, Ints
from .problem import Answer, Problem

MOST = 5  # alternatives that are named


def explain(problem: Problem, answer: Answer, volunteer_id: str) -> dict[str, Any]:
    """Costs in minute-equivalents; texts in English, each with a code. BadInput for an unknown volunteer."""
    if volunteer_id not in problem.volunteer_rows:
        raise BadInput(f"$.volunteers: no volunteer has the id {volunteer_id!r}")
    return _Why(frame(problem), answer, problem.volunteer_rows[volunteer_id]).tell()


class _Why:
    def __init__(self, framed: Frame, answer: Answer, row: int) -> None:
        self.frame, self.problem, self.row = framed, framed.problem, row
        self.volunteer = self.problem.volunteers[row]
        self.plan = _plan(framed, answer)
        self.at = int(self.plan[row])
        self.taken = np.bincount(self.plan[self.plan != NOWHERE], minlength=len(framed.demands))
        self.able = np.array(
            [self.problem.can(self.volunteer, demand.place) for demand in framed.demands], dtype=bool
        )
        self.is_pinned = bool(framed.pinned[row] != NOWHERE)

    def tell(self) -> dict[str, Any]:
        others = [] if self.is_pinned else sorted(self._others(), key=lambda other: other["extra"])
        return {
            "volunteer": self.volunteer.id,
            "place": None if self.at == NOWHERE else vars(self.frame.demands[self.at].place),
            **self._reason(),
            "cost": self._cost(self.at),
            "next_best": others[0] if others else None,
            "others": others[1:MOST],
            "excluded": self._excluded(),
        }

    def _reason(self) -> dict[str, str]:
        if self.is_pinned:
            return {"why_code": "locked", "why": "somebody decided so"}
        if self.at == NOWHERE:
            why = "no place that they could take is free, or each costs more than leaving it empty"
            return {"why_code": "standby", "why": why}
        goal = self.frame.model.demand_goal[self.at]
        if self._mates(int(goal)):
            return {
                "why_code": "team",
                "why": "goes where others of the unit go; in the whole plan this costs least",
            }
        return {"why_code": "cheapest", "why": "in the whole plan this costs least"}

    def _mates(self, goal: int) -> int:
        """Others of the unit who go there."""
        model = self.frame.model
        sent = np.flatnonzero((self.plan != NOWHERE) & (self.frame.unit == self.frame.unit[self.row]))
        there = model.demand_goal[self.plan[sent[sent != self.row]]] == goal
        return int(there.sum())

    def _cost(self, demand: int) -> dict[str, float]:
        """What the volunteer adds to the value at a place; on standby only what a change weighs."""
        model, kept = self.frame.model, int(self.frame.kept[self.row])
        goal = NOWHERE if demand == NOWHERE else int(model.demand_goal[demand])
        terms = {"travel": 0.0, "split": 0.0}
        if demand != NOWHERE:
            terms["travel"] = float(model.way[self.frame.muster[self.row], model.goal_post[goal]])
            terms["split"] = 0.0 if self._mates(goal) else model.split
        if self.problem.previous is not None:
            task = NOWHERE if demand == NOWHERE else int(model.demand_task[demand])
            terms["changes"] = model.change if kept not in (NOWHERE, task) else 0.0
        return {
            "total": round(sum(terms.values()), 6),
            **{name: round(term, 6) for name, term in terms.items()},
        }

    def _others(self) -> list[dict[str, Any]]:
        """Standby, every free place, and for full ones an exchange with whoever could take this place."""
        found = [self._other(NOWHERE, None)] if self.at != NOWHERE else []
        for demand in np.flatnonzero(self.able).tolist():
            if demand == self.at:
                continue
            if self.taken[demand] < self.frame.demands[demand].count:
                found.append(self._other(demand, None))
            else:
                found += self._exchanges(demand)
        return found

    def _exchanges(self, demand: int) -> list[dict[str, Any]]:
        """With one of those who have the place, of each unit the first."""
        sitting = np.flatnonzero((self.plan == demand) & (self.frame.pinned == NOWHERE))
        _, first = np.unique(self.frame.unit[sitting], return_index=True)
        place = None if self.at == NOWHERE else self.frame.demands[self.at].place
        return [
            self._other(demand, other)
            for other in sitting[first].tolist()
            if place is None or self.problem.can(self.problem.volunteers[other], place)
        ]

    def _other(self, demand: int, exchange: int | None) -> dict[str, Any]:
        changed = self.plan.copy()
        changed[self.row] = demand
        if exchange is not None:
            changed[exchange] = self.at
        extra = self._near_value(changed, exchange) - self._near_value(self.plan, exchange)
        return self._tell(demand, exchange, extra)

    def _near_value(self, plan: Ints, exchange: int | None) -> float:
        """The value as far as these two units' people and the places of the two matter."""
        units = {int(self.frame.unit[self.row])} | (
            {int(self.frame.unit[exchange])} if exchange is not None else set()
        )
        near = np.isin(self.frame.unit, list(units))
        kept = np.where(near, plan, NOWHERE)
        return self.frame.value(kept).total

    def _tell(self, demand: int, exchange: int | None, extra: float) -> dict[str, Any]:
        place = None if demand == NOWHERE else self.frame.demands[demand].place
        other = None if exchange is None else self.problem.volunteers[exchange].id
        where = f"{place.skill} at {place.post} in {place.slot}" if place else "standby"
        how = f" in exchange with {other}" if other else ""
        text = f"{where}{how}: {abs(extra):.1f} {'more' if extra >= 0 else 'less'}"
        return {
            "place": vars(place) if place else None,
            "code": "standby" if place is None else "exchange" if other else "move",
            "exchange": other,
            "extra": round(extra, 6),
            "text": text,
        }

    def _excluded(self) -> list[dict[str, Any]]:
        """Demands they could not go to, by rule."""
        if self.is_pinned:
            return [{"code": "locked", "text": "a person's decision stands", "how_many": len(self.able) - 1}]
        there = np.array(
            [
                self.volunteer.there.covers(self.problem.slots[self.problem.slot_rows[d.place.slot]].span)
                for d in self.frame.demands
            ],
            dtype=bool,
        )
        rules = (
            ("not_there", "they are not there all through the slot", ~there),
            ("no_skill", "they do not have the skill", there & ~self.able),
        )
        return [
            {"code": code, "text": text, "how_many": int(which.sum())}
            for code, text, which in rules
            if which.any()
        ]


def _plan(framed: Frame, answer: Answer) -> Ints:
    """(V) demand rows of an answer: places of the highest priority are filled first."""
    left = [demand.count for demand in framed.demands]
    rows: dict[object, list[int]] = {}
    for row, demand in enumerate(framed.demands):
        rows.setdefault(demand.place, []).append(row)
    plan = np.full(len(framed.problem.volunteers), NOWHERE, dtype=np.int64)
    for entry in answer.assignments:
        row = next(row for row in rows[entry.place] if left[row])
        left[row] -= 1
        plan[framed.problem.volunteer_rows[entry.volunteer]] = row
    return plan

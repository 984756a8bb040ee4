"""The answer to a round question, as told to people and programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from haitang.planning.answers import Said, Standing, Unmet
from haitang.planning.times import Clock

from .plan import Plan

Texts = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """A building some of whose people have another slot than before; what: `people`, or a station's `lanes`."""

    id: str
    what: str
    before: str
    after: str
    how_many: int
    why: Said

    def as_dict(self) -> Texts:
        return {
            "id": self.id,
            "what": self.what,
            "from": self.before,
            "to": self.after,
            "how_many": self.how_many,
            "why": self.why.text,
            "why_code": self.why.code,
        }


@dataclass(frozen=True)
class Forecast:
    """What days that no plan was chosen by say; moments in minutes, waits in minutes, people on a mean day.

    None where nobody comes.
    """

    days: int
    finish: float | None
    finish_p95: float | None
    wait_p50: float | None
    wait_p95: float | None
    wait_mean: float | None
    no_shows: float
    turned_away: float
    stations: Mapping[str, Mapping[str, float]]
    risks: tuple[Unmet, ...] = ()

    def as_dict(self, clock: Clock) -> Texts:
        def moment(minute: float | None) -> str | float | None:
            return None if minute is None else clock.write(round(minute * 60) / 60)

        def wait(minutes: float | None) -> float | None:
            return None if minutes is None else round(minutes, 3)

        return {
            "by": "simulation",
            "days": self.days,
            "finish": moment(self.finish),
            "finish_p95": moment(self.finish_p95),
            "wait_p50": wait(self.wait_p50),
            "wait_p95": wait(self.wait_p95),
            "wait_mean": wait(self.wait_mean),
            "no_shows": round(self.no_shows, 2),
            "turned_away": round(self.turned_away, 3),
            "stations": {
                name: {key: round(number, 3) for key, number in told.items()}
                for name, told in self.stations.items()
            },
            "risks": [risk.as_dict() for risk in self.risks],
        }


@dataclass(frozen=True, eq=False)
class Answer:
    """plan: by rows and minutes, as the planner has it; stations to teams: the same, ready for JSON."""

    standing: Standing
    plan: Plan
    stations: tuple[Texts, ...]
    slots: tuple[Texts, ...]
    door_to_door: tuple[Texts, ...]
    teams: tuple[Texts, ...]
    forecast: Forecast
    unmet: tuple[Unmet, ...]
    clock: Clock
    changes: tuple[Change, ...] | None = None

    def as_dict(self) -> Texts:
        answer = {
            "kind": "round",
            **self.standing.as_dict(),
            "stations": list(self.stations),
            "slots": list(self.slots),
            "door_to_door": list(self.door_to_door),
            "teams": list(self.teams),
            "forecast": self.forecast.as_dict(self.clock),
            "unmet": [entry.as_dict() for entry in self.unmet],
        }
        if self.changes is not None:
            answer["changes"] = [change.as_dict() for change in self.changes]
        return answer

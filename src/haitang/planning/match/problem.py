"""The match question and its answer as values: needs, offers, which offer serves which need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from haitang.planning.answers import Said, Standing, Unmet
from haitang.planning.places import Point, Travel


@dataclass(frozen=True)
class Spot:
    """Where somebody lives: place in degrees, None only with a matrix; building None: none they share."""

    place: tuple[float, float] | None = None
    building: str | None = None
    floor: int = 0


@dataclass(frozen=True)
class Need:
    """urgency 1 (highest) to 3; since: minute in which it arose, None: long ago."""

    id: str
    category: str
    quantity: int
    urgency: int
    spot: Spot = field(default_factory=Spot)
    since: float | None = None


@dataclass(frozen=True)
class Offer:
    """helper: who gives it, the offer's own id if nobody is named; until: last minute of it, None: no end."""

    id: str
    category: str
    quantity: int
    helper: str
    spot: Spot = field(default_factory=Spot)
    until: float | None = None


def fits(need: Need, offer: Offer) -> bool:
    """Same category, and the need arose no later than the offer ends."""
    in_time = need.since is None or offer.until is None or need.since <= offer.until
    return need.category == offer.category and in_time


@dataclass(frozen=True)
class Pair:
    need: str
    offer: str
    quantity: int

    def as_dict(self) -> dict[str, str | int]:
        return {"need": self.need, "offer": self.offer, "quantity": self.quantity}


@dataclass(frozen=True)
class Weights:
    """Minute-equivalents per unit unmet of urgency 1, 2, 3; minute of distance; load; and unit no longer given.

    A helper who gives q units in all costs load x (q - 1) squared.
    """

    unmet: tuple[float, float, float] = (600.0, 200.0, 60.0)
    distance: float = 1.0
    load: float = 5.0
    change: float = 10.0


@dataclass(frozen=True)
class Problem:
    """Made by `read`, which has checked it. previous: pairs of an earlier answer, None without one."""

    needs: tuple[Need, ...]
    offers: tuple[Offer, ...]
    travel: Travel = field(default_factory=Travel)
    weights: Weights = field(default_factory=Weights)
    same_building_first: bool = True
    locked: tuple[Pair, ...] = ()
    previous: tuple[Pair, ...] | None = None

    @cached_property
    def need_rows(self) -> Mapping[str, int]:
        return {need.id: row for row, need in enumerate(self.needs)}

    @cached_property
    def offer_rows(self) -> Mapping[str, int]:
        return {offer.id: row for row, offer in enumerate(self.offers)}

    def point(self, of: Need | Offer) -> Point:
        """As the travel knows it: by its building if a matrix has that, else by its own id."""
        matrix, building = self.travel.matrix, of.spot.building
        known = matrix is not None and building is not None and building in matrix.ids
        return Point(building if known and building is not None else of.id, of.spot.place)


@dataclass(frozen=True)
class Change:
    """A pair that gives more or less than before."""

    need: str
    offer: str
    before: int
    after: int
    why: Said

    def as_dict(self) -> dict[str, Any]:
        return {
            "need": self.need,
            "offer": self.offer,
            "from": self.before,
            "to": self.after,
            "why": self.why.text,
            "why_code": self.why.code,
        }


@dataclass(frozen=True)
class Answer:
    """Which offer serves which need with how much. changes is None unless it is a re-plan."""

    standing: Standing
    pairs: tuple[Pair, ...]
    unmet: tuple[Unmet, ...]
    changes: tuple[Change, ...] | None = None

    def as_dict(self) -> dict[str, Any]:
        answer = {
            "kind": "match",
            **self.standing.as_dict(),
            "pairs": [pair.as_dict() for pair in self.pairs],
            "unmet": [entry.as_dict() for entry in self.unmet],
        }
        if self.changes is not None:
            answer["changes"] = [change.as_dict() for change in self.changes]
        return answer

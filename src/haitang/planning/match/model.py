"""The match question as arrays: what each need could take from each offer, and at what cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist

from haitang.planning.answers import Value
from haitang.planning.places import EARTH_KM, Travel

from .problem import Need, Offer, Problem, fits

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
STAIRS = 2.0  # minutes per floor of either
PIECE = 2_000_000  # pairs that are looked at in one piece


@dataclass(frozen=True, eq=False)
class Pairs:
    """Given amounts (n) from offer rows to need rows, each pair once."""

    need: Ints
    offer: Ints
    amount: Ints


@dataclass(frozen=True, eq=False)
class Side:
    """What is alike of needs and offers (n): vectors of length 1 or rows of a matrix, building (-1: none), floor."""

    where: Floats
    building: Ints
    floor: Floats
    time: Floats


class Model:
    """N needs and O offers; quantities are what locks leave. Costs in minute-equivalents.

    weight (N) of a unit unmet; helper (O); base (helpers): what each gives by locks; kept: pairs before.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.needs, self.offers = _sides(problem)
        self.weight = np.array(
            [problem.weights.unmet[need.urgency - 1] for need in problem.needs], dtype=np.float64
        )
        helpers = _numbered(offer.helper for offer in problem.offers)
        self.helper = _ints(helpers[offer.helper] for offer in problem.offers)
        self.locked = _pairs(problem, ((lock.need, lock.offer, lock.quantity) for lock in problem.locked))
        self.quantity = _ints(need.quantity for need in problem.needs)
        self.supply = _ints(offer.quantity for offer in problem.offers)
        self.kept = _pairs(problem, _keepable(problem))
        self.need_left = self.quantity - np.bincount(
            self.locked.need, self.locked.amount, len(problem.needs)
        ).astype(np.int64)
        self.offer_left = self.supply - np.bincount(
            self.locked.offer, self.locked.amount, len(problem.offers)
        ).astype(np.int64)
        self.base = self.loads(self.locked)
        self.load = problem.weights.load

    @property
    def helpers(self) -> int:
        return int(self.helper.max(initial=-1)) + 1

    def loads(self, given: Pairs) -> Ints:
        """(helpers) units each gives."""
        return np.bincount(self.helper[given.offer], given.amount, self.helpers).astype(np.int64)

    def categories(self) -> list[tuple[Ints, Ints]]:
        """Rows of needs and of offers that are of one category and have something left."""
        needs = _rows_by(need.category for need in self.problem.needs)
        offers = _rows_by(offer.category for offer in self.problem.offers)
        found = []
        for category in needs.keys() & offers.keys():
            need, offer = needs[category], offers[category]
            found.append((need[self.need_left[need] > 0], offer[self.offer_left[offer] > 0]))
        return sorted(((n, o) for n, o in found if len(n) and len(o)), key=lambda pair: int(pair[0][0]))

    def tables(self) -> Iterator[tuple[Ints, Ints, Floats]]:
        """Need rows, offer rows, (needs, offers) what a unit costs, infinite where it can't be; a piece at a time."""
        for needs, offers in self.categories():
            height = max(1, PIECE // len(offers))
            for start in range(0, len(needs), height):
                part = needs[start : start + height]
                yield part, offers, self._table(part, offers)

    def _table(self, needs: Ints, offers: Ints) -> Floats:
        """(needs, offers) as `costs`, quicker."""
        here, there, travel = self.needs, self.offers, self.problem.travel
        if travel.matrix is not None:
            cost = _minutes(travel, there.where[offers][None], here.where[needs][:, None])
        else:
            cost = cdist(here.where[needs], there.where[offers])
            _minutes_of_chords(travel, cost)
        cost += STAIRS * here.floor[needs][:, None]
        cost += STAIRS * there.floor[offers]
        cost *= self.problem.weights.distance
        cost[self.is_same_building(needs[:, None], offers)] = 0.0
        cost[here.time[needs][:, None] > there.time[offers]] = np.inf
        cost -= self.weight[needs][:, None]
        return cost

    def costs(self, need: Ints, offer: Ints) -> Floats:
        """Distance less what the need costs while unmet; need and offer rows broadcast against each other."""
        return self.distance(need, offer) - self.weight[need]

    def distance(self, need: Ints, offer: Ints) -> Floats:
        """What a unit's way costs; infinite where the offer ends before the need arose. Categories aside."""
        here, there = self.needs, self.offers
        minutes = _minutes(self.problem.travel, there.where[offer], here.where[need])
        minutes += STAIRS * (here.floor[need] + there.floor[offer])
        same = (here.building[need] == there.building[offer]) & (here.building[need] >= 0)
        cost: Floats = np.where(same, 0.0, minutes * self.problem.weights.distance)
        return np.where(here.time[need] <= there.time[offer], cost, np.inf)

    def is_same_building(self, need: Ints, offer: Ints) -> npt.NDArray[np.bool_]:
        mine = self.needs.building[need]
        same: npt.NDArray[np.bool_] = (mine == self.offers.building[offer]) & (mine >= 0)
        return same

    def value(self, given: Pairs) -> Value:
        """Terms of the objective for all that is given, locks included."""
        met = np.bincount(given.need, given.amount, len(self.quantity))
        over = np.maximum(self.loads(given) - 1, 0).astype(np.float64)
        terms = {
            "unmet": float((self.weight * (self.quantity - met)).sum()),
            "distance": float((self.distance(given.need, given.offer) * given.amount).sum()),
            "load": float(self.load * (over**2).sum()),
        }
        if self.problem.previous is not None:
            terms["changes"] = self.problem.weights.change * float(self.lost(given).sum())
        return Value(terms)

    def lost(self, given: Pairs) -> Ints:
        """(kept) units of each pair before that are not given any more."""
        now = dict(
            zip(
                zip(given.need.tolist(), given.offer.tolist(), strict=True),
                given.amount.tolist(),
                strict=True,
            )
        )
        before = zip(
            self.kept.need.tolist(), self.kept.offer.tolist(), self.kept.amount.tolist(), strict=True
        )
        return _ints(max(0, amount - now.get((need, offer), 0)) for need, offer, amount in before)


def joined(first: Pairs, second: Pairs) -> Pairs:
    """Amounts of both, each pair once, in the order of needs, then offers."""
    need, offer = np.concatenate([first.need, second.need]), np.concatenate([first.offer, second.offer])
    amount = np.concatenate([first.amount, second.amount])
    wide = int(offer.max(initial=0)) + 1
    keys, at = np.unique(need * wide + offer, return_inverse=True)
    total = np.bincount(at, amount, len(keys)).astype(np.int64)
    return Pairs(keys[total > 0] // wide, keys[total > 0] % wide, total[total > 0])


def _sides(problem: Problem) -> tuple[Side, Side]:
    everyone: list[Need | Offer] = [*problem.needs, *problem.offers]
    buildings = _numbered(one.spot.building for one in everyone if one.spot.building is not None)
    where = _where(problem, everyone)
    building = _ints(-1 if one.spot.building is None else buildings[one.spot.building] for one in everyone)
    floor = np.array([one.spot.floor for one in everyone], dtype=np.float64)
    since = [-np.inf if need.since is None else need.since for need in problem.needs]
    until = [np.inf if offer.until is None else offer.until for offer in problem.offers]
    count, time = len(problem.needs), np.array([*since, *until], dtype=np.float64)
    return (
        Side(where[:count], building[:count], floor[:count], time[:count]),
        Side(where[count:], building[count:], floor[count:], time[count:]),
    )


def _where(problem: Problem, everyone: Sequence[Need | Offer]) -> Floats:
    """(n, 3) vectors of length 1, or (n) rows of the matrix."""
    points = [problem.point(one) for one in everyone]
    if problem.travel.matrix is not None:
        return np.array([problem.travel.matrix.ids[point.id] for point in points], dtype=np.float64)
    lon, lat = np.radians(np.array([point.place for point in points], dtype=np.float64).reshape(-1, 2)).T
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def _minutes(travel: Travel, starts: Floats, ends: Floats) -> Floats:
    if travel.matrix is not None:
        table = travel.matrix.minutes
        if table is None:
            table = travel.matrix.km / travel.speed_kmh * 60.0
        minutes: Floats = table[starts.astype(np.int64), ends.astype(np.int64)]
        return minutes
    chord: Floats = np.sqrt(((starts - ends) ** 2).sum(axis=-1))
    _minutes_of_chords(travel, chord)
    return chord


def _minutes_of_chords(travel: Travel, chord: Floats) -> None:
    """In place: from straight lines between vectors of length 1 to minutes along the sphere."""
    chord /= 2.0
    np.minimum(chord, 1.0, out=chord)
    np.arcsin(chord, out=chord)
    chord *= 2.0 * EARTH_KM * travel.detour / travel.speed_kmh * 60.0


def _keepable(problem: Problem) -> Iterator[tuple[str, str, int]]:
    """Pairs of the earlier plan that are still possible, up to what there is now."""
    for pair in problem.previous or ():
        need, offer = problem.need_rows.get(pair.need), problem.offer_rows.get(pair.offer)
        if need is not None and offer is not None and fits(problem.needs[need], problem.offers[offer]):
            most = min(pair.quantity, problem.needs[need].quantity, problem.offers[offer].quantity)
            if most:
                yield pair.need, pair.offer, most


def _pairs(problem: Problem, pairs: Iterable[tuple[str, str, int]]) -> Pairs:
    found = [(problem.need_rows[need], problem.offer_rows[offer], amount) for need, offer, amount in pairs]
    rows = np.array(found, dtype=np.int64).reshape(-1, 3)
    return Pairs(rows[:, 0], rows[:, 1], rows[:, 2])


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: row for row, name in enumerate(dict.fromkeys(names))}


def _rows_by(names: Iterable[str]) -> dict[str, Ints]:
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        rows.setdefault(name, []).append(row)
    return {name: np.array(found, dtype=np.int64) for name, found in rows.items()}


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)

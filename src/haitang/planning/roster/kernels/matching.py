"""People and the places of one shift: the cheapest matching, in which either may stay without.

Shortest augmenting paths (Jonker and Volgenant 1987), a place at a time; a place may also stay empty at cost 0.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from haitang.planning.compiled import inner

from .facts import NONE, Flags, Floats, Ints

ROUNDS = 3  # of bidding before paths are sought
BIDS = 8  # a round and waiting place


class Matching(NamedTuple):
    """R places, K people."""

    cost: Floats  # (R, K) of a person in a place rather than nobody
    person: Ints  # (R) NONE: empty
    place: Ints  # (K)
    place_price: Floats  # (R)
    person_price: Floats  # (K)
    distance: Floats  # (K) of a path to the person
    origin: Ints  # (K) the place before them on it
    done: Flags  # (K)
    reached: Floats  # (R) of a path to the place


@inner
def empty_matching(cost: Floats) -> Matching:
    places, people = cost.shape
    return Matching(
        cost,
        np.full(places, NONE),
        np.full(people, NONE),
        np.zeros(places),
        np.zeros(people),
        np.empty(people),
        np.empty(people, dtype=np.int64),
        np.empty(people, dtype=np.bool_),
        np.empty(places),
    )


@inner
def match(cost: Floats) -> Matching:
    """The cheapest matching; its prices (0 or less for a place) are what one place or person more would save."""
    found = empty_matching(cost)
    waiting = np.arange(len(cost))
    for _ in range(ROUNDS):
        waiting = _bid(found, waiting)
    for place in waiting:
        _augment(found, int(place))
    return found


@inner
def _bid(found: Matching, waiting: Ints) -> Ints:
    """Each waiting place takes the person it likes best from whoever has them, and raises their price to where it
    would rather have the next; the places that wait then. Those that would rather be empty wait no more.
    """
    after = np.empty(len(waiting), dtype=np.int64)
    count, budget = 0, BIDS * len(waiting)
    for first in waiting:
        place = first
        while place != NONE:
            person, least, second = _two_best(found, place)
            found.place_price[place] = min(second, 0.0)
            if person == NONE:
                break
            budget -= 1
            ousted = found.place[person]
            found.person_price[person] -= found.place_price[place] - least
            found.place[person] = place
            found.person[place] = person
            place = ousted
            if place != NONE:
                found.person[place] = NONE
                if budget < 0 or found.place_price[found.place[person]] <= least:
                    after[count] = place
                    count += 1
                    place = NONE
    return after[:count]


@inner
def _two_best(found: Matching, place: int) -> tuple[int, float, float]:
    """The person who costs least (NONE where nobody is better than empty), that cost, and the next one's."""
    cost, price = found.cost[place], found.person_price
    nearest, least, second = NONE, 0.0, 0.0
    for person in range(len(cost)):
        away = cost[person] - price[person]
        if away < least:
            nearest, least, second = person, away, least
        elif away < second:
            second = away
    return nearest, least, second


@inner
def _augment(found: Matching, first: int) -> None:
    person, least, _ = _two_best(found, first)
    found.place_price[first] = least
    if person == NONE:
        return
    person, empty, end = _search(found, first)
    _reprice(found, first, end)
    _flip(found, first, person, empty)


@inner
def _search(found: Matching, first: int) -> tuple[int, int, float]:
    """A free person at the end of the shortest path, or a place that is best left empty; and the path's length."""
    found.distance[:] = np.inf
    found.done[:] = False
    found.reached[first] = 0.0
    place, empty, end = first, first, -found.place_price[first]
    while True:
        person = _extend(found, place)
        if person == NONE or found.distance[person] >= end:
            return NONE, empty, end
        found.done[person] = True
        if found.place[person] == NONE:
            return person, NONE, found.distance[person]
        place = found.place[person]
        found.reached[place] = found.distance[person]
        if found.distance[person] - found.place_price[place] < end:
            empty, end = place, found.distance[person] - found.place_price[place]


@inner
def _extend(found: Matching, place: int) -> int:
    """Look from a place at all people; the nearest who is not done."""
    base = found.reached[place] - found.place_price[place]
    cost, price, distance = found.cost[place], found.person_price, found.distance
    origin, done = found.origin, found.done
    nearest, least = NONE, np.inf
    for person in range(len(cost)):
        if not done[person]:
            away = base + cost[person] - price[person]
            if away < distance[person]:
                distance[person] = away
                origin[person] = place
            if distance[person] < least:
                nearest, least = person, distance[person]
    return nearest


@inner
def _reprice(found: Matching, first: int, end: float) -> None:
    found.place_price[first] += end
    for person in range(len(found.done)):
        if found.done[person] and found.distance[person] < end:
            found.person_price[person] -= end - found.distance[person]
            if found.place[person] != NONE:
                found.place_price[found.place[person]] += end - found.distance[person]


@inner
def _flip(found: Matching, first: int, person: int, empty: int) -> None:
    """Along the path each place takes the person it was reached from."""
    if person == NONE:
        if empty == first:
            return
        person = found.person[empty]
        found.person[empty] = NONE
    while True:
        place = found.origin[person]
        following = found.person[place]
        found.person[place] = person
        found.place[person] = place
        if place == first:
            return
        person = following

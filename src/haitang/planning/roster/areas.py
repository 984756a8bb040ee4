"""A large question split by area, as people mostly serve near home; the bound is one of the whole all the same."""

from __future__ import annotations

import math
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from haitang.planning.deadline import Deadline
from haitang.planning.places import great_circle_km

from . import simple
from .calendar import Flags, Floats, Ints
from .deciding import Decision, decide
from .framing import Frame
from .kernels.facts import NONE
from .prices import evaluate

LARGEST = 600_000  # people times posts in one area
MIDDLE = 0.2  # of an area's posts at least lie on either side of a cut
BOUND_SECONDS, BOUND_SHARE = 5e-4, 0.15  # for the bound of the whole, for each person and of the time at most
SMALL_KM = 1e-6  # what rounding may do to a distance


@dataclass(frozen=True, eq=False)
class Whole:
    """plan (P, T) as rows of the frame; bound in the terms of Part.value."""

    plan: Ints
    bound: float


@dataclass(frozen=True, eq=False)
class Area:
    """Rows of people and of posts, ascending."""

    people: Ints
    posts: Ints


def decide_all(frame: Frame, deadline: Deadline, seed: int, cores: int, *, compiled: bool) -> Whole:
    """The whole question in one, or area by area on all cores."""
    areas = split(frame)
    if len(areas) == 1:
        decision = decide(
            frame.part(areas[0].people, areas[0].posts), deadline, seed, cores, compiled=compiled
        )
        plan, _ = _joined(frame, [decision])
        return Whole(plan, decision.bound)
    last = min(BOUND_SECONDS * len(frame.free) / cores, BOUND_SHARE * deadline.left)
    search = Deadline(deadline.left - last)
    waiting = len(areas)

    def run(area: Area) -> Decision:
        nonlocal waiting
        share = Deadline(search.left * min(1.0, cores / max(1, waiting)))
        waiting -= 1
        return decide(frame.part(area.people, area.posts), share, seed, 1, compiled=compiled)

    with ThreadPoolExecutor(cores) as pool:
        decisions = list(pool.map(run, areas))
    plan, prices = _joined(frame, decisions)
    spill(frame, plan, search)
    bound = bound_of(frame, areas, prices, deadline, cores) if compiled else -np.inf
    return Whole(plan, bound)


def _joined(frame: Frame, decisions: list[Decision]) -> tuple[Ints, Floats]:
    """The whole plan and the prices of all demands."""
    plan, prices = np.full(frame.free.shape, NONE, dtype=np.int64), np.zeros(len(frame.rows))
    for decision in decisions:
        part = decision.part
        plan[part.people] = np.append(part.demands, NONE)[decision.plan]
        prices[part.demands] = decision.prices
    return plan, prices


def split(frame: Frame) -> list[Area]:
    """Areas that are not too large, cut where posts lie farthest apart; one alone where places have no coordinates."""
    problem = frame.problem
    people, posts = np.arange(len(problem.people)), np.arange(len(problem.posts))
    if problem.travel.matrix is not None or len(people) * len(posts) <= LARGEST:
        return [Area(people, posts)]
    homes, places = (
        _vectors([point.place for point in frame.homes]),
        _vectors([post.place for post in problem.posts]),
    )
    nearest = cKDTree(places).query(homes)[1].astype(np.int64)
    living = np.bincount(nearest, minlength=len(posts))
    label = np.zeros(len(posts), dtype=np.int64)
    for number, rows in enumerate(_cut(places, posts, living)):
        label[rows] = number
    home, label = _homes(frame, label[nearest], label)
    return [
        Area(np.flatnonzero(home == number), np.flatnonzero(label == number)) for number in np.unique(label)
    ]


def _vectors(degrees: list[tuple[float, float] | None]) -> Floats:
    """(n, 3) on the unit sphere, where the nearest by chord is the nearest by arc."""
    lon, lat = np.radians(np.array(degrees, dtype=np.float64).reshape(-1, 2)).T
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def _cut(places: Floats, rows: Ints, living: Ints) -> list[Ints]:
    if len(rows) < 2 or living[rows].sum() * len(rows) <= LARGEST:
        return [rows]
    axis = int(np.argmax(np.ptp(places[rows], axis=0)))
    ordered = rows[np.argsort(places[rows, axis], kind="stable")]
    low = max(1, int(len(rows) * MIDDLE))
    gaps = np.diff(places[ordered, axis])[low - 1 : len(rows) - low]
    at = low + int(np.argmax(gaps))
    return _cut(places, ordered[:at], living) + _cut(places, ordered[at:], living)


def _homes(frame: Frame, home: Ints, label: Ints) -> tuple[Ints, Ints]:
    """(P) the area of each person: where they are pinned, else served most before, else live; and areas (N).

    Areas in which the same person is pinned become one.
    """
    problem = frame.problem
    before: dict[str, Counter[int]] = {}
    for entry in problem.kept:
        before.setdefault(entry.person, Counter())[int(label[problem.post_rows[entry.place.post]])] += 1
    for name, areas in before.items():
        home[problem.person_rows[name]] = min(areas, key=lambda area: (-areas[area], area))
    for lock in problem.locked:
        person, area = problem.person_rows[lock.person], label[problem.post_rows[lock.place.post]]
        pinned_before = any(other.person == lock.person for other in problem.locked if other is not lock)
        if pinned_before and home[person] != area:
            old = home[person]
            label[label == old], home[home == old] = area, area
        home[person] = area
    return home, label


def spill(frame: Frame, plan: Ints, deadline: Deadline) -> None:
    """Places that an area could not fill go to people of others, where that costs less than leaving them empty."""
    served = np.bincount(plan[plan != NONE], minlength=len(frame.rows))
    left = frame.columns[4] - served
    for row in sorted(np.flatnonzero(left > 0).tolist(), key=lambda row: -frame.weight[row]):
        if deadline.passed:
            return
        post, skill, shift = frame.columns[:3, row]
        able = _able(frame, plan, int(shift)) & frame.can[:, skill]
        who = np.flatnonzero(able)
        cost = (
            frame.travel(who, np.array([post]))[:, 0]
            + simple.added_load(frame.rules, plan != NONE, int(shift))[who]
        )
        chosen = who[np.argsort(cost, kind="stable")[: left[row]]]
        cheap = cost[np.argsort(cost, kind="stable")[: left[row]]] < frame.weight[row]
        plan[chosen[cheap], shift] = row


def _able(frame: Frame, plan: Ints, shift: int) -> Flags:
    able: Flags = frame.free[:, shift] & (plan[:, shift] == NONE)
    return able & simple.allowed(frame.rules, plan != NONE, shift)


def bound_of(frame: Frame, areas: list[Area], prices: Floats, deadline: Deadline, cores: int) -> float:
    """The bound at these prices (D): each person against all posts that could draw them; -inf if time runs out."""

    def drawn(area: Area) -> float:
        if deadline.passed:
            return -np.inf
        part = frame.part(area.people, _reach(frame, area, prices))
        inside = prices[part.demands]
        return evaluate(part, inside)[0] - float(np.minimum(inside, part.facts.weight) @ part.room)

    taken = np.bincount(frame.pinned[frame.pinned != NONE], minlength=len(prices))
    places = float(np.minimum(prices, frame.weight) @ (frame.columns[4] - taken))
    with ThreadPoolExecutor(cores) as pool:
        return places + math.fsum(pool.map(drawn, areas))


def _reach(frame: Frame, area: Area, prices: Floats) -> Ints:
    """Posts of which some place is dearer than the way there from the area at least, and the area's own."""
    most = np.zeros(len(frame.problem.posts))
    np.maximum.at(most, frame.columns[0], prices)
    if frame.problem.kept:
        most += frame.problem.weights.change
    homes = np.array([frame.homes[row].place for row in area.people], dtype=np.float64).reshape(-1, 2)
    posts = np.array([post.place for post in frame.problem.posts], dtype=np.float64)
    if not len(homes):
        return area.posts
    middle = homes.mean(axis=0)
    away = great_circle_km(middle, posts) - great_circle_km(middle, homes).max() - SMALL_KM
    travel = frame.problem.travel
    minutes = np.maximum(away, 0.0) * travel.detour / travel.speed_kmh * 60.0 * frame.problem.weights.travel
    near = minutes <= most
    near[area.posts] = True
    return np.flatnonzero(near)

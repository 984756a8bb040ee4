"""Cuts that sharpen the relaxation: of three rows, at most one chosen set may hold two (Jepsen et al. 2008)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations

from .model import Column, Floats

Cut = tuple[int, int, int]  # ascending; below B a building, from B on the steward of that row plus B
DEEP = 0.02  # a shallower violation is not worth a row
PER_ROW = 4  # cuts that may share a row in one round


def rows_of(column: Column, buildings: int) -> tuple[int, ...]:
    """The rows of the relaxation a set fills, ascending."""
    steward, chosen = column
    return (*chosen, buildings + steward)


def hits(cuts: Sequence[Cut], columns: Sequence[Column], buildings: int) -> list[list[int]]:
    """For each set the cuts it counts in."""
    if not cuts:
        return [[]] * len(columns)
    touching: dict[int, list[int]] = defaultdict(list)
    for index, cut in enumerate(cuts):
        for row in cut:
            touching[row].append(index)
    found = []
    for column in columns:
        counted = Counter(index for row in rows_of(column, buildings) for index in touching.get(row, ()))
        found.append(sorted(index for index, rows in counted.items() if rows >= 2))
    return found


def violated(columns: Sequence[Column], values: Floats, buildings: int) -> list[Cut]:
    """Cuts the fractional sets break, deepest first and spread over the rows."""
    pairs: dict[tuple[int, int], float] = defaultdict(float)
    triples: dict[Cut, float] = defaultdict(float)
    for column, value in zip(columns, values.tolist(), strict=True):
        if 1e-4 < value < 1 - 1e-4:
            rows = rows_of(column, buildings)
            for first, second in combinations(rows, 2):
                pairs[first, second] += value
            for first, second, third in combinations(rows, 3):
                triples[first, second, third] += value
    broken = [(depth, cut) for cut in _triangles(pairs) if (depth := _depth(cut, pairs, triples)) > DEEP]
    return _spread(sorted(broken, key=lambda entry: (-entry[0], entry[1])))


def _triangles(pairs: dict[tuple[int, int], float]) -> list[Cut]:
    after: dict[int, set[int]] = defaultdict(set)
    for first, second in pairs:
        after[first].add(second)
    return [
        (first, second, third) for first, second in pairs for third in after[first] & after.get(second, set())
    ]


def _depth(cut: Cut, pairs: dict[tuple[int, int], float], triples: dict[Cut, float]) -> float:
    # A set that holds all three rows is in all three pairs and must count once.
    return sum(pairs[pair] for pair in combinations(cut, 2)) - 2 * triples.get(cut, 0.0) - 1.0


def _spread(broken: list[tuple[float, Cut]]) -> list[Cut]:
    used: Counter[int] = Counter()
    kept = []
    for _, cut in broken:
        if all(used[row] < PER_ROW for row in cut):
            kept.append(cut)
            used.update(cut)
    return kept

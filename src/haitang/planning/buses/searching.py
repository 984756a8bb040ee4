"""The search over a whole plan: cut into jobs that run side by side, then cut elsewhere, and so on, ever cooler."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from haitang.planning.chance import generator
from haitang.planning.deadline import Deadline

from .exploring import Cooling, Found, explore
from .model import Part
from .problem import Problem
from .splitting import Job, Map, Routes, split

WORKERS = 2
PHASES = 12  # how often the plan is cut anew
HOT, COLD = 1.0, 0.015  # temperatures at the start and the end, in parts of what a part costs in the mean
GOLDEN = 2.399963  # radians: later cuts fall between earlier ones
PIECES = 2.0  # parts may become so many times as many by halving those left behind


@dataclass
class Search:
    """Parts and routes as the search goes on; nodes are rows of parts, those to get off len(parts) higher."""

    problem: Problem
    parts: list[Part]
    seed: int
    routes: Routes = field(default_factory=dict)
    value: float = float("inf")

    def __post_init__(self) -> None:
        self.map = Map.of(self.problem)
        self.most_parts = int(PIECES * len(self.parts)) + 100

    def fill(self) -> None:
        """A first plan: everybody where they cost least, as they become ready."""
        found = self._phase(0, Cooling(1.0, 1.0, 0, Deadline(0.0)))
        self.routes, self.value = _joined(found), sum(each.value for each in found)

    def run(self, work: int, deadline: Deadline) -> None:
        """Try so many places, or as many as there is time for."""
        left = self.problem.weights.left * sum(self.parts[row].count for row in self._left(self.routes))
        mean = (self.value - left) / max(1, len(self.parts))
        heats = [max(1e-9, mean * HOT * (COLD / HOT) ** (phase / PHASES)) for phase in range(PHASES + 1)]
        best_routes, best = self.routes, self.value
        for phase in range(PHASES):
            # Short of time the later phases are dropped: what matters is to be cool at the end.
            within = deadline.share(1.0 / (PHASES - phase))
            found = self._phase(phase + 1, Cooling(heats[phase], heats[phase + 1], work // PHASES, within))
            self.routes, self.value = _joined(found), sum(each.value for each in found)
            cold = sum(each.best for each in found)
            if cold < best - 1e-9:
                best_routes, best = (
                    {row: nodes for each in found for row, nodes in each.best_routes.items()},
                    cold,
                )
            if phase < PHASES - 2:
                best_routes = self._halve_left(best_routes)
        self.routes, self.value = best_routes, best

    def _halve_left(self, best_routes: Routes) -> Routes:
        """Cut parts that nobody takes in two, so that a seat here and a seat there will do."""
        rows = sorted(set(self._left(self.routes)) & set(self._left(best_routes)))
        rows = [row for row in rows if self.parts[row].count > 1]
        before = len(self.parts)
        if not rows or before + len(rows) > self.most_parts:
            return best_routes
        for row in rows:
            part = self.parts[row]
            self.parts[row] = Part(part.group, part.count // 2)
            self.parts.append(Part(part.group, part.count - part.count // 2))
        self.routes = _renumbered(self.routes, before, len(self.parts))
        return _renumbered(best_routes, before, len(self.parts))

    def _left(self, routes: Routes) -> list[int]:
        """Rows of parts that nobody takes."""
        riding = {node for nodes in routes.values() for node in nodes if node < len(self.parts)}
        return [row for row in range(len(self.parts)) if row not in riding]

    def _phase(self, number: int, cooling: Cooling) -> list[Found]:
        """A job on each worker; the same one twice, with other chances, if there is only one: the better one counts."""
        jobs = split(self.problem, self.map, self.parts, self.routes, GOLDEN * number)
        if not jobs:
            return []
        rivals = WORKERS if len(jobs) == 1 else 1
        tasks = [(job, place * rivals + rival) for place, job in enumerate(jobs) for rival in range(rivals)]
        with ThreadPoolExecutor(WORKERS) as pool:
            found = list(
                pool.map(lambda task: self._job(number, task[1], task[0], cooling, len(tasks)), tasks)
            )
        if rivals == 1:
            return found
        last, coldest = min(found, key=lambda each: each.value), min(found, key=lambda each: each.best)
        return [replace(last, best_routes=coldest.best_routes, best=coldest.best)]

    def _job(self, number: int, place: int, job: Job, cooling: Cooling, tasks: int) -> Found:
        """Jobs get work, and time within their worker's turn, by their number of parts."""
        share = len(job.parts) / max(1, len(self.parts))
        turn = min(1.0, share * WORKERS) if tasks > WORKERS else 1.0
        deadline = Deadline(cooling.deadline.seconds * turn)
        chance = generator(self.seed, number * 100_000 + place)
        mine = Cooling(cooling.hot, cooling.cold, int(cooling.work * min(1.0, share * WORKERS)), deadline)
        return explore(self.problem, self.parts, self.routes, job, mine, chance)


def _joined(found: Sequence[Found]) -> Routes:
    return {row: nodes for each in found for row, nodes in each.routes.items() if nodes}


def _renumbered(routes: Routes, before: int, now: int) -> Routes:
    """Nodes to get off after the number of parts has changed."""
    return {
        row: [node if node < before else node - before + now for node in nodes]
        for row, nodes in routes.items()
    }

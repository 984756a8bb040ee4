"""Better boards by small steps: lanes more or fewer, a building elsewhere, a station closed or opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from haitang.planning.deadline import Deadline

from .assembling import without_staff
from .board import Board, Shaper, parts_of
from .layouts import Layout
from .packing import Block
from .plan import Run
from .problem import Problem
from .rates import Rate

NEAR = 4  # stations a building may move to
HOPE = 0.04  # part of a station's cost by which a straight line may be wrong
ENOUGH = 1e-6


@dataclass(frozen=True, eq=False)
class Move:
    """Another board, and the stations at which it differs."""

    board: Board
    stations: tuple[int, ...]


class Search:
    """A board under improvement. teams: blocks of staff that are needed besides."""

    def __init__(
        self,
        shaper: Shaper,
        board: Board,
        options: Sequence[Sequence[Layout]],
        rate: Mapping[Layout, Rate],
        teams: Sequence[Block],
    ) -> None:
        self.shaper, self.board, self.options, self.rate = shaper, board, options, rate
        self.problem: Problem = shaper.problem
        self.teams = teams
        self.cost = {station: self._cost(board, station) for station in range(len(board.lanes))}
        self.rough = {station: self._rough(board, station) for station in range(len(board.lanes))}
        self.left = self._without_staff(board)

    def _cost(self, board: Board, station: int) -> float:
        """Of the station's run, and the ways to it; infinite where people don't fit."""
        parts = parts_of(board, station, self.shaper.base)
        lanes = board.lanes[station]
        if not parts and not self.shaper.kept.get(station):
            return 0.0
        shaped = self.shaper.shaped(station, lanes, parts) if lanes is not None else None
        return np.inf if shaped is None else shaped.cost + self._ways(board, station)

    def _ways(self, board: Board, station: int) -> float:
        comes = self.problem.weights.walking * (1.0 - self.problem.habits.no_show)
        return float(board.people[:, station] @ self.problem.walk[:, station]) * comes

    def _rough(self, board: Board, station: int) -> float:
        lanes, people = board.lanes[station], int(board.people[:, station].sum())
        people += sum(slot.people for slot in self.shaper.kept.get(station, ()))
        if not people:
            return 0.0
        if lanes is None:
            return np.inf
        return self.rate[lanes].cost(people) + self._ways(board, station)

    def _runs(self, board: Board) -> list[Run]:
        found = []
        for station, lanes in enumerate(board.lanes):
            parts = parts_of(board, station, self.shaper.base)
            if lanes is not None and (parts or self.shaper.kept.get(station)):
                shaped = self.shaper.shaped(station, lanes, parts)
                found += [shaped.run] if shaped else []
        return found

    def _without_staff(self, board: Board) -> int:
        runs = self._runs(board)
        staff = sum((self.problem.staff_of(run.lanes) for run in runs), self.problem.limits * 0)
        staff = staff + sum(team.staff for team in self.teams)
        if np.all(staff <= self.problem.limits):
            return 0
        return without_staff(self.problem, runs, self.teams)

    def run(self, deadline: Deadline) -> Board:
        """Steps until none helps, or time is up."""
        helped = True
        while helped and not deadline.passed:
            helped = False
            for move in self._moves(deadline):
                helped |= self._take(move)
        return self.board

    def _take(self, move: Move) -> bool:
        rough = sum(self._rough(move.board, at) - self.rough[at] for at in move.stations)
        now = sum(self.cost[at] for at in move.stations)
        if rough > HOPE * now and np.isfinite(now):
            return False
        new = {at: self._cost(move.board, at) for at in move.stations}
        if not sum(new.values()) < now - ENOUGH:
            return False
        left = self._without_staff(move.board)
        if left > self.left:
            return False
        self.board, self.left = move.board, left
        for at in move.stations:
            self.cost[at], self.rough[at] = new[at], self._rough(move.board, at)
        return True

    def _moves(self, deadline: Deadline) -> Iterator[Move]:
        """Made from the board as it is when each is asked for."""
        for station in range(len(self.board.lanes)):
            yield from self._other_lanes(station)
            yield from self._closings(station)
            if deadline.passed:
                return
        for building in range(len(self.problem.buildings)):
            yield from self._sendings(building)
            if deadline.passed:
                return

    def _other_lanes(self, station: int) -> Iterator[Move]:
        here, options = self.board.lanes[station], list(self.options[station])
        if here is None:
            return
        at = options.index(here) if here in options else 0
        near = [options[other] for other in (at - 1, at + 1) if 0 <= other < len(options)]
        wider = [(*here[:stage], here[stage] + 1, *here[stage + 1 :]) for stage in range(len(here) - 1)]
        for lanes in [*near, *[one for one in wider if one in self.rate]]:
            yield Move(self.board.moved(station, lanes), (station,))

    def _closings(self, station: int) -> Iterator[Move]:
        """Everybody to one other station, which may get one lane more."""
        here = np.flatnonzero(self.board.people[:, station])
        if not len(here) or self._bound(here, station) or self.shaper.kept.get(station):
            return
        for other in self._near_stations(int(here[0])):
            lanes = self.board.lanes[other]
            if other == station or lanes is None or not self._welcome(here, other):
                continue
            sent = self.board.sent(here.tolist(), station, other).moved(station, None)
            options = list(self.options[other])
            at = options.index(lanes) if lanes in options else 0
            for more in options[at : at + 3]:
                yield Move(sent.moved(other, more), (station, other))

    def _sendings(self, building: int) -> Iterator[Move]:
        for station in np.flatnonzero(self.board.people[building]).tolist():
            if self._bound(np.array([building]), station):
                continue
            for other in self._near_stations(building):
                if other != station and self.board.lanes[other] is not None:
                    yield Move(self.board.sent([building], station, other), (station, other))

    def _near_stations(self, building: int) -> list[int]:
        order = np.argsort(self.problem.walk[building], kind="stable")
        able = [int(at) for at in order if self.options[int(at)]]
        return able[:NEAR]

    def _bound(self, buildings: np.ndarray[tuple[int], np.dtype[np.int64]], station: int) -> bool:
        """Whether a lock keeps any of these buildings at the station."""
        return any(self._locked_to(int(row)) == station for row in buildings)

    def _welcome(self, buildings: np.ndarray[tuple[int], np.dtype[np.int64]], station: int) -> bool:
        return all(self._locked_to(int(row)) in (None, station) for row in buildings)

    def _locked_to(self, building: int) -> int | None:
        name = self.problem.buildings[building].id
        locks = (one for one in self.problem.locked if one.building == name and one.span is None)
        return next((self.problem.station_rows[one.station] for one in locks), None)

"""A plan under construction: slots in runs of lanes, and visits of teams."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .layouts import Layout


@dataclass(frozen=True)
class Slot:
    """Rows of building and station; minutes; so many people of the building, the first of them number `first`."""

    building: int
    station: int
    start: float
    end: float
    people: int
    first: int

    def moved(self, minutes: float) -> Slot:
        return replace(self, start=self.start + minutes, end=self.end + minutes)


@dataclass(frozen=True)
class Run:
    """Lanes at work at one station from `start` to `end`, in minutes. pinned: its time is not free."""

    station: int
    lanes: Layout
    start: float
    end: float
    slots: tuple[Slot, ...]
    pinned: bool = False

    @property
    def minutes(self) -> float:
        return self.end - self.start

    @property
    def people(self) -> int:
        return sum(slot.people for slot in self.slots)

    def moved(self, minutes: float) -> Run:
        slots = tuple(slot.moved(minutes) for slot in self.slots)
        return replace(self, start=self.start + minutes, end=self.end + minutes, slots=slots)


@dataclass(frozen=True)
class Visit:
    """A team at the doors of a building."""

    building: int
    start: float
    end: float
    people: int


@dataclass(frozen=True)
class Tour:
    """A team's visits in order, from setting out to being back."""

    start: float
    end: float
    visits: tuple[Visit, ...]

    @property
    def minutes(self) -> float:
        return self.end - self.start

    def moved(self, minutes: float) -> Tour:
        visits = tuple(replace(one, start=one.start + minutes, end=one.end + minutes) for one in self.visits)
        return Tour(self.start + minutes, self.end + minutes, visits)


@dataclass(frozen=True)
class Plan:
    runs: tuple[Run, ...]
    tours: tuple[Tour, ...]

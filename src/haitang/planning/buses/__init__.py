"""Which coach loads whom, where, when and in how many trips, and a bound on how much better it could be."""

from .explaining import explain
from .problem import Answer, Change, Duty, Group, Load, Lock, Problem, Stop, Trip, Vehicle, Weights
from .reading import read
from .solving import solve

__all__ = [
    "Answer",
    "Change",
    "Duty",
    "Group",
    "Load",
    "Lock",
    "Problem",
    "Stop",
    "Trip",
    "Vehicle",
    "Weights",
    "explain",
    "read",
    "solve",
]

"""Which steward looks after which buildings, with a backup each, and the proof of how good that is."""

from .explaining import explain
from .problem import Answer, Assignment, Building, Change, Lock, Problem, Steward, Weights
from .reading import read
from .solving import solve

__all__ = [
    "Answer",
    "Assignment",
    "Building",
    "Change",
    "Lock",
    "Problem",
    "Steward",
    "Weights",
    "explain",
    "read",
    "solve",
]

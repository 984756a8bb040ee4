"""Who goes to which post in which slot when a city calls up its volunteers, and the proof of how good that is."""

from .explaining import explain
from .problem import (
    Answer,
    Assignment,
    Change,
    Demand,
    Place,
    Post,
    Problem,
    Slot,
    Volunteer,
    Weights,
)
from .reading import read
from .solving import solve

__all__ = [
    "Answer",
    "Assignment",
    "Change",
    "Demand",
    "Place",
    "Post",
    "Problem",
    "Slot",
    "Volunteer",
    "Weights",
    "explain",
    "read",
    "solve",
]

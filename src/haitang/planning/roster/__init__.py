"""Who works which shift at which post over days, within rest rules, and a bound on how much better it could be."""

from .explaining import explain
from .problem import Answer, Assignment, Change, Demand, Person, Place, Problem, Weights
from .reading import read
from .solving import solve

__all__ = [
    "Answer",
    "Assignment",
    "Change",
    "Demand",
    "Person",
    "Place",
    "Problem",
    "Weights",
    "explain",
    "read",
    "solve",
]

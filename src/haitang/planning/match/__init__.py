"""Which offer of help serves which need, and the proof of how good that is."""

from .explaining import explain
from .problem import Answer, Change, Need, Offer, Pair, Problem, Spot, Weights
from .reading import read
from .solving import solve

__all__ = [
    "Answer",
    "Change",
    "Need",
    "Offer",
    "Pair",
    "Problem",
    "Spot",
    "Weights",
    "explain",
    "read",
    "solve",
]

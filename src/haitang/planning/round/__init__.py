"""Stations, lanes, staff and a time slot for everybody, so that all are reached once by a deadline."""

from .answer import Answer
from .explaining import explain
from .problem import Building, Problem, Stage, Station, Weights
from .reading import read
from .solving import solve

__all__ = ["Answer", "Building", "Problem", "Stage", "Station", "Weights", "explain", "read", "solve"]

"""Joins any list of people to a compound's ledger: pure, no database. `docs/joining.md` explains it."""

from haitang.registry.joining.matching import CERTAIN, MOST_SHOWN, match
from haitang.registry.joining.shapes import Candidate, Line, Match, Person, Verdict

__all__ = ["CERTAIN", "MOST_SHOWN", "Candidate", "Line", "Match", "Person", "Verdict", "match"]

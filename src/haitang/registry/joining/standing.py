"""How far a list has been looked through: whom its rows mean by match and by decision, and who is left."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from haitang.registry.joining.keeping import Contents, Decisions, Kept
from haitang.registry.joining.shapes import Match, Verdict


@dataclass(frozen=True)
class Standing:
    """A list with its matches and what was decided so far; a decision of None says that nobody shown is meant."""

    contents: Contents
    matches: tuple[Match, ...]
    decisions: Decisions

    @cached_property
    def rows(self) -> Mapping[int, Kept]:
        return {row.number: row for row in self.contents.rows}

    @cached_property
    def by_row(self) -> Mapping[int, Match]:
        return {match.row: match for match in self.matches}

    @cached_property
    def people(self) -> Mapping[int, UUID]:
        """Whom each row means, as far as that is decided or certain; who looked knows better."""
        found: dict[int, UUID] = {}
        for match in self.matches:
            decided = self.decisions.get(match.row)
            if decided is not None:
                found[match.row] = decided
            elif match.verdict == Verdict.CERTAIN and match.row not in self.decisions:
                found[match.row] = match.candidates[0].person
        return found

    @cached_property
    def certain(self) -> int:
        """How many rows were matched without anybody looking."""
        return sum(1 for row in self.people if row not in self.decisions)

    @cached_property
    def to_review(self) -> Sequence[int]:
        """The rows that somebody must look at or has looked at: the likeliest first, as they go fastest."""
        seen = [
            match for match in self.matches if match.verdict == Verdict.LIKELY or match.row in self.decisions
        ]
        return [match.row for match in sorted(seen, key=lambda match: (-_chance(match), match.row))]

    @cached_property
    def undecided(self) -> Sequence[int]:
        return [row for row in self.to_review if row not in self.decisions]

    @cached_property
    def unlisted(self) -> Sequence[Kept]:
        """The rows of people in no ledger: those who would be missed."""
        return [row for row in self.contents.rows if self._is_unlisted(self.by_row[row.number])]

    def _is_unlisted(self, match: Match) -> bool:
        if match.row in self.decisions:
            return self.decisions[match.row] is None
        return match.verdict == Verdict.NONE

    @cached_property
    def repeated(self) -> Sequence[tuple[int, int]]:
        """Rows that mean the same person as another, each with the first of them."""
        first: dict[UUID, int] = {}
        pairs = ((row, first.setdefault(person, row)) for row, person in sorted(self.people.items()))
        return [(row, other) for row, other in pairs if row != other]

    def after(self, row: int) -> int | None:
        """The next row that waits for a decision, after `row` in the order of the review, else from its start."""
        waiting = [other for other in self.undecided if other != row]
        if row not in self.to_review:
            return waiting[0] if waiting else None
        place = self.to_review.index(row)
        later = [other for other in waiting if self.to_review.index(other) > place]
        return next(iter(later or waiting), None)


def carried_over(standing: Standing, matches: Sequence[Match], living: Set[UUID]) -> dict[int, UUID | None]:
    """The decisions that still hold when a list is compared anew with the people `living` in the ledger: for
    somebody who is there still, and denials where nobody new came up."""
    kept: dict[int, UUID | None] = {}
    for match in matches:
        if match.row not in standing.decisions:
            continue
        decided = standing.decisions[match.row]
        is_new = _people(match) - _people(standing.by_row[match.row])
        if decided in living or (decided is None and not is_new):
            kept[match.row] = decided
    return kept


def _people(match: Match) -> set[UUID]:
    return {candidate.person for candidate in match.candidates}


def _chance(match: Match) -> float:
    return match.candidates[0].chance if match.candidates else 0.0

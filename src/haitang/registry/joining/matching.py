"""Joins a list to a ledger: for each row the one person it means, those it may mean, or nobody."""

from collections import defaultdict
from dataclasses import dataclass, field

from haitang.registry.joining.index import Index
from haitang.registry.joining.names import name_of
from haitang.registry.joining.scoring import Evidence, Row
from haitang.registry.joining.shapes import Candidate, Line, Lines, Match, People, Verdict

CERTAIN = 0.995
WORTH_A_LOOK = 0.2
SHOWN = 0.05
MOST_SHOWN = 5
UNKNOWN = 0.05  # of the rows of a list, how many are in no ledger
TAKEN = 0.05  # how likely somebody whom another row took for certain is listed twice


@dataclass(frozen=True, slots=True)
class _Scored:
    """Somebody whom a row may mean: place in the index, weight against nobody, and why."""

    place: int
    weight: float
    evidence: Evidence


@dataclass(slots=True)
class _Ranking:
    """A row with those whom it may mean, the likeliest first. `taken`: places that another row took."""

    line: Line
    scored: list[_Scored]
    prior: float
    unknown: float
    taken: set[int] = field(default_factory=set)

    @property
    def best(self) -> _Scored:
        return self.scored[0]

    def rank(self) -> None:
        self.scored.sort(key=lambda one: -self.weight_of(one))

    def weight_of(self, one: _Scored) -> float:
        return one.weight * (TAKEN if one.place in self.taken else 1)

    def chances(self) -> list[float]:
        """For each whom it may mean; what is missing to 1 is the chance of nobody."""
        weights = [self.prior * self.weight_of(one) for one in self.scored]
        total = self.unknown + sum(weights)
        return [weight / total for weight in weights]

    @property
    def is_certain(self) -> bool:
        return (
            bool(self.scored)
            and self.best.evidence.may_be_certain
            and max(self.chances(), default=0) >= CERTAIN
        )


def match(lines: Lines, people: People, *, unknown: float = UNKNOWN) -> list[Match]:
    """What became of each row, in the order of the list. `unknown`: the share of rows expected in no ledger."""
    if not people:
        return [Match(line.number, Verdict.NONE) for line in lines]
    index = Index(people)
    rankings = [_ranking(line, index, unknown) for line in lines]
    takers = _takers([ranking for ranking in rankings if ranking.is_certain])
    for ranking in rankings:
        if not ranking.is_certain:
            ranking.taken = takers.keys() & {one.place for one in ranking.scored}
            ranking.rank()
    takers = _takers([ranking for ranking in rankings if ranking.is_certain])
    return [_match(ranking, index, takers) for ranking in rankings]


def _ranking(line: Line, index: Index, unknown: float) -> _Ranking:
    """Looks near first, by door, phone and name; further, by names that are only alike, where that isn't enough."""
    row = Row(line, name_of(line.name), index)
    near = index.near(line, row.name)
    ranking = _Ranking(line, _score(row, near), (1 - unknown) / len(index.people), unknown)
    ranking.rank()
    if not ranking.is_certain:
        ranking.scored += _score(row, index.far(row.name) - near)
        ranking.rank()
    return ranking


def _score(row: Row, places: set[int]) -> list[_Scored]:
    found = []
    for place in places:
        evidence = row.evidence(place)
        found.append(_Scored(place, row.weight(evidence, place), evidence))
    return found


def _takers(certain: list[_Ranking]) -> dict[int, list[_Ranking]]:
    """For each person the rows that mean them for certain, the best evidence first."""
    found: dict[int, list[_Ranking]] = defaultdict(list)
    for ranking in certain:
        found[ranking.best.place].append(ranking)
    return {place: sorted(rows, key=lambda row: -row.best.weight) for place, rows in found.items()}


def _match(ranking: _Ranking, index: Index, takers: dict[int, list[_Ranking]]) -> Match:
    """A second row for one person is that person only if it says the same of them; else somebody must look."""
    number, chances = ranking.line.number, ranking.chances()
    first = takers[ranking.best.place][0] if ranking.scored and ranking.best.place in takers else ranking
    repeats = None if first is ranking else first.line.number
    candidates = tuple(
        Candidate(index.people[one.place].id, one.evidence.codes, chance)
        for one, chance in list(zip(ranking.scored, chances, strict=True))[:MOST_SHOWN]
    )
    if ranking.is_certain and (repeats is None or _says_the_same(ranking.line, first.line)):
        return Match(number, Verdict.CERTAIN, candidates[:1], repeats)
    if sum(candidate.chance for candidate in candidates) < WORTH_A_LOOK:
        return Match(number, Verdict.NONE)
    shown = tuple(candidate for candidate in candidates if candidate.chance >= SHOWN)
    return Match(number, Verdict.LIKELY, shown or candidates[:1], repeats)


def _says_the_same(line: Line, first: Line) -> bool:
    """Whether two rows name a person alike and contradict each other in nothing."""
    is_name = name_of(line.name).normal == name_of(first.name).normal
    is_birth = not line.birth_year or not first.birth_year or line.birth_year == first.birth_year
    is_sex = not line.sex or not first.sex or line.sex == first.sex
    return is_name and is_birth and is_sex

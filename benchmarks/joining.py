"""How well and how fast lists are joined to a ledger: `python -m benchmarks.joining [--seed N ...] [--people N]`.

The ledger is the demonstration's invented garden, the lists are those of `benchmarks.lists`, whose first lines give
the noise. An automatic match is right if the row was written from that very person. Precision: right ones of the
automatic matches. Recall: right ones of the rows that have a person in the ledger. The baseline of the same run takes
whoever bears exactly the row's name behind exactly its door.
"""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import django

NO_DATABASE = {
    "HAITANG_DATABASE_URL": "postgresql:///none",
    "HAITANG_SECRET_KEY": "none",
}  # it is never opened
if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "haitang.config.settings"
    os.environ.update(NO_DATABASE)
    django.setup()

from benchmarks import lists  # noqa: E402
from haitang.registry import joining  # noqa: E402
from haitang.registry.joining import Verdict  # noqa: E402

SEEDS = (2022, 1, 2, 3, 4)
HEADINGS = (
    *("seed", "method", "ledger", "rows", "automatic", "precision", "recall"),
    *("to review", "meant one among them", "missed", "seconds"),
)
Rows = Sequence[lists.Row]
Joined = list[tuple[Verdict, tuple[UUID, ...]]]


@dataclass(frozen=True)
class Figures:
    """What one method made of one list. `missed`: rows with a person in the ledger that it calls unknown."""

    rows: int
    automatic: int
    right: int
    known: int
    review: int
    found: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / self.automatic if self.automatic else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.known if self.known else 1.0


def joined(rows: Rows, ledger: Sequence[lists.Listed]) -> Joined:
    """Our own way."""
    return [
        (match.verdict, tuple(candidate.person for candidate in match.candidates))
        for match in joining.match(rows, ledger)
    ]


def exact(rows: Rows, ledger: Sequence[lists.Listed]) -> Joined:
    """The baseline: exactly this name behind exactly this door, and nobody else there of that name."""
    bearers = Counter((person.building, person.room, person.name) for person in ledger)
    found = {(person.building, person.room, person.name): person.id for person in ledger}
    keys = [(row.building, row.room, row.name) for row in rows]
    return [(Verdict.CERTAIN, (found[key],)) if bearers[key] == 1 else (Verdict.NONE, ()) for key in keys]


def figures(rows: Rows, outcome: Joined) -> Figures:
    """Count what a method made of rows whose person is known."""
    pairs = list(zip(rows, outcome, strict=True))
    certain = [(row, people) for row, (verdict, people) in pairs if verdict == Verdict.CERTAIN]
    likely = [(row, people) for row, (verdict, people) in pairs if verdict == Verdict.LIKELY]
    return Figures(
        rows=len(rows),
        automatic=len(certain),
        right=sum(1 for row, people in certain if row.person == people[0]),
        known=sum(1 for row in rows if row.person),
        review=len(likely),
        found=sum(1 for row, people in likely if row.person in people),
        missed=sum(1 for row, (verdict, _people) in pairs if row.person and verdict == Verdict.NONE),
    )


def measure(seed: int, people: int, noise: float) -> None:
    ledger = lists.ledger(people, seed)
    rows = lists.written(ledger, seed, noise=noise)
    methods: dict[str, Callable[[Rows, Sequence[lists.Listed]], Joined]] = {
        "joining": joined,
        "exact name and door": exact,
    }
    for called, method in methods.items():
        start = time.perf_counter()
        outcome = method(rows, ledger)
        taken = time.perf_counter() - start
        found = figures(rows, outcome)
        cells = (
            *(f"{seed}", called, f"{len(ledger):,}", f"{found.rows:,}", f"{found.automatic:,}"),
            *(f"{found.precision:.4f}", f"{found.recall:.4f}", f"{found.review / found.rows:.1%}"),
            *(f"{found.found:,}", f"{found.missed:,}", f"{taken:.2f}"),
        )
        print(f"| {' | '.join(cells)} |")


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    reader.add_argument("--seed", type=int, nargs="*", default=SEEDS)
    reader.add_argument("--people", type=int, default=3500)
    reader.add_argument("--noise", type=float, default=1.0, help="times the noise of benchmarks.lists")
    chosen = reader.parse_args(arguments)
    print(f"| {' | '.join(HEADINGS)} |\n|---:|---|{'---:|' * (len(HEADINGS) - 2)}")
    for seed in chosen.seed:
        measure(seed, chosen.people, chosen.noise)


if __name__ == "__main__":
    main(sys.argv[1:])

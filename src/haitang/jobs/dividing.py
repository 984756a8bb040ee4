"""The list of a whole town from the command line: divided by its compounds, each loaded by itself."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, fields
from multiprocessing import get_context
from pathlib import Path
from typing import BinaryIO

import click
from django.utils import timezone

from haitang.core.actor import Actor
from haitang.jobs import lifeline, telling
from haitang.operations import services as operations
from haitang.registry import ledger, queries, services
from haitang.registry.queries import Area
from haitang.registry.services import Comparison, Figures

MOST_ERRORS = 10  # of one compound
MOST_NAMES = 50
MOST_CHOICES = 5
WORTH_A_PROCESS = 20_000  # rows
MOST_PROCESSES = 2


@dataclass(frozen=True, slots=True)
class AreaLoading:
    """One file on its way into the compounds of an area."""

    file: Path
    area: Area
    by: Actor
    is_dry_run: bool

    def run(self) -> bool:
        """Load it, saying what came of it; whether every row was loaded. Raises ledger.Unreadable."""
        told: list[str] = []
        with ledger.Spool() as spool:
            try:
                with click.progressbar(length=2 * ledger.guess_rows(self._open), label=self.file.name) as bar:
                    places = queries.ledger_places(self.area)
                    division = ledger.divide(self._open, self.file.name, places, spool, seen=bar.update)
                    bar.length = (
                        2 * bar.pos
                    )  # each row is read once and loaded once, and now we know how many
                    told += _about(division)
                    for done, lines in self._load(division, spool):
                        told += lines
                        bar.update(done)
            finally:  # what is loaded stays loaded, whatever ends us
                click.echo("\n".join(told))
        return not (division.errors or division.lost or division.too_long)

    def _open(self) -> BinaryIO:
        return self.file.open("rb")

    def _load(self, division: ledger.Division, spool: ledger.Spool) -> Iterator[tuple[int, list[str]]]:
        """After each compound how many rows are done, and what to say."""
        if division.errors:
            return
        compounds = {compound.path: compound for compound in queries.compounds_below([self.area.path])}
        with self.file.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        total = Figures(0, 0, 0, 0, 0, 0, {})
        with _readers(division.rows) as executor:
            year = timezone.now().year
            for part, reading in ledger.read_parts(division, spool, executor, this_year=year):
                found = self._import(compounds[part.path], reading, sha256)
                total = _sum(total, found.figures)
                yield part.rows, list(_about_part(compounds[part.path], found))
        yield division.lost, [*_about_lost(division, self.area), telling.of_figures("In all", total)]

    def _import(self, compound: Area, reading: ledger.Reading, sha256: str) -> Comparison:
        if self.is_dry_run:
            return services.compare_reading(compound, reading, by=self.by)
        now, name = timezone.now(), self.file.name
        return operations.import_reading(compound, reading, name=name, sha256=sha256, by=self.by, now=now)


@contextmanager
def _readers(rows: int) -> Iterator[Executor | None]:
    """Processes that read beside us, where that is worth their start."""
    if rows < WORTH_A_PROCESS:
        yield None
        return
    number = min(MOST_PROCESSES, os.cpu_count() or 1)
    executor = ProcessPoolExecutor(
        max_workers=number,
        mp_context=get_context("spawn"),
        initializer=lifeline.tie_to,
        initargs=(os.getpid(),),
    )
    try:
        with lifeline.deaf_to_ctrl_c():
            for _process in range(number):
                executor.submit(os.getpid)  # each task starts one, while none is idle
        yield executor
    except BrokenProcessPool as fault:
        raise click.ClickException(
            "A process that read the file has ended, perhaps for want of memory. What was loaded is kept; "
            "load the file again."
        ) from fault
    finally:
        executor.shutdown(cancel_futures=True)


def _about(division: ledger.Division) -> Iterator[str]:
    yield from telling.of_columns(division.heads.columns)
    for note in division.notes:
        yield f"  {note}"
    yield from telling.of_errors(division.errors, most=MOST_ERRORS)


def _about_part(compound: Area, found: Comparison) -> Iterator[str]:
    yield telling.of_figures(f"{compound.path} {compound.name}", found.figures)
    for note in found.reading.notes:
        yield f"  {note}"
    yield from telling.of_errors(found.errors, most=MOST_ERRORS)


def _about_lost(division: ledger.Division, area: Area) -> Iterator[str]:
    """What was not loaded, by the names it gives."""
    for part in division.too_long:
        yield f"{part.path} has {part.rows:,} rows; the most for one compound is {ledger.MOST_ROWS:,}. Not loaded."
    for name, known in division.ambiguous.items():
        choices = ", ".join(known.choices[:MOST_CHOICES]) + ", …" * (len(known.choices) > MOST_CHOICES)
        yield (
            f"Not loaded: {known.rows:,} rows of {name}, which is the name of {len(known.choices)} compounds "
            f"({choices}). Give the codes, or a column 社区 (community) that tells them apart."
        )
    if division.unknown:
        yield f"Not loaded: {division.unknown.total():,} rows that name no compound of {area.name}:"
    for name, rows in division.unknown.most_common(MOST_NAMES):
        yield f"  {name}: {rows:,}"
    if len(division.unknown) > MOST_NAMES:
        yield f"  ... and {len(division.unknown) - MOST_NAMES:,} more names."
    if division.nameless:
        yield f"Not loaded: {division.nameless:,} rows without the name of a compound."


def _sum(one: Figures, other: Figures) -> Figures:
    names = [each.name for each in fields(Figures) if each.name != "codes"]
    sums = {name: getattr(one, name) + getattr(other, name) for name in names}
    return Figures(**sums, codes=dict(Counter(one.codes) + Counter(other.codes)))

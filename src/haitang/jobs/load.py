"""`haitang load`: read ledgers into a compound from the command line, saying what each file says."""

import getpass
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from django.utils import timezone, translation

from haitang.core import reach
from haitang.core.actor import Actor, operator
from haitang.core.refusal import Invalid
from haitang.jobs.database import with_database
from haitang.operations import services as operations
from haitang.registry import ledger, queries, services
from haitang.registry.queries import Area
from haitang.registry.services import Comparison

MOST_ERRORS = 200
ANSWER = re.compile(r"(?P<column>[A-Za-z]{1,3}):(?P<code>[^=]+)=(?P<meaning>\w+)")
LANGUAGE = "en"  # as all of the command line speaks


@dataclass(frozen=True, slots=True)
class Loading:
    """One file on its way into a compound."""

    file: Path
    compound: Area
    by: Actor
    is_dry_run: bool
    answers: ledger.Answers

    def run(self) -> Comparison:
        """Hold the file against the ledger and, unless it is a dry run, import it. Raises ledger.Unreadable, and
        Invalid for an answer to what the file doesn't ask."""
        with click.progressbar(length=3, label=self.file.name) as bar:
            content = self._content()
            bar.update(1)
            now, name = timezone.now(), self.file.name
            found = services.compare_ledger(
                self.compound, content, name=name, answers=self.answers, by=self.by, now=now
            )
            bar.update(1)
            if not self.is_dry_run:
                given = services.preview_ledger(self.compound, content, name=name, by=self.by, now=now)
                if self.answers:
                    services.answer_questions(given.pk, self.answers, by=self.by, now=now)
                operations.import_ledger(given.pk, by=self.by, now=now)
            bar.update(1)
        return found

    def _content(self) -> bytes:
        ledger.check_size(self.file.stat().st_size, self.file.name)
        return self.file.read_bytes()


@click.command()
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(dir_okay=False, path_type=Path)
)
@click.option(
    "--compound",
    "called",
    required=True,
    metavar="COMPOUND",
    help="Its codes from the city down, its code or its name.",
)
@click.option(
    "--answer",
    "said",
    multiple=True,
    metavar="COLUMN:CODE=MEANING",
    help="What a code stands for, such as F:0=yes; the questions are printed with each file. Repeatable.",
)
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Say what would happen; write nothing.")
@with_database
def command(files: tuple[Path, ...], called: str, said: tuple[str, ...], is_dry_run: bool) -> None:
    """Read ledgers (CSV, XLSX, XLS, ODS) into a compound.

    Good rows are kept; each error is listed with what to do. Loading a file twice changes nothing. Codes whose
    meaning only the file's people know, such as 0 under 是否户主, are left out until --answer says it.
    Exit status 1 if a file could not be read at all.
    """
    compound, by, answers = _compound(called), operator(getpass.getuser()), _answers(said)
    with translation.override(LANGUAGE), reach.within(reach.EVERYWHERE):
        read = [_load(Loading(file, compound, by, is_dry_run, answers)) for file in files]
    raise SystemExit(0 if all(read) else 1)


def _answers(said: tuple[str, ...]) -> ledger.Answers:
    """F:0=yes as {"F": {"0": "yes"}}."""
    answers: dict[str, dict[str, str]] = {}
    for text in said:
        parts = ANSWER.fullmatch(text)
        if not parts:
            raise click.BadParameter(
                f"{text}: write it as F:0=yes, column, code and meaning.", param_hint="--answer"
            )
        answers.setdefault(parts["column"].upper(), {})[parts["code"]] = parts["meaning"]
    return answers


def _compound(called: str) -> Area:
    found = queries.compounds_called(called)
    if not found:
        raise click.ClickException(
            f"There is no compound {called}: give its codes, such as 32/05/08/001/garden."
        )
    if len(found) > 1:
        paths = ", ".join(area.path for area in found[:10])
        raise click.ClickException(f"{len(found)} compounds are called {called}; say which: {paths}")
    return found[0]


def _load(loading: Loading) -> bool:
    """Whether the file could be read."""
    try:
        found = loading.run()
    except ledger.Unreadable as no:
        click.echo(str(no.message), err=True)
        return False
    except Invalid as no:
        click.echo(f"{loading.file.name}: {' '.join(map(str, no.errors.values()))}", err=True)
        return False
    except OSError as no:
        click.echo(f"Can't open {loading.file}: {no.strerror}.", err=True)
        return False
    for line in _told(loading, found):
        click.echo(line)
    return True


def _told(loading: Loading, found: Comparison) -> Iterator[str]:
    for column in found.reading.columns:
        heading = f"{column.letter} {column.header}".strip()
        yield f"  {heading}: {column.label if column.field else f'left out. {column.dropped_because}'}"
    for question in found.reading.questions:
        yield from _asked(question)
    for note in found.reading.notes:
        yield f"  {note}"
    for error in found.errors[:MOST_ERRORS]:
        where = f"row {error.row}, {error.column}" if error.column else f"row {error.row}"
        yield f"  {where}: {error.message} {error.remedy}"
    if len(found.errors) > MOST_ERRORS:
        yield f"  ... and {len(found.errors) - MOST_ERRORS:,} more errors."
    figures = found.figures
    yield (
        f"{loading.compound.name}. New: buildings {figures.buildings:,}, doors {figures.households:,}, "
        f"people {figures.people:,}. People changed: {figures.changed:,}. As before: {figures.same:,}. "
        f"Errors: {figures.errors:,}."
    )
    if loading.is_dry_run:
        yield "Nothing was written: this was a dry run."


def _asked(question: ledger.Question) -> Iterator[str]:
    """A question with the option that answers it spelled out for each meaning."""
    where = f"{question.letter} {question.header}".strip()
    for code in question.codes:
        stands = f"  {where}: the value {code.code} stands in {code.count:,} rows"
        if code.meaning:
            yield f"{stands} and was said to mean {ledger.MEANINGS[code.meaning]}."
        else:
            ways = " or ".join(f'--answer "{question.letter}:{code.code}={one}"' for one in question.meanings)
            yield f"{stands} and was left out. What does it mean? {ways}"

"""`haitang load`: read ledgers into a compound from the command line, saying what each file says."""

import getpass
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
from django.utils import timezone, translation

from haitang.core import reach
from haitang.core.actor import Actor, operator
from haitang.core.refusal import Invalid
from haitang.jobs import telling
from haitang.jobs.database import with_database
from haitang.jobs.dividing import AreaLoading
from haitang.operations import services as operations
from haitang.registry import ledger, queries, services
from haitang.registry.queries import Area
from haitang.registry.services import Comparison

MOST_ERRORS = 200
ANSWER = re.compile(r"(?P<column>[A-Za-z]{1,3}):(?P<code>[^=]+)=(?P<meaning>\w+)")
DRY_RUN = "Nothing was written: this was a dry run."
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
    "--compound", "compound", metavar="COMPOUND", help="Its codes from the city down, its code or its name."
)
@click.option(
    "--area",
    "area",
    metavar="AREA",
    help="A community, town, district or city: each row names its compound, in a column such as 小区.",
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
def command(
    files: tuple[Path, ...], compound: str | None, area: str | None, said: tuple[str, ...], is_dry_run: bool
) -> None:
    """Read ledgers (CSV, XLSX, XLS, ODS) into a compound, or the list of a whole area into its compounds.

    Good rows are kept; each error is listed with what to do. Loading a file twice changes nothing. Codes whose
    meaning only the file's people know, such as 0 under 是否户主, are left out until --answer says it.
    Exit status 1 if a file could not be read at all, or if rows of an area's list found no compound.
    """
    if (compound is None) == (area is None):
        raise click.UsageError("Say where the ledger belongs: --compound or --area.")
    if area is not None and said:
        raise click.UsageError("--answer goes with --compound: write words for codes in the list of an area.")
    by, answers = operator(getpass.getuser()), _answers(said)
    with translation.override(LANGUAGE), reach.within(reach.EVERYWHERE):
        if area is not None:
            place = _area(area)
            acts = [partial(_divide, AreaLoading(file, place, by, is_dry_run)) for file in files]
        else:
            home = _compound(compound or "")
            acts = [partial(_load, Loading(file, home, by, is_dry_run, answers)) for file in files]
        done = [_is_done(act, file) for act, file in zip(acts, files, strict=True)]
    raise SystemExit(0 if all(done) else 1)


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
    return _only(queries.compounds_called(called), called, "compound", "32/05/08/001/garden")


def _area(called: str) -> Area:
    return _only(queries.areas_called(called), called, "area", "32/05/08")


def _only(found: list[Area], called: str, what: str, example: str) -> Area:
    if not found:
        raise click.ClickException(f"There is no {what} {called}: give its codes, such as {example}.")
    if len(found) > 1:
        paths = ", ".join(area.path for area in found[:10])
        raise click.ClickException(f"{len(found)} {what}s are called {called}; say which: {paths}")
    return found[0]


def _load(loading: Loading) -> bool:
    """Whether the file could be read."""
    for line in _told(loading, loading.run()):
        click.echo(line)
    return True


def _divide(loading: AreaLoading) -> bool:
    """Whether all of the file was loaded."""
    is_whole = loading.run()
    if loading.is_dry_run:
        click.echo(DRY_RUN)
    return is_whole


def _is_done(act: Callable[[], bool], file: Path) -> bool:
    """What `act` says, or False when the file can't be read, which is said."""
    try:
        return act()
    except ledger.Unreadable as no:
        click.echo(str(no.message), err=True)
    except Invalid as no:
        click.echo(f"{file.name}: {' '.join(map(str, no.errors.values()))}", err=True)
    except OSError as no:
        click.echo(f"Can't open {file}: {no.strerror}.", err=True)
    return False


def _told(loading: Loading, found: Comparison) -> Iterator[str]:
    yield from telling.of_columns(found.reading.columns)
    for question in found.reading.questions:
        yield from _asked(question)
    for note in found.reading.notes:
        yield f"  {note}"
    yield from telling.of_errors(found.errors, most=MOST_ERRORS)
    yield telling.of_figures(loading.compound.name, found.figures)
    if loading.is_dry_run:
        yield DRY_RUN


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

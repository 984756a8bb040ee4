"""`haitang verify-journal`: check every chain of the journal, and write it out for anyone else to check."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any

import click

from haitang.core import journal
from haitang.jobs.database import with_database

MEANING = {
    "altered": "is not what was written",
    "unlinked": "does not continue the row before it: one of the two was replaced",
    "removed": "comes after a gap: rows before it were removed",
    "reordered": "was written before the row before it",
    "head": "is the last row, but the chain's head says otherwise: rows were cut off or added",
}
MOST_SHOWN = 50


def exported(rows: Iterator[dict[str, Any]], file: IO[str] | None) -> Iterator[dict[str, Any]]:
    """The rows as they pass, each written as one line of JSON when there is a file."""
    for row in rows:
        if file is not None:
            file.write(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n")
        yield row


def examine(path: str, file: IO[str] | None) -> tuple[int, list[journal.Flaw]]:
    """How many rows were checked and what is wrong; writes rows and then heads to `file`."""
    known_heads: dict[str, journal.End] = {}
    length = journal.below(path).count()
    with click.progressbar(length=length, label="Journal · 日志") as bar:
        checked = 0

        def counted() -> Iterator[dict[str, Any]]:
            nonlocal checked
            for row in exported(journal.stored(path, known_heads), file):
                checked += 1
                if checked % 1000 == 0:
                    bar.update(1000)
                yield row

        found = list(journal.flaws(counted(), known_heads))
        bar.update(length - bar.pos)
    if file is not None:
        for chain, (seq, end) in sorted(known_heads.items()):
            file.write(json.dumps({"head": chain, "seq": seq, "hash": end}, ensure_ascii=False) + "\n")
    return checked, found


@click.command()
@click.option("--path", default="", help="Only chains at and below this area's path, such as 3205/320508/.")
@click.option(
    "--export",
    "target",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Also write rows and heads to this file, one JSON object a line, for scripts/verify_journal.py.",
)
@with_database
def command(path: str, target: Path | None) -> None:
    """Check that no row of the journal was altered, removed or reordered; exit status 1 if one was."""
    try:
        with target.open("w", encoding="utf-8") if target else nullcontext() as file:
            checked, found = examine(path, file)
    except OSError as problem:
        raise click.ClickException(
            f"Nothing was checked: can't write {target}: {problem.strerror}."
        ) from problem
    if path and not checked and not found:
        raise click.ClickException(f"The journal has no row at or below {path}: check the path.")
    for flaw in found[:MOST_SHOWN]:
        click.echo(f"{flaw.chain} row {flaw.seq} {MEANING[flaw.what]}.")
    if len(found) > MOST_SHOWN:
        click.echo(f"... and {len(found) - MOST_SHOWN} more.")
    click.echo(f"{checked} rows checked, {len(found)} flaws.")
    if target is not None:
        click.echo(f"Written to {target}.")
    raise SystemExit(1 if found else 0)

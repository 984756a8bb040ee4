"""`haitang plan`: answer one of the planner's questions from a file; no database, no Django."""

import contextlib
import json
import math
import os
import sys
from pathlib import Path
from typing import Any

import click

from haitang.planning import BadInput, kinds

DIGITS = (
    300  # a longer whole number is beyond all broken ones, and Python refuses to read thousands of digits
)


def _whole(digits: str) -> int | float:
    """A whole number, or infinity for one that nothing can be counted with, so that its path gets named."""
    return int(digits) if len(digits) <= DIGITS else float(digits)


def _read(source: Path) -> dict[str, Any]:
    try:
        data = json.loads(_bytes(source).decode("utf-8-sig"), parse_int=_whole)
    except UnicodeDecodeError as problem:
        raise BadInput(f"not UTF-8: {problem.reason} at byte {problem.start}") from problem
    except json.JSONDecodeError as problem:
        raise BadInput(f"not JSON: {problem.msg} in line {problem.lineno}") from problem
    except RecursionError as problem:
        raise BadInput("$: lists or objects lie too deep within each other") from problem
    if not isinstance(data, dict):
        raise BadInput("$: must be an object")
    return data


def _bytes(source: Path) -> bytes:
    return sys.stdin.buffer.read() if str(source) == "-" else source.read_bytes()


def write(answer: dict[str, Any], target: Path | None) -> None:
    """The answer as JSON into a file or on the screen. Raises ValueError for a number that JSON does not have."""
    text = json.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    if target is None:
        click.echo(text, nl=False)
        return
    # Moved into place, so that whoever reads it never sees half an answer.
    partial = target.with_name(target.name + ".part")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(target)
    except OSError as problem:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise click.UsageError(f"can't write {target}: {problem.strerror}") from problem


def _finite(context: click.Context, option: click.Parameter, seconds: float) -> float:
    if not math.isfinite(seconds):
        raise click.BadParameter("must be a finite number")
    return seconds


def _in_a_folder(context: click.Context, option: click.Parameter, target: Path | None) -> Path | None:
    """Asked before planning, so that nobody waits for an answer that has nowhere to go."""
    if target is not None and not os.access(target.parent, os.W_OK):
        raise click.BadParameter(f"can't write into the folder {target.parent}")
    return target


@click.command()
@click.argument("kind", type=click.Choice(sorted(kinds.NAMES)))
@click.argument(
    "source", metavar="IN.json", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_in_a_folder,
    help="File for the answer; else it is printed.",
)
@click.option(
    "--seconds",
    default=10.0,
    show_default=True,
    type=click.FloatRange(min=0.1),
    callback=_finite,
    help="Time limit.",
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(min=0),
    help="Same input and seed, same answer.",
)
@click.option("--explain", metavar="ID", help="Print why this building, trip or person got what it got.")
def command(
    kind: str, source: Path, output: Path | None, seconds: float, seed: int, explain: str | None
) -> None:
    """Answer KIND for IN.json (- reads standard input); exit status 2 and no answer if it is not right.

    The answer's value is the sum of the terms it names, and no plan costs less than its bound. In coverage with
    an earlier answer as "previous", both also hold the term "changes": 60 (or weights.change) for each building
    that a steward who is still there had before, and now another has, or nobody.
    """
    question = kinds.kind(kind)
    try:
        problem = question.read(_read(source))
        answer = question.solve(problem, seconds=seconds, seed=seed)
        reasons = question.explain(problem, answer, explain) if explain else None
    except BadInput as wrong:
        click.echo(f"{source}: {wrong}", err=True)
        raise SystemExit(2) from wrong
    if output is not None or reasons is None:
        write(answer.as_dict(), output)
    if reasons is not None:
        write(reasons, None)

"""`haitang plan`: answer one of the planner's questions from a file, or check an answer; no database, no Django."""

import contextlib
import functools
import importlib
import json
import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from haitang.planning import BadInput, kinds
from haitang.planning.checking import check

DIGITS = (
    300  # a longer whole number is beyond all broken ones, and Python refuses to read thousands of digits
)


def _whole(digits: str) -> int | float:
    """A whole number, or infinity for one that nothing can be counted with, so that its path gets named."""
    return int(digits) if len(digits) <= DIGITS else float(digits)


def _read(source: Path) -> Any:
    try:
        return json.loads(_bytes(source).decode("utf-8-sig"), parse_int=_whole)
    except UnicodeDecodeError as problem:
        raise BadInput(f"not UTF-8: {problem.reason} at byte {problem.start}") from problem
    except json.JSONDecodeError as problem:
        raise BadInput(f"not JSON: {problem.msg} in line {problem.lineno}") from problem
    except RecursionError as problem:
        raise BadInput("$: lists or objects lie too deep within each other") from problem


def _read_object(source: Path) -> dict[str, Any]:
    data = _read(source)
    if not isinstance(data, dict):
        raise BadInput("$: must be an object")
    return data


@contextlib.contextmanager
def _refusing(source: Path) -> Iterator[None]:
    """What can't be planned with is told in one line, with exit status 2."""
    try:
        yield
    except BadInput as wrong:
        click.echo(f"{source}: {wrong}", err=True)
        raise SystemExit(2) from wrong


def _bytes(source: Path) -> bytes:
    return sys.stdin.buffer.read() if str(source) == "-" else source.read_bytes()


def write(answer: dict[str, Any], target: Path | None) -> None:
    """The answer as JSON into a file or on the screen. Raises ValueError for a number that JSON does not have."""
    text = json.dumps(answer, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    if target is None:
        click.echo(text, nl=False)
    else:
        _place(text.encode(), target)


def _place(content: bytes, target: Path) -> None:
    """Moved into place, so that whoever reads it never sees half a file."""
    partial = target.with_name(target.name + ".part")
    try:
        partial.write_bytes(content)
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


def _a_picture(context: click.Context, option: click.Parameter, target: Path | None) -> Path | None:
    if target is not None and target.suffix.lower() not in PICTURES:
        raise click.BadParameter(f"must end with {' or '.join(PICTURES)}, is {target.name!r}")
    return _in_a_folder(context, option, target)


PICTURES = (".svg", ".html")
SOURCE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
DECIDES = {
    "coverage": "Which steward looks after which buildings, with a backup each.",
    "surge": "Who goes to which post in which slot.",
    "roster": "Who works which shift over days, within rest rules.",
    "buses": "Which coach loads whom, where, when, in how many trips.",
    "round": "Stations, lanes, staff and a time slot for each building.",
    "match": "Which offer serves which need.",
}
PARAMETERS: list[click.Parameter] = [
    click.Argument(["source"], metavar="IN.json", type=SOURCE),
    click.Option(
        ["-o", "--output"],
        type=click.Path(dir_okay=False, path_type=Path),
        callback=_in_a_folder,
        help="File for the answer; else it is printed.",
    ),
    click.Option(
        ["--seconds"],
        default=10.0,
        show_default=True,
        type=click.FloatRange(min=0.1),
        callback=_finite,
        help="Time limit.",
    ),
    click.Option(
        ["--seed"],
        default=0,
        show_default=True,
        type=click.IntRange(min=0),
        help="Same input and seed, same answer.",
    ),
    click.Option(
        ["--explain"], metavar="ID", help="Print why this building, trip or person got what it got."
    ),
    click.Option(
        ["--plot"],
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        callback=_a_picture,
        help="Draw the plan as well, into FILE.svg or a page FILE.html.",
    ),
]


@click.group()
def command() -> None:
    """Answer a planning question for IN.json (- reads standard input), or check an answer.

    Exit status 2 and no answer if the input is not right.

    The answer's value is the sum of the terms it names, and no plan costs less than its bound. In coverage with
    an earlier answer as "previous", both also hold the term "changes": 60 (or weights.change) for each building
    that a steward who is still there had before, and now another has, or nobody.
    """


def _answer(
    kind: str,
    *,
    source: Path,
    output: Path | None,
    seconds: float,
    seed: int,
    explain: str | None,
    plot: Path | None,
) -> None:
    question = kinds.kind(kind)
    with _refusing(source):
        data = _read_object(source)
        problem = question.read(data)
        answer = question.solve(problem, seconds=seconds, seed=seed)
        reasons = question.explain(problem, answer, explain) if explain else None
    if output is not None or reasons is None:
        write(answer.as_dict(), output)
    if reasons is not None:
        write(reasons, None)
    if plot is not None:
        # Drawing takes a second to load, and most plans are not drawn.
        plotting = importlib.import_module("haitang.planning.plotting")
        _place(plotting.draw(data, answer.as_dict(), plot.suffix.lower()), plot)


for _kind in kinds.NAMES:
    command.add_command(
        click.Command(
            _kind, params=PARAMETERS, callback=functools.partial(_answer, _kind), help=DECIDES[_kind]
        )
    )


@command.command("check")
@click.argument("source", metavar="IN.json", type=SOURCE)
@click.argument("answer", metavar="OUT.json", type=SOURCE)
def _check(source: Path, answer: Path) -> None:
    """Say whether the answer OUT.json to the question IN.json holds, and all that is wrong with it.

    Every rule and the value are computed again from IN.json alone. Exit status 0 if the plan holds, 1 if not,
    2 if one of the files can't be read.
    """
    with _refusing(answer):
        told = _read(answer)
    with _refusing(source):
        findings = check(_read_object(source), told)
    for finding in findings:
        click.echo(str(finding))
    if findings:
        raise SystemExit(1)
    bound = "none" if told["bound"] is None else f"{told['bound']:.6f}"
    gap = "none" if told["gap"] is None else f"{told['gap']:.4%}"
    click.echo(f"holds: value {told['value']['total']:.6f}, bound {bound}, gap {gap}")

"""`haitang plan`: answer one of the planner's questions from a file; no database, no Django."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from haitang.planning import BadInput
from haitang.planning.kinds import KINDS


def _read(source: Path) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if str(source) == "-" else source.read_text(encoding="utf-8")
        data = json.loads(text)
    except UnicodeDecodeError as problem:
        raise BadInput(f"not UTF-8: {problem.reason} at byte {problem.start}") from problem
    except json.JSONDecodeError as problem:
        raise BadInput(f"not JSON: {problem.msg} in line {problem.lineno}") from problem
    if not isinstance(data, dict):
        raise BadInput("$: must be an object")
    return data


def _write(answer: dict[str, Any], target: Path | None) -> None:
    text = json.dumps(answer, ensure_ascii=False, indent=2) + "\n"
    if target is None:
        click.echo(text, nl=False)
        return
    # Moved into place, so that whoever reads it never sees half an answer.
    partial = target.with_name(target.name + ".part")
    partial.write_text(text, encoding="utf-8")
    partial.replace(target)


@click.command()
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.argument(
    "source", metavar="IN.json", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File for the answer; else it is printed.",
)
@click.option(
    "--seconds", default=10.0, show_default=True, type=click.FloatRange(min=0.1), help="Time limit."
)
@click.option("--seed", default=0, show_default=True, help="Same input and seed, same answer.")
@click.option("--explain", metavar="ID", help="Print why this building, trip or person got what it got.")
def command(
    kind: str, source: Path, output: Path | None, seconds: float, seed: int, explain: str | None
) -> None:
    """Answer KIND for IN.json (- reads standard input); exit status 2 and no answer if it is not right."""
    question = KINDS[kind]
    try:
        problem = question.read(_read(source))
        answer = question.solve(problem, seconds=seconds, seed=seed)
        reasons = question.explain(problem, answer, explain) if explain else None
    except BadInput as wrong:
        click.echo(f"{source}: {wrong}", err=True)
        raise SystemExit(2) from wrong
    if output is not None or reasons is None:
        _write(answer.as_dict(), output)
    if reasons is not None:
        _write(reasons, None)

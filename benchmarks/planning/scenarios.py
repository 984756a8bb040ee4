"""All six questions in `scenarios/`, planned and checked: `python -m benchmarks.planning.scenarios [KIND...]`.

Prints a line for each: value, bound, gap, seconds, what could not be met, and what the checker says of it.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from haitang.planning import kinds
from haitang.planning.checking import check

FOLDER = Path(__file__).resolve().parent.parent.parent / "scenarios"
SECONDS = {"coverage": 2, "surge": 10, "roster": 20, "buses": 20, "round": 5, "match": 1}
HEADINGS = ("scenario", "value", "bound", "gap", "seconds", "unmet", "checked")


def planned(file: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """A question and its answer, within the seconds of its kind."""
    question = json.loads(file.read_text(encoding="utf-8"))
    kind = kinds.kind(question["kind"])
    answer = kind.solve(kind.read(question), seconds=SECONDS[question["kind"]], seed=0).as_dict()
    return question, json.loads(json.dumps(answer))


def line(file: Path) -> tuple[str, ...]:
    """The cells of a table's row."""
    question, answer = planned(file)
    findings = check(question, answer)
    bound, gap = answer["bound"], answer["gap"]
    return (
        f"`{file.relative_to(FOLDER)}`",
        f"{answer['value']['total']:,.1f}",
        "none" if bound is None else f"{bound:,.1f}",
        "none" if gap is None else f"{gap:.2%}",
        f"{answer['seconds']:.1f}",
        str(sum(entry["how_many"] for entry in answer["unmet"])),
        f"{len(findings)} findings" if findings else "holds",
    )


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    reader.add_argument("kinds", nargs="*", metavar="KIND", choices=[*kinds.NAMES, []])
    wanted = reader.parse_args(arguments).kinds or list(kinds.NAMES)
    print("| " + " | ".join(HEADINGS) + " |\n|---|" + "---:|" * (len(HEADINGS) - 2) + "---|")
    for kind in wanted:
        for file in sorted(FOLDER.glob(f"*/{kind}.json")):
            print("| " + " | ".join(line(file)) + " |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

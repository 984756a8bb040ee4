"""Writes the questions in `scenarios/`: `python -m scripts.scenarios`. The same every time; a test holds them to it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import django

from benchmarks.planning import city, garden

FOLDER = Path(__file__).resolve().parent.parent / "scenarios"


@cache
def questions() -> Mapping[str, dict[str, Any]]:
    """The questions by the name of their file. Django must be set up."""
    return {
        "tianchen-garden/coverage.json": garden.coverage(),
        "tianchen-garden/round.json": garden.sampling(),
        "tianchen-garden/match.json": garden.relief(),
        "kunshan/surge.json": city.surge(),
        "kunshan/roster.json": city.roster(),
        "kunshan/buses.json": city.buses(),
    }


def text_of(question: Mapping[str, Any]) -> str:
    """A line for each building, person or demand, so that a change can be read."""
    members = [f"{json.dumps(key)}: {_lines(value)}" for key, value in question.items()]
    return "{\n" + ",\n".join(members) + "\n}\n"


def _lines(value: Any) -> str:
    if not isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return "[\n  " + ",\n  ".join(json.dumps(one, ensure_ascii=False) for one in value) + "\n]"


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "haitang.config.settings"
    os.environ.setdefault("HAITANG_DATABASE_URL", "postgresql:///none")
    os.environ.setdefault("HAITANG_SECRET_KEY", "none")
    django.setup()
    for name, question in questions().items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(text_of(question), encoding="utf-8")


if __name__ == "__main__":
    main()

"""How long finding somebody takes with a whole city in the databases: `python -m benchmarks.finding`.

    python -m benchmarks.finding [--compounds 1000] [--rounds 20] [--folder DIR]

The city is that of `benchmarks.pages` (in the same folder). A community's desk looks people up, with the journal rows
that leaves; the baseline is to open every name of the community and look through them, in the same run.
"""

import argparse
import importlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django

from benchmarks.pages import filled
from haitang.config import embedded

TYPED = (
    "王",
    "王伟",
    "伟",
    "wang",
    "wangw",
    "zhangsh",
    "ww",
    "zxh",
    "lj",
    "1501",
    "12-1501",
    "0102",
    "7777",
    "李静怡",
)


def milliseconds(act: Callable[[str], object], rounds: int) -> list[float]:
    """What each of `rounds` times all of TYPED took."""
    found = []
    for text in TYPED * rounds:
        start = time.perf_counter()
        act(text)
        found.append((time.perf_counter() - start) * 1000)
    return found


def measure(rounds: int) -> None:
    django.setup()  # only now is there a database to set it up for
    ways = importlib.import_module("benchmarks.looking")
    ways.look_up(TYPED[0])
    ours, baseline = milliseconds(ways.look_up, rounds), milliseconds(ways.look_through, 1)
    print("| way | p50 ms | p95 ms | p95 / baseline |\n|---|---:|---:|---:|")
    last = statistics.quantiles(baseline, n=20)[-1]
    for name, took in {"looked up": ours, "all names opened (baseline)": baseline}.items():
        p95 = statistics.quantiles(took, n=20)[-1]
        print(f"| {name} | {statistics.median(took):.1f} | {p95:.1f} | {p95 / last:.2f} |")


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    reader.add_argument("--compounds", type=int, default=1000)
    reader.add_argument("--rounds", type=int, default=20)
    reader.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "haitang-benchmark")
    chosen = reader.parse_args(arguments)
    os.environ["DJANGO_SETTINGS_MODULE"] = "haitang.config.settings"
    os.environ["HAITANG_DATA"] = str(chosen.folder)
    os.environ["HAITANG_DATABASE_URL"] = embedded.start(chosen.folder)
    try:
        filled(chosen.compounds, chosen.folder)
        measure(chosen.rounds)
    finally:
        embedded.stop(chosen.folder)


if __name__ == "__main__":
    main(sys.argv[1:])

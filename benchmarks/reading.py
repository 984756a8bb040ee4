"""How fast ledgers are read, as a ratio to the bare parser of the same file: `python -m benchmarks.reading`.

A compound's ledger is the demonstration's, in many handwritings, as XLSX and as CSV; each round reads another
drawing of it, so that nothing is remembered from the round before. The bare parser only splits the file into cells:
python-calamine for XLSX, Python's csv for CSV. The town's list (benchmarks.big_file) is divided by its compounds,
and each part read, in this process alone and with one and two processes beside it; its baseline is Python's csv
over the same file.
"""

import argparse
import csv
import io
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import python_calamine
import xlsxwriter

from benchmarks import big_file
from haitang.jobs.demonstration.neighbourhood import neighbourhood
from haitang.jobs.demonstration.spreadsheet import Cell, compound_rows
from haitang.registry import ledger

YEAR = 2026
Rows = list[list[Cell]]


def as_xlsx(rows: Rows) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("底册")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def as_csv(rows: Rows) -> bytes:
    content = io.StringIO()
    csv.writer(content).writerows(rows)
    return content.getvalue().encode()


def bare_xlsx(content: bytes) -> object:
    return python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def bare_csv(content: bytes) -> object:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def seconds(act: Callable[[], object]) -> float:
    """Of this process alone, so that others on the machine don't count."""
    started = time.process_time()
    act()
    return time.process_time() - started


def measure_compound(rounds: int) -> None:
    print("| ledger of a compound | people | s | rows a second | bare s | ours / bare |")
    print("|---|---:|---:|---:|---:|---:|")
    drawings = [compound_rows(neighbourhood(seed).garden, seed) for seed in range(rounds + 1)]
    for kind, write, bare in (("XLSX", as_xlsx, bare_xlsx), ("CSV", as_csv, bare_csv)):
        files = [write(rows) for rows in drawings]
        ledger.read(files.pop(), f"a.{kind}", this_year=YEAR)
        ours = statistics.median(
            seconds(partial(ledger.read, file, f"a.{kind}", this_year=YEAR)) for file in files
        )
        least = statistics.median(seconds(partial(bare, file)) for file in files)
        people = len(drawings[0]) - 2
        print(
            f"| {kind} | {people:,} | {ours:.3f} | {people / ours:,.0f} | {least:.4f} | {ours / least:.1f} |"
        )


def town(path: Path, rows: int, processes: int) -> tuple[float, float, int]:
    """Seconds to divide the list and to read its parts, and how many people they name."""
    compounds = [big_file.places(number) for number in range(big_file.compounds_in(rows))]
    known = [ledger.Place("/".join((*p[:8:2], p[8], "")), p[8], p[9], p[:8]) for p in compounds]
    context = get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context) if processes else nullcontext()
    with ledger.Spool() as spool, pool as executor:
        started = time.perf_counter()
        division = ledger.divide(partial(path.open, "rb"), path.name, known, spool, seen=lambda _rows: None)
        divided = time.perf_counter()
        assert not division.lost, (division.unknown.most_common(3), division.ambiguous)
        parts: Iterator[ledger.Reading] = (
            reading for _part, reading in ledger.read_parts(division, spool, executor, this_year=YEAR)
        )
        people = sum(len(reading.rows) for reading in parts)
        return divided - started, time.perf_counter() - divided, people


def measure_town(rows: int, folder: Path, kind: str) -> None:
    path = folder / f"town.{kind}"
    big_file.write_list(path, rows)
    bare = float("nan")
    if kind == "csv":
        with path.open(encoding="utf-8", newline="") as file:
            bare = seconds(lambda: sum(1 for _row in csv.reader(file)))
    print(
        f"\n| town's list as {kind.upper()} | rows | MB | divided s | read s | rows a second | bare s | MB peak |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for processes in (0, 1, 2):
        divided, read, people = town(path, rows, processes)
        peak = sum(
            resource.getrusage(of).ru_maxrss for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        size, rate = path.stat().st_size / 2**20, people / (divided + read)
        print(
            f"| {processes} processes beside | {people:,} | {size:.0f} | {divided:.1f} | {read:.1f} | {rate:,.0f} "
            f"| {bare:.1f} | {peak // 1024} |"
        )


def main(arguments: list[str]) -> None:
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    reader.add_argument("--rounds", type=int, default=7)
    reader.add_argument("--rows", type=int, default=big_file.ROWS)
    reader.add_argument("--kind", choices=["csv", "xlsx"], default="csv")
    chosen = reader.parse_args(arguments)
    print(f"{os.cpu_count()} cores\n")
    measure_compound(chosen.rounds)
    with tempfile.TemporaryDirectory() as folder:
        measure_town(chosen.rows, Path(folder), chosen.kind)


if __name__ == "__main__":
    main(sys.argv[1:])

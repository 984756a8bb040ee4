"""Throws hostile files at the reader of ledgers and says what came of it, as JSON; run as a program of its own,
so that what it needs of memory can be measured: `python -m tests.registry.fuzzing SEED FIRST LAST`."""

import json
import resource
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import django
from django.utils import translation

from haitang.registry import ledger
from haitang.registry.ledger.messages import UNREADABLE
from tests.registry import hostile_books, hostile_others, hostile_texts

KINDS = {**hostile_texts.KINDS, **hostile_books.KINDS, **hostile_others.KINDS}
LANGUAGES = ("en", "zh-hans")
BACKSTOP = 1 << 30  # no machine should suffer from a test: beyond this it fails with MemoryError


def hostile_file(seed: str, number: int) -> tuple[str, bytes]:
    """The kind and the content of one file; each number has its own, and the first numbers have every kind."""
    rng = Random(f"{seed}/{number}")
    chosen = list(KINDS)[number] if number < len(KINDS) else rng.choices(list(KINDS), list(KINDS.values()))[0]
    return f"{chosen.__module__.rpartition('_')[2]}.{chosen.__name__}", chosen(rng)


def verdict(content: bytes, name: str) -> str:
    """The code of the refusal, or "read". Raises whatever is wrong with the reader."""
    try:
        found = ledger.read(content, name, this_year=2026)
    except ledger.Unreadable as no:
        assert no.code in UNREADABLE
        _check_texts([no.message])
        return no.code
    errors = found.errors[:20]
    _check_texts([*found.notes, *(text for error in errors for text in (error.message, error.remedy))])
    assert all(row.name and row.room and row.building for row in found.rows)
    json.dumps(found.rows).encode()  # nothing that could not be sent or stored
    assert "\\u0000" not in json.dumps(found.rows)
    return "read"


def _check_texts(texts: list[object]) -> None:
    for language in LANGUAGES:
        with translation.override(language):
            for text in texts:
                said = str(text)
                assert said.strip()
                said.encode()


def _forget_peak() -> int:
    """Begins anew to watch for the largest size of this process; its present size in KiB (Linux only)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _size("VmRSS")


def _size(which: str) -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split(f"{which}:")[1].split()[0])


def run(seed: str, first: int, last: int) -> dict[str, Any]:
    """Reads the files of these numbers. `memory`: the most that one file took, in MiB, on top of what the process
    had before, with the largest process that the reader ever started."""
    counts: Counter[str] = Counter()
    faults: list[str] = []
    slowest, largest = (0.0, ""), (0, "")
    verdict("姓名,房号\n王芳,8-101\n".encode(), "底册.csv")  # everything is loaded that is loaded once
    for number in range(first, last):
        kind, content = hostile_file(seed, number)
        size, started = _forget_peak(), time.perf_counter()
        try:
            counts[verdict(content, f"{kind}.xlsx")] += 1
        except BaseException:
            faults.append(f"{kind} {number}: {traceback.format_exc(limit=-3)}")
        slowest = max(slowest, (time.perf_counter() - started, f"{kind} {number}"))
        largest = max(largest, (_size("VmHWM") - size, f"{kind} {number}"))
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    memory = (largest[0] + children) // 1024
    return {"counts": counts, "faults": faults, "slowest": slowest, "largest": largest, "memory": memory}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (BACKSTOP, BACKSTOP))
    django.setup()
    json.dump(run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])), sys.stdout)

"""Reads binary workbooks (XLS) in a process of their own, which may die without harm."""

import datetime
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from haitang.registry.ledger.limits import MIB, Account
from haitang.registry.ledger.messages import unreadable
from haitang.registry.ledger.references import Span
from haitang.registry.ledger.shapes import Cell

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
MEMORY = 200 * MIB
_PROGRAM = Path(__file__).with_name("isolated.py")
_SECONDS = 60
_REFUSALS = {3: "locked", 4: "too_much"}
_LOCKED_STREAM = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class BinarySheet:
    """A sheet of a binary workbook; `lines` are its rows in JSON, none when it is hidden or empty."""

    name: str
    is_shown: bool
    merged: tuple[Span, ...]
    lines: Sequence[bytes]
    formulas: int = 0

    def __iter__(self) -> Iterator[list[Cell]]:
        for line in self.lines:
            yield json.loads(line, object_hook=_date)


def read_sheets(content: bytes, account: Account) -> list[BinarySheet]:
    """All sheets of an XLS workbook. Raises Unreadable."""
    if _LOCKED_STREAM in content:
        raise unreadable("locked", name=account.name)
    caps = (account.limits.rows, account.limits.columns, MEMORY)
    command = [sys.executable, "-I", str(_PROGRAM), *map(str, caps)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as fault:
        raise unreadable("damaged", name=account.name) from fault
    if done.returncode:
        raise unreadable(_REFUSALS.get(done.returncode, "damaged"), name=account.name)
    return list(_sheets(iter(done.stdout.splitlines()), account))


def _sheets(lines: Iterator[bytes], account: Account) -> Iterator[BinarySheet]:
    for line in lines:
        told: dict[str, Any] = json.loads(line)
        if told["end"]:
            account.reach(told["name"], told["end"][0] + 1, told["end"][1] + 1)
        merged = tuple(((top, left), (bottom, right)) for (top, left), (bottom, right) in told["merged"])
        rows = [next(lines) for _row in range(told["rows"])]
        yield BinarySheet(told["name"], told["shown"], merged, rows)


def _date(told: dict[str, Any]) -> object:
    return datetime.date.fromisoformat(told["date"]) if told.keys() == {"date"} else told

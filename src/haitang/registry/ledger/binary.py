"""Reads binary workbooks (XLS) in a process of their own, which may die without harm."""

import datetime
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from haitang.registry.ledger.messages import unreadable
from haitang.registry.ledger.packages import MAX_COLUMNS, MAX_ROWS
from haitang.registry.ledger.shapes import Cell

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
_PROGRAM = Path(__file__).with_name("isolated.py")
_SECONDS = 60
_LOCKED = 3
_LOCKED_STREAM = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class BinarySheet:
    """A sheet of a binary workbook; `end` is the last cell's (row, column) from 0, None when it is empty."""

    name: str
    is_shown: bool
    end: tuple[int, int] | None
    rows: list[list[Cell]]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...]


def read_sheets(content: bytes, name: str) -> list[BinarySheet]:
    """All sheets of an XLS workbook, hidden ones without rows. Raises Unreadable."""
    if _LOCKED_STREAM in content:
        raise unreadable("locked", name=name)
    command = [sys.executable, "-I", str(_PROGRAM), str(MAX_ROWS), str(MAX_COLUMNS)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as fault:
        raise unreadable("damaged", name=name) from fault
    if done.returncode:
        raise unreadable("locked" if done.returncode == _LOCKED else "damaged", name=name)
    return [_sheet(told) for told in json.loads(done.stdout, object_hook=_date)]


def _sheet(told: dict[str, Any]) -> BinarySheet:
    merged = tuple(((top, left), (bottom, right)) for (top, left), (bottom, right) in told["merged"])
    end = (told["end"][0], told["end"][1]) if told["end"] else None
    return BinarySheet(told["name"], told["shown"], end, told["rows"], merged)


def _date(told: dict[str, Any]) -> object:
    return datetime.date.fromisoformat(told["date"]) if told.keys() == {"date"} else told

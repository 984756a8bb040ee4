"""What a re-plan says it changed, against what it did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .finding import Entry

Key = tuple[str, ...]
Change = tuple[Any, Any]  # from, to


def check_changes(answer: Entry, keys: Sequence[str], due: Mapping[Key, Change], *, is_replan: bool) -> None:
    """`changes` must name, by the members `keys` of each entry, all that is due and no other; with right ends."""
    told = answer.get("changes") if is_replan else answer.maybe("changes")
    if not told.is_there or (told.is_null and not is_replan):
        return
    listed: dict[Key, Entry] = {}
    for entry in told.items():
        names = [entry.get(key).text() for key in keys]
        key = tuple(name for name in names if name is not None)
        if len(key) == len(names):
            _check_one(entry, key, listed, due)
            listed.setdefault(key, entry)
    for key in due:
        if key not in listed:
            told.note("changes", f"{_said(key)} changes from {_ends(due[key])}, which is not listed")


def _check_one(entry: Entry, key: Key, listed: Mapping[Key, Entry], due: Mapping[Key, Change]) -> None:
    if key in listed:
        entry.note("twice", f"{_said(key)} is there twice, first at {listed[key].path}")
    elif key not in due:
        entry.note("changes", f"{_said(key)} is the same as before")
    elif (ends := (entry.get("from").value, entry.get("to").value)) != due[key]:
        entry.note("changes", f"{_said(key)} changes from {_ends(due[key])}, not from {_ends(ends)}")


def _said(key: Key) -> str:
    return " ".join(repr(name) for name in key)


def _ends(change: Change) -> str:
    return f"{change[0]!r} to {change[1]!r}"

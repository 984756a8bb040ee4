"""What the answer says it could not do, against what is missing in its plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from .finding import Entry


@dataclass(frozen=True)
class Wish:
    """One entry of `unmet`: how many of what."""

    entry: Entry
    what: str
    how_many: int


def read_unmet(answer: Entry) -> list[Wish]:
    """Entries of `unmet` that can be read; each must say what, how many, why and what would help."""
    found = []
    for entry in answer.get("unmet").items():
        what, how_many = entry.get("what").text(), entry.get("how_many").count(least=1)
        entry.get("reason").text()
        entry.get("would_help").text()
        if what is not None and how_many is not None:
            found.append(Wish(entry, what, how_many))
    return found


def check_count(answer: Entry, wishes: Iterable[Wish], missing: int, what: str) -> None:
    """The sum over these wishes against how many are missing in the plan."""
    told = sum(wish.how_many for wish in wishes)
    if told != missing:
        text = f"names {told} {what} as unmet, but {missing} are missing in the plan"
        answer.maybe("unmet").note("unmet", text, told - missing)


def check_ids(wishes: Iterable[Wish], missing: Collection[str], what: str) -> None:
    """The ids these wishes name against those that are missing in the plan."""
    named: set[str] = set()
    for wish in wishes:
        listed = wish.entry.maybe("ids")
        if not listed.is_there:
            continue
        for entry in listed.items():
            name = entry.text()
            if name is not None and name not in missing:
                entry.note("unmet", f"{what} {name!r} is named as unmet, but the plan has it")
            elif name is not None and name in named:
                entry.note("twice", f"{what} {name!r} is named twice")
            named.update([name] if name is not None else [])

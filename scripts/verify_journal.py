"""Checks an exported journal with nothing but Python: was a row altered, removed or reordered?

    python verify_journal.py journal.jsonl
    python verify_journal.py journal.jsonl --head 3205/320508/320508001/320508001001/hth/=0f3a...

The file holds one JSON object a line: rows, then a {"head": chain, "seq": n, "hash": h} for each chain. The
hash of a row is the SHA-256 of the JSON of its other fields but `id` (keys sorted, no spaces, UTF-8). They
include the hash of the row before it, so a row can't change unless every later hash of its chain changes too.
Whoever can rewrite all of them can't rewrite the notice board: give the hash printed there with --head.

Exit status: 0 nothing wrong, 1 something is, 2 the file can't be read.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

GENESIS = "0" * 64
HASHED = (
    "act",
    "actor",
    "actor_label",
    "actor_unit",
    "at",
    "chain",
    "facts",
    "kind",
    "path",
    "previous",
    "seq",
    "subject",
)
NUMBERS = ("id", "seq")
TEXTS = ("chain", "hash", "head", "previous")
SHORTEST_PRINTED_HASH = 16


class Unreadable(Exception):
    """The file is not what an export holds."""


@dataclass
class Chain:
    """What was seen of one chain so far; `gaps` are rows that were skipped and may still come."""

    seq: int = 0
    hash: str = GENESIS
    id: int = 0
    gaps: set[int] = field(default_factory=set)
    heads: list[tuple[int, str]] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)


def fingerprint(row: dict[str, Any]) -> str:
    """The hash that a row must have."""
    text = json.dumps(
        {name: row[name] for name in HASHED}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def parsed(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Rows and heads of the file, in its order. Raises Unreadable with the number of the line."""
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            wanted = {"head", "seq", "hash"} if "head" in row else {*HASHED, "id", "hash"}
            if set(row) != wanted:
                raise Unreadable(f"line {number}: expected {', '.join(sorted(wanted))}")
            check_types(row, number)
        except (ValueError, TypeError, RecursionError) as problem:
            raise Unreadable(f"line {number}: not a JSON object") from problem
        yield row


def check_types(row: dict[str, Any], number: int) -> None:
    """Raises Unreadable where what is compared below is of a kind that no export holds."""
    for name in row:
        # True is an int to Python, and to nobody else.
        if name in NUMBERS and type(row[name]) is not int:
            raise Unreadable(f"line {number}: {name} is not a whole number")
        if name in TEXTS and not isinstance(row[name], str):
            raise Unreadable(f"line {number}: {name} is not a text")


def misplaced(row: dict[str, Any], chain: Chain) -> Iterator[str]:
    """What is wrong with a row's place; moves the chain forward."""
    if row["seq"] == chain.seq + 1:
        if row["previous"] != chain.hash:
            yield "unlinked: it does not continue the row before it"
    elif row["seq"] > chain.seq:
        chain.gaps.update(range(chain.seq + 1, row["seq"]))
    else:
        chain.gaps.discard(row["seq"])
        yield "reordered: it stands after a later row"
        return
    if row["id"] <= chain.id:
        yield "reordered: it was written before the row before it"
    chain.seq, chain.hash, chain.id = row["seq"], row["hash"], row["id"]


def unfinished(name: str, chain: Chain) -> Iterator[str]:
    """What is wrong with a chain as a whole."""
    for seq in sorted(chain.gaps):
        yield f"{name} row {seq} removed"
    if chain.heads != [(chain.seq, chain.hash)]:
        ends = ", ".join(f"row {seq}" for seq, _ in chain.heads) or "nothing"
        yield f"{name} ends at row {chain.seq}, its head names {ends}: rows were cut off or added"
    for printed in chain.printed:
        yield f"{name} does not contain {printed}: rows up to the printed one were altered or cut off"


def check(lines: Iterable[str], printed: Iterable[tuple[str, str]]) -> tuple[int, int, list[str]]:
    """The number of rows, the number of chains, and a sentence for each flaw."""
    chains: dict[str, Chain] = {}
    for name, mark in printed:
        chains.setdefault(name, Chain()).printed.append(mark)
    rows, found = 0, []
    for row in parsed(lines):
        chain = chains.setdefault(row["head"] if "head" in row else row["chain"], Chain())
        if "head" in row:
            chain.heads.append((row["seq"], row["hash"]))
            continue
        rows += 1
        chain.printed = [mark for mark in chain.printed if not row["hash"].startswith(mark)]
        wrong = list(misplaced(row, chain))
        if fingerprint(row) != row["hash"]:
            wrong.append("altered: it is not what was written")
        found += [f"{row['chain']} row {row['seq']} {what}" for what in wrong]
    if not chains:
        raise Unreadable("it is empty")
    for name in sorted(chains):
        found += unfinished(name, chains[name])
    return rows, len(chains), found


def printed_head(text: str) -> tuple[str, str]:
    """CHAIN=HASH as printed on the notice board, where the hash may be shortened to its first characters."""
    name, _, mark = text.rpartition("=")
    mark = mark.replace(" ", "").lower()
    is_hex = all(letter in "0123456789abcdef" for letter in mark)
    if not name or not is_hex or not SHORTEST_PRINTED_HASH <= len(mark) <= len(GENESIS):
        raise argparse.ArgumentTypeError(
            f"write CHAIN=HASH with at least {SHORTEST_PRINTED_HASH} characters of the hash"
        )
    return name, mark


def main(arguments: list[str] | None = None) -> int:
    """Check the file named on the command line and print what is wrong."""
    parser = argparse.ArgumentParser(description="Check an exported journal.")
    parser.add_argument("file", help="made by `haitang verify-journal --export FILE`")
    parser.add_argument("--head", type=printed_head, action="append", default=[], metavar="CHAIN=HASH")
    given = parser.parse_args(arguments)
    try:
        with open(given.file, encoding="utf-8") as lines:
            rows, chains, found = check(lines, given.head)
    except (OSError, UnicodeError, Unreadable) as problem:
        print(f"Can't read {given.file}: {problem}", file=sys.stderr)
        return 2
    for flaw in found:
        print(flaw)
    verdict = f"{len(found)} flaws" if found else "nothing altered, removed or reordered"
    print(f"{rows} rows in {chains} chains: {verdict}.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

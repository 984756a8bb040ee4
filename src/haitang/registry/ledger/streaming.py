"""Reads the parts of a divided list one after the other, in other processes if there are any."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace

from haitang.registry.ledger.dividing import MOST_ROWS, Division, Heads, Part
from haitang.registry.ledger.keeping import projected
from haitang.registry.ledger.people import People
from haitang.registry.ledger.shapes import Reading
from haitang.registry.ledger.spool import Spool, rows_of

_ROWS_AHEAD = 50_000


def read_part(heads: Heads, blocks: Sequence[bytes], this_year: int) -> Reading:
    """What the rows of one compound say, numbered as in the list. Needs no settings and no database."""
    used = [column for column in heads.columns if column.field]
    people = People([replace(column, index=place) for place, column in enumerate(used)], this_year=this_year)
    rows = [row for block in blocks for row in rows_of(block)]
    lines = list(projected((line for _number, line in rows), heads.places))
    people.take(lines, numbers=[number for number, _line in rows])
    errors, notes = tuple(people.errors), tuple(people.notes())
    return Reading(heads.sheet, heads.columns, people.rows(), errors, notes, heads.header_row)


def read_parts(
    division: Division, spool: Spool, executor: Executor | None, *, this_year: int
) -> Iterator[tuple[Part, Reading]]:
    """Every part with its reading, in order; never many rows ahead of whoever takes them. Passed over
    are parts of more than `MOST_ROWS` rows, and a list that lacks a column."""
    waiting: deque[tuple[Part, Future[Reading]]] = deque()
    ahead = 0
    for part in [] if division.errors else division.parts:
        if part.rows > MOST_ROWS:
            continue
        blocks = [spool.get(block) for block in part.blocks]
        if executor is None:
            yield part, read_part(division.heads, blocks, this_year)
            continue
        while waiting and ahead + part.rows > _ROWS_AHEAD:
            first, reading = waiting.popleft()
            ahead -= first.rows
            yield first, reading.result()
        waiting.append((part, executor.submit(read_part, division.heads, blocks, this_year)))
        ahead += part.rows
    for part, reading in waiting:
        yield part, reading.result()

"""Reads ledgers, the spreadsheets of who lives where, without touching the database."""

from haitang.registry.ledger.codes import NO_ANSWERS, Answers
from haitang.registry.ledger.dividing import MOST_ROWS, Division, Place, divide, guess_rows
from haitang.registry.ledger.lists import ListReading, ListRow, read_list
from haitang.registry.ledger.masks import masked_row
from haitang.registry.ledger.messages import LABELS as FIELDS
from haitang.registry.ledger.messages import MEANINGS, row_error
from haitang.registry.ledger.reading import read
from haitang.registry.ledger.shapes import Code, Column, Question, Reading, Row, RowError, Unreadable
from haitang.registry.ledger.sheets import check_size
from haitang.registry.ledger.spool import Spool
from haitang.registry.ledger.streaming import read_parts
from haitang.registry.ledger.twice import Twice, named_twice

__all__ = [
    "FIELDS",
    "MEANINGS",
    "MOST_ROWS",
    "NO_ANSWERS",
    "Answers",
    "Code",
    "Column",
    "Division",
    "ListReading",
    "ListRow",
    "Place",
    "Question",
    "Reading",
    "Row",
    "RowError",
    "Spool",
    "Twice",
    "Unreadable",
    "check_size",
    "divide",
    "guess_rows",
    "masked_row",
    "named_twice",
    "read",
    "read_list",
    "read_parts",
    "row_error",
]

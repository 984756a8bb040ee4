"""Reads ledgers, the spreadsheets of who lives where, without touching the database."""

from haitang.registry.ledger.lists import ListReading, ListRow, read_list
from haitang.registry.ledger.messages import LABELS as FIELDS
from haitang.registry.ledger.messages import row_error
from haitang.registry.ledger.reading import read
from haitang.registry.ledger.shapes import Column, Reading, Row, RowError, Unreadable
from haitang.registry.ledger.sheets import check_size

__all__ = [
    "FIELDS",
    "Column",
    "ListReading",
    "ListRow",
    "Reading",
    "Row",
    "RowError",
    "Unreadable",
    "check_size",
    "read",
    "read_list",
    "row_error",
]

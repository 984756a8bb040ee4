"""Writes lists of people, households and buildings as CSV and XLSX, marked with who took them; no database."""

from haitang.registry.exports.cells import harmless
from haitang.registry.exports.columns import COLUMNS, DOOR, WHAT, Building, Column, Source, sheet
from haitang.registry.exports.shapes import Asked, Choice, Sheet, Stamp
from haitang.registry.exports.writing import csv_of, xlsx_of

__all__ = [
    "COLUMNS",
    "DOOR",
    "WHAT",
    "Asked",
    "Building",
    "Choice",
    "Column",
    "Sheet",
    "Source",
    "Stamp",
    "csv_of",
    "harmless",
    "sheet",
    "xlsx_of",
]

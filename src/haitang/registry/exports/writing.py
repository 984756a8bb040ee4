"""Writes a sheet as CSV or XLSX. The first row, and in XLSX the page's head and foot and the file's own
properties, say who took it."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC

import xlsxwriter

from haitang.registry.exports.cells import harmless
from haitang.registry.exports.shapes import Cell, Sheet, Stamp

BYTE_ORDER_MARK = "\ufeff"  # without it a spreadsheet takes the Chinese for something else
WIDEST = 40  # characters
LONGEST_HEAD = 200  # Excel refuses a page's head of more than 255 characters
A4 = 9


def csv_of(sheet: Sheet, stamp: Stamp) -> bytes:
    """UTF-8 with a byte order mark, lines as RFC 4180 wants them."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(harmless([stamp.words]))
    lines.writerow(harmless(sheet.headings))
    if sheet.tags:
        lines.writerow(sheet.tags)
    lines.writerows(harmless(row) for row in sheet.rows)
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def xlsx_of(sheet: Sheet, stamp: Stamp) -> bytes:
    """One A4 page wide. Numbers are numbers, everything else is a text: nothing in it can calculate."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties(
            {
                "title": stamp.title,
                "author": stamp.author,
                "company": stamp.unit,
                "comments": stamp.words,
                "keywords": stamp.number,
                "created": stamp.at.astimezone(UTC).replace(tzinfo=None),  # read as UTC
            }
        )
        page = book.add_worksheet(stamp.title[:31])
        marked, bold = book.add_format({"font_color": "#8a1f3d"}), book.add_format({"bold": True})
        quiet = book.add_format({"font_color": "#777777"})
        page.write_string(0, 0, harmless([stamp.words])[0], marked)
        _write_texts(page, 1, sheet.headings, bold)
        if sheet.tags:
            _write_texts(page, 2, sheet.tags, quiet)
        first = 3 if sheet.tags else 2
        for number, row in enumerate(sheet.rows, first):
            _write_row(page, number, row)
        _set_up(page, sheet, stamp, first)
    return content.getvalue()


def _write_texts(page: xlsxwriter.workbook.Worksheet, row: int, texts: Sequence[str], style: object) -> None:
    for place, text in enumerate(texts):
        page.write_string(row, place, text, style)


def _write_row(page: xlsxwriter.workbook.Worksheet, number: int, row: Sequence[Cell]) -> None:
    for place, (cell, text) in enumerate(zip(row, harmless(row), strict=True)):
        if isinstance(cell, int):
            page.write_number(number, place, cell)
        elif text:
            page.write_string(number, place, text)


def _set_up(page: xlsxwriter.workbook.Worksheet, sheet: Sheet, stamp: Stamp, first: int) -> None:
    for place, heading in enumerate(sheet.headings):
        longest = max([len(heading), *(len(str(row[place])) for row in sheet.rows)])
        page.set_column(place, place, min(longest * 1.6 + 2, WIDEST))
    page.freeze_panes(first, 0)
    page.repeat_rows(1)
    page.set_paper(A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    head = stamp.words.replace("&", "&&")[:LONGEST_HEAD].rstrip("&")
    page.set_header(f"&L&8{head}")
    page.set_footer(f"&L&8{stamp.number}&R&8&P/&N")

"""Makes real ledger files for the tests (CSV, XLSX, ODS and XLS bytes from rows of cells) and reads them."""

import csv
import datetime
import io
import zipfile
from collections.abc import Iterable, Sequence
from functools import partial

import openpyxl
import xlwt
from odf.opendocument import OpenDocument, OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

from haitang.registry.ledger import NO_ANSWERS, Answers, Reading, read

Cell = str | int | float | datetime.date | None
Rows = Sequence[Sequence[Cell]]


def csv_file(rows: Rows, *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """The rows as CSV text in an encoding."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_file(
    rows: Rows,
    *,
    title: str = "底册",
    hidden: Sequence[str] = (),
    others: Sequence[str] = (),
    merged: Sequence[str] = (),
) -> bytes:
    """The rows as an XLSX workbook with further sheets, and ranges such as A2:A4 merged."""
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    for cells in merged:
        book.active.merge_cells(cells)
    for name in (*hidden, *others):
        sheet = book.create_sheet(name)
        sheet.append(["王芳", "13800000000"])
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    return _saved(book)


def far_cell_xlsx(corner: str) -> bytes:
    """A workbook of two cells, the second at `corner`."""
    book = openpyxl.Workbook()
    book.active["A1"] = "姓名"
    book.active[corner] = "房号"
    return _saved(book)


def ods_file(rows: Rows, *, title: str = "底册", hidden: Sequence[str] = ()) -> bytes:
    """The rows as an OpenDocument spreadsheet."""
    document = OpenDocumentSpreadsheet()
    unseen = Style(name="unseen", family="table")
    unseen.addElement(TableProperties(display="false"))
    document.automaticstyles.addElement(unseen)
    document.spreadsheet.addElement(_ods_table(title, rows))
    for name in hidden:
        table = _ods_table(name, [["王芳", "13800000000"]])
        table.setAttribute("stylename", unseen)
        document.spreadsheet.addElement(table)
    return _saved_ods(document)


def with_part(name: str, content: bytes) -> bytes:
    """A workbook of headings and one person, with this part in place of its own or besides them."""
    whole = io.BytesIO(xlsx_file([["楼栋", "房号", "姓名"], ["8", "2706", "王芳"]]))
    changed = io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return changed.getvalue()


def far_cell_ods(*, columns: int, rows: int) -> bytes:
    """A spreadsheet whose last cell lies behind so many repeated empty ones."""
    document = OpenDocumentSpreadsheet()
    table = Table(name="底册")
    table.addElement(TableRow(numberrowsrepeated=rows))
    row = TableRow()
    row.addElement(TableCell(numbercolumnsrepeated=columns))
    row.addElement(_ods_cell("姓名"))
    table.addElement(row)
    document.spreadsheet.addElement(table)
    return _saved_ods(document)


def merged_ods() -> bytes:
    """Two people behind one door, which is one cell over two rows."""
    document = OpenDocumentSpreadsheet()
    table = Table(name="底册")
    table.addElement(_ods_row(["楼栋", "房号", "姓名"]))
    for place, name in enumerate(["王芳", "李强"]):
        row = TableRow()
        for value in ("8", "2706"):
            row.addElement(CoveredTableCell() if place else _ods_cell(value, numberrowsspanned=2))
        row.addElement(_ods_cell(name))
        table.addElement(row)
    document.spreadsheet.addElement(table)
    return _saved_ods(document)


def formula_ods(headings: Sequence[Cell], values: Sequence[Cell]) -> bytes:
    """One person, whose room is a formula that nobody calculated."""
    document = OpenDocumentSpreadsheet()
    table = Table(name="底册")
    table.addElement(_ods_row(headings))
    row = TableRow()
    row.addElement(_ods_cell(values[0]))
    row.addElement(TableCell(formula="of:=2700+6"))
    row.addElement(_ods_cell(values[2]))
    table.addElement(row)
    document.spreadsheet.addElement(table)
    return _saved_ods(document)


def xls_file(rows: Rows, *, title: str = "底册", hidden: Sequence[str] = ()) -> bytes:
    """The rows as a workbook in the binary format of 1997."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet(title)
    dates = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for row_number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, datetime.date):
                sheet.write(row_number, column, value, dates)
            elif value is not None:
                sheet.write(row_number, column, value)
    for name in hidden:
        book.add_sheet(name).visibility = 1
    return _saved(book)


def _saved(book: openpyxl.Workbook | xlwt.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _saved_ods(document: OpenDocument) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _ods_table(title: str, rows: Rows) -> Table:
    table = Table(name=title)
    for values in rows:
        table.addElement(_ods_row(values))
    return table


def _ods_row(values: Iterable[Cell]) -> TableRow:
    row = TableRow()
    for value in values:
        row.addElement(_ods_cell(value))
    return row


def _ods_cell(value: Cell, **spans: int) -> TableCell:
    if value is None or value == "":
        return TableCell()
    if isinstance(value, datetime.date):
        return TableCell(valuetype="date", datevalue=value.isoformat())
    if isinstance(value, int | float):
        return TableCell(valuetype="float", value=str(value))
    cell = TableCell(valuetype="string", **spans)
    cell.addElement(P(text=value))
    return cell


MAKERS = {
    "csv": csv_file,
    "csv with mark": partial(csv_file, encoding="utf-8-sig"),
    "csv in GB 18030": partial(csv_file, encoding="gb18030"),
    "xlsx": xlsx_file,
    "ods": ods_file,
    "xls": xls_file,
}


def reading(
    *rows: list[Cell],
    kind: str = "csv",
    choices: dict[int, str] | None = None,
    answers: Answers = NO_ANSWERS,
) -> Reading:
    """What a file of these rows, made in that format, says in 2026."""
    return read(MAKERS[kind](rows), f"底册.{kind}", choices=choices, answers=answers, this_year=2026)


def person(**cells: Cell) -> Reading:
    """A sheet of one person at 8-3-2706, with these further cells; `name` may be given anew."""
    cells_said = {"楼栋": "8", "单元": "3", "房号": "2706", "姓名": "王芳"} | cells
    return reading(list(cells_said), list(cells_said.values()), kind="xlsx")


def codes(found: Reading) -> list[str]:
    """The codes of the errors."""
    return [error.code for error in found.errors]


def said(texts: Iterable[object]) -> str:
    """Translated texts in one string."""
    return " | ".join(map(str, texts))

"""Run as a program: reads a binary workbook from its input and writes its sheets as JSON lines to its output.

A damaged workbook of this format makes the reader allocate without bound and abort the whole process, so
it gets a process of its own. Imports nothing of ours: that keeps its start short.
"""

import datetime
import io
import json
import sys
from collections.abc import Iterator

import python_calamine

try:
    import resource
except ImportError:  # not on Windows, where the process is still its own but may take more memory
    resource = None  # type: ignore[assignment]

SECONDS = 30
LOCKED, TOO_MUCH = 3, 4
MOST_OUTPUT = 40 * 2**20
MOST_CELLS = 800_000


def main() -> None:
    """Exit code 0 with JSON lines, 3 when the workbook is locked, 4 when it holds too much; else it is damaged.

    For each sheet a line that says what it is and how many lines of rows follow.
    """
    most_rows, most_columns, memory = map(int, sys.argv[1:4])
    content = sys.stdin.buffer.read()
    if resource:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
    except python_calamine.PasswordError:
        sys.exit(LOCKED)
    del content
    size = 0
    for told in book.sheets_metadata:
        for line in sheet_lines(book, told, most_rows, most_columns):
            size += len(line)
            if size > MOST_OUTPUT:
                sys.exit(TOO_MUCH)
            sys.stdout.write(line + "\n")


def sheet_lines(
    book: python_calamine.CalamineWorkbook,
    told: python_calamine.SheetMetadata,
    most_rows: int,
    most_columns: int,
) -> Iterator[str]:
    """A sheet's name, whether it is shown, its last cell, its merged cells; then its rows, none past the caps."""
    is_shown = told.visible == python_calamine.SheetVisibleEnum.Visible
    if not is_shown or told.typ != python_calamine.SheetTypeEnum.WorkSheet:
        yield json.dumps({"name": told.name, "shown": False, "end": None, "merged": [], "rows": 0})
        return
    opened = book.get_sheet_by_name(told.name)
    start, end = opened.start or (0, 0), opened.end
    merged = [span for span in opened.merged_cell_ranges or [] if span[0][1] == span[1][1]]
    rows = end[0] + 1 if end and end[0] < most_rows and end[1] < most_columns else 0
    yield json.dumps({"name": told.name, "shown": True, "end": end, "merged": merged, "rows": rows})
    cells = 0
    for row in opened.iter_rows() if rows else ():
        while row and row[-1] == "":
            row.pop()
        cells += len(row)
        if cells > MOST_CELLS:
            sys.exit(TOO_MUCH)
        yield json.dumps([""] * start[1] + row if row else row, default=as_text)


def as_text(value: object) -> object:
    """A date as {"date": ISO text}; a time or a duration as its text."""
    if isinstance(value, datetime.datetime):
        return {"date": value.date().isoformat()}
    return {"date": value.isoformat()} if isinstance(value, datetime.date) else str(value)


if __name__ == "__main__":
    main()

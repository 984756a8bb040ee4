"""Run as a program: reads a binary workbook from its input and writes its sheets as JSON to its output.

A damaged workbook of this format makes the reader allocate without bound and abort the whole process, so
it gets a process of its own. Imports nothing of ours: that keeps its start short.
"""

import datetime
import io
import json
import sys

import python_calamine

try:
    import resource
except ImportError:  # not on Windows, where the process is still its own but may take more memory
    resource = None  # type: ignore[assignment]

MEMORY = 3 << 30
SECONDS = 60


def main() -> None:
    """Exit code 0 with JSON, or 3 when the workbook is locked; anything else means damaged."""
    most_rows, most_columns = map(int, sys.argv[1:3])
    if resource:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        book = python_calamine.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
    except python_calamine.PasswordError:
        sys.exit(3)
    sheets = [sheet_of(book, told, most_rows, most_columns) for told in book.sheets_metadata]
    json.dump(sheets, sys.stdout, default=as_text, ensure_ascii=True)


def sheet_of(
    book: python_calamine.CalamineWorkbook,
    told: python_calamine.SheetMetadata,
    most_rows: int,
    most_columns: int,
) -> dict[str, object]:
    """A sheet's name, whether it is shown, its last cell, its rows (none past the caps), its merged cells."""
    is_shown = told.visible == python_calamine.SheetVisibleEnum.Visible
    if not is_shown or told.typ != python_calamine.SheetTypeEnum.WorkSheet:
        return {"name": told.name, "shown": False, "end": None, "rows": [], "merged": []}
    opened = book.get_sheet_by_name(told.name)
    end = opened.end
    fits = end is not None and end[0] < most_rows and end[1] < most_columns
    rows = opened.to_python(skip_empty_area=False) if fits else []
    return {
        "name": told.name,
        "shown": True,
        "end": end,
        "rows": rows,
        "merged": opened.merged_cell_ranges or [],
    }


def as_text(value: object) -> object:
    """A date as {"date": ISO text}; a time or a duration as its text."""
    if isinstance(value, datetime.datetime):
        return {"date": value.date().isoformat()}
    return {"date": value.isoformat()} if isinstance(value, datetime.date) else str(value)


if __name__ == "__main__":
    main()

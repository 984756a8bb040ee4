"""What the command line says of a file that was read."""

from collections.abc import Iterable, Iterator, Sequence

from haitang.registry import ledger
from haitang.registry.services import Figures


def of_columns(columns: Iterable[ledger.Column]) -> Iterator[str]:
    """A line for each column."""
    for column in columns:
        heading = f"{column.letter} {column.header}".strip()
        yield f"  {heading}: {column.label if column.field else f'left out. {column.dropped_because}'}"


def of_errors(errors: Sequence[ledger.RowError], *, most: int) -> Iterator[str]:
    """A line for each of the first errors, and how many more there are."""
    for error in errors[:most]:
        where = f"row {error.row}, {error.column}" if error.column else f"row {error.row}"
        yield f"  {where}: {error.message} {error.remedy}"
    if len(errors) > most:
        yield f"  ... and {len(errors) - most:,} more errors."


def of_figures(name: str, figures: Figures) -> str:
    """The counts in one line."""
    return (
        f"{name}. New: buildings {figures.buildings:,}, doors {figures.households:,}, "
        f"people {figures.people:,}. People changed: {figures.changed:,}. As before: {figures.same:,}. "
        f"Errors: {figures.errors:,}."
    )

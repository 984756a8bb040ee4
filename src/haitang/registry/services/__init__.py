"""Every write to places and ledgers."""

from haitang.registry.services.imports import (
    Comparison,
    Preview,
    apply_ledger,
    change_columns,
    compare_ledger,
    drop_ledger,
    forget_files,
    preview,
    preview_ledger,
)
from haitang.registry.services.places import NewArea, add_area, add_areas, count_ledger, read_household

__all__ = [
    "Comparison",
    "NewArea",
    "Preview",
    "add_area",
    "add_areas",
    "apply_ledger",
    "change_columns",
    "compare_ledger",
    "count_ledger",
    "drop_ledger",
    "forget_files",
    "preview",
    "preview_ledger",
    "read_household",
]

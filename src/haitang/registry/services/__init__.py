"""Every write to places and ledgers."""

from haitang.registry.services.households import (
    destroy_lost_keys,
    forget_household,
    read_household,
    write_note,
)
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
from haitang.registry.services.keys import change_keys
from haitang.registry.services.places import NewArea, add_area, add_areas, count_ledger
from haitang.registry.services.undoing import forget_former, undo_ledger

__all__ = [
    "Comparison",
    "NewArea",
    "Preview",
    "add_area",
    "add_areas",
    "apply_ledger",
    "change_columns",
    "change_keys",
    "compare_ledger",
    "count_ledger",
    "destroy_lost_keys",
    "drop_ledger",
    "forget_files",
    "forget_former",
    "forget_household",
    "preview",
    "preview_ledger",
    "read_household",
    "undo_ledger",
    "write_note",
]

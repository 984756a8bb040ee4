"""What a compound's ledger may have wrong: rules on doors and people, pure, each finding with its "of how many"."""

from haitang.registry.quality.doors import crowded, empty, provisional, unnamed
from haitang.registry.quality.floors import (
    absent_doors,
    bare_entrances,
    missing_floors,
    off_floor,
    uneven_floors,
)
from haitang.registry.quality.people import alone_without_phone, children_alone, odd_ages, twice
from haitang.registry.quality.rows import doorless
from haitang.registry.quality.shapes import Finding, Row, Site, finding

__all__ = [
    "Finding",
    "Row",
    "Site",
    "absent_doors",
    "alone_without_phone",
    "bare_entrances",
    "children_alone",
    "crowded",
    "doorless",
    "empty",
    "finding",
    "missing_floors",
    "odd_ages",
    "off_floor",
    "provisional",
    "twice",
    "uneven_floors",
    "unnamed",
]

"""Rules about doors: who is behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from haitang.registry.quality.shapes import Finding, Row, Site, finding

if TYPE_CHECKING:
    from haitang.registry.queries import Door

MANY = 8  # people behind one door; a workers' hut may hold more


def empty(site: Site) -> Finding:
    """Doors that the ledger has and behind which it knows nobody."""
    return _of_doors("empty", site, [d for d in site.doors if not d.people and not d.is_provisional])


def crowded(site: Site) -> Finding:
    """Households of more people than usually live together: two doors may have become one."""
    return _of_doors("crowded", site, [d for d in site.doors if d.people > MANY and d.kind != "site"])


def provisional(site: Site) -> Finding:
    """Households that somebody said are there and that nobody has confirmed."""
    return _of_doors("provisional", site, [d for d in site.doors if d.is_provisional])


def unnamed(site: Site) -> Finding:
    """Households where more people live than are known by name. Counts people."""
    found = [door for door in site.doors if door.unnamed and not door.is_provisional]
    rows = [_row(site, door, {"people": door.unnamed}) for door in found]
    everyone = sum(door.people for door in site.doors)
    return finding("unnamed", rows, of=everyone, number=sum(door.unnamed for door in found))


def _of_doors(code: str, site: Site, found: list[Door]) -> Finding:
    rows = [_row(site, door, {"people": door.people}) for door in found]
    return finding(code, rows, of=len(site.doors))


def _row(site: Site, door: Door, facts: dict[str, object]) -> Row:
    return Row("household", door.id, site.label(door), facts)

"""The journal: every act is a row, hash-chained per compound, that nobody can change unnoticed."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from haitang.core.actor import Act, Actor
from haitang.core.models import JournalEntry as JournalEntry  # the doors name rows, and may not read models
from haitang.core.models import JournalHead as JournalHead

COMPOUND_DEPTH = 5
GENESIS = "0" * 64
HASHED = (
    *("chain", "seq", "at", "act", "kind", "subject", "path"),
    *("actor", "actor_label", "actor_unit", "facts", "previous"),
)
End = tuple[int, str]


def chain_of(path: str) -> str:
    """The chain of an area's path: its compound's, or the area's own above the compounds."""
    return "/".join(path.split("/")[:COMPOUND_DEPTH]).rstrip("/") + "/"


def canonical(row: dict[str, Any]) -> bytes:
    """The bytes that are hashed: JSON of the row's HASHED fields, keys sorted, no spaces, UTF-8."""
    picked = {name: row[name] for name in HASHED}
    return json.dumps(picked, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def as_row(entry: JournalEntry) -> dict[str, Any]:
    """An entry as plain values, its instant in UTC with microseconds: what an export holds."""
    row = {name: getattr(entry, name) for name in HASHED}
    row["at"] = entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return row | {"id": entry.pk, "hash": entry.hash}


def plain(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as JSON values that PostgreSQL gives back unchanged: it writes 1e3 as 1000 and knows no -0.0."""
    text = json.dumps(facts, default=str, allow_nan=False)
    values: dict[str, Any] = json.loads(text, parse_float=_number)
    return values


def _number(text: str) -> int | float:
    value = float(text)
    return int(value) if value.is_integer() else value


def record(
    act: str, subject: models.Model, *, by: Actor, at: datetime, path: str, **facts: Any
) -> JournalEntry:
    """Add one row to the chain of `path`. Call inside the transaction of the act it records."""
    chain = chain_of(path)
    JournalHead.objects.bulk_create([JournalHead(chain=chain, hash=GENESIS)], ignore_conflicts=True)
    head = JournalHead.objects.select_for_update().get(pk=chain)
    entry = JournalEntry(
        chain=chain,
        seq=head.seq + 1,
        at=at,
        act=act,
        kind=subject._meta.model_name or "",
        subject=str(subject.pk),
        path=path,
        actor=str(by.user_id or ""),
        actor_label=by.label,
        actor_unit=by.unit,
        facts=plain(facts),
        previous=head.hash,
    )
    entry.hash = hashlib.sha256(canonical(as_row(entry))).hexdigest()
    entry.save(force_insert=True)
    head.seq, head.hash = entry.seq, entry.hash
    head.save(update_fields=["seq", "hash"])
    return entry


def entries(*, by: Actor, path: str = "", kind: str = "", subject: str = "") -> QuerySet[JournalEntry]:
    """Rows that `by` may read, newest first, narrowed to a path or to one subject."""
    rows = JournalEntry.objects.filter(by.within(Act.VIEW_JOURNAL), path__startswith=path)
    if kind:
        rows = rows.filter(kind=kind, subject=subject)
    return rows.order_by("-id")


def happened(*, path: str, acts: Iterable[str], most: int) -> list[JournalEntry]:
    """The last `most` rows of the named acts below `path`: a timeline for those who may see the area."""
    rows = JournalEntry.objects.filter(path__startswith=path, act__in=list(acts))
    return list(rows.order_by("-id")[:most])


def about(
    kind: str,
    subject: str,
    *,
    acts: Iterable[str],
    around: Iterable[str],
    acts_around: Iterable[str],
    most: int,
) -> list[JournalEntry]:
    """The last `most` rows of `acts` on one subject and of `acts_around` on the areas (paths) that it lies in."""
    itself = Q(kind=kind, subject=subject, act__in=list(acts))
    with_it = Q(path__in=list(around), act__in=list(acts_around))
    return list(JournalEntry.objects.filter(itself | with_it).order_by("-id")[:most])


def heads(path: str = "") -> list[JournalHead]:
    """The chains' heads below `path`, to be published."""
    return list(JournalHead.objects.filter(chain__startswith=path).order_by("chain"))


def head_of(path: str) -> JournalHead | None:
    """The head of the chain of an area's path, if anything happened there."""
    return JournalHead.objects.filter(pk=chain_of(path)).first()


@dataclass(frozen=True, slots=True)
class Flaw:
    """One place where a chain does not hold.

    `what` is altered (a row isn't what was written), unlinked (it doesn't continue the row before it),
    removed (rows before it are missing), reordered (it was written before the row before it) or head
    (the chain doesn't end where its head says).
    """

    chain: str
    seq: int
    what: str


def flaws(rows: Iterable[dict[str, Any]], known_heads: dict[str, End]) -> Iterator[Flaw]:
    """Check rows sorted by chain and seq against their hashes, then every end against the heads (seq, hash).

    `known_heads` is looked at after the last row.
    """
    last: dict[str, dict[str, Any]] = {}
    for row in rows:
        before = last.get(row["chain"], {"seq": 0, "hash": GENESIS, "id": 0})
        for what in _broken(row, before):
            yield Flaw(row["chain"], row["seq"], what)
        last[row["chain"]] = row
    for chain in sorted(last.keys() | known_heads.keys()):
        end = (last[chain]["seq"], last[chain]["hash"]) if chain in last else (0, GENESIS)
        if known_heads.get(chain, (0, GENESIS)) != end:
            yield Flaw(chain, end[0], "head")


def _broken(row: dict[str, Any], before: dict[str, Any]) -> Iterator[str]:
    if row["seq"] != before["seq"] + 1:
        yield "removed"
    elif row["previous"] != before["hash"]:
        yield "unlinked"
    if row["id"] <= before["id"]:
        yield "reordered"
    if hashlib.sha256(canonical(row)).hexdigest() != row["hash"]:
        yield "altered"


def below(path: str) -> QuerySet[JournalEntry]:
    """All rows of the chains at and below `path`, in their order; a building's path means its compound's."""
    chain = chain_of(path) if path else ""
    return JournalEntry.objects.filter(chain__startswith=chain).order_by("chain", "seq")


def stored(path: str, known_heads: dict[str, End]) -> Iterator[dict[str, Any]]:
    """The rows below `path`, to be checked; puts the heads into `known_heads` on the way.

    Row and head come in one statement, so an act that happens meanwhile never looks like a flaw.
    """
    head = JournalHead.objects.filter(pk=OuterRef("chain"))
    rows = below(path).annotate(
        head_seq=Subquery(head.values("seq")), head_hash=Subquery(head.values("hash"))
    )
    for entry in rows.iterator(5000):
        if entry.head_seq is not None:
            known_heads[entry.chain] = (entry.head_seq, entry.head_hash)
        yield as_row(entry)
    emptied = JournalHead.objects.filter(chain__startswith=chain_of(path) if path else "", seq__gt=0)
    for gone in emptied.exclude(Exists(JournalEntry.objects.filter(chain=OuterRef("chain")))):
        known_heads[gone.chain] = (gone.seq, gone.hash)


def verify(path: str = "") -> tuple[int, list[Flaw]]:
    """How many rows lie below `path`, and every flaw found in their chains."""
    known_heads: dict[str, End] = {}
    found = list(flaws(stored(path, known_heads), known_heads))
    return below(path).count(), found

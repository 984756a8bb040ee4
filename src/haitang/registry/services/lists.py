"""Lists joined to a ledger: compare, write what the kind may write, add who is missing, forget."""

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from haitang.core import journal
from haitang.core.actor import Actor
from haitang.core.refusal import Invalid, NotHere
from haitang.registry import joining, ledger, queries, rules
from haitang.registry.joining import Match, keeping
from haitang.registry.joining.keeping import Contents, Kept
from haitang.registry.joining.kinds import KINDS
from haitang.registry.joining.standing import Standing, carried_over
from haitang.registry.ledger.vocabulary import FLAGS
from haitang.registry.models import Area, JoinedList, LedgerImport, ListState, Person
from haitang.registry.services import belonging
from haitang.registry.services.imports import preview_ledger
from haitang.vault import services as vault

HEADINGS = (
    "楼栋",
    "单元",
    "房号",
    "姓名",
    "联系电话",
    "出生年份",
    "性别",
    "特殊人群",
    "志愿服务特长",
    "是否志愿者",
)
SEXES = {"f": "女", "m": "男"}


@dataclass(slots=True)
class News:
    """What a list says of somebody beyond who they are."""

    flags: set[str] = field(default_factory=set)
    skills: dict[str, None] = field(default_factory=dict)
    is_helper: bool = False


@transaction.atomic
def join_list(
    compound: Area, content: bytes, *, kind: str, mark: str = "", name: str, by: Actor, now: datetime
) -> JoinedList:
    """Hold a list against a compound's ledger. Raises ledger.Unreadable when it can't be read at all."""
    rules.check_import(compound, by=by)
    rules.check_kind(kind, mark)
    contents = _contents(
        compound, ledger.read_list(content, name, keeps=KINDS[kind].keeps, this_year=now.year)
    )
    digest = hashlib.sha256(content).hexdigest()
    given = JoinedList(
        compound=compound, kind=kind, mark=mark, file_name=name, sha256=digest, made_by=by.label, made_at=now
    )
    _keep(given, Standing(contents, _compare(given, contents, queries.roll(compound)), {}))
    given.save(force_insert=True)
    journal.record("list.join", given, by=by, at=now, path=compound.path, **_facts(given))
    return given


def _contents(compound: Area, reading: ledger.ListReading) -> Contents:
    """What is kept of a file: the rows of this compound, their buildings as the ledger calls them."""
    names = {building.code: building.name for building in queries.buildings(compound)}
    named = belonging.names_of(compound, (row.compound for row in reading.rows))
    ours = [row for row in reading.rows if row.compound in named]
    if not ours:
        raise Invalid(
            {"file": reading.errors[0].message if reading.errors else rules.NOBODY_OF_THIS_COMPOUND}
        )
    rows = tuple(
        Kept(
            row.number,
            row.name,
            row.phones,
            names.get(row.building, row.building),
            row.entrance,
            row.room,
            row.birth_year,
            row.sex,
            row.flags,
            row.skills,
        )
        for row in ours
    )
    errors = tuple((error.row, error.column, error.code) for error in reading.errors)
    left_out = tuple(
        f"{column.letter} {column.header}".strip() for column in reading.columns if not column.field
    )
    return Contents(rows, errors, left_out, len(reading.rows) - len(ours))


def _compare(given: JoinedList, contents: Contents, people: list[queries.Listed]) -> tuple[Match, ...]:
    return tuple(joining.match(contents.rows, people, unknown=KINDS[given.kind].unknown))


def _keep(given: JoinedList, standing: Standing) -> None:
    """Put what is known of a list into its sealed fields, and the figures of it into the open."""
    given.content = sealed(given, keeping.of_contents(standing.contents))
    given.matches = sealed(given, keeping.of_matches(standing.matches))
    given.decisions = sealed(given, keeping.of_decisions(standing.decisions))
    given.figures = figures_of(standing)


def sealed(given: JoinedList, value: object) -> bytes:
    """What is kept of a list, under a key of its own that goes when the list does."""
    key = vault.keys_for([given.pk], compound=given.compound_id)[given.pk]
    return keeping.seal(value, key=key, of=given.pk)


def figures_of(standing: Standing) -> dict[str, int]:
    """What stays of a list when it is forgotten."""
    return {
        "rows": len(standing.contents.rows),
        "certain": standing.certain,
        "review": len(standing.to_review),
        "undecided": len(standing.undecided),
        "matched": len(set(standing.people.values())),
        "unlisted": len(standing.unlisted),
        "changed": 0,
    }


def _facts(given: JoinedList) -> dict[str, object]:
    return {**given.figures, "kind": given.kind, "compound": given.compound.name, "file": given.sha256}


@transaction.atomic
def compare_again(list_id: UUID, *, by: Actor, now: datetime) -> JoinedList:
    """Hold a list against the ledger as it stands now; what was decided stays decided."""
    given = open_list(list_id, by=by)
    before, people = queries.standing_of(given), queries.roll(given.compound)
    matches = _compare(given, before.contents, people)
    living = {person.id for person in people}
    _keep(given, Standing(before.contents, matches, carried_over(before, matches, living)))
    given.save(update_fields=["content", "matches", "decisions", "figures"])
    journal.record("list.again", given, by=by, at=now, path=given.compound.path, **_facts(given))
    return given


@transaction.atomic
def finish_list(list_id: UUID, *, by: Actor, now: datetime) -> JoinedList:
    """Write what the list says of those whom its rows mean; rows that nobody decided write nothing."""
    given = open_list(list_id, by=by)
    rules.check_writes(given)
    standing = queries.standing_of(given)
    changed = write_news(_news(given, standing))
    given.state, given.finished_at = ListState.FINISHED, now
    given.figures = figures_of(standing) | {"changed": changed}
    given.save(update_fields=["state", "finished_at", "figures"])
    journal.record("list.finish", given, by=by, at=now, path=given.compound.path, **_facts(given))
    return given


def _news(given: JoinedList, standing: Standing) -> dict[UUID, News]:
    """For everybody in the list what all their rows say together, of what its kind may write."""
    kind, found = KINDS[given.kind], dict[UUID, News]()
    for number, person in standing.people.items():
        news, row = found.setdefault(person, News()), standing.rows[number]
        news.flags.update(row.flags, [given.mark] if given.mark else [])
        if kind.enlists:
            news.is_helper = True
            news.skills.update(dict.fromkeys(row.skills))
    return found


def write_news(news: Mapping[UUID, News]) -> int:
    """Add flags, skills and being a helper to people; nothing is taken away. How many changed."""
    rows = Person.objects.filter(pk__in=news).only("flags", "skills", "is_helper")
    changed = []
    for person in rows.select_for_update().order_by("pk"):
        before = (set(person.flags), set(person.skills), person.is_helper)
        said = news[person.pk]
        person.flags = [flag for flag in FLAGS if flag in said.flags or flag in person.flags]
        person.skills = list(dict.fromkeys([*person.skills, *said.skills]))
        person.is_helper = person.is_helper or said.is_helper
        if (set(person.flags), set(person.skills), person.is_helper) != before:
            changed.append(person)
    Person.objects.bulk_update(changed, ["flags", "skills", "is_helper"], batch_size=2000)
    return len(changed)


@transaction.atomic
def add_unlisted(list_id: UUID, *, by: Actor, now: datetime) -> LedgerImport:
    """Make a ledger file of those in no ledger who have a name and a whole door, to be imported as any other."""
    given = kept_list(list_id, by=by)
    standing = queries.standing_of(given)
    rows = [row for row in standing.unlisted if queries.is_addable(row)]
    if not rows or not KINDS[given.kind].of_residents:
        raise rules.NobodyToAdd
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(HEADINGS)
    lines.writerows(_ledger_row(given, row) for row in rows)
    content = text.getvalue().encode()
    return preview_ledger(given.compound, content, name=f"{given.file_name}.csv", by=by, now=now)


def _ledger_row(given: JoinedList, row: Kept) -> list[object]:
    """A row of a list as a ledger writes it."""
    flags = sorted({*row.flags, given.mark} - {""})
    return [
        *(row.building, row.entrance, row.room, row.name),
        "、".join(phone for phone in row.phones if "*" not in phone),
        row.birth_year or "",
        SEXES.get(row.sex, ""),
        "、".join(flag.replace("_", " ") for flag in flags),
        "、".join(row.skills),
        "是" if KINDS[given.kind].enlists else "",
    ]


@transaction.atomic
def forget_list(list_id: UUID, *, by: Actor, now: datetime) -> JoinedList:
    """Forget what a list says before its day is over."""
    given = kept_list(list_id, by=by)
    given.state, given.ended_at = ListState.FORGOTTEN, now
    given.content = given.matches = given.decisions = None
    given.save(update_fields=["state", "ended_at", "content", "matches", "decisions"])
    transaction.on_commit(lambda: vault.destroy_keys([list_id]))
    journal.record("list.forget", given, by=by, at=now, path=given.compound.path)
    return given


def forget_lists(*, now: datetime) -> int:
    """Forget what lists say that are a day old. Returns how many."""
    left = JoinedList.objects.exclude(state=ListState.FORGOTTEN).filter(
        made_at__lt=now - queries.LISTS_ARE_KEPT
    )
    return left.update(state=ListState.FORGOTTEN, content=None, matches=None, decisions=None, ended_at=now)


def kept_list(list_id: UUID, *, by: Actor) -> JoinedList:
    """A list that is not forgotten, locked. Raises NotHere, ListForgotten."""
    rows = JoinedList.objects.select_for_update(of=["self"]).select_related("compound")
    given = rows.filter(pk=list_id).first()
    if given is None:
        raise NotHere
    rules.check_kept(given, by=by)
    return given


def open_list(list_id: UUID, *, by: Actor) -> JoinedList:
    """A list that can still be decided, locked. Raises NotHere, ListForgotten, ListEnded."""
    given = kept_list(list_id, by=by)
    rules.check_list_open(given, by=by)
    return given

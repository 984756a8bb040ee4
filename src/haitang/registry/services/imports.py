"""Ledger imports: preview a file, import it in one transaction, or drop it."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from haitang.core import journal
from haitang.core.actor import Actor
from haitang.core.refusal import Invalid, NotHere
from haitang.registry import ledger, queries, rules, sealed
from haitang.registry.models import Area, Household, ImportState, LedgerImport
from haitang.registry.services.merge import Figures, Merge, merged
from haitang.registry.services.people import add_doors, add_people, change_people, let_find
from haitang.registry.services.places import count_ledger, lock_above
from haitang.registry.services.provisional import confirm_listed
from haitang.vault import queries as keys
from haitang.vault import services as vault

MOST_SAMPLES = 5
FILES_ARE_KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A file held against a compound's ledger: what it says, what an import would do, what is wrong."""

    reading: ledger.Reading
    figures: Figures
    errors: list[ledger.RowError]


@dataclass(frozen=True, slots=True)
class Preview:
    """A file of an import that is still open. `imported_at`: when the very same file was imported before."""

    given: LedgerImport
    reading: ledger.Reading
    figures: Figures
    errors: list[ledger.RowError]
    imported_at: datetime | None

    @property
    def samples(self) -> list[ledger.Row]:
        """The first rows as they will be kept, masked."""
        return [ledger.masked_row(row) for row in self.reading.rows[:MOST_SAMPLES]]

    @property
    def twice(self) -> list[ledger.Twice]:
        """People whom the file names at two doors, masked."""
        found = ledger.named_twice(self.reading.rows)
        return [ledger.Twice(tuple(map(ledger.masked_row, twice.rows))) for twice in found]


def compare_ledger(
    compound: Area,
    content: bytes,
    *,
    name: str,
    answers: ledger.Answers = ledger.NO_ANSWERS,
    by: Actor,
    now: datetime,
) -> Comparison:
    """Hold a file against a compound's ledger without keeping it; `answers` say what its codes stand for.
    Raises ledger.Unreadable."""
    rules.check_import(compound, by=by)
    reading = ledger.read(content, name, answers=answers, this_year=now.year)
    rules.check_answers(reading.questions, answers)
    return compare_reading(compound, reading, by=by)


def compare_reading(compound: Area, reading: ledger.Reading, *, by: Actor) -> Comparison:
    """Hold what a file says against a compound's ledger; nothing is written."""
    rules.check_import(compound, by=by)
    merge = merged(compound, reading)
    return Comparison(reading, merge.figures, merge.errors)


@transaction.atomic
def preview_ledger(compound: Area, content: bytes, *, name: str, by: Actor, now: datetime) -> LedgerImport:
    """Keep a file for its preview. Raises ledger.Unreadable when it can't be read at all."""
    rules.check_import(compound, by=by)
    ledger.read(content, name, this_year=now.year)
    given = LedgerImport(
        compound=compound,
        file_name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        made_by=by.label,
        made_at=now,
    )
    key = vault.keys_for([given.pk], compound=compound.pk)[given.pk]
    given.content = sealed.seal_file(key, given.pk, content)
    given.save(force_insert=True)
    journal.record("ledger.preview", given, by=by, at=now, path=compound.path, sha256=given.sha256)
    return given


def preview(import_id: UUID, *, by: Actor) -> Preview:
    """What importing an open file would do; nothing is written. Raises NotHere, ImportEnded."""
    given = queries.ledger_import(import_id, by=by)
    rules.check_open(given, by=by)
    reading = reading_of(given)
    merge = merged(given.compound, reading)
    return Preview(given, reading, merge.figures, merge.errors, queries.imported_at(given))


def reading_of(given: LedgerImport) -> ledger.Reading:
    """The file of an open import, read with the columns and the codes as the desk chose them."""
    return _read(given, _columns_chosen(given))


def _columns_chosen(given: LedgerImport) -> dict[int, str]:
    """Index to field. Imports that were opened before there were answers hold nothing but these."""
    return {int(index): field for index, field in given.choices.get("columns", given.choices).items()}


def _read(given: LedgerImport, choices: Mapping[int, str]) -> ledger.Reading:
    content = sealed.open_file(keys.keys_of([given.pk])[given.pk], given.pk, bytes(given.content or b""))
    answers = given.choices.get("answers", ledger.NO_ANSWERS)
    return ledger.read(
        content, given.file_name, choices=choices, answers=answers, this_year=given.made_at.year
    )


@transaction.atomic
def change_columns(import_id: UUID, choices: Mapping[int, str], *, by: Actor, now: datetime) -> LedgerImport:
    """Say what columns hold: index to field, empty to drop the column. Only what differs from the reader's
    own guess is kept, so that a column dropped for a reason keeps its reason."""
    given = _open(import_id, by=by)
    wanted: dict[int, str] = {}
    try:
        for _attempt in range(2):  # a choice may free a field, which the guess then gives to another column
            guessed = {column.index: column.field for column in _read(given, wanted).columns}
            wanted |= {i: field for i, field in choices.items() if guessed.get(i, field) != field}
    except ledger.Unreadable as no:
        raise Invalid({"columns": no.message}) from no
    _choose(given, columns={str(index): field for index, field in wanted.items()})
    return given


@transaction.atomic
def answer_questions(import_id: UUID, answers: ledger.Answers, *, by: Actor, now: datetime) -> LedgerImport:
    """Say what codes stand for: column's letter to code to meaning, "" to leave the code out again."""
    given = _open(import_id, by=by)
    rules.check_answers(reading_of(given).questions, answers)
    held: ledger.Answers = given.choices.get("answers", ledger.NO_ANSWERS)
    said = {letter: {**held.get(letter, {}), **answers.get(letter, {})} for letter in {*held, *answers}}
    _choose(given, answers={letter: _without_blanks(codes) for letter, codes in said.items()})
    return given


def _without_blanks(codes: Mapping[str, str]) -> dict[str, str]:
    return {code: meaning for code, meaning in codes.items() if meaning}


def _choose(given: LedgerImport, **chosen: object) -> None:
    """Keep what the desk chose: {"columns": {index: field}, "answers": {letter: {code: meaning}}}."""
    columns = {str(index): field for index, field in _columns_chosen(given).items()}
    given.choices = {"columns": columns, "answers": given.choices.get("answers", {})} | chosen
    given.save(update_fields=["choices"])


@transaction.atomic
@transaction.atomic(using=vault.ALIAS)
def apply_ledger(import_id: UUID, *, by: Actor, now: datetime) -> LedgerImport:
    """Import a previewed file: good rows are kept, counts brought up to date, the file itself forgotten."""
    given = _open(import_id, by=by)
    _apply(given, reading_of(given), by=by, now=now)
    return given


@transaction.atomic
@transaction.atomic(using=vault.ALIAS)
def apply_reading(
    compound: Area, reading: ledger.Reading, *, name: str, sha256: str, by: Actor, now: datetime
) -> Comparison:
    """Import what a file of many compounds says of this one, without a preview and without keeping the file."""
    rules.check_import(compound, by=by)
    given = LedgerImport.objects.create(
        compound=compound,
        file_name=name,
        sha256=sha256,
        state=ImportState.APPLIED,
        made_by=by.label,
        made_at=now,
        ended_at=now,
    )
    return _apply(given, reading, by=by, now=now)


def _apply(given: LedgerImport, reading: ledger.Reading, *, by: Actor, now: datetime) -> Comparison:
    compound = Area.objects.select_for_update(no_key=True).get(pk=given.compound_id)
    merge = merged(compound, reading)
    _write(merge, given)
    lock_above(compound)
    count_ledger(compound)
    given.state, given.content, given.ended_at = ImportState.APPLIED, None, now
    given.figures, given.placed = asdict(merge.figures), [home.pk for home in merge.placed]
    given.confirmed = [home.pk for home in merge.confirmed]
    given.save(update_fields=["state", "content", "ended_at", "figures", "placed", "confirmed"])
    _forget_key(given)
    facts = {**given.figures, "compound": compound.name, "file": given.sha256}
    journal.record("ledger.import", given, by=by, at=now, path=compound.path, **facts)
    return Comparison(reading, merge.figures, merge.errors)


def _write(merge: Merge, given: LedgerImport) -> None:
    """Write what a file adds and changes, so that it can be undone."""
    compound = given.compound
    Area.objects.bulk_create(merge.buildings)
    add_doors(merge.households, given=given.pk)
    Household.objects.bulk_update(merge.placed, ["entrance"], batch_size=2000)
    confirm_listed(merge.confirmed)
    homes = Household.objects.filter(compound=compound).values_list("pk", "path")
    add_people(merge.people, compound=compound, paths=dict(homes), given=given.pk)
    change_people(merge.changed, compound=compound, given=given)
    touched = {one.household for one in (*merge.people, *merge.changed)}
    let_find(compound, (*merge.held, *merge.people), touched)


@transaction.atomic
def drop_ledger(import_id: UUID, *, by: Actor, now: datetime) -> LedgerImport:
    """Give up a previewed file and forget it."""
    given = _open(import_id, by=by)
    given.state, given.content, given.ended_at = ImportState.DROPPED, None, now
    given.save(update_fields=["state", "content", "ended_at"])
    _forget_key(given)
    journal.record("ledger.drop", given, by=by, at=now, path=given.compound.path)
    return given


def _forget_key(given: LedgerImport) -> None:
    """Destroy the key of a file that ended, once that is written; else `destroy_lost_keys` does it."""
    transaction.on_commit(lambda: vault.destroy_keys([given.pk]))


def forget_files(*, now: datetime) -> int:
    """Drop previews that nobody imported within a day. Returns how many."""
    left = LedgerImport.objects.filter(state=ImportState.PREVIEWED, made_at__lt=now - FILES_ARE_KEPT)
    return left.update(state=ImportState.DROPPED, content=None, ended_at=now)


def _open(import_id: UUID, *, by: Actor) -> LedgerImport:
    rows = LedgerImport.objects.select_for_update(of=["self"]).select_related("compound")
    given = rows.filter(pk=import_id).first()
    if given is None:
        raise NotHere
    rules.check_open(given, by=by)
    return given

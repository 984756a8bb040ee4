"""When places, ledgers and households may change."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from haitang.core.actor import Act, Actor
from haitang.core.refusal import Invalid, NotHere, Refused
from haitang.registry import ledger
from haitang.registry.joining.kinds import KINDS
from haitang.registry.joining.standing import Standing
from haitang.registry.ledger.vocabulary import FLAGS
from haitang.registry.models import (
    Area,
    Household,
    HouseholdKind,
    ImportState,
    JoinedList,
    LedgerImport,
    Level,
    ListState,
)

NOBODY_OF_THIS_COMPOUND = _("Nobody of this compound is in this file.")

MOST_SAID = 500  # people whom somebody may say to live behind one door
UNDONE_WITHIN = timedelta(days=7)
KEYS_SETTLE = timedelta(hours=1)  # a key is made a moment before what it seals
LONGEST_NOTE = 200


class NoDoors(Refused):
    code = "no_doors"
    message = _("Nobody's door is known here yet. Import the ledger first.")


class NoneWithoutCard(Refused):
    code = "none_without_card"
    message = _("Every household here has a card already. Print all of them, or one anew that was lost.")


class ImportEnded(Refused):
    code = "import_ended"
    message = _("This file was imported or dropped already. Choose the file again.")


class CannotUndo(Refused):
    code = "cannot_undo"
    message = _(
        "Only the last import of a compound can be undone, within seven days. Correct the ledger by a new import."
    )


class SomebodyWorks(Refused):
    code = "somebody_works"
    message = _(
        "%(count)s of the people this import brought work here now: on a team, or with an account. Take them off "
        "the team first, or correct the ledger by a new import."
    )


def check_undo(given: LedgerImport, *, last: LedgerImport | None, by: Actor, now: datetime) -> None:
    check_import(given.compound, by=by)
    is_late = given.ended_at is None or now - given.ended_at > UNDONE_WITHIN
    if given.state != ImportState.APPLIED or last is None or last.pk != given.pk or is_late:
        raise CannotUndo


def note_of(text: str) -> str:
    """A household's note in one piece. Raises Invalid."""
    note = " ".join(text.split())
    if len(note) > LONGEST_NOTE:
        raise Invalid({"note": _("Keep the note under 200 characters: what helps at the door, no more.")})
    return note


def reason_of(text: str) -> str:
    """Why something is done that can't be undone. Raises Invalid."""
    reason = " ".join(text.split())
    if not reason:
        raise Invalid({"reason": _("Say why: the reason stays in the journal.")})
    return reason[:LONGEST_NOTE]


class ListEnded(Refused):
    code = "list_ended"
    message = _("This list was finished or forgotten already. Choose the file again.")


class ListForgotten(Refused):
    code = "list_forgotten"
    status = 410
    message = _("This list is forgotten. Choose the file again.")


class WritesNothing(Refused):
    code = "list_writes_nothing"
    message = _("A list of this kind writes nothing into the ledger.")


class NobodyToAdd(Refused):
    code = "nobody_to_add"
    message = _("Nobody in this list can be added: a name and a whole door are needed.")


class NotShown(Refused):
    code = "not_shown"
    message = _("This person is not among those whom the row may mean. Look at the row again.")


def check_people_of(area: Area, *, by: Actor) -> None:
    """Who may have cards and lists with names: those who read its households, and one compound at a time."""
    by.check(Act.READ_HOUSEHOLD, area.path)
    if area.level not in (Level.COMPOUND, Level.BUILDING):
        raise Invalid({"area": _("What is printed is for a compound or a building. Choose one.")})


def check_import(compound: Area, *, by: Actor) -> None:
    by.check(Act.IMPORT_LEDGER, compound.path)
    if compound.level != Level.COMPOUND:
        raise Invalid({"compound": _("A ledger belongs to a compound. Choose one.")})


def check_open(given: LedgerImport, *, by: Actor) -> None:
    check_import(given.compound, by=by)
    if given.state != ImportState.PREVIEWED:
        raise ImportEnded


def check_kind(kind: str, mark: str) -> None:
    errors = {} if kind in KINDS else {"kind": _("Say what kind of list it is.")}
    if mark and ((not errors and not KINDS[kind].marks) or mark not in FLAGS):
        errors["kind"] = _("Say what kind of list it is.")
    if errors:
        raise Invalid(dict(errors))


def check_kept(given: JoinedList, *, by: Actor) -> None:
    check_import(given.compound, by=by)
    if given.state == ListState.FORGOTTEN:
        raise ListForgotten


def check_list_open(given: JoinedList, *, by: Actor) -> None:
    check_kept(given, by=by)
    if given.state != ListState.OPEN:
        raise ListEnded


def check_writes(given: JoinedList) -> None:
    if not KINDS[given.kind].writes:
        raise WritesNothing


def check_decision(standing: Standing, row: int, person: UUID | None) -> None:
    """Only a row that is to be looked at is decided, and only for somebody whom it shows, or for nobody."""
    if row not in standing.to_review:
        raise NotHere
    if person is not None and person not in {one.person for one in standing.by_row[row].candidates}:
        raise NotShown


def check_answers(questions: Iterable[ledger.Question], answers: ledger.Answers) -> None:
    """Only what was asked is answered, and only with what was offered; "" leaves a code out."""
    asked = {(one.letter, code.code): one.meanings for one in questions for code in one.codes}
    for letter, said in answers.items():
        for code, meaning in said.items():
            if meaning and meaning not in asked.get((letter, code), ()):
                no = _("Nothing asks whether {code} in column {letter} stands for {meaning}.")
                raise Invalid({"answers": format_lazy(no, code=code, letter=letter, meaning=meaning)})


class NothingToConfirm(Refused):
    code = "nothing_to_confirm"
    message = _("The ledger knows everybody here by name already. There is nothing to confirm.")


class HouseholdStands(Refused):
    code = "household_stands"
    message = _("This household was confirmed in the meantime. It stays in the ledger.")


def check_place(place: Area, *, by: Actor) -> None:
    """A household is added to a building, or to a compound when it stands by the gate."""
    by.check(Act.RECORD_CONTACT, place.path)
    if place.level not in (Level.COMPOUND, Level.BUILDING):
        raise Invalid({"place": _("Choose a building, or by the gate.")})


def check_people(people: int) -> None:
    if not 0 <= people <= MOST_SAID:
        raise Invalid({"people": _("Say how many people live there, at most 500.")})


def check_said(kind: str, door: str, people: int) -> None:
    """Refuse with Invalid what nobody could find again."""
    check_people(people)
    if kind not in HouseholdKind.values:
        raise Invalid({"kind": _("Choose what kind of household it is.")})
    if not door:
        raise Invalid({"door": _("Say which door it is, so that somebody else finds it.")})


def check_confirm(household: Household, *, by: Actor) -> None:
    by.check(Act.RECORD_CONTACT, household.building.path)
    if not household.is_provisional and household.said_people is None:
        raise NothingToConfirm


def check_take_back(household: Household, *, by: Actor) -> None:
    by.check(Act.RECORD_CONTACT, household.building.path)
    if not household.is_provisional:
        raise HouseholdStands

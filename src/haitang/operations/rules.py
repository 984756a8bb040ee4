"""When a list may be asked for, agreed to and taken, and by whom."""

from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haitang.core.actor import Act, Actor
from haitang.core.refusal import Invalid, Refused
from haitang.incidents.rules import check_another_person
from haitang.operations.models import ExportRequest
from haitang.registry.exports import COLUMNS, Asked
from haitang.registry.ledger.vocabulary import FLAGS
from haitang.registry.models import Area, Level

MOST_ALONE = 50  # people whom one person may take out within a day
LASTS = timedelta(days=1)  # from when a list may be taken until it is asked for anew
WAITS = timedelta(days=3)  # for a second person
OLDEST = 120


class NeedsAnotherUnit(Refused):
    code = "needs_another_unit"
    message = _("Whoever agrees to a list of people must be of another unit than who asks for it.")


class ExportDecided(Refused):
    code = "export_decided"
    message = _("Nobody has to decide on this list any more. Look at its page again.")


class ExportLapsed(Refused):
    code = "export_lapsed"
    message = _("This list was asked for too long ago. Ask for it anew.")


class NotAgreed(Refused):
    code = "export_not_agreed"
    message = _("A second person of another unit has to agree before anybody takes this list.")


class NotYourExport(Refused):
    code = "not_your_export"
    message = _("Only who asked for a list takes it. Ask for one of your own.")


class ExportGrew(Refused):
    code = "export_grew"
    message = _("More people are on this list now than when it was agreed to. Ask for it anew.")


def check_request(area: Area, asked: Asked, *, reason: str, by: Actor) -> None:
    """Refuse with Invalid what no list can be; with NotHere where `by` may take none."""
    by.check(Act.EXPORT_PEOPLE, area.path)
    errors: dict[str, str | Promise] = {}
    if area.level not in (Level.COMPOUND, Level.BUILDING):
        errors["area"] = _("A list is of one compound or one building. Choose one.")
    if asked.what not in COLUMNS or not COLUMNS[asked.what].keys() >= set(asked.columns):
        errors["what"] = _("Choose what the list is of, and columns that it can have.")
    if not FLAGS.keys() >= set(asked.choice.flags) or not 0 <= (asked.choice.age_from or 0) <= OLDEST:
        errors["choice"] = _("Choose people by what the ledger knows of them.")
    if not reason.strip():
        errors["reason"] = _(
            "Say what the list is for: it is in the journal, and a second person decides on it."
        )
    if errors:
        raise Invalid(errors)


def check_decide(export: ExportRequest, *, by: Actor, now: datetime) -> None:
    """The second person is another human being of another unit; what they see is counts and the reason."""
    by.check(Act.DECIDE_EXPORT, export.area.path)
    if not export.needs_second or export.decided_at is not None:
        raise ExportDecided
    if now - export.made_at > WAITS:
        raise ExportLapsed
    check_another_person(export.made_by_id, by=by)
    if not by.unit or by.unit == export.made_by_unit:
        raise NeedsAnotherUnit


def check_take(export: ExportRequest, *, named: int, by: Actor, now: datetime) -> None:
    """Who asked takes the list, within a day and no longer than agreed to. `named`: how many it names now."""
    by.check(Act.EXPORT_PEOPLE, export.area.path)
    if by.identity != export.made_by_id:
        raise NotYourExport
    if export.needs_second and not export.accepted:
        raise NotAgreed
    if now - (export.decided_at or export.made_at) > LASTS:
        raise ExportLapsed
    if named > (export.named if export.needs_second else MOST_ALONE):
        raise ExportGrew

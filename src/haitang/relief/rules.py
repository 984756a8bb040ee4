"""What a contact may say."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from haitang.core.actor import Actor
from haitang.core.refusal import Invalid, Refused
from haitang.relief.models import Contact, ContactSource

TAKE_BACK = timedelta(minutes=10)


class TooLate(Refused):
    code = "too_late"
    message = _("What was noted can be taken back by whoever noted it, for ten minutes. Now it stays.")


def check_take_back(contact: Contact, *, by: Actor, now: datetime) -> None:
    """A slip of the thumb is undone by the thumb that made it, soon."""
    if contact.recorder != by.user_id or now - contact.at > TAKE_BACK:
        raise TooLate


def check_source(source: str) -> None:
    if source not in ContactSource.values:
        raise Invalid({"source": _("Say how you heard from them: at the door, by phone or by message.")})

"""How a rule says no: one family of exceptions, turned into words in one place (`config.http`)."""

from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """An act that a rule forbids. Subclasses name the rule; `facts` fill the message's placeholders."""

    code = "refused"
    status = 409
    message: str | Promise = _("This can't be done.")

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts

    def __str__(self) -> str:
        return str(self.message) % self.facts


class NotHere(Refused):
    """What someone may not see does not exist for them, so both cases say the same."""

    code = "not_here"
    status = 404
    message = _("There is nothing here, or it is not part of your work.")


class Busy(Refused):
    """Others hold what an act needs, longer than one waits; all of the act is undone."""

    code = "busy"
    status = 503
    message = _(
        "Others are changing the same thing just now. Nothing of yours was changed: try again in a moment."
    )


# Serialisation failure, deadlock, and a lock that did not come within `lock_timeout`.
CLASHES = {"40001", "40P01", "55P03"}


def is_clash(fault: DatabaseError) -> bool:
    """Whether PostgreSQL undid an act only because another was in its way."""
    return getattr(fault.__cause__, "sqlstate", "") in CLASHES


class Invalid(Refused):
    """Input that can be mended: `errors` maps each field to what is wrong and how to mend it."""

    code = "invalid"
    status = 422
    message = _("Please mend the marked fields.")

    def __init__(self, errors: dict[str, str | Promise]) -> None:
        super().__init__()
        self.errors = errors

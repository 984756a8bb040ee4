"""Who acts: a frozen value made once per request, and the words for what may be done."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from haitang.core.refusal import NotHere


class Act(StrEnum):
    """Everything that needs a right. Which role holds which is a table in `accounts.rules`."""

    VIEW_AREA = "area.view"
    VIEW_COMPOUND = "compound.view"
    READ_HOUSEHOLD = "household.read"
    IMPORT_LEDGER = "ledger.import"
    VIEW_ORDER = "order.view"
    DRAFT_ORDER = "order.draft"
    DECIDE_ORDER = "order.decide"
    VIEW_TEAM = "team.view"
    LEAD_TEAM = "team.lead"
    RECORD_CONTACT = "contact.record"
    VIEW_JOURNAL = "journal.view"
    MANAGE_PEOPLE = "people.manage"
    EXPORT_PEOPLE = "people.export"
    DECIDE_EXPORT = "export.decide"


@dataclass(frozen=True, slots=True)
class Right:
    """One grant as it holds now: `acts` are allowed on every area whose path starts with `path`."""

    role: str
    path: str
    acts: frozenset[Act]


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request. `identity` is the human being: one may have several accounts."""

    user_id: UUID | None
    identity: UUID | None
    label: str
    unit: str
    rights: tuple[Right, ...]

    def may(self, act: Act, path: str) -> bool:
        """Whether some right allows `act` on the area at `path`."""
        return any(act in right.acts and path.startswith(right.path) for right in self.rights)

    def check(self, act: Act, path: str) -> None:
        """Refuse with NotHere unless `act` is allowed at `path`: what is out of reach does not exist."""
        if not self.may(act, path):
            raise NotHere

    def check_near(self, act: Act, path: str) -> None:
        """Refuse with NotHere unless `act` is allowed at `path` or somewhere below it: what holds for a whole
        town is the business of everyone in it."""
        if not self.may(act, path) and not any(p.startswith(path) for p in self.reach(act)):
            raise NotHere

    def reach(self, act: Act) -> tuple[str, ...]:
        """Paths of the areas on which `act` is allowed, the widest only."""
        paths = sorted({right.path for right in self.rights if act in right.acts})
        return tuple(p for p in paths if not any(p != q and p.startswith(q) for q in paths))

    def paths(self) -> tuple[str, ...]:
        """Where the person has any right at all."""
        return tuple(sorted({right.path for right in self.rights}))

    def within(self, act: Act, field: str = "path") -> Q:
        """Rows whose `field` (a path) lies where `act` is allowed; no row when it is allowed nowhere."""
        condition = Q(pk__in=[])
        for path in self.reach(act):
            condition |= Q(**{f"{field}__startswith": path})
        return condition

    def holds(self, act: Act) -> bool:
        """Whether `act` is allowed anywhere."""
        return any(act in right.acts for right in self.rights)


def operator(label: str) -> Actor:
    """Whoever sits at the server's own command line: may do everything, and is named in the journal."""
    return Actor(None, None, label, "", (Right("operator", "", frozenset(Act)),))


NOBODY = Actor(None, None, "", "", ())

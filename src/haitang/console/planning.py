"""A coverage plan in words: how good it is, what it left out and why, what changed and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext_lazy as _by_number

from haitang.teams.queries import Change, Proof, Unmet

if TYPE_CHECKING:
    from haitang.teams.models import Care

# The planner's codes; its own texts are English only.
REASONS: Mapping[str, Promise] = {
    "too_few_places": _lazy("the stewards on duty have no room for more buildings"),
    "too_far": _lazy("every steward with room lives too far away"),
    "only_one_steward": _lazy("nobody can back the only steward"),
    "backups_full": _lazy("every other steward backs as many buildings as agreed"),
    "more_stewards": _by_number(
        "%(more_stewards)s more steward would help",
        "%(more_stewards)s more stewards would help",
        "more_stewards",
    ),
    "locked": _lazy("somebody decided so"),
    "none_left": _lazy("nobody has room for it"),
    "gap_filled": _lazy("it had nobody"),
    "gone": _lazy("the one before is away or has left"),
    "full": _lazy("the one before may have fewer buildings now"),
    "backup_moved": _lazy("the one before is the steward now, backs others, or lives farther away"),
    "better": _lazy("the households are shared more evenly, or the walk is shorter"),
}


@dataclass(frozen=True, slots=True)
class UnmetWords:
    """Something left out."""

    what: str
    why: str
    would_help: str


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """One building that changed hands."""

    building: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class ProofWords:
    """A plan as the team's page tells it; changed by hand since, it proves nothing of what stands now."""

    made_at: datetime
    made_by: str
    is_changed: bool
    verdict: str
    unmet: list[UnmetWords]
    changes: list[ChangeWords]


def is_changed(proof: Proof, cares: "Iterable[Care]") -> bool:
    """Whether people gave a building to somebody else than the plan did."""
    planned = {row["building"]: (row["steward"], row["backup"]) for row in proof.plan.answer["assignments"]}
    standing = {str(care.building_id): (_id(care.steward_id), _id(care.backup_id)) for care in cares}
    return any(planned.get(building, (None, None)) != pair for building, pair in standing.items())


def _id(of: UUID | None) -> str | None:
    return str(of) if of else None


def in_words(proof: Proof, *, is_changed: bool = False) -> ProofWords:
    """The proof of a plan in the reader's language."""
    return ProofWords(
        made_at=proof.plan.made_at,
        made_by=proof.plan.made_by,
        is_changed=is_changed,
        verdict=_verdict(proof),
        unmet=[] if is_changed else [_unmet(item) for item in proof.unmet],
        changes=[
            ChangeWords(_place(change), change.before, change.after, _said(change.code, {}))
            for change in proof.changes
        ],
    )


def _verdict(proof: Proof) -> str:
    if proof.is_optimal:
        return _("Proven: no better plan exists for these stewards and buildings.")
    if proof.gap is None:
        return _("The best plan found in the time given.")
    return _("At most %(percent)s %% away from the best possible plan.") % {
        "percent": f"{100 * proof.gap:.1f}"
    }


def _place(change: Change) -> str:
    if change.role == "backup":
        return _("building %(name)s, backup") % {"name": change.building}
    return _("building %(name)s, steward") % {"name": change.building}


def _unmet(item: Unmet) -> UnmetWords:
    names = {"names": _(", ").join(item.buildings)}
    what = _("no backup: %(names)s") if item.what == "backup" else _("no steward: %(names)s")
    return UnmetWords(
        what % names, _said(item.reason_code, item.numbers), _said(item.would_help_code, item.numbers)
    )


def _said(code: str, numbers: Mapping[str, Any]) -> str:
    # Filled in before it is a string: one that goes by number chooses its words then.
    return str(REASONS[code] % numbers)

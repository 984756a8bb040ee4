"""The kinds of lists that are joined to a ledger: what each may keep, write and tell."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haitang.registry.joining.matching import UNKNOWN


@dataclass(frozen=True, slots=True)
class Kind:
    """`keeps`: columns of the list beyond those that tell who is meant. `marks`: flags of people that a match writes;
    `enlists`: a match makes a helper. `tells_absent`: which doors have people who are not in the list;
    `tells_present`: who of the list lives here. `unknown`: the share of rows expected in no ledger."""

    code: str
    label: str | Promise
    help: str | Promise
    keeps: frozenset[str] = frozenset()
    marks: bool = False
    enlists: bool = False
    tells_absent: bool = False
    tells_present: bool = False
    unknown: float = UNKNOWN

    @property
    def writes(self) -> bool:
        """Whether a match changes the ledger at all."""
        return self.marks or self.enlists

    @property
    def of_residents(self) -> bool:
        """Whether everybody in such a list should be in the ledger."""
        return not self.tells_present


# A vaccination list writes nothing: whether somebody was vaccinated must not stand anywhere.
KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "vaccination",
            _("Vaccination list"),
            _("Nothing is written. You see which doors have people who are not in the list."),
            tells_absent=True,
        ),
        Kind(
            "special_care",
            _("People who need special care"),
            _("Writes what care somebody needs, from the list's own column or the same for everyone in it."),
            keeps=frozenset({"vulnerable_flag"}),
            marks=True,
        ),
        Kind(
            "helpers",
            _("Helpers"),
            _("Makes them registered helpers, with their skills."),
            keeps=frozenset({"volunteer_skill"}),
            enlists=True,
        ),
        Kind(
            "unit",
            _("A unit's people"),
            _("Nothing is written. You see who of them lives here."),
            tells_present=True,
            unknown=0.9,
        ),
    )
}

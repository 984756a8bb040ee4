"""A row of a list beside somebody of the ledger: what each says, and where they differ."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rapidfuzz.distance import Levenshtein

from haitang.console.templatetags.pages import spaced
from haitang.registry.joining.names import simplified
from haitang.registry.joining.words import EVIDENCE
from haitang.registry.queries import Listed
from haitang.registry.services import Review

NOTHING = "–"
Marking = Callable[[str, str], "tuple[list[Piece], list[Piece]]"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text that both sides have, or only this one."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the comparison: what the list says, what the ledger says."""

    label: str
    said: list[Piece]
    known: list[Piece]


@dataclass(frozen=True, slots=True)
class Pair:
    """A row held against one candidate, with what speaks for it and against it."""

    person: UUID
    household: UUID
    name: str
    facts: list[Fact]
    reasons: list[tuple[bool, str | Promise]]
    is_chosen: bool


def pairs_of(review: Review) -> list[Pair]:
    """Each candidate beside the row, the likeliest first."""
    return [
        Pair(
            person=person.id,
            household=person.household,
            name=person.name,
            facts=_facts(review, person),
            reasons=sorted((EVIDENCE[code] for code in one.evidence), key=lambda reason: not reason[0]),
            is_chosen=review.decided == person.id,
        )
        for person, one in review.candidates
    ]


def _facts(review: Review, person: Listed) -> list[Fact]:
    row = review.row
    said_phone, known_phone = nearest(row.phones, person.phones)
    said_year, known_year = (str(year) if year else "" for year in (row.birth_year, person.birth_year))
    sexes = {"f": _("female"), "m": _("male"), "": ""}
    lines: list[tuple[str, str, str, Marking]] = [
        (_("Name"), row.name, person.name, marked),
        (_("Door"), door_of(row), door_of(person), marked),
        (_("Phone"), spaced(said_phone), spaced(known_phone), marked),
        (_("Born"), said_year, known_year, whole),
        (_("Sex"), sexes[row.sex], sexes[person.sex], whole),
        (_("Relation"), "", person.relation, whole),
    ]
    return [Fact(label, *mark(said, known)) for label, said, known, mark in lines if said or known]


def marked(said: str, known: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, character by character; a traditional character is its simplified one."""
    if not said or not known:
        return whole(said, known)
    steps = list(Levenshtein.opcodes(simplified(said), simplified(known)))
    one = [Piece(said[step.src_start : step.src_end], step.tag != "equal") for step in steps]
    other = [Piece(known[step.dest_start : step.dest_end], step.tag != "equal") for step in steps]
    return [piece for piece in one if piece.text], [piece for piece in other if piece.text]


def whole(said: str, known: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in one piece each; a side that says nothing differs from nothing."""
    differs = bool(said and known and said != known)
    return [Piece(said or NOTHING, differs)], [Piece(known or NOTHING, differs)]


def nearest(said: Iterable[str], known: Iterable[str]) -> tuple[str, str]:
    """The two numbers, one of each side, that are most alike; "" for a side without any."""
    couples = [(one, other) for one in said or [""] for other in known or [""]]
    return min(couples, key=lambda couple: Levenshtein.distance(*couple))


def door_of(place: object) -> str:
    """A door as it is said: building, entrance if there is one, room; "" when not told."""
    parts = [getattr(place, part) for part in ("building", "entrance", "room")]
    return "-".join(part for part in parts if part)

"""Is the ledger right: what it may have wrong, of how many, where, and how to mend it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from haitang.console.policy import Request, page
from haitang.core.actor import Act, Actor
from haitang.registry import queries as registry
from haitang.registry.quality import Finding, Row
from haitang.registry.queries import Area

SHOWN = 50  # rows of a finding


@dataclass(frozen=True, slots=True)
class Words:
    """What a finding says: its title, what it counts, how it is mended, and by which act (a key of ACTS)."""

    title: str | Promise
    unit: str
    remedy: str | Promise
    act: str = ""


UNITS: dict[str, str | Promise] = {
    "door": _lazy("%(n)s of %(of)s doors"),
    "person": _lazy("%(n)s of %(of)s people"),
    "household": _lazy("%(n)s of %(of)s households"),
    "building": _lazy("%(n)s of %(of)s buildings"),
    "row": _lazy("%(n)s of %(of)s people in the file"),
    "place": _lazy("%(n)s among %(of)s places"),
    "alone": _lazy("%(n)s of %(of)s who live alone"),
    "aged": _lazy("%(n)s of %(of)s with a year of birth"),
}

# The act that mends, its words, and the right it needs.
ACTS: dict[str, tuple[str | Promise, Act, str]] = {
    "add": (_lazy("Add a household"), Act.RECORD_CONTACT, "console:add_household"),
    "import": (_lazy("Import a ledger"), Act.IMPORT_LEDGER, "console:ledger"),
}

WORDS = {
    "doorless": Words(
        _lazy("People without a door"),
        "row",
        _lazy(
            "The last file names them, but not where they live. Mend these rows and import the file again."
        ),
        "import",
    ),
    "absent_doors": Words(
        _lazy("Doors that no list names"),
        "door",
        _lazy("The floors above and below have them. Ask the steward: empty, or forgotten? Then add it."),
        "add",
    ),
    "empty": Words(
        _lazy("Doors without people"),
        "door",
        _lazy("Ask the steward who lives there; put them into the list and import it again."),
        "import",
    ),
    "provisional": Words(
        _lazy("Provisional households"),
        "door",
        _lazy("Somebody said they are there. Open each, look again, and confirm it or take it back."),
    ),
    "unnamed": Words(
        _lazy("People not known by name"),
        "person",
        _lazy("Ask at the door for the names, or confirm how many live there."),
        "import",
    ),
    "alone_without_phone": Words(
        _lazy("Living alone without a phone number"),
        "alone",
        _lazy("Nobody can call them: knock, and ask for a number or a neighbour's."),
        "import",
    ),
    "children_alone": Words(
        _lazy("Children alone, or heads of a household"),
        "household",
        _lazy("An adult is missing from the list, or a year of birth is wrong. Correct the row."),
        "import",
    ),
    "twice": Words(
        _lazy("One person at two doors"),
        "person",
        _lazy("Ask which door is theirs; take the other row out of the list before you import it again."),
        "import",
    ),
    "crowded": Words(
        _lazy("Very many behind one door"),
        "door",
        _lazy(
            "Two doors may have become one, or the flat is let by the room. Look, and add what is missing."
        ),
        "add",
    ),
    "missing_floors": Words(
        _lazy("Buildings with a floor missing"),
        "building",
        _lazy("Some houses number no 4th or 13th floor. If this one does, its list is incomplete."),
        "import",
    ),
    "uneven_floors": Words(
        _lazy("Floors with far more or fewer doors than the others"),
        "building",
        _lazy("Compare the floor with the one above it: doors may be missing or on the wrong floor."),
        "import",
    ),
    "bare_entrances": Words(
        _lazy("Doors without an entrance beside doors with one"),
        "door",
        _lazy("Import a list that names the entrance, such as 8-3-2706; the door then gets it."),
        "import",
    ),
    "off_floor": Words(
        _lazy("Room numbers that say another floor"),
        "door",
        _lazy("Correct the floor or the room in the list."),
        "import",
    ),
    "odd_ages": Words(
        _lazy("Ages that can't be"),
        "aged",
        _lazy("Correct the year of birth in the list."),
        "import",
    ),
    "namesakes": Words(
        _lazy("Places of the same name"),
        "place",
        _lazy(
            "A file or a call may be meant for them. Say the town with the name, and check before you import."
        ),
    ),
}

FACTS: dict[str, str | Promise] = {
    "empty": "",
    "crowded": _lazy("%(people)s people"),
    "provisional": _lazy("%(people)s people, as said"),
    "unnamed": _lazy("%(people)s without a name"),
    "children_alone": _lazy("%(age)s years"),
    "odd_ages": _lazy("%(age)s years"),
    "missing_floors": _lazy("no door on floor %(floors)s"),
    "uneven_floors": _lazy("floor %(floors)s; usual are %(usual)s doors"),
    "absent_doors": "%(doors)s",
    "off_floor": _lazy("on floor %(floor)s"),
    "twice/phone": _lazy("and %(other)s: same name and phone"),
    "twice/year": _lazy("and %(other)s: same name and year of birth"),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """One place to look at. `url` is empty where the reader may not open it."""

    label: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as the page shows it."""

    code: str
    title: str | Promise
    count: str
    remedy: str | Promise
    act: str | Promise
    act_url: str
    shown: list[Spot]
    all: int

    @property
    def more(self) -> bool:
        return self.all > len(self.shown)


@dataclass(frozen=True, slots=True)
class QualityPage:
    """What is to be mended in a compound's ledger, and what was checked and is fine."""

    now: datetime
    compound: Area
    open: list[FindingView]
    fine: list[FindingView]


@page(Act.READ_HOUSEHOLD, of=registry.compound_path)
def quality(request: Request, compound_id: UUID) -> HttpResponse:
    by, now = request.actor, timezone.now()
    compound = registry.area(compound_id, by=by, act=Act.READ_HOUSEHOLD)
    found = registry.findings(compound, this_year=now.year)
    view = QualityPage(
        now=now,
        compound=compound,
        open=[_view(finding, compound, by=by) for finding in found if finding.number],
        fine=[_view(finding, compound, by=by) for finding in found if not finding.number],
    )
    return render(request, "registry/quality.html", {"view": view})


def _view(finding: Finding, compound: Area, *, by: Actor) -> FindingView:
    words = WORDS[finding.code]
    act, act_url = _act(words.act, compound, by=by)
    return FindingView(
        code=finding.code,
        title=words.title,
        count=str(UNITS[words.unit]) % {"n": f"{finding.number:,}", "of": f"{finding.of:,}"},
        remedy=words.remedy,
        act=act,
        act_url=act_url,
        shown=[_spot(finding.code, row, compound, by=by) for row in finding.rows[:SHOWN]],
        all=len(finding.rows),
    )


def _act(name: str, compound: Area, *, by: Actor) -> tuple[str | Promise, str]:
    """The words and the address of the act that mends; both empty where there is none, or it isn't the reader's."""
    if name not in ACTS:
        return "", ""
    words, act, route = ACTS[name]
    if not by.may(act, compound.path):
        return "", ""
    if name == "import":
        return words, f"{reverse(route)}?compound={compound.pk}"
    return words, reverse(route, args=[compound.pk])


def _spot(code: str, row: Row, compound: Area, *, by: Actor) -> Spot:
    key = f"{code}/{row.facts['same']}" if "same" in row.facts else code
    label = _("building %(name)s") % {"name": row.label} if row.kind == "building" else row.label
    return Spot(label, str(FACTS.get(key, "")) % row.facts, _url(row, compound, by=by))


def _url(row: Row, compound: Area, *, by: Actor) -> str:
    if row.kind == "import":
        may = by.may(Act.IMPORT_LEDGER, compound.path)
        return reverse("console:ledger_import", args=[row.id]) if may else ""
    if row.kind == "area":
        return ""  # another place: named so that it isn't taken for this one
    return reverse(f"console:{row.kind}", args=[row.id])


routes = [path("compounds/<uuid:compound_id>/quality", quality, name="quality")]

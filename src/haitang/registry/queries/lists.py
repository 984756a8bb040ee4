"""Reads about lists that are joined to a ledger."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from haitang.core.actor import Act, Actor
from haitang.core.refusal import NotHere
from haitang.registry.joining import keeping
from haitang.registry.joining.keeping import Kept
from haitang.registry.joining.kinds import KINDS, Kind
from haitang.registry.joining.names import name_of
from haitang.registry.joining.standing import Standing
from haitang.registry.models import JoinedList, ListState
from haitang.registry.queries.people import Listed, roll
from haitang.registry.queries.places import path_in
from haitang.vault import queries as vault

LISTS_ARE_KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class AbsentDoor:
    """A door of which `absent` of `people` are not in a list."""

    household: UUID
    floor: int
    entrance: str
    room: str
    absent: int
    people: int


@dataclass(frozen=True, slots=True)
class Report:
    """A list as its page shows it. `absent`: by building, the doors with people who are not in it; `present`: the rows
    of those who live here, each with the door; `addable`: how many of the unlisted have a name and a whole door."""

    given: JoinedList
    kind: Kind
    standing: Standing
    people: int
    absent: list[tuple[str, list[AbsentDoor]]]
    absent_people: int
    present: list[tuple[Kept, Listed]]
    addable: int

    @property
    def forgets_at(self) -> datetime:
        """When everything but the figures is forgotten."""
        return self.given.made_at + LISTS_ARE_KEPT

    @property
    def unlisted_at_doors(self) -> list[Kept]:
        """The rows of people in no ledger by door, those without one last."""
        return sorted(
            self.standing.unlisted,
            key=lambda row: (not row.building, len(row.building), row.building, len(row.room), row.room),
        )

    @property
    def absent_doors(self) -> int:
        return sum(len(doors) for _building, doors in self.absent)

    @property
    def decided(self) -> int:
        """How many rows somebody has looked at."""
        return len(self.standing.to_review) - len(self.standing.undecided)


def list_path(list_id: UUID) -> str:
    """The path of a list's compound."""
    return path_in(JoinedList.objects.filter(pk=list_id), "compound__path")


def joined_list(list_id: UUID, *, by: Actor) -> JoinedList:
    """One list of a compound whose ledger `by` may import. Raises NotHere."""
    rows = JoinedList.objects.select_related("compound")
    found = rows.filter(by.within(Act.IMPORT_LEDGER, "compound__path"), pk=list_id).first()
    if found is None:
        raise NotHere
    return found


def joined_lists(*, by: Actor) -> list[JoinedList]:
    """The last lists that `by` may see, newest first, without what they say."""
    rows = JoinedList.objects.defer("content", "matches", "decisions").select_related("compound")
    return list(rows.filter(by.within(Act.IMPORT_LEDGER, "compound__path")).order_by("-made_at")[:50])


def standing_of(given: JoinedList) -> Standing:
    """What a list that is still kept says, whom it means and what was decided."""
    key = vault.keys_of([given.pk])[given.pk]
    sealed = (given.content, given.matches, given.decisions)
    contents, matches, decisions = (keeping.unseal(bytes(one or b""), key=key, of=given.pk) for one in sealed)
    return Standing(
        keeping.contents_of(contents), keeping.matches_of(matches), keeping.decisions_of(decisions)
    )


def list_report(given: JoinedList) -> Report | None:
    """What the page of a list shows; None once it is forgotten. The reader's right is the caller's to check."""
    if given.state == ListState.FORGOTTEN:
        return None
    kind, standing, people = KINDS[given.kind], standing_of(given), roll(given.compound)
    listed = set(standing.people.values())
    missing = [person for person in people if person.id not in listed]
    by_id = {person.id: person for person in people}
    return Report(
        given=given,
        kind=kind,
        standing=standing,
        people=len(people),
        absent=_absent(people, missing) if kind.tells_absent else [],
        absent_people=len(missing),
        present=_present(standing, by_id) if kind.tells_present else [],
        addable=sum(1 for row in standing.unlisted if is_addable(row)) if kind.of_residents else 0,
    )


def is_addable(row: Kept) -> bool:
    """Whether a row has what a ledger asks for: a name in full and a whole door."""
    return bool(row.name and row.building and row.room and not name_of(row.name).is_hidden)


def _present(standing: Standing, by_id: dict[UUID, Listed]) -> list[tuple[Kept, Listed]]:
    pairs = ((standing.rows[row], by_id.get(person)) for row, person in standing.people.items())
    return [(row, person) for row, person in pairs if person is not None]


def _absent(people: Iterable[Listed], missing: Sequence[Listed]) -> list[tuple[str, list[AbsentDoor]]]:
    """Building by building, in the order of the roll."""
    living = Counter(person.household for person in people)
    absent = Counter(person.household for person in missing)
    found: dict[str, dict[UUID, AbsentDoor]] = {}
    for one in missing:
        door = AbsentDoor(
            one.household, one.floor, one.entrance, one.room, absent[one.household], living[one.household]
        )
        found.setdefault(one.building, {}).setdefault(one.household, door)
    return [(building, list(doors.values())) for building, doors in found.items()]

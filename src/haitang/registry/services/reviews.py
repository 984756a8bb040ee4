"""The review of a joined list: one row beside those whom it may mean, and what somebody decides."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from haitang.core import journal
from haitang.core.actor import Actor
from haitang.core.refusal import NotHere
from haitang.registry import joining, queries, rules
from haitang.registry.joining import keeping
from haitang.registry.joining.keeping import Kept
from haitang.registry.joining.standing import Standing
from haitang.registry.models import Household, JoinedList
from haitang.registry.queries import Listed
from haitang.registry.services.lists import figures_of, open_list, sealed

Candidates = list[tuple[Listed, joining.Candidate]]


@dataclass(frozen=True, slots=True)
class Review:
    """A row of a list with those whom it may mean. `place` of `of` says how far the review is; `repeats` is the row
    that took the first of them already; `after` the next row that waits, `before` the one before this."""

    given: JoinedList
    row: Kept
    candidates: Candidates
    repeats: Kept | None
    place: int
    of: int
    waiting: int
    is_decided: bool
    decided: UUID | None
    before: int | None
    after: int | None


@transaction.atomic
def look_at(list_id: UUID, row: int, *, by: Actor, now: datetime) -> Review:
    """Show a row beside those whom it may mean; each household that is shown so is a journal row."""
    given = open_list(list_id, by=by)
    standing = queries.standing_of(given)
    if row not in standing.to_review:
        raise NotHere
    candidates = _candidates(given, standing, row)
    homes = Household.objects.filter(pk__in={person.household for person, _why in candidates})
    for household in homes.select_related("building").order_by("pk"):
        journal.record("household.read", household, by=by, at=now, path=household.building.path)
    place, match = standing.to_review.index(row), standing.by_row[row]
    return Review(
        given=given,
        row=standing.rows[row],
        candidates=candidates,
        repeats=standing.rows[match.repeats] if match.repeats else None,
        place=place + 1,
        of=len(standing.to_review),
        waiting=len(standing.undecided),
        is_decided=row in standing.decisions,
        decided=standing.decisions.get(row),
        before=standing.to_review[place - 1] if place else None,
        after=standing.after(row),
    )


def _candidates(given: JoinedList, standing: Standing, row: int) -> Candidates:
    """Those whom a row may mean, as far as they are in the ledger still, the likeliest first."""
    shown = standing.by_row[row].candidates
    people = {person.id: person for person in queries.listed(one.person for one in shown)}
    return [(people[one.person], one) for one in shown if one.person in people]


@transaction.atomic
def decide_row(list_id: UUID, row: int, *, person: UUID | None, by: Actor, now: datetime) -> int | None:
    """Say whom a row means, None for nobody of those shown. Returns the next row that waits, if any."""
    given = open_list(list_id, by=by)
    before = queries.standing_of(given)
    rules.check_decision(before, row, person)
    standing = Standing(before.contents, before.matches, {**before.decisions, row: person})
    given.decisions = sealed(given, keeping.of_decisions(standing.decisions))
    given.figures = figures_of(standing)
    given.save(update_fields=["decisions", "figures"])
    is_same = person is not None
    journal.record("list.decide", given, by=by, at=now, path=given.compound.path, row=row, same=is_same)
    return standing.after(row)

"""Writes about household cards: given out door by door, and made anew when one is lost."""

import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from haitang.core import journal
from haitang.core.actor import Act, Actor
from haitang.registry import queries, rules, sealed
from haitang.registry.cards import TOKEN_BYTES, Code
from haitang.registry.models import Area, Household, HouseholdCard, Level
from haitang.vault import queries as keys
from haitang.vault import services as vault
from haitang.vault.sealing import Unreadable


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """A living card with its code, to be printed."""

    household: UUID
    building: str
    entrance: str
    room: str
    code: Code


@transaction.atomic
def issue_cards(area: Area, *, by: Actor, now: datetime) -> list[IssuedCard]:
    """The living cards of all households of a compound or building, as they are walked. A card that can't be printed
    again as it is ends, and its household has a new one."""
    rules.check_people_of(area, by=by)
    return _issue(area, _homes(area), by=by, now=now)


@transaction.atomic
def issue_missing_cards(area: Area, *, by: Actor, now: datetime) -> list[IssuedCard]:
    """New cards for those households of a compound or building that have none."""
    rules.check_people_of(area, by=by)
    homes = _homes(area)
    held = set(_living(homes).values_list("household_id", flat=True))
    missing = [home for home in homes if home.pk not in held]
    if not missing:
        raise rules.NoneWithoutCard
    return _issue(area, missing, by=by, now=now)


@transaction.atomic
def reissue_card(household_id: UUID, *, by: Actor, now: datetime) -> IssuedCard:
    """A new card for a household; the one that it had, if any, is worth nothing from now on."""
    by.check(Act.READ_HOUSEHOLD, queries.household_path(household_id))
    household = queries.household(household_id)
    _lock(household.building)
    ended = _living([household]).update(ended_at=now)
    (card,) = _make([household], now=now)
    journal.record("card.reissue", household, by=by, at=now, path=household.building.path, ended=ended)
    return card


def _homes(area: Area) -> list[Household]:
    """The households of a compound or building in the order of the way; others wait until this is done."""
    _lock(area)
    rows = Household.objects.filter(building__path__startswith=area.path)
    homes = list(rows.select_related("building"))
    if not homes:
        raise rules.NoDoors
    return sorted(
        homes, key=lambda home: (home.building.place, home.building.code, *queries.on_the_way(home))
    )


def _lock(area: Area) -> None:
    """Let nobody else give out cards in the same compound meanwhile; its ledger stays open."""
    Area.objects.select_for_update(no_key=True).get(
        level=Level.COMPOUND, path__in=queries.ancestors_of(area.path)
    )


def _living(homes: Iterable[Household]) -> QuerySet[HouseholdCard]:
    return HouseholdCard.objects.filter(household__in=[home.pk for home in homes], ended_at=None)


def _issue(area: Area, homes: list[Household], *, by: Actor, now: datetime) -> list[IssuedCard]:
    living = _living(homes)
    kept = open_tokens({card.household_id: bytes(card.sealed) for card in living})
    ended = living.exclude(household__in=kept).update(ended_at=now)
    made = {card.household: card for card in _make([home for home in homes if home.pk not in kept], now=now)}
    facts = {"cards": len(homes), "new": len(made), "ended": ended}
    journal.record("card.issue", area, by=by, at=now, path=area.path, **facts)
    return [made.get(home.pk) or _issued(home, kept[home.pk]) for home in homes]


def _make(homes: list[Household], *, now: datetime) -> list[IssuedCard]:
    """New cards for households of one compound."""
    tokens = {home.pk: secrets.token_bytes(TOKEN_BYTES) for home in homes}
    closed = seal_tokens(tokens, compound=homes[0].compound_id) if homes else {}
    rows = [
        HouseholdCard(
            compound_id=home.compound_id,
            household=home,
            digest=Code(tokens[home.pk]).digest,
            sealed=closed[home.pk],
            issued_at=now,
        )
        for home in homes
    ]
    HouseholdCard.objects.bulk_create(rows, batch_size=2000)
    return [_issued(home, tokens[home.pk]) for home in homes]


def seal_tokens(tokens: Mapping[UUID, bytes], *, compound: UUID) -> dict[UUID, bytes]:
    """The tokens of households of a compound, each sealed with its household's key."""
    held = vault.keys_for(tokens, compound=compound)
    return {home: sealed.seal_token(held[home], home, token) for home, token in tokens.items()}


def open_tokens(closed: Mapping[UUID, bytes]) -> dict[UUID, bytes]:
    """The tokens of households again, without those that can't be read any more."""
    found = {}
    for home, key in keys.keys_of(closed).items():
        with suppress(Unreadable):
            found[home] = sealed.open_token(key, home, closed[home])
    return found


def _issued(home: Household, token: bytes) -> IssuedCard:
    return IssuedCard(home.pk, home.building.name, home.entrance, home.room, Code(token))

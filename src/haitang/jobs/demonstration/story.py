"""What happened before a demonstration begins: three days of flood and infection, act by act through services."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import TypeAlias
from uuid import UUID

from haitang.accounts import queries as accounts
from haitang.core.actor import operator
from haitang.incidents import queries as incidents
from haitang.incidents import services as orders
from haitang.incidents.playbooks import playbook
from haitang.jobs.demonstration import cast, city
from haitang.jobs.demonstration.neighbourhood import Compound, Household, Neighbourhood
from haitang.jobs.demonstration.people import Person
from haitang.jobs.demonstration.sites import ELSEWHERE, GARDEN, SIBLING, Site
from haitang.operations import services as operations
from haitang.registry import queries as registry
from haitang.relief import services as relief
from haitang.teams import queries as teams_queries
from haitang.teams import services as teams

LANGUAGE = "zh-hans"
SET_UP = operator("haitang demo")
ABLE = range(25, 60)

Act: TypeAlias = Callable[[datetime], object]
Moment: TypeAlias = tuple[float, Act]  # hours before the demonstration begins, and what happens then


@dataclass(frozen=True, slots=True)
class Draft:
    """An order as a desk drafts it; `lasts` is the hours until its review, `lead` a sign-in name."""

    site: Site
    playbook: str
    level: str
    reason: str
    lasts: int
    lead: str


STANDBY = Draft(
    site=ELSEWHERE,
    playbook="flood",
    level="standby",
    reason="小区旁河道水位超过警戒线，低层住户准备转移。",
    lasts=24,
    lead=cast.ELSEWHERE_DESK,
)
WATCH = Draft(
    site=ELSEWHERE,
    playbook="flood",
    level="watch",
    reason="水位回落到警戒线以下，雨还没停，继续巡查河道和地下车库。",
    lasts=48,
    lead=cast.ELSEWHERE_DESK,
)
TOO_EARLY = Draft(
    site=SIBLING,
    playbook="epidemic",
    level="sealed",
    reason="1 人初筛阳性，等待复核。",
    lasts=48,
    lead=cast.SIBLING_DESK,
)
CONTROLLED = Draft(
    site=SIBLING,
    playbook="epidemic",
    level="controlled",
    reason="1 人复核阳性，只去过小区北门。先管控，密接查清了再定。",
    lasts=48,
    lead=cast.SIBLING_DESK,
)
SEALED = Draft(
    site=GARDEN,
    playbook="epidemic",
    level="sealed",
    reason="小区里 2 人复核阳性，彼此没有来往，可能已经传开。",
    lasts=72,
    lead=cast.LEAD,
)


@dataclass
class Story:
    """The acts of a demonstration, and what later acts need to know of earlier ones."""

    drawn: Neighbourhood
    orders: dict[Draft, UUID] = field(default_factory=dict)
    doors: dict[tuple[str, str, str], UUID] = field(default_factory=dict)

    def moments(self) -> list[Moment]:
        """Everything that happens, in order of time: the journal is written as it would have been."""
        told = [*self._city(), *self._flood(), *self._infection(), *self._garden()]
        return sorted(told, key=lambda moment: -moment[0])

    def _city(self) -> Iterator[Moment]:
        drawn = self.drawn
        yield 72, lambda at: city.add_places(drawn, by=SET_UP, now=at)
        yield 71.9, lambda at: cast.hire(by=SET_UP, now=at)
        desks = (cast.DESK, cast.SIBLING_DESK, cast.ELSEWHERE_DESK)
        for hours, compound, desk in zip((71, 70.5, 70), drawn.compounds, desks, strict=True):
            yield hours, partial(self._import, compound, desk)
        yield 69.5, lambda at: cast.employ_steward(drawn, by=SET_UP, now=at)
        yield 0, lambda at: cast.offer_at_sign_in(by=SET_UP)

    def _flood(self) -> Iterator[Moment]:
        """In another district: the water came, went, and the review of what is left was forgotten."""
        first, second, desk = cast.ELSEWHERE_TOWN, cast.CITY_DESK, cast.ELSEWHERE_DESK
        able = self._able(self.drawn.elsewhere, ("2", "5"))
        for hours, (home, person) in zip((68.6, 68.5), able, strict=True):
            yield hours, partial(self._report_in, ELSEWHERE, home, person, desk)
        yield 68, partial(self._draft, STANDBY, first)
        yield 67.5, partial(self._confirm, STANDBY, second)
        yield 56, partial(self._propose, STANDBY, "lifted", "水位连续 6 小时下降。", first)
        yield 55.5, partial(self._lift, STANDBY, second)
        yield 55.8, partial(self._draft, WATCH, first)
        yield 54.2, partial(self._confirm, WATCH, second)
        yield from self._ticks(WATCH, desk, (53.5, 52.5, 51))
        yield from self._contacts(self.drawn.elsewhere, desk, households=110, since=22, until=3)

    def _infection(self) -> Iterator[Moment]:
        """Next door: sealing was drafted too early and dropped; the next order waits for its second person."""
        first, second, desk = cast.TOWN_DESK, cast.CITY_DESK, cast.SIBLING_DESK
        yield 12, partial(self._draft, TOO_EARLY, first)
        yield 11.2, partial(self._propose, TOO_EARLY, "dropped", "等复核结果，先不封。", first)
        yield 10.9, partial(self._drop, TOO_EARLY, second)
        yield from self._contacts(self.drawn.sibling, desk, households=140, since=9, until=3)
        able = self._able(self.drawn.sibling, ("1", "2", "4", "5", "7", "8"))
        for index, (home, person) in enumerate(able):
            yield 2.6 - index * 0.3, partial(self._report_in, SIBLING, home, person, desk)
        yield 0.6, partial(self._draft, CONTROLLED, desk)

    def _garden(self) -> Iterator[Moment]:
        """Here: officials report in where they live, two people seal the compound, the team is at work."""
        for index, (home, person) in enumerate(cast.officials(self.drawn)):
            yield 8.6 - index * 0.05, partial(self._report_in, GARDEN, home, person, cast.DESK)
        yield 7.6, partial(self._draft, SEALED, cast.DESK)
        yield 7.1, partial(self._confirm, SEALED, cast.TOWN_DESK)
        yield from self._ticks(SEALED, cast.LEAD, (6.7, 6.1, 5.5, 4.8, 3.9, 2.7, 1.8))
        yield from self._contacts(self.drawn.garden, cast.LEAD, households=640, since=6.5, until=0.2)
        yield 0.3, self._call_away

    def _able(self, compound: Compound, buildings: tuple[str, ...]) -> list[tuple[Household, Person]]:
        """One of each building named, of working age and without need of help."""
        return [
            next(
                (home, person)
                for home in compound.households
                for person in home.people
                if home.building == building
                and self.drawn.year - person.birth_year in ABLE
                and not person.flags
            )
            for building in buildings
        ]

    def _ticks(self, what: Draft, by: str, hours: tuple[float, ...]) -> Iterator[Moment]:
        """The first tasks of an order's checklist, done one by one; the one about stewards stays open."""
        checks = playbook(what.playbook).checks_at(what.level)
        keys = [check.key for check in checks if check.key != "stewards"]
        for when, key in zip(hours, keys, strict=False):
            yield when, partial(self._tick, what, key, by)

    def _contacts(
        self, compound: Compound, by: str, *, households: int, since: float, until: float
    ) -> Iterator[Moment]:
        """Households heard from, one after another, those where somebody lives alone first."""
        rng = Random(f"{self.drawn.seed}/contacts")  # noqa: S311 - an invented story, nothing here is a secret
        homes = rng.sample(compound.households, len(compound.households))
        homes.sort(key=lambda home: all("lives_alone" not in person.flags for person in home.people))
        for index, home in enumerate(homes[:households]):
            source = rng.choices(("visit", "call", "message"), (3, 5, 2))[0]
            hours = since - (since - until) * index / households
            yield hours, partial(self._hear_from, compound.site, home, source, by)

    def _import(self, compound: Compound, by: str, at: datetime) -> None:
        city.import_ledger(compound, self.drawn.seed, by=cast.acting(by, now=at), now=at)
        place = registry.area_at(city.compound_path(compound.site))
        numbers = {building.pk: building.code for building in registry.buildings(place)}
        for door in registry.doors(place):
            self.doors[compound.site.slug, numbers[door.building], door.room] = door.id

    def _draft(self, what: Draft, by: str, at: datetime) -> None:
        actor, start = cast.acting(by, now=at), next_full_hour(at)
        going_on = (i for i in incidents.open_incidents(by=actor) if i.playbook == what.playbook)
        order = orders.draft_order(
            next(going_on, None),
            opens=what.playbook,
            area=registry.area_at(city.compound_path(what.site)),
            level=what.level,
            legal_basis=playbook(what.playbook).legal_bases[0].zh,
            reason=what.reason,
            starts_at=start,
            review_at=start + timedelta(hours=what.lasts),
            lead=accounts.user_named(what.lead),
            by=actor,
            now=at,
        )
        self.orders[what] = order.pk

    def _confirm(self, what: Draft, by: str, at: datetime) -> None:
        operations.confirm_order(self.orders[what], by=cast.acting(by, now=at), now=at)

    def _propose(self, what: Draft, to_state: str, reason: str, by: str, at: datetime) -> None:
        wanted = incidents.state_named(to_state)
        orders.propose_change(self.orders[what], wanted, reason=reason, by=cast.acting(by, now=at), now=at)

    def _lift(self, what: Draft, by: str, at: datetime) -> None:
        operations.lift_order(self.orders[what], by=cast.acting(by, now=at), now=at)

    def _drop(self, what: Draft, by: str, at: datetime) -> None:
        orders.drop_order(self.orders[what], by=cast.acting(by, now=at), now=at)

    def _tick(self, what: Draft, key: str, by: str, at: datetime) -> None:
        actor = cast.acting(by, now=at)
        order = incidents.order(self.orders[what], by=actor, language=LANGUAGE, now=at).order
        tasks = incidents.tasks(order, language=LANGUAGE, now=at)
        task = next(task for task in tasks if task.check.key == key)
        orders.tick_task(task.item.pk, by=actor, now=at)

    def _call_away(self, at: datetime) -> None:
        """One of the garden's stewards, not the one who signs in, has to leave: the building shows as a gap."""
        lead = cast.acting(cast.LEAD, now=at)
        [team] = teams_queries.teams(by=lead)
        leaves = next(one for one in teams_queries.serving(team) if one.cares and one.member.user is None)
        teams.mark_away(leaves.member.pk, by=lead, now=at)

    def _hear_from(self, site: Site, home: Household, source: str, by: str, at: datetime) -> None:
        door = self.doors[site.slug, home.building, home.room]
        relief.record_contact(door, source=source, by=cast.acting(by, now=at), now=at)

    def _report_in(self, site: Site, home: Household, person: Person, by: str, at: datetime) -> None:
        household = registry.household(self.doors[site.slug, home.building, home.room])
        living = registry.residents(household, this_year=at.year)
        resident = next(one for one in living if one.name == person.name)
        source = person.unit or "desk"
        teams.report_in(resident.id, source=source, by=cast.acting(by, now=at), now=at)


def next_full_hour(at: datetime) -> datetime:
    """The first full hour after `at`: orders begin and are reviewed on the hour."""
    return at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)

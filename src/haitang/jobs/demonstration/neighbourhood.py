"""The invented neighbourhood that the demonstration shows and the tests use: three compounds from a seed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random

from haitang.jobs.demonstration import names
from haitang.jobs.demonstration.households import Kind, elder_alone, kinds_for, one_child
from haitang.jobs.demonstration.people import Draw, Person, move_in, phone_numbers
from haitang.jobs.demonstration.sites import (
    ELSEWHERE,
    GARDEN,
    SIBLING,
    Building,
    Site,
    buildings_of,
    outline_of,
)

YEAR = 2026

# (building, room). She lives alone, is over 80, has no smartphone; three floors up are greens to spare.
DOOR_IN_NEED = ("22", "1403")
DOOR_THAT_OFFERS = ("22", "1702")

HELPERS = 60
MOST_HELPERS, MOST_OFFICIALS = 4, 2  # behind the doors of one building
UNITS = (
    *(
        "区城市管理局",
        "区住房建设局",
        "区教育局",
        "区市场监管局",
        "区民政局",
        "区人社局",
        "区财政局",
        "区审计局",
        "区司法局",
    ),
    *("区文旅局", "区卫生健康局", "区图书馆", "区档案馆", "市水务局", "市园林局", "市交通局", "街道办事处"),
)
SKILLS = ("信息录入", "秩序维护", "测温", "引导", "物资搬运", "心理疏导", "护理", "驾驶", "电脑维修", "做饭")
KEEPS_AT_HOME = frozenset(
    {"homebound", "pregnant", "chronic_illness", "disabled", "lives_alone", "special_care"}
)


@dataclass(frozen=True)
class Household:
    """A door and who lives behind it; the towers here have one entrance each, so `entrance` is ""."""

    building: str
    floor: int
    room: str
    people: tuple[Person, ...]
    entrance: str = ""


@dataclass(frozen=True)
class Compound:
    """An invented compound with everybody who lives there."""

    site: Site
    buildings: tuple[Building, ...]
    households: tuple[Household, ...]

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Everybody, door by door."""
        return tuple(person for household in self.households for person in household.people)

    @cached_property
    def helpers(self) -> tuple[tuple[Household, Person], ...]:
        """The registered helpers with their households; those with a `unit` are the officials."""
        everybody = ((household, person) for household in self.households for person in household.people)
        return tuple((household, person) for household, person in everybody if person.is_helper)

    @cached_property
    def outline(self) -> tuple[tuple[float, float], ...]:
        """The compound's edge: a closed ring of (lon, lat), WGS84."""
        return outline_of(self.buildings)

    def household(self, building: str, room: str) -> Household:
        """The household behind a door. Raises KeyError."""
        return {(home.building, home.room): home for home in self.households}[building, room]


@dataclass(frozen=True)
class Neighbourhood:
    """The compound of the story, one beside it in the same town, and one in another district."""

    seed: int
    year: int
    garden: Compound
    sibling: Compound
    elsewhere: Compound

    @property
    def compounds(self) -> tuple[Compound, Compound, Compound]:
        return self.garden, self.sibling, self.elsewhere


def neighbourhood(seed: int = 2022, *, year: int = YEAR) -> Neighbourhood:
    """The invented neighbourhood of a seed, ages counted in `year`: same seed and year, same people."""
    phones = phone_numbers(_generator(seed, "phones"))
    garden, sibling, elsewhere = (
        _compound(site, Draw(_generator(seed, site.slug), year, phones))
        for site in (GARDEN, SIBLING, ELSEWHERE)
    )
    told = tuple(_with_the_story(household, year) for household in garden.households)
    enlisted = _enlist(told, _generator(seed, "helpers"), year)
    return Neighbourhood(seed, year, replace(garden, households=enlisted), sibling, elsewhere)


def _generator(seed: int, purpose: str) -> Random:
    """One generator per purpose, so that a change to one part leaves the others as they were."""
    return Random(f"{seed}/{purpose}")  # noqa: S311 - people are invented, nothing here is a secret


def _compound(site: Site, draw: Draw) -> Compound:
    buildings = buildings_of(site, draw.rng)
    doors = [(building.number, floor, room) for building in buildings for floor, room in building.rooms()]
    kinds = kinds_for(len(doors))
    draw.rng.shuffle(kinds)
    if site is GARDEN:
        _settle(kinds, [(number, room) for number, _, room in doors])
    households = tuple(
        Household(building=number, floor=floor, room=room, people=move_in(kind(draw.rng), draw))
        for (number, floor, room), kind in zip(doors, kinds, strict=True)
    )
    return Compound(site, buildings, households)


def _settle(kinds: list[Kind], doors: list[tuple[str, str]]) -> None:
    """Swaps kinds of household so that the two neighbours of the story fit their doors, all counts kept."""
    for door, wanted in ((DOOR_IN_NEED, elder_alone), (DOOR_THAT_OFFERS, one_child)):
        here, there = doors.index(door), kinds.index(wanted)
        kinds[here], kinds[there] = kinds[there], kinds[here]


def _with_the_story(household: Household, year: int) -> Household:
    """The household, changed only if the story is about it."""
    tellers: dict[tuple[str, str], Callable[[tuple[Person, ...], int], tuple[Person, ...]]] = {
        DOOR_IN_NEED: _in_need,
        DOOR_THAT_OFFERS: _who_offer,
    }
    tell = tellers.get((household.building, household.room))
    return replace(household, people=tell(household.people, year)) if tell else household


def _in_need(people: tuple[Person, ...], year: int) -> tuple[Person, ...]:
    flags = ("lives_alone", "chronic_illness", "no_smartphone")
    born = min(people[0].birth_year, year - 84)
    return (replace(people[0], name=names.IN_NEED, sex="f", birth_year=born, phone="", flags=flags),)


def _who_offer(people: tuple[Person, ...], year: int) -> tuple[Person, ...]:
    old, new = people[0].name[0], names.WHO_OFFERS[0]
    renamed = (
        replace(person, name=new + person.name[1:]) if person.name.startswith(old) else person
        for person in people
    )
    head, *others = renamed
    return replace(head, name=names.WHO_OFFERS), *others


def _enlist(households: tuple[Household, ...], rng: Random, year: int) -> tuple[Household, ...]:
    """Registers HELPERS people, one a household: an official of each unit first, then others."""
    enlisted, helpers = list(households), Counter[str]()
    free = [place for place, household in enumerate(households) if not _is_of_the_story(household)]
    rng.shuffle(free)
    for unit in (*UNITS, *[""] * (HELPERS - len(UNITS))):
        born_from, most = (year - 57, MOST_OFFICIALS) if unit else (year - 68, MOST_HELPERS)
        place = next(
            place
            for place in free
            if helpers[households[place].building] < most and _able(households[place], born_from, year)
        )
        free.remove(place)
        household = households[place]
        helpers[household.building] += 1
        people = list(household.people)
        which = rng.choice(_able(household, born_from, year))
        skills = tuple(rng.sample(SKILLS, rng.randint(1, 2)))
        people[which] = replace(people[which], skills=skills, is_helper=True, unit=unit)
        enlisted[place] = replace(household, people=tuple(people))
    return tuple(enlisted)


def _is_of_the_story(household: Household) -> bool:
    return (household.building, household.room) in (DOOR_IN_NEED, DOOR_THAT_OFFERS)


def _able(household: Household, born_from: int, year: int) -> list[int]:
    """Which of the household could help: of age, not too old, and not in need of help."""
    return [
        place
        for place, person in enumerate(household.people)
        if born_from <= person.birth_year <= year - 23 and not KEEPS_AT_HOME & set(person.flags)
    ]

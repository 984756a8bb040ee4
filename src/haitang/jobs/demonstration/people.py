"""Invented people: a name, a phone and a need for each place in a household."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from haitang.jobs.demonstration import names
from haitang.jobs.demonstration.households import Family, Place

# 199 0000 xxxx is well formed, so that every check of a phone number accepts it, and its zeros show that
# it was made up. The demonstration calls and writes to nobody.
PHONE_PREFIX = "+861990000"
PHONES = 10_000

# Chance of each flag by age: (from this age on, per cent), the last one that fits.
NO_SMARTPHONE = ((0, 0), (60, 4), (65, 9), (70, 24), (80, 60))
HOMEBOUND = ((0, 0), (18, 0.2), (65, 1.5), (70, 4), (80, 22))
CHRONIC_ILLNESS = ((0, 0.3), (40, 5), (55, 12), (65, 26), (75, 38))
DISABLED = ((0, 0.4), (18, 1.2), (60, 2.5))
SPECIAL_CARE = ((0, 0.2), (75, 4))
HAS_PHONE = ((0, 0), (12, 55), (18, 100), (70, 96), (80, 74))


@dataclass(frozen=True)
class Person:
    """Somebody invented; `phone` is E.164 or "", `unit` is who employs an official who lives here."""

    name: str
    sex: str
    birth_year: int
    relation: str
    phone: str = ""
    flags: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    is_helper: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Draw:
    """Where chance comes from: the generator, the year ages are counted in, the phones not yet given."""

    rng: Random
    year: int
    phones: Iterator[str]

    def happens(self, by_age: tuple[tuple[int, float], ...], age: int) -> bool:
        """Whether something of these chances in per cent happens to somebody of this age."""
        per_cent = next(chance for start, chance in reversed(by_age) if age >= start)
        return self.rng.random() * 100 < per_cent


def phone_numbers(rng: Random) -> Iterator[str]:
    """All phones of the invented range, each once, in a random order."""
    return (f"{PHONE_PREFIX}{number:04}" for number in rng.sample(range(PHONES), PHONES))


def move_in(family: Family, draw: Draw) -> tuple[Person, ...]:
    """The people of a household, each with a name of their own."""
    surname = names.surname(draw.rng)
    is_poor = draw.rng.random() < 0.015
    people: list[Person] = []
    for place in family:
        is_alone = len(family) == 1 and place.age >= 60
        name = names.full_name(
            draw.rng,
            sex=place.sex,
            birth_year=draw.year - place.age,
            family=surname if place.is_kin else names.surname(draw.rng),
            taken=frozenset(person.name for person in people),
        )
        people.append(
            Person(
                name=name,
                sex=place.sex,
                birth_year=draw.year - place.age,
                relation=place.relation,
                phone=next(draw.phones) if draw.happens(HAS_PHONE, place.age) else "",
                flags=_flags(place, draw, is_alone=is_alone, is_poor=is_poor and not people),
            )
        )
    return tuple(people)


def _flags(place: Place, draw: Draw, *, is_alone: bool, is_poor: bool) -> tuple[str, ...]:
    may_expect = place.sex == "f" and 24 <= place.age <= 38
    told = {
        "lives_alone": is_alone,
        "low_income": is_poor,
        "homebound": draw.happens(HOMEBOUND, place.age),
        "chronic_illness": draw.happens(CHRONIC_ILLNESS, place.age),
        "disabled": draw.happens(DISABLED, place.age),
        "infant": place.age < 3,
        "pregnant": may_expect and draw.rng.random() < 0.025,
        "no_smartphone": draw.happens(NO_SMARTPHONE, place.age),
        "special_care": draw.happens(SPECIAL_CARE, place.age),
    }
    return tuple(flag for flag, is_told in told.items() if is_told)

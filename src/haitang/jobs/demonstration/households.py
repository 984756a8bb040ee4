"""Invented households: which kinds there are, how many of each, and how old their people are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import TypeAlias


@dataclass(frozen=True)
class Place:
    """A place in a household before it has a name: relation to the head, sex, age in years, whose surname."""

    relation: str
    sex: str
    age: int
    is_kin: bool = True


Family: TypeAlias = tuple[Place, ...]
Kind: TypeAlias = Callable[[Random], Family]


def _elder(rng: Random) -> int:
    band = rng.choices((65, 70, 75, 80, 85), (44, 27, 16, 9, 4))[0]
    return band + rng.randrange(10 if band == 85 else 5)


def _couple(rng: Random, age: int, *, oldest: int = 95) -> Family:
    other = min(oldest, max(20, age + rng.randint(-4, 1)))
    return Place("户主", "m", age), Place("配偶", "f", other, is_kin=False)


def _child(rng: Random, age: int) -> Place:
    sex = rng.choice("fm")
    return Place("女儿" if sex == "f" else "儿子", sex, age)


def _parents(rng: Random, children: int) -> Family:
    oldest = rng.randint(0, 17)
    ages = [oldest, max(0, oldest - rng.randint(2, 6))][:children]
    return (*_couple(rng, oldest + rng.randint(25, 36)), *(_child(rng, age) for age in ages))


def _grandparents(rng: Random, head_age: int, how_many: int) -> Family:
    age = head_age + rng.randint(24, 31)
    mother = Place("母亲", "f", age, is_kin=False)
    return (Place("父亲", "m", age + rng.randint(0, 4)), mother)[2 - how_many :]


def one_adult(rng: Random) -> Family:
    return (Place("户主", rng.choice("fm"), rng.randint(22, 48)),)


def elder_alone(rng: Random) -> Family:
    return (Place("户主", rng.choices("fm", (7, 3))[0], _elder(rng)),)


def elder_couple(rng: Random) -> Family:
    return _couple(rng, _elder(rng))


def young_couple(rng: Random) -> Family:
    return _couple(rng, rng.randint(25, 42))


def older_couple(rng: Random) -> Family:
    return _couple(rng, rng.randint(48, 64), oldest=64)


def one_child(rng: Random) -> Family:
    return _parents(rng, 1)


def two_children(rng: Random) -> Family:
    return _parents(rng, 2)


def with_grandmother(rng: Random) -> Family:
    family = _parents(rng, 1)
    return (*family, *_grandparents(rng, family[0].age, 1))


def with_grandparents(rng: Random) -> Family:
    family = _parents(rng, 1)
    return (*family, *_grandparents(rng, family[0].age, 2))


def one_parent(rng: Random) -> Family:
    age = rng.randint(1, 17)
    return (Place("户主", rng.choices("fm", (4, 1))[0], age + rng.randint(24, 34)), _child(rng, age))


def grown_child(rng: Random) -> Family:
    age = rng.randint(20, 31)
    return (*_couple(rng, age + rng.randint(25, 31)), _child(rng, age))


def elder_with_child(rng: Random) -> Family:
    age = _elder(rng)
    head = Place("户主", rng.choice("fm"), max(40, age - rng.randint(24, 32)))
    return head, Place("母亲", "f", age, is_kin=False)


def two_sharing(rng: Random) -> Family:
    return tuple(
        Place(relation, rng.choice("fm"), rng.randint(21, 34), is_kin=False) for relation in ("户主", "合租")
    )


def three_sharing(rng: Random) -> Family:
    return (*two_sharing(rng), Place("合租", rng.choice("fm"), rng.randint(21, 34), is_kin=False))


# How many of 1,472 households: 2.4 people each, older than the city as its inner districts are.
KINDS: Mapping[Kind, int] = MappingProxyType(
    {
        one_adult: 150,
        elder_alone: 110,
        elder_couple: 200,
        young_couple: 200,
        older_couple: 150,
        one_child: 270,
        two_children: 80,
        with_grandmother: 60,
        with_grandparents: 65,
        one_parent: 30,
        grown_child: 87,
        elder_with_child: 10,
        two_sharing: 40,
        three_sharing: 20,
    }
)


def kinds_for(households: int) -> list[Kind]:
    """A kind for each household, in the shares of KINDS; rounding is made up with one-child families."""
    total = sum(KINDS.values())
    kinds = [kind for kind, share in KINDS.items() for _ in range(share * households // total)]
    return kinds + [one_child] * (households - len(kinds))

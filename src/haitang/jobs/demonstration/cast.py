"""The demonstration's people: who they are, who gave them which right, and what each can do today."""

from dataclasses import dataclass
from datetime import datetime

from haitang.accounts import queries, services
from haitang.accounts.rules import Role
from haitang.core.actor import Actor
from haitang.jobs import tree
from haitang.jobs.demonstration.city import community_path, compound_path, town_path
from haitang.jobs.demonstration.neighbourhood import Household, Neighbourhood
from haitang.jobs.demonstration.people import Person
from haitang.jobs.demonstration.sites import ELSEWHERE, GARDEN, SIBLING
from haitang.registry import queries as registry

# The same for all and known to all: a demonstration holds invented people only.
PASSWORD = "haitang-demo-2022"  # noqa: S105 - published on purpose

# The sign-in names of those who act in the story.
CITY_DESK, TOWN_DESK, DESK, LEAD, STEWARD = "city", "town", "community", "lead", "steward"
SIBLING_DESK, ELSEWHERE_TOWN, ELSEWHERE_DESK = "liuan", "kunshan", "qinghe"
STEWARD_UNIT = "区图书馆"


@dataclass(frozen=True, slots=True)
class Part:
    """Someone with a grant of `role` at `path`, given by the desk `given_by`, by the operator if empty."""

    username: str
    name: str
    unit: str
    role: Role
    path: str
    given_by: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Someone whom the sign-in page offers: as what, and what they can do today."""

    username: str
    role: Role
    zh: str
    en: str


# Whoever gives a right comes before those who get it.
PARTS = (
    Part(CITY_DESK, "方晴", "市指挥部", Role.CITY_DESK, f"{tree.CITY}/", ""),
    Part(TOWN_DESK, "秦舒", "平江街道办事处", Role.TOWN_DESK, town_path(GARDEN), CITY_DESK),
    Part(ELSEWHERE_TOWN, "罗远", "玉山镇人民政府", Role.TOWN_DESK, town_path(ELSEWHERE), CITY_DESK),
    Part("auditor", "严正", "区审计局", Role.AUDITOR, f"{tree.CITY}/{GARDEN.town[:6]}/", CITY_DESK),
    Part(DESK, "陆岚", GARDEN.community_name, Role.COMMUNITY_DESK, community_path(GARDEN), TOWN_DESK),
    Part(
        SIBLING_DESK, "俞念", SIBLING.community_name, Role.COMMUNITY_DESK, community_path(SIBLING), TOWN_DESK
    ),
    Part(
        ELSEWHERE_DESK,
        "何知秋",
        ELSEWHERE.community_name,
        Role.COMMUNITY_DESK,
        community_path(ELSEWHERE),
        ELSEWHERE_TOWN,
    ),
    Part(LEAD, "陈立", "街道派出所", Role.VOLUNTEER, compound_path(GARDEN), DESK),
    Part("volunteer", "季可", "", Role.VOLUNTEER, compound_path(GARDEN), DESK),
)

OFFERS = (
    Offer(
        DESK,
        Role.COMMUNITY_DESK,
        "看海棠花园每一户有没有人管；起草指令，交别人确认；导入底册。",
        "See Haitang Garden door by door; draft an order for someone else to confirm; import its ledger.",
    ),
    Offer(
        TOWN_DESK,
        Role.TOWN_DESK,
        "柳岸新村的管控指令等您确认。确认后支部成立，8 栋楼都有管家。",
        "An order for Liu'an New Village waits for you. Confirm it: a team forms, all 8 buildings get a steward.",
    ),
    Offer(
        CITY_DESK,
        Role.CITY_DESK,
        "看全市：哪里有指令，哪栋楼没人管，哪道指令过了复核时间。",
        "See the whole city: where orders hold, which buildings nobody looks after, which review is overdue.",
    ),
    Offer(
        LEAD,
        Role.LEAD,
        "带海棠花园的支部：有管家离岗了，看空了哪栋，换人、锁定、重排。",
        "Lead the team of Haitang Garden: a steward had to leave; move a building, lock it, plan again.",
    ),
    Offer(
        STEWARD,
        Role.STEWARD,
        "您在自己小区报到，管着楼：看谁家还没联系上，敲过门就记一笔。",
        "You look after buildings where you live: see who is not heard from, and note each knock on a door.",
    ),
    Offer(
        "volunteer",
        Role.VOLUNTEER,
        "看海棠花园现在有什么指令。居民信息您看不到。",
        "See which orders hold in Haitang Garden. You see no resident's data.",
    ),
    Offer(
        "auditor",
        Role.AUDITOR,
        "查姑苏区的日志：谁在什么时候做了什么，有没有被改过。",
        "Read the journal of Gusu District: who did what and when, and whether a row was changed.",
    ),
    Offer(
        ELSEWHERE_TOWN,
        Role.TOWN_DESK,
        "昆山玉山镇：青荷小区的洪涝指令过了复核时间。海棠花园您看不到。",
        "Yushan in Kunshan: the flood order of Qinghe Residence is past its review. You can't see Haitang Garden.",
    ),
)


def acting(username: str, *, now: datetime) -> Actor:
    """The person who signs in with this name, with the rights that they held at `now`."""
    return queries.actor_for(queries.user_named(username), now=now)


def hire(*, by: Actor, now: datetime) -> None:
    """Give each of PARTS an account and their right, down from the city: every desk is given by the one above."""
    for part in PARTS:
        user = services.add_user(part.username, name=part.name, unit=part.unit, by=by, now=now)
        giver = acting(part.given_by, now=now) if part.given_by else by
        services.give_grant(user, role=part.role, area=registry.area_at(part.path), by=giver, now=now)


def employ_steward(drawn: Neighbourhood, *, by: Actor, now: datetime) -> None:
    """An account for one of the officials who live in the garden, once the ledger knows them."""
    home, person = next(pair for pair in officials(drawn) if pair[1].unit == STEWARD_UNIT)
    garden = registry.area_at(compound_path(GARDEN))
    resident = next(
        helper
        for helper in registry.helpers(garden)
        if (helper.building, helper.room, helper.name) == (home.building, home.room, person.name)
    )
    user = services.add_user(
        STEWARD, name=person.name, unit=person.unit, resident=resident.id, by=by, now=now
    )
    services.give_grant(user, role=Role.VOLUNTEER, area=garden, by=acting(DESK, now=now), now=now)


def officials(drawn: Neighbourhood) -> list[tuple[Household, Person]]:
    """The officials who live in the garden, door by door."""
    return [(home, person) for home, person in drawn.garden.helpers if person.unit]


def offer_at_sign_in(*, by: Actor) -> None:
    """Mark the database as a demonstration whose sign-in page offers OFFERS, in that order."""
    offers = []
    for offer in OFFERS:
        user = queries.user_named(offer.username)
        if user is None:
            raise LookupError(offer.username)
        offers.append(services.Offer(user, offer.role, offer.zh, offer.en))
    services.mark_demonstration(offers, password=PASSWORD, by=by)

"""A small invented neighbourhood, made through services, with people of different rights: what tests try things on."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from haitang.accounts import queries as accounts
from haitang.accounts import services as accounts_services
from haitang.accounts.models import Role, User
from haitang.core.actor import Actor, operator
from haitang.registry import queries, services
from haitang.registry.models import Area, Household, Level
from haitang.registry.queries import Listed
from haitang.registry.services import NewArea

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OPERATOR = operator("set-up")

TOWN = "32/08/001/"
GARDEN = f"{TOWN}101/garden/"
SIBLING = f"{TOWN}101/terrace/"
OTHER_COMMUNITY = f"{TOWN}102/mill/"
ELSEWHERE = "32/09/001/101/harbour/"

AREAS = (
    NewArea("", Level.CITY, "32", "苏城市", lon=120.58, lat=31.3),
    NewArea("32/", Level.DISTRICT, "08", "东城区"),
    NewArea("32/08/", Level.TOWN, "001", "桂花街道"),
    NewArea(TOWN, Level.COMMUNITY, "101", "海棠社区"),
    NewArea(f"{TOWN}101/", Level.COMPOUND, "garden", "海棠花园", lon=120.6, lat=31.3),
    NewArea(f"{TOWN}101/", Level.COMPOUND, "terrace", "望湖台", lon=120.604, lat=31.3),
    NewArea(TOWN, Level.COMMUNITY, "102", "磨坊社区"),
    NewArea(f"{TOWN}102/", Level.COMPOUND, "mill", "磨坊里", lon=120.61, lat=31.3),
    NewArea("32/", Level.DISTRICT, "09", "西城区"),
    NewArea("32/09/", Level.TOWN, "001", "港口街道"),
    NewArea("32/09/001/", Level.COMMUNITY, "101", "港湾社区"),
    NewArea("32/09/001/101/", Level.COMPOUND, "harbour", "港湾家园", lon=120.5, lat=31.3),
    *(
        NewArea(GARDEN, Level.BUILDING, str(n), str(n), place=n, lon=120.6 + n / 2000, lat=31.3)
        for n in (1, 2, 3)
    ),
)

HEADINGS = "楼栋,房号,姓名,电话,年龄,性别,重点类别,志愿特长"
GARDEN_PEOPLE = f"""{HEADINGS}
1,101,陶一宁,13900000101,41,女,,护理
1,101,陶小满,,9,男,,
1,102,钱阿婆,13900000102,82,女,独居老人,
1,201,许志远,13900000103,35,男,,物资搬运
1,202,许念,13900000104,29,女,,
2,101,沈一鸣,13900000105,44,男,,信息录入
2,101,沈知夏,,12,女,,
2,201,周启明,13900000106,51,男,,秩序维护
3,101,何文,13900000107,66,男,慢性病,
3,201,冯雨,13900000108,33,女,,驾驶
3,201,冯安,,3,男,,
"""
FEW_PEOPLE = f"{HEADINGS}\n1,101,李青,13900000201,40,女,,\n1,102,李牧,13900000202,38,男,,\n"


@dataclass(frozen=True)
class Neighbourhood:
    """The places by name and the people by what they do."""

    city: Area
    district: Area
    town: Area
    community: Area
    garden: Area
    sibling: Area
    other_community: Area
    elsewhere: Area
    buildings: tuple[Area, ...]
    city_desk: User
    town_desk: User
    community_desk: User
    colleague: User
    lead: User
    steward: User
    volunteer: User
    auditor: User
    stranger: User

    @property
    def people(self) -> dict[str, User]:
        """Every user by the name that a test reads well with."""
        return {name: value for name, value in vars(self).items() if isinstance(value, User)}


def at(path: str) -> Area:
    """The area at a path."""
    return queries.area_at(path)


def household(building: Area, room: str) -> Household:
    """The household behind a door of the neighbourhood."""
    return Household.objects.get(building=building, room=room)


def residents(name: str, compound: Area | None = None) -> list[Listed]:
    """Everyone of this name in a compound's ledger, or in all ledgers."""
    compounds = [compound] if compound else queries.compounds_below(["32/"])
    return [one for place in compounds for one in queries.roll(place) if one.name == name]


def resident(name: str, compound: Area | None = None) -> Listed:
    """The one person of this name."""
    [found] = residents(name, compound)
    return found


def acting(user: User) -> Actor:
    """The actor that a user's next request would carry."""
    return accounts.actor_for(user, now=timezone.now())


def sign_in(user: User, *, second_factor: bool = True) -> Client:
    """A browser in which `user` signed in, with a second factor unless told otherwise; pages in English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend=BACKEND)
    session = client.session
    methods = [{"method": "password"}, *([{"method": "mfa"}] if second_factor else [])]
    session["account_authentication_methods"] = methods
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def load(compound: Area, text: str, *, now: datetime) -> None:
    """Import a ledger written as CSV text."""
    given = services.preview_ledger(compound, text.encode(), name="ledger.csv", by=OPERATOR, now=now)
    services.apply_ledger(given.pk, by=OPERATOR, now=now)


def employ(
    username: str,
    name: str,
    role: Role,
    area: Area,
    *,
    unit: str,
    resident: UUID | None = None,
    now: datetime,
) -> User:
    """A user with one grant."""
    user = accounts_services.add_user(username, name=name, unit=unit, resident=resident, by=OPERATOR, now=now)
    accounts_services.give_grant(user, role=role, area=area, by=OPERATOR, now=now)
    return user


def build() -> Neighbourhood:
    """Put the neighbourhood into an empty database."""
    now = timezone.now()
    services.add_areas(AREAS, by=OPERATOR, now=now)
    load(at(GARDEN), GARDEN_PEOPLE, now=now)
    load(at(SIBLING), FEW_PEOPLE, now=now)
    load(at(OTHER_COMMUNITY), FEW_PEOPLE, now=now)
    load(at(ELSEWHERE), FEW_PEOPLE, now=now)
    places = {
        "city": at("32/"),
        "district": at("32/08/"),
        "town": at(TOWN),
        "community": at(f"{TOWN}101/"),
        "garden": at(GARDEN),
        "sibling": at(SIBLING),
        "other_community": at(f"{TOWN}102/"),
        "elsewhere": at(ELSEWHERE),
    }
    buildings = tuple(queries.buildings(places["garden"]))
    return Neighbourhood(**places, buildings=buildings, **_people(places, buildings, now))


def _people(places: dict[str, Area], buildings: tuple[Area, ...], now: datetime) -> dict[str, User]:
    home = resident("陶一宁", places["garden"]).id
    garden, community = places["garden"], places["community"]
    rows = {
        "city_desk": ("方晴", Role.CITY_DESK, places["city"], "市指挥部", None),
        "town_desk": ("王建国", Role.TOWN_DESK, places["town"], "桂花街道办事处", None),
        "community_desk": ("陆岚", Role.COMMUNITY_DESK, community, "海棠社区居委会", None),
        "colleague": ("孟川", Role.COMMUNITY_DESK, community, "海棠社区居委会", None),
        "lead": ("陈立", Role.LEAD, garden, "区图书馆", None),
        "steward": ("陶一宁", Role.STEWARD, buildings[0], "", home),
        "volunteer": ("季可", Role.VOLUNTEER, garden, "", None),
        "auditor": ("严正", Role.AUDITOR, community, "区审计局", None),
        "stranger": ("罗远", Role.COMMUNITY_DESK, places["elsewhere"].parent, "港湾社区居委会", None),
    }
    return {
        username: employ(username, name, role, area, unit=unit, resident=resident, now=now)
        for username, (name, role, area, unit, resident) in rows.items()
    }


@pytest.fixture
def neighbourhood(db: None) -> Neighbourhood:
    """The small invented neighbourhood, afresh for each test."""
    return build()

"""The ledger of an invented compound as its community would hand it over: one sheet, many handwritings."""

from collections.abc import Mapping
from random import Random
from types import MappingProxyType
from typing import TypeAlias

from haitang.jobs.demonstration.neighbourhood import Compound, Household, Neighbourhood
from haitang.jobs.demonstration.people import Person

Cell: TypeAlias = str | int | float

HEADER = (
    *("楼栋", "单元", "房号", "姓名", "与户主关系", "出生日期", "性别", "联系电话", "特殊人群"),
    *("志愿服务特长", "备注"),
)
FLAG_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "lives_alone": ("独居老人", "独居"),
        "low_income": ("低保户", "低保"),
        "homebound": ("行动不便", "卧床"),
        "chronic_illness": ("慢性病", "高血压", "糖尿病"),
        "disabled": ("残疾", "残疾人"),
        "infant": ("婴幼儿",),
        "pregnant": ("孕妇",),
        "no_smartphone": ("无智能手机", "老年机"),
        "special_care": ("重点关爱",),
    }
)
REMARKS = ("租户", "自住", "周末不在家", "养猫一只", "快递放门口", "白天上班")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
DIGITS = "零一二三四五六七八九"


def ledger_rows(neighbourhood: Neighbourhood) -> list[list[Cell]]:
    """The rows of the garden's ledger, as in compound_rows."""
    return compound_rows(neighbourhood.garden, neighbourhood.seed)


def compound_rows(compound: Compound, seed: int) -> list[list[Cell]]:
    """The rows of a compound's ledger: a title, a header, a row for each person.

    Every row can be read, and reads back as the person it was made from; birth days and months are invented.
    """
    rng = Random(f"{seed}/ledger")  # noqa: S311 - handwriting is invented, nothing here is a secret
    title: list[Cell] = [f"{compound.site.name}居民底册", *[""] * (len(HEADER) - 1)]
    rows = [title, list[Cell](HEADER)]
    for household in compound.households:
        rows.extend(_row(household, person, rng) for person in household.people)
    return rows


def _row(household: Household, person: Person, rng: Random) -> list[Cell]:
    return [
        _building(int(household.building)),
        household.entrance,
        _room(household.room, int(household.building)),
        person.name,
        person.relation,
        _birth(person.birth_year, rng),
        "女" if person.sex == "f" else "男",
        _phone(person.phone, rng),
        _flags(person.flags, rng),
        "、".join(person.skills),
        rng.choice(REMARKS) if rng.random() < 0.06 else "",
    ]


def _building(number: int) -> Cell:
    """Each building was written up by its own warden, who has one way of writing it."""
    ways: tuple[Cell, ...] = (number, f"{number}栋", f"{number}幢", f"{number}号楼", str(number))
    if number < 10 and number % 4 == 3:
        return f"{DIGITS[number]}号楼"
    return ways[number % len(ways)]


def _room(room: str, building: int) -> Cell:
    ways: tuple[Cell, ...] = (room, f"{room}室", int(room), float(room), room.translate(FULL_WIDTH))
    return ways[building * 3 % len(ways)]


def _birth(birth_year: int, rng: Random) -> Cell:
    month, day = rng.randint(1, 12), rng.randint(1, 28)
    ways: tuple[Cell, ...] = (
        f"{birth_year}-{month:02}-{day:02}",
        f"{birth_year}/{month}/{day}",
        f"{birth_year}{month:02}{day:02}",
        f"{birth_year}年{month}月{day}日",
        f"{birth_year}.{month}.{day}",
        f"{birth_year}年",
    )
    return rng.choices(ways, (60, 14, 14, 6, 4, 2))[0]


def _phone(phone: str, rng: Random) -> Cell:
    if not phone:
        return rng.choices(("", "无", "暂无", "-"), (80, 12, 6, 2))[0]
    number = phone.removeprefix("+86")
    ways: tuple[Cell, ...] = (
        number,
        float(number),
        f"{number[:3]}-{number[3:7]}-{number[7:]}",
        f"{number[:3]} {number[3:7]} {number[7:]}",
        f"‘{number}",
        phone,
    )
    return rng.choices(ways, (70, 12, 7, 5, 4, 2))[0]


def _flags(flags: tuple[str, ...], rng: Random) -> str:
    return rng.choice((",", "，", "、", "/")).join(rng.choice(FLAG_WORDS[flag]) for flag in flags)

"""Every way of writing that was seen in real rosters (`value_quirks_seen` of the aliases), in real files."""

import csv
import datetime
import re
from dataclasses import dataclass
from typing import Any

import pytest

from haitang.registry.ledger import messages
from haitang.registry.ledger.headers import ALIASES
from haitang.registry.ledger.writing import text_of
from tests.registry.ledger_files import MAKERS, Cell, codes, reading

DOOR = {"楼栋": "8", "单元": "3", "房号": "2706"}
SHANGHAI = "上海市徐汇区漕宝路1250弄88号1404室"
TAIPEI = "台北市信義區松仁路100巷8弄3號5樓之2"


@dataclass(frozen=True)
class Trap:
    """Cells of one row beside a name (and a door, unless they say one), what they must give, which errors."""

    field: str
    cells: dict[str, Cell]
    gives: dict[str, Any]
    codes: tuple[str, ...] = ()

    @property
    def row(self) -> dict[str, Cell]:
        has_door = any(heading in self.cells for heading in ("地址", "社区地址", "房号"))
        return {} | ({} if has_door else DOOR) | {"姓名": "王芳"} | self.cells

    @property
    def name(self) -> str:
        return f"{self.field}: {' '.join(map(repr, self.cells.values()))}"


def door(building: str, entrance: str, floor: int, room: str, compound: str = "") -> dict[str, Any]:
    return {"building": building, "entrance": entrance, "floor": floor, "room": room, "compound": compound}


def address(text: Cell, *known: Any, codes: tuple[str, ...] = ()) -> Trap:
    return Trap("room", {"地址": text}, door(*known) if known else {}, codes)


def phone(text: Cell, *numbers: str, codes: tuple[str, ...] = ()) -> Trap:
    return Trap("phone", {"联系电话": text}, {"phones": numbers, "name": "王芳"}, codes)


def birth(text: Cell, year: int | None, *codes: str) -> Trap:
    return Trap("birth_date", {"出生日期": text}, {"birth_year": year}, codes)


def age(text: Cell, year: int | None, *codes: str) -> Trap:
    return Trap("age", {"年龄": text}, {"birth_year": year}, codes)


def flags(heading: str, text: Cell, *found: str) -> Trap:
    return Trap("vulnerable_flag", {heading: text}, {"flags": found})


MOBILE, OTHER = "+8613800000000", "+8613900000000"
TRAPS = [
    # where
    Trap("compound", {"小区": "海棠花园", **DOOR}, door("8", "3", 27, "2706", "海棠花园")),
    Trap("compound", {"社区地址": "海棠花园8幢3单元2706室"}, door("8", "3", 27, "2706", "海棠花园")),
    Trap("compound", {"小区": "(23.66,121.43)", **DOOR}, door("8", "3", 27, "2706")),
    Trap("compound", {"小区": "23°39'36\"N 121°25'48\"E", "房号": "2706"}, {}, ("needs_building",)),
    *(
        Trap("building", {"楼栋": text, "房号": "1404"}, door(number, "", 14, "1404"))
        for text, number in {
            "2栋": "2",
            "2": "2",
            "2幢": "2",
            "6号楼": "6",
            "六号楼": "6",
            "88号": "88",
            "捌號樓": "8",
            "第8幢": "8",
            "8#": "8",
            "８棟": "8",
            "A座": "A",
        }.items()
    ),
    *(
        Trap("unit", {"楼栋": "8", "单元": text, "房号": "1404"}, door("8", number, 14, "1404"))
        for text, number in {
            "1单元": "1",
            "1": "1",
            "": "",
            "无": "",
            "東單元": "东",
            "甲": "甲",
            "一门": "1",
        }.items()
    ),
    *(
        Trap("room", {"楼栋": "8", "房号": text}, door("8", "", 14, "1404"))
        for text in ("1404", "1404室", 1404.0, "1404房间", "１４０４", "一四零四", "14楼04室", "1404(空置)")
    ),
    address("8-3-2706", "8", "3", 27, "2706"),
    address("20栋1单元1404", "20", "1", 14, "1404"),
    address("二十二幢十四楼一四零二", "22", "", 14, "1402"),
    address("８－３－２７０６", "8", "3", 27, "2706"),
    address("8#-3-2706", "8", "3", 27, "2706"),
    address("8棟3單元27樓2706室", "8", "3", 27, "2706"),
    address("捌栋叁单元2706室", "8", "3", 27, "2706"),
    address("8幢乙单元302", "8", "乙", 3, "302"),
    address(SHANGHAI, "88", "", 14, "1404", "上海市徐汇区漕宝路1250弄"),
    address(TAIPEI, "3", "", 5, "502", "台北市信義區松仁路100巷8弄"),
    address("中正路12之3號5樓之1", "12之3", "", 5, "501", "中正路"),
    address("中正路12號之3 5樓之1", "12之3", "", 5, "501", "中正路"),
    address("22幢14楼", codes=("needs_room",)),
    address("1单元101室", codes=("needs_building",)),
    address("(23.66,121.43)", codes=("bad_door",)),
    address("23°39'36\"N 121°25'48\"E", codes=("bad_door",)),
    address("8幢2706、2707", codes=("two_doors",)),
    address("8幢2706/2707室", codes=("two_doors",)),
    address("8栋负一楼101", codes=("bad_door",)),
    address("8幢车库12", codes=("bad_door",)),
    # who
    Trap("name", {"姓名": "王芳(女儿)"}, {"name": "王芳", "relation": "女儿"}),
    Trap("name", {"姓名": "女儿王芳"}, {"name": "王芳", "relation": "女儿"}),
    Trap("name", {"姓名": "户主：王芳"}, {"name": "王芳", "relation": "户主"}),
    Trap("name", {"姓名": "王　芳"}, {"name": "王芳"}),
    Trap("name", {"姓名": "‘王芳"}, {"name": "王芳"}),
    *(
        Trap("name", {"姓名": text}, {"name": "王芳", "relation": ""})
        for text in ("王芳（党员）", "王芳（女）", "王芳（高血压）", "王芳/王小芳（曾用名）")
    ),
    Trap("name", {"姓名": "王芳（曾用名王小芳）"}, {"name": "王芳", "relation": ""}),
    Trap("name", {"姓名": "王芳13800000000"}, {"name": "王芳", "relation": "", "phones": (MOBILE,)}),
    Trap("name", {"姓名": "王芳(13800000000)"}, {"name": "王芳", "relation": "", "phones": (MOBILE,)}),
    Trap("name", {"姓名": "王芳(女儿13900000000)"}, {"name": "王芳", "phones": ()}, ("others_phone",)),
    *(Trap("name", {"姓名": text}, {}, ("needs_name",)) for text in ("", "无", "無", "待補", "暂无", "空户")),
    # how to reach them
    phone("13800000000;13900000000", MOBILE, OTHER),
    phone("13800000000，13900000000", MOBILE, OTHER),
    phone("13800000000、13900000000", MOBILE, OTHER),
    phone("13800000000/13900000000", MOBILE, OTHER),
    phone("13800000000\n13900000000", MOBILE, OTHER),
    phone("1380000000013900000000", MOBILE, OTHER),
    phone("‘13800000000", MOBILE),
    phone("'13800000000", MOBILE),
    phone("138-0000-0000", MOBILE),
    phone("0936-222805", "0936222805"),
    phone("0512-65123456-801", "+8651265123456"),
    phone(13800000000.0, MOBILE),
    phone("1.3800000000E+10", MOBILE),
    phone("1.38E+10", codes=("bad_phone",)),
    phone("13800000000(已停机)", codes=("bad_phone",)),
    *(phone(text) for text in ("待補", "暂无", "无", "無", "无手机", "——", "/")),
    phone("王芳13800000000", MOBILE),
    phone("王女士13800000000", MOBILE),
    phone("王芳手机13800000000", MOBILE),
    phone("13800000000（微信同号）", MOBILE),
    phone("手机13800000000 家里0512-65123456", MOBILE, "+8651265123456"),
    # a phone of somebody else
    phone("13900000000（女儿）", codes=("others_phone",)),
    phone("女儿13900000000", codes=("others_phone",)),
    phone("13800000000,女儿13900000000", MOBILE, codes=("others_phone",)),
    phone("13800000000（本人）13900000000（女儿）", MOBILE, codes=("others_phone",)),
    phone("13900000000（女儿）13800000000", MOBILE, codes=("others_phone",)),
    phone("手机13900000000女儿", codes=("others_phone",)),
    phone("13800000000女儿13900000000儿子", codes=("others_phone",)),
    phone("李强/女儿/13900000000", codes=("others_phone",)),
    phone("王芳女儿13900000000", codes=("others_phone",)),
    phone("李女士 13900000000", codes=("others_phone",)),
    phone("Anna 13900000000", codes=("others_phone",)),
    *(
        Trap("emergency_contact", {heading: "李强(女儿)13900000000"}, {"phones": (), "relation": ""})
        for heading in (
            "其他紧急联系人",
            "联系方式（应急联系人及电话）",
            "联系电话（子女）",
            "监护人电话",
            "家属手机",
        )
    ),
    # never kept
    *(
        Trap("id_number", {heading: text}, {"household_ref": "", "phones": ()})
        for heading, text in {
            "身份证号": "32050119800307123X",
            "证件号码": "32050119800307123x",
            "IDNumber": "320501800307123",
            "身份证后四位": "123X",
            "身份证号码": "3.20501E+17",
            "户号": "320501800307123",
            "所属户": 320501198003071234.0,
        }.items()
    ),
    *(Trap("id_type", {"证件类型": text}, {}) for text in ("身份证", "护照", "港澳台", "")),
    # how old, which sex
    age("42岁", 1984),
    age("42歲", 1984),
    age("四十二", 1984),
    age("42 周岁", 1984),
    age("虚岁43", 1984),
    age("1岁3个月", 2025),
    age("1948", 1948),
    age("1948-03-25", 1948),
    age("", None),
    age("3056", None, "bad_age"),
    age("80多", None, "bad_age"),
    *(
        birth(text, 1948)
        for text in (
            "19480325",
            "1948-03-25",
            "1948/3/25",
            "1948.3.25",
            "1948.3",
            "1948年3月25日",
            "1948年3月",
            "1948年",
            "1948 年 3 月 25 日",
            "一九四八年三月廿五",
            "民国37年3月25日",
            "民國三十七年三月",
            "0370325",
            "1948/3/25 下午 10:28:05",
            "1948-03-25T00:00:00Z",
            "1947-12-31T16:00:00.000Z",
            "25/3/1948",
            "3/25/1948",
            "25-Mar-48",
            "March 25, 1948",
            "48-3-25",
            "480325",
            "480312",
            "48年",
            "1948-00-00",
            "19480000",
            "78岁",
            17617,
            17617.5,
            datetime.date(1948, 3, 25),
        )
    ),
    birth("085/3/25", 1996),
    Trap("birth_date", {"出生日期（民國）": "37/3/25"}, {"birth_year": 1948}),
    *(
        birth(text, None, "bad_century")
        for text in ("20-3-12", "12/03/11", "200325", "78", "42", "25-Mar-20")
    ),
    *(
        birth(text, None, "bad_birth")
        for text in (
            "0001-01-01T00:00:00+14:00",
            "1.28",
            "一月二十八号",
            "大年三十",
            "1948-13-25",
            "2031-01-01",
        )
    ),
    *(
        Trap("sex", {"性别": text}, {"sex": sex})
        for text, sex in {
            "男": "m",
            "男性": "m",
            "M": "m",
            "女": "f",
            "女性": "f",
            "F": "f",
            "不详": "",
        }.items()
    ),
    *(Trap("sex", {"性别": text}, {"sex": ""}) for text in ("0", "1", "2", 1, 2.0)),
    # the household
    Trap("household_id", {"户号": "001"}, {"household_ref": "001"}),
    Trap("household_id", {"户口本编号": "A001"}, {"household_ref": "A001"}),
    Trap("household_id", {"户编号": 1.0}, {"household_ref": "1"}),
    *(Trap("relation", {"是否户主": text}, {"relation": ""}) for text in ("0", "1", "否", "false")),
    *(Trap("relation", {"是否户主": text}, {"relation": "户主"}) for text in ("是", "true", "√", "Y")),
    Trap("relation", {"与户主关系": "儿媳"}, {"relation": "儿媳"}),
    Trap("relation", {"与户主关系": "01"}, {"relation": ""}),
    Trap("resident_type", {"人员类型": "流动人口"}, {"relation": ""}),
    # what they need
    flags("特殊人群", "独居老人,低保户", "lives_alone", "low_income"),
    *(flags("是否重点人员", text) for text in ("1", "0", "是", "否", "true", "yes", "y")),
    *(flags("独居", text, "lives_alone") for text in ("是", "√", "有", "TRUE", "Y", "独居老人")),
    *(flags("独居", text) for text in ("否", "无", "0", "1", "×", "")),
    flags("是否孕妇", "是", "pregnant"),
    flags("残疾情况", "有", "disabled"),
    flags("透析", "√", "chronic_illness"),
    flags("卧床（是/否）", "是", "homebound"),
    flags("无智能手机", "是", "no_smartphone"),
    flags("有无智能手机", "无", "no_smartphone"),
    flags("有无智能手机", "有"),
    flags("是否使用智能手机", "否", "no_smartphone"),
    flags("是否使用智能手机", "不详"),
    Trap("helper", {"是否志愿者": "是"}, {"is_helper": True}),
    Trap("helper", {"是否志愿者": "1"}, {"is_helper": False}),
    Trap("volunteer_skill", {"特长": "信息录入/测温"}, {"skills": ("信息录入", "测温"), "is_helper": True}),
]
DROPPED = {
    "grid": {"网格员": "李强 13900000000"},
    "need_items": {
        "所需物资": "N95/外科口罩/护目镜",
        "supplies": "鐵撬5支、手鋸5個",
        "物资": "20份便當",
        "需要的物資": "无/無/待補",
    },
    "need_labour": {"需要的人力": "6位", "岗位": "清淤", "人数": "需10名志工 22:00-6:00"},
    "urgency": {"紧急程度": "极紧急"},
    "status": {"目前处理进度（不定时更新）": "（最后更新：25日13:34）"},
    "timestamp": {
        "时间戳記": "2025-09-26 7:48",
        "提交时间": "2025/9/26 下午 10:28:05",
        "更新时间": "1.28",
        "发布时间": "一月二十八号",
        "患病时间": "大年三十",
    },
    "sample_tube": {"采样管条码": "6901234567892"},
    "sample_site": {"采样点": "海棠花园1号点"},
    "collector": {"采样人": "李强"},
    "volunteer_window": {"可服务时间": "每人不少于1天、每天8小时"},
    "volunteer_eligibility": {"疫苗": "三针"},
    "health_code": {"健康码": "绿"},
    "remark": {"备注": "女儿李强13900000000"},
    "serial": {"序号": "1"},
}


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_bears(trap: Trap) -> None:
    found = reading(list(trap.row), list(trap.row.values()), kind="xlsx")
    assert codes(found) == list(trap.codes)
    kept = [{key: getattr(row, key) for key in trap.gives} for row in found.rows]
    assert kept == ([trap.gives] if trap.gives or not trap.codes else [])
    assert all(str(error.message) and str(error.remedy) for error in found.errors)


@pytest.mark.parametrize("kind", MAKERS)
def test_bears_all_of_them_in_one_file_of_every_format(kind: str) -> None:
    """Written as text they must come to the same; a spreadsheet's own numbers and dates are tried above."""
    traps = [trap for trap in TRAPS if all(isinstance(value, str) for value in trap.cells.values())]
    for heading in ("地址", "联系电话", "出生日期", "年龄", "姓名"):
        own = [trap for trap in traps if list(trap.cells) == [heading]]
        head = [*own[0].row, "户号"]
        found = reading(
            head, *([*trap.row.values(), f"A{place}"] for place, trap in enumerate(own)), kind=kind
        )
        kept = {int(row.household_ref[1:]): row for row in found.rows}
        for place, trap in enumerate(own):
            is_kept = bool(trap.gives) or not trap.codes
            assert (place in kept) is is_kept, trap.name
            if is_kept:
                assert {key: getattr(kept[place], key) for key in trap.gives} == trap.gives, trap.name
        assert codes(found) == [code for trap in own for code in trap.codes]


def test_nothing_of_a_dropped_column_is_kept_and_each_is_named() -> None:
    columns = {heading: cell for cells in DROPPED.values() for heading, cell in cells.items()}
    found = reading([*DOOR, "姓名", *columns], [*DOOR.values(), "王芳", *columns.values()], kind="xlsx")
    assert [(row.name, row.phones, row.flags, row.skills) for row in found.rows] == [("王芳", (), (), ())]
    dropped = {column.header: str(column.dropped_because) for column in found.columns[4:]}
    assert dropped.keys() == set(map(text_of, columns))
    assert all(dropped.values())
    assert "13900000000" not in repr(found)


def test_contacts_outside_the_household_are_dropped_by_name() -> None:
    found = reading([*DOOR, "姓名", "紧急联系人"], [*DOOR.values(), "王芳", "李强(女儿)13900000000"])
    assert found.columns[4].dropped_because == messages.DROPPED["others"]


def test_no_line_and_no_quirk_of_the_aliases_is_left_out() -> None:
    tried = {str(value) for trap in TRAPS for value in trap.cells.values()}
    tried |= {cell for cells in DROPPED.values() for cell in cells.values()} | {"段某某邱某某", "(女儿)"}
    with ALIASES.open(encoding="utf-8", newline="") as file:
        lines = {line["canonical"]: line["value_quirks_seen"] for line in csv.DictReader(file)}
    assert lines.keys() == {trap.field for trap in TRAPS} | DROPPED.keys()
    del lines["phone"]  # speaks of quotes
    quoted = {quirk for text in lines.values() for quirk in re.findall("'([^']+)'", text)}
    assert quoted - tried == set()

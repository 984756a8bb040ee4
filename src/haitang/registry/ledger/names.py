"""Reads a person's name, and sees when one cell holds two people."""

import re

from haitang.registry.ledger.shapes import CellRefused
from haitang.registry.ledger.writing import is_nothing

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
    "金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施牛樊葛邢安齐易乔伍庞颜倪庄聂"
    "章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉翁蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶"
    "解牟艾尤时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫"
    "張劉陳楊黃趙吳孫馬許韓馮鄧蕭呂盧鐘譚陸範賈韋鄒龍賀顧龔邵萬錢嚴湯葉蔣鄭羅"
)
COMPOUND_SURNAMES = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "司徒",
    "皇甫",
    "夏侯",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "东方",
    "端木",
    "歐陽",
)
LONGEST = 60
_ROLE = re.compile(r"\(([^()]{1,12})\)")
_BETWEEN = re.compile(r"[、/,;\n\r&+|]+")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff某○〇*×]{2,4}")
_LATIN = re.compile(r"[^\W\d_][\w .'-]+")
_SPACE_IN_HAN = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")


def read_name(text: str) -> tuple[str, str]:
    """The name in a clean text, and the relation that stood beside it in brackets ("" without one).

    Raises CellRefused with needs_name or two_people.
    """
    role = _ROLE.search(text)
    bare = _ROLE.sub("", text).strip(" '‘’\"`")
    if (
        is_nothing(bare)
        or len(bare) > LONGEST
        or not re.search(r"[^\W\d_]", bare)
        or re.search(r"\d{3}", bare)
    ):
        raise CellRefused("needs_name")
    if _holds_two(bare):
        raise CellRefused("two_people")
    first = _SPACE_IN_HAN.sub("", _BETWEEN.split(bare)[0].strip())
    name = first if _HAN.fullmatch(first) else _SPACE_IN_HAN.sub("", bare)
    return name, role.group(1).strip() if role else ""


def _holds_two(name: str) -> bool:
    parts = [part.strip() for part in _BETWEEN.split(name) if part.strip()]
    if sum(1 for part in parts if _HAN.fullmatch(_SPACE_IN_HAN.sub("", part))) > 1:
        return True
    if "," not in name and len(parts) > 1 and all(_LATIN.fullmatch(part) for part in parts):
        return True
    words = name.split()
    if len(words) > 1:
        return sum(1 for word in words if _is_full_name(word)) > 1
    return _is_run_together(name)


def _is_full_name(word: str) -> bool:
    """Whether a word is a surname with a given name; a compound surname alone (欧阳 娜娜) is not."""
    return bool(_HAN.fullmatch(word)) and word[0] in SURNAMES and word not in COMPOUND_SURNAMES


def _is_run_together(name: str) -> bool:
    """段某某邱某某: five or six characters that divide into two full names. Four may be one person's."""
    if len(name) not in (5, 6) or not re.fullmatch(r"[\u3400-\u9fff]+", name):
        return False
    if name.startswith(COMPOUND_SURNAMES):
        return False
    return any(
        _is_full_name(name[:cut]) and _is_full_name(name[cut:]) and len(name) - cut < 4 for cut in (2, 3)
    )

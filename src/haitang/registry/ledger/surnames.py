"""Knows surnames, and what a full name looks like."""

import re

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
# These begin no transcribed name (古丽米热, 江央罗布), so a name that starts with one can be told from its neighbour.
COMMON = frozenset(
    "王李张刘陈杨黄赵吴周徐孙朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
    "金石廖贾夏韦付傅方邹孟熊秦邱尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔向汤温施牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳殷詹"
    "張劉陳楊黃趙吳孫許韓馮鄧蕭呂盧鐘譚陸範賈韋鄒龍賀顧龔邵萬錢嚴湯葉蔣鄭羅"
)
_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff某○〇*×]"
HAN_NAME = re.compile(rf"{_HAN}{{2,4}}")
HAN_ONLY = re.compile(rf"{_HAN}+")


def is_full_name(word: str) -> bool:
    """Whether a word is a surname with a given name; a compound surname alone (欧阳 娜娜) is not."""
    if not HAN_NAME.fullmatch(word) or word in COMPOUND_SURNAMES:
        return False
    return word[0] in SURNAMES or word.startswith(COMPOUND_SURNAMES)


def lengths_of_surname(text: str) -> tuple[int, ...]:
    """How many characters the surname may have with which the text begins."""
    if text.startswith(COMPOUND_SURNAMES):
        return (2, 1) if text[0] in SURNAMES else (2,)
    return (1,) if text[:1] in SURNAMES else ()

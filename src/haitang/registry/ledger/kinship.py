"""Knows the words for who somebody is to somebody: what stands beside a name or a phone number."""

import re

from haitang.registry.ledger.surnames import is_full_name
from haitang.registry.ledger.writing import is_nothing

_SINGLE = "夫|妻|父|母|儿|女|子|孙|媳|婿|兄|弟|姐|妹|哥|嫂|公|婆|爷|奶"
_WORDS = (
    "配偶|丈夫|妻子|爱人|老伴|老公|老婆|父亲|母亲|父母|爸|妈|爷爷|奶奶|外公|外婆|公公|婆婆|岳父|岳母|儿子|女儿|子女|长子|次子|长女|次女"
    "|儿媳|女婿|孙子|孙女|外孙|兄弟|姐妹|哥哥?|弟弟?|姐姐?|妹妹?|嫂|外甥|侄|舅|姨|姑|叔|伯|亲戚|亲属|家属|监护人|保姆|护工|阿姨"
    "|房东|邻居|朋友|同事|同学|中介|husband|wife|spouse|father|mother|son|daughter|child|brother|sister|parent|nanny|carer|friend"
)
_IN_THE_HOME = "户主|本人|业主|租户|租客|房主|head|tenant|owner"
_RELATION = re.compile(
    rf"(?:[其他她的大小长次幼二三四外继养前老岳祖曾堂表之]|{_SINGLE}|{_WORDS}|{_IN_THE_HOME})+", re.IGNORECASE
)
KIN_FIRST = re.compile(f"(?:{_WORDS}|户主)(?=[\u4e00-\u9fff])")
_SEXES = frozenset("男女")
_OTHER = re.compile(f"{_WORDS}|紧急|应急|代[接收转]|转告|联系人|物业|社区", re.IGNORECASE)
_SINGLE_OTHER = re.compile(f"[大小二三]?(?:{_SINGLE})")
_OWN = re.compile(
    "本人|自己|户主|业主|租户|租客|手机号?|电话号?|座机|固话|宅电?|家里|家庭|家中|住宅|家|办公室?|单位|公司|微信|同号|号码"
    "|移动|联通|电信|主号?|副号?|新号?|旧号?|老号?|大号|小号|短号|常用|备用|白天|夜里|晚上|上午|中午|下午|平时|周[一二三四五六日末]"
    "|联系|方式|请|打|不用|mobile|phone|tel|cell|home|work|office|wechat|own|self|no",
    re.IGNORECASE,
)
_NO_PHONE = re.compile("(?:无|没有?)(?:手机|电话|座机|号码|联系方式)+")
_TITLED = re.compile("(.)(?:先生|女士|小姐|阿姨|叔叔?|大爷|大妈|奶奶|爷爷|师傅|老师|医生|总|姐|哥|工)")
ALIAS = re.compile("曾用名|又名|别名|小名|原名|英文名|化名")


def is_relation(word: str) -> bool:
    """Whether a word says what somebody is in a household, such as 女儿 or 租户."""
    return word not in _SEXES and bool(_RELATION.fullmatch(word))


def is_no_phone(text: str) -> bool:
    """Whether a text says that somebody has none."""
    return is_nothing(text) or bool(_NO_PHONE.fullmatch(text))


def is_someone_else(word: str, *, own: str) -> bool:
    """Whether a word beside a phone number says that it is not the number of the person called `own`."""
    if is_no_phone(word) or (own and word in own):
        return False
    word = word.replace(own, "") if own else word
    titled = _TITLED.fullmatch(word)
    if titled:
        return titled[1] != own[:1]
    rest = _OWN.sub("", word).strip()
    if not rest:
        return False
    return bool(_SINGLE_OTHER.fullmatch(rest) or _OTHER.search(rest)) or is_full_name(rest) or _is_latin(rest)


def _is_latin(word: str) -> bool:
    """Whether a word may be a name in Latin letters."""
    return word.isascii() and word.istitle() and len(word) > 2

"""The closed vocabularies of a ledger: flags, sexes, yes and no; what is in none of them is not kept."""

import re
from functools import lru_cache

from haitang.registry.ledger.writing import TRADITIONAL, text_of

FLAGS: dict[str, tuple[str, ...]] = {
    "lives_alone": ("独居", "独居老人", "孤寡", "孤老", "独自居住", "一人户", "lives alone", "living alone"),
    "low_income": ("低保", "低保户", "低收入", "困难户", "困难家庭", "特困", "五保", "贫困", "low income"),
    "homebound": ("卧床", "失能", "行动不便", "瘫痪", "不能下楼", "不便下楼", "homebound", "bedridden"),
    "chronic_illness": (
        *(
            "慢性病",
            "慢病",
            "高血压",
            "糖尿病",
            "透析",
            "血透",
            "尿毒症",
            "冠心病",
            "心脏病",
            "肿瘤",
            "癌症",
            "哮喘",
            "化疗",
        ),
        *("中风", "脑梗", "chronic illness", "chronic disease"),
    ),
    "disabled": ("残疾", "残障", "残疾人", "肢残", "盲人", "失明", "聋人", "聋哑", "轮椅", "disabled"),
    "infant": ("婴儿", "婴幼儿", "新生儿", "幼儿", "infant"),
    "pregnant": ("孕妇", "孕产妇", "怀孕", "待产", "孕期", "pregnant"),
    "no_smartphone": (
        *(
            "无智能手机",
            "没有智能手机",
            "无智能机",
            "无手机",
            "没有手机",
            "不会用智能手机",
            "老人机",
            "老年机",
        ),
        *("no smartphone", "no phone"),
    ),
    "special_care": (
        *(
            "特殊照顾",
            "特殊关照",
            "重点关爱",
            "空巢",
            "留守老人",
            "留守儿童",
            "困境儿童",
            "失独",
            "失智",
            "认知症",
            "认知障碍",
        ),
        *("阿尔茨海默", "痴呆", "自闭症", "孤独症", "精神障碍", "精神残疾", "special care"),
    ),
}
SEXES = {word: "f" for word in ("女", "女性", "女士", "f", "female", "woman")} | {
    word: "m" for word in ("男", "男性", "男士", "m", "male", "man")
}
YES = frozenset(["是", "有", "对", "y", "yes", "true", "√", "✓", "✔", "☑", "v", "愿意", "志愿者", "已报名"])
NO = frozenset(["否", "不是", "无", "没有", "没", "不", "n", "no", "false", "×", "x", "✗", "✘", "☐"])
RELATIONS = {"head": "户主", "spouse": "配偶", "child": "子女", "parent": "父母"}
UNREMARKABLE = frozenset(
    {"否", "不是", "正常", "健康", "良好", "一般", "普通", "身体健康", "否认"}
    | {"n", "no", "false", "healthy", "normal"}
)

_FLAG_OF = {word: flag for flag, words in FLAGS.items() for word in (*words, flag.replace("_", " "))}
_LONGEST_FIRST = sorted(_FLAG_OF, key=len, reverse=True)
_INSIDE = re.compile(r"(?P<not>[非无不没未])?(?P<word>" + "|".join(map(re.escape, _LONGEST_FIRST)) + ")")
_ASKING = re.compile(
    "^(?:是否为?|是不是|有无|有没有)|^(?:is|has) |[(].*?[)]|(?:人员|人群|老人|老年人|家庭|户|情况)$"
)
_PHONE_ASKED = frozenset(
    ["智能手机", "使用智能手机", "会用智能手机", "会使用智能手机", "有智能手机", "smartphone"]
)
_BETWEEN = re.compile(r"[,;、/|\n\r+&()]+|[。.]\s*")


def words_of(text: str) -> list[str]:
    """The words of a cell that lists several."""
    return [word.strip() for word in _BETWEEN.split(text) if word.strip()]


def flags_in(word: str) -> tuple[str, ...] | None:
    """The flags that a word stands for; () when it says that there is none, None when nobody knows it.

    A flag that the word denies (非独居) is not one.
    """
    plain = word.lower().replace("_", " ").replace("-", " ").strip()
    if plain in _FLAG_OF:
        return (_FLAG_OF[plain],)
    if plain in UNREMARKABLE:
        return ()
    found = list(_INSIDE.finditer(plain))
    if not found:
        return None
    return tuple(_FLAG_OF[match["word"]] for match in found if not match["not"])


@lru_cache(maxsize=1024)
def flag_of_heading(heading: str) -> str:
    """The flag that a heading asks for by itself (独居, 是否孕妇, 残疾情况), with - before it where yes denies it
    (有无智能手机); "" for any other heading."""
    plain = text_of(heading).translate(TRADITIONAL).lower().strip(" *:?")
    for form in (plain, _ASKING.sub("", plain)):
        if form in _PHONE_ASKED:
            return "-no_smartphone"
        if form in _FLAG_OF:
            return _FLAG_OF[form]
    return ""

"""Invented names: common surnames of the region, given names as each generation gave them."""

from random import Random

SURNAMES = (
    *[
        ("王", 70),
        ("张", 68),
        ("陈", 58),
        ("徐", 52),
        ("朱", 50),
        ("李", 48),
        ("周", 46),
        ("沈", 44),
        ("陆", 42),
    ],
    *[
        ("顾", 40),
        ("钱", 36),
        ("吴", 36),
        ("刘", 34),
        ("杨", 32),
        ("许", 28),
        ("黄", 26),
        ("孙", 26),
        ("蒋", 24),
    ],
    *[
        ("金", 22),
        ("赵", 22),
        ("马", 18),
        ("潘", 18),
        ("俞", 16),
        ("殷", 12),
        ("邹", 12),
        ("姚", 12),
        ("唐", 12),
    ],
    *[("胡", 12), ("高", 10), ("何", 10), ("郭", 10), ("宋", 8), ("曹", 8), ("邵", 8), ("费", 6), ("戴", 6)],
)

# A pair of lists per generation: born before the year, women's names, men's names.
GENERATIONS = (
    (
        1950,
        "秀英 桂英 玉兰 凤英 秀珍 桂珍 阿妹 巧珍 玉珍 惠珍 招娣 水英 金妹 月琴 素珍 林妹 根妹 杏珍 雪珍 瑞英",
        "根生 阿根 水根 金根 福生 炳生 祥根 火根 泉生 荣根 阿大 寿根 全生 仁生 木根 林根 桂生 云根 德根 雪根",
    ),
    (
        1965,
        "建珍 美芳 惠芳 玉芳 秋珍 雪芳 丽娟 彩珍 玲珍 红妹 建英 凤珍 惠琴 亚珍 慧娟 月珍 美珍 小妹 菊芳 文珍",
        "建明 建新 永明 卫明 国良 志明 建中 永良 根荣 伟良 建良 金荣 春荣 志良 惠明 育明 巧明 雪明 林荣 炳荣",
    ),
    (
        1980,
        "晓红 丽芳 红芳 雪琴 建芳 莉萍 晓芳 亚萍 文娟 静芳 春燕 雅芬 秋萍 惠丽 海萍 红娟 玉萍 卫红 晓萍 国芳",
        "志刚 卫峰 晓峰 建锋 春明 永刚 伟明 志华 海峰 雪峰 国平 建林 卫忠 文明 晓明 志平 永峰 红兵 利明 惠忠",
    ),
    (
        1995,
        "晓燕 婷婷 雯雯 佳燕 丽丽 佳怡 梦娇 晓雯 静怡 思佳 琳琳 佳雯 燕燕 怡君 晓敏 倩倩 静雯 丹丹 莉莉 晓晴",
        "俊杰 志超 晓东 佳伟 浩杰 文杰 俊峰 晨晨 家明 志浩 凯文 佳明 文斌 晓斌 嘉伟 志鹏 俊超 海涛 伟杰 晨峰",
    ),
    (
        2008,
        "雨婷 欣怡 思琪 雨欣 佳琪 梦瑶 诗涵 雪怡 心怡 雨晴 嘉怡 雯静 思雨 可欣 怡雯 雨萱 静宜 书怡 芷晴 乐怡",
        "子豪 宇轩 浩然 天宇 俊宇 嘉豪 文轩 子轩 宇航 博文 思远 睿哲 昊天 志恒 逸飞 嘉铭 子涵 宇晨 泽宇 承安",
    ),
    (
        9999,
        "若汐 梓萱 诗语 语桐 一诺 沐晴 可馨 芷若 苏禾 星语 语晨 安然 清妍 以沫 知夏 予安 念初 书瑶 晴宁 思宁",
        "沐宸 梓睿 奕辰 宇泽 亦辰 星泽 景行 承泽 知行 子墨 一舟 云舟 嘉树 言川 予乐 安屿 木阳 书言 明远 时安",
    ),
)

# The two neighbours of the story; nobody else is drawn with their names.
IN_NEED = "沈招娣"
WHO_OFFERS = "顾文斌"

# Combinations of the lists that a well-known person bears; nobody here is meant to be anybody.
WELL_KNOWN = (
    "李雪琴 张志刚 王志刚 王海涛 周海涛 徐海涛 陈晓东 王晓明 黄晓明 李晓明 陈晓明 李海峰 李晓峰 李俊峰 "
    "周晓燕 王文杰 王子豪 周思琪 李春燕 王春燕 刘雨欣 高晓明 张伟良"
)
AVOIDED = frozenset(WELL_KNOWN.split())


def surname(rng: Random) -> str:
    """One surname, as often as the region has it."""
    return rng.choices([name for name, _ in SURNAMES], [weight for _, weight in SURNAMES])[0]


def full_name(rng: Random, *, sex: str, birth_year: int, family: str, taken: frozenset[str]) -> str:
    """A name of `family` fit for sex and year of birth, none of `taken`, of nobody well known."""
    women, men = next((women, men) for before, women, men in GENERATIONS if birth_year < before)
    given = (women if sex == "f" else men).split()
    choices = [
        family + name for name in given if family + name not in AVOIDED | taken | {IN_NEED, WHO_OFFERS}
    ]
    # One draw, however long the list is: with another year the names differ but everybody else stays.
    return choices[int(rng.random() * len(choices))]

"""Cells, headings and rows as no ledger should have them, drawn from a seed."""

from random import Random

HEADINGS = (
    *(
        "楼栋",
        "单元",
        "房号",
        "姓名",
        "联系电话",
        "出生日期",
        "年龄",
        "性别",
        "与户主关系",
        "特殊人群",
        "志愿服务特长",
    ),
    *(
        "身份证号",
        "备注",
        "小区",
        "户号",
        "是否户主",
        "健康码",
        "building",
        "name",
        "room",
        "  ",
        "手机",
        "座机",
    ),
)
NUMBERS = (
    *(
        "0",
        "-0",
        "-1",
        "1e308",
        "-1e308",
        "1e-320",
        "nan",
        "NaN",
        "inf",
        "-Infinity",
        "1e999",
        "9" * 400,
        "0x10",
    ),
    *(
        "13800000000",
        "1.38E+10",
        "1.5E+99999999999999999999",
        "2958465",
        "2958466",
        "99999999999",
        "60",
        "0.5",
    ),
    *(
        "1_000",
        "٣٤",
        "፩፪፫",
        "①②",
        "²³",
        "𝟙𝟚",
        "〇〇",
        "十百千",
        "百十百",
        "1948-02-30",
        "0000-00-00",
        "99999",
    ),
)
TEXTS = (
    *(
        "王芳",
        "王芳、李强",
        "段某某邱某某",
        "8-3-2706",
        "8幢3单元2706室",
        "22幢14楼",
        "无",
        "待補",
        "2022/2/31",
    ),
    *(
        "\u202e王芳\u202c",
        "\u200b\u200b",
        "\ufeff",
        "\u0000",
        "\u0007",
        "\x0b\x0c",
        "\ud7ff",
        "\U0010ffff",
        "\ue000",
    ),
    *(
        "=1+1",
        '=HYPERLINK("http://x","y")',
        "=cmd|' /C calc'!A0",
        "@SUM(A1)",
        '="8"',
        '="="8""',
        "=" * 50,
        "+-@\t",
    ),
    *(
        "e\u0301" * 40,
        "\u0301" * 300,
        "\ufdfa" * 200,
        "🏠" * 20,
        "王" * 5000,
        "(" * 500,
        "-" * 400,
        "、" * 400,
    ),
    *(
        "%s%n{0}{name}",
        "{count}",
        "<script>",
        "&amp;&#0;",
        "_x0000__xD800_",
        "'; DROP TABLE",
        "\\N",
        "\r\r\n\n",
    ),
    *(
        "1" * 3000,
        "1-" * 900,
        "1栋" * 300,
        "一" * 900,
        "13800000000," * 300,
        "王芳 " * 300,
        "A1" * 500,
        "零" * 60,
    ),
    *(
        "320501198003071234",
        "32050119800307123X",
        "独居,低保",
        "是",
        "1",
        "男",
        "户主",
        "42岁",
        "3056",
        "民国37年",
    ),
)
PIECES = (
    *"0123456789",
    *"٣፩²①𝟙〇一十廿",
    *"年月日岁栋室号楼-/.,;:、()+~#%",
    "19",
    "20",
    "138",
    "0000",
    "民国",
    "T",
    "E",
    "e",
    "A",
    "x",
)
USUAL = {
    "楼栋": "8",
    "单元": "3",
    "房号": "2706",
    "姓名": "王芳",
    "building": "8",
    "room": "2706",
    "name": "王芳",
}


def cell(rng: Random) -> str:
    """A cell's text: something people write, something nobody should, or a chain of both."""
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(TEXTS)
    if kind < 0.5:
        return rng.choice(NUMBERS)
    if kind < 0.8:
        return "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 7)))
    if kind < 0.95:
        return "".join(rng.choice(TEXTS + NUMBERS)[:12] for _ in range(rng.randint(2, 4)))
    return "".join(chr(rng.choice((rng.randint(1, 0x2FF), rng.randint(0x3000, 0xD7FF)))) for _ in range(12))


def headings(rng: Random) -> list[str]:
    """Some headings in any order, now and then twice or not one of ours."""
    usual = ["楼栋", "房号", "姓名"] if rng.random() < 0.8 else []
    others = [rng.choice(HEADINGS) for _ in range(rng.randint(0, 9))]
    found = [*usual, *others]
    rng.shuffle(found)
    return found or ["姓名", "房号"]


def rows(rng: Random, *, most: int = 12) -> list[list[str]]:
    """A sheet: perhaps a title, headings, rows of any width; in half of the rows only some cells are strange."""
    heads = headings(rng)
    above = [["海棠花园居民底册"], []][: rng.randint(0, 2)]
    body = [_row(rng, heads) for _ in range(rng.randint(0, most))]
    return [*above, heads, *body]


def people(rng: Random) -> list[list[str]]:
    """Headings that are all known, and rows in which one cell or two are strange: these are read to their end."""
    heads = [*HEADINGS[:11], "小区", "户号"]
    made = []
    for _ in range(30):
        row = [USUAL.get(head, "") for head in heads]
        for _ in range(rng.randint(1, 2)):
            row[rng.randrange(len(row))] = cell(rng)
        made.append(row)
    return [heads, *made]


def _row(rng: Random, heads: list[str]) -> list[str]:
    if rng.random() < 0.5:
        return [cell(rng) for _ in range(max(0, len(heads) + rng.randint(-2, 1)))]
    return [USUAL[head] if head in USUAL and rng.random() < 0.9 else cell(rng) for head in heads]

"""XLSX workbooks as they should never arrive, drawn from a seed: good and bad parts in good and bad zips."""

import io
import zipfile
from collections.abc import Callable, Mapping
from random import Random
from xml.sax.saxutils import escape

from tests.registry import hostile_cells as cells

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS_OF_CELL = ("", "n", "s", "str", "inlineStr", "b", "e", "d", "zz")
HEAD = '<row r="1">{}</row>'.format(
    "".join(
        f'<c r="{at}1" t="str"><v>{word}</v></c>'
        for at, word in (("A", "楼栋"), ("B", "房号"), ("C", "姓名"))
    )
)

Parts = dict[str, str]


def packed(parts: Mapping[str, str | bytes], *, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts in a zip."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as package:
        for name, part in parts.items():
            package.writestr(name, part.encode("utf-8", "replace") if isinstance(part, str) else part)
    return file.getvalue()


def book(
    sheet: str, *, strings: str = "", styles: str = "", names: tuple[str, ...] = ("底册",), state: str = ""
) -> Parts:
    """A workbook whose sheets all have these rows (and what follows them)."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" {state} r:id="r{n}"/>' for n, name in enumerate(names, 1)
    )
    related = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(names) + 1)
    )
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": (
            f'<Relationships xmlns="{RELATIONS}">'
            f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}">{related}</Relationships>',
        **({"xl/sharedStrings.xml": f"<sst {MAIN}>{strings}</sst>"} if strings else {}),
        **({"xl/styles.xml": f"<styleSheet {MAIN}>{styles}</styleSheet>"} if styles else {}),
        **{
            f"xl/worksheets/sheet{n}.xml": f"<worksheet {MAIN}><sheetData>{sheet}</sheetData></worksheet>"
            for n in range(1, len(names) + 1)
        },
    }


def letters(number: int) -> str:
    """1 is A, 27 is AA."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _row(rng: Random, number: int, values: list[str]) -> str:
    made = []
    for place, value in enumerate(values, 1):
        where = f' r="{letters(place)}{number}"' if rng.random() < 0.9 else ""
        kind, style = rng.choice(KINDS_OF_CELL[:8]) if rng.random() < 0.4 else "str", rng.randint(0, 9)
        if kind == "s" and rng.random() < 0.98:
            value = str(rng.randrange(4))
        formula = rng.choice(("", "", "", "<f>A1+1</f>", '<f t="shared" si="0"/>'))
        text = escape("".join(filter(str.isprintable, value)))
        inner = f"<is><t>{text}</t></is>" if kind == "inlineStr" else f"{formula}<v>{text}</v>"
        made.append(f'<c{where} s="{style}" t="{kind or "n"}">{inner}</c>')
    return f'<row r="{number}">{"".join(made)}</row>'


def _sheet(rng: Random) -> str:
    heads, *body = cells.rows(rng, most=6)
    named = "".join(
        f'<c r="{letters(n)}1" t="str"><v>{escape(head)}</v></c>' for n, head in enumerate(heads, 1)
    )
    return f'<row r="1">{named}</row>' + "".join(_row(rng, number, row) for number, row in enumerate(body, 2))


STRINGS = (
    "<si><t>楼栋</t></si><si><r><t>王</t></r><r><t>芳</t></r><rPh><t>x</t></rPh></si><si/>"
    "<si><t>_x0000_&amp;</t></si>"
)
STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm"/><numFmt numFmtId="165" formatCode="[h]:mm;@"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="x"/></cellXfs>'
)


def wild(rng: Random) -> bytes:
    """Any cells of any type."""
    return packed(book(_sheet(rng), strings=STRINGS, styles=STYLES))


def bad_markup(rng: Random) -> bytes:
    """A part whose markup was changed at random, cut off, or given twice."""
    parts = book(_sheet(rng), strings=STRINGS, styles=STYLES)
    name = rng.choice([part for part in parts if part != "[Content_Types].xml"])
    content = bytearray(parts[name].encode("utf-8", "replace"))
    for _ in range(rng.randint(1, 2)):
        at = rng.randrange(len(content))
        content[at : at + rng.randint(0, 3)] = rng.choice(
            (b"<", b">", b'"', b"&", b"\0", b"</row>", b"<!--", b"<c>", b"", b"\xff")
        )
    cut = rng.randint(1, len(content)) if rng.random() < 0.3 else len(content)
    return packed({**parts, name: bytes(content[:cut])})


def damaged(rng: Random) -> bytes:
    """A zip with some bytes changed, or cut off."""
    content = bytearray(wild(rng))
    for _ in range(rng.randint(1, 8)):
        content[rng.randrange(len(content))] = rng.randrange(256)
    return bytes(content[: rng.randint(4, len(content))] if rng.random() < 0.4 else content)


def declared(rng: Random) -> bytes:
    """Entities: of other files, of other places, and of others without end."""
    laughs = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    kinds = (
        '<!ENTITY i SYSTEM "file:///etc/passwd">',
        '<!ENTITY i SYSTEM "http://127.0.0.1:1/x">',
        laughs,
        '<!ENTITY % i "x">%i;',
    )
    parts = book(
        HEAD + '<row r="2"><c r="A2" t="str"><v>&i;</v></c></row>',
        strings="<si><t>&i;</t></si>",
        styles="<x/>",
    )
    name = rng.choice(
        [
            part
            for part in parts
            if part.endswith(("sheet1.xml", "Strings.xml", "workbook.xml", ".rels", "styles.xml"))
        ]
    )
    encoding = rng.choice(("utf-8", "utf-16"))
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [{rng.choice(kinds)}]>{parts[name]}'
    return packed({**parts, name: text.encode(encoding)})


def far(rng: Random) -> bytes:
    """A cell at the end of the sheet, or beyond it."""
    corner = rng.choice(
        ("A1048576", "XFD1", "XFD1048576", "A200001", "CW1", "ZZZZ9", "A0", "1A", "A99999999", "CV2")
    )
    return packed(book(f'{HEAD}<row><c r="{corner}"><v>1</v></c></row>'))


def wide(rng: Random) -> bytes:
    """Very many cells in a row, with and without saying where."""
    count, cell = (
        rng.choice((100, 101, 100_000)),
        rng.choice(("<c><v>1</v></c>", '<c t="inlineStr"><is><t>a</t></is></c>', "<c/>")),
    )
    return packed(book(f"{HEAD}<row>{cell * count}</row>"))


def merged(rng: Random) -> bytes:
    """Merged ranges that cover everything, overlap, or are none."""
    span = rng.choice(
        ("A1:XFD1048576", "A2:A1048576", "B3:B2", "A2:A200000", "", ":", "A2", "A0:A9", "A2:A3:A4")
    )
    ranges = f'<mergeCell ref="{span}"/>' * rng.choice((1, 1000))
    body = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, rng.choice((9, 900))))
    sheet = f"{HEAD}{body}</sheetData><mergeCells>{ranges}</mergeCells><sheetData>"
    return packed(book(sheet))


def shared(rng: Random) -> bytes:
    """Numbers of shared texts that there are none of; and one long text that very many cells share."""
    if rng.random() < 0.7:
        index = rng.choice(("-1", "4", "99999999999", "1e3", "", "x", "1.0", " 1 ", "٣"))
        return packed(book(f'{HEAD}<row r="2"><c r="A2" t="s"><v>{index}</v></c></row>', strings=STRINGS))
    many = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}" t="s"><v>0</v></c></row>'
        for n in range(2, 3000)
    )
    return packed(book(HEAD + many, strings=f"<si><t>{'王' * 32_000}</t></si>"))


def bomb(rng: Random) -> bytes:
    """A few bytes that unpack to very many: in a part that is read, beside the others, or lying about its size."""
    size, packing = rng.choice(
        ((5_000_000, 8), (5_000_000, 8), (20_000_000, 8), (500_000, 12), (500_000, 14))
    )
    filler = rng.choice(
        (b" ", b"<a>", b"<row><c><v>1</v></c></row>", b"<si><t>x</t></si>", b"<!-- -->", b"x")
    )
    parts = book(HEAD, strings=STRINGS, styles=STYLES)
    name = rng.choice([*list(parts)[1:], "media/image.bin"])
    text = parts.get(name, "")
    inside = (
        text.encode().replace(b"</", filler * (size // len(filler)) + b"</", 1)
        if text
        else filler * (size // 3)
    )
    content = packed({**parts, name: inside}, packing=packing)
    lie = rng.choice((len(inside), 1000, 0, 2**32 - 2))
    return content.replace(len(inside).to_bytes(4, "little"), lie.to_bytes(4, "little"))


def nested(rng: Random) -> bytes:
    """A zip in a zip in a zip."""
    inner = packed({"xl/workbook.xml": b"0" * 3_000_000})
    for _ in range(rng.randint(1, 4)):
        inner = packed({rng.choice(("xl/workbook.xml", "book.xlsx", "content.xml")): inner})
    return inner


def crowded(rng: Random) -> bytes:
    """Very many parts, parts of the same name, names that lead elsewhere."""
    name = rng.choice(("../../etc/passwd", "a/" * 400, "xl/workbook.xml", "\\\\x\\y", "文件" * 50, "C:\\x"))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for part, text in book(HEAD).items():
            package.writestr(part, text)
        for number in range(rng.choice((3, 60, 12_000))):  # of all of them only the directory knows
            listed = zipfile.ZipInfo(f"{number}{name}" if rng.random() < 0.9 else name)
            listed.header_offset = listed.CRC = 0
            package.filelist.append(listed)
    return file.getvalue()


def sheets(rng: Random) -> bytes:
    """Thousands of sheets; hidden, very hidden, without rows, without a part."""
    state = rng.choice(("", 'state="hidden"', 'state="veryHidden"', 'state="?"'))
    count = rng.choice((1, 2, 300, 2500))
    parts = book(
        rng.choice((HEAD, "", _sheet(rng))), names=tuple(f"页{n}" for n in range(count)), state=state
    )
    lost = rng.sample(sorted(parts), rng.choice((0, 1, 2)))
    return packed({name: part for name, part in parts.items() if name not in lost})


def outside(rng: Random) -> bytes:
    """Sheets that are said to lie elsewhere, and links to other files."""
    parts = book(_sheet(rng))
    target = rng.choice(
        (
            "http://127.0.0.1:1/s.xml",
            "file:///etc/passwd",
            "../../../etc/passwd",
            "/xl/worksheets/sheet1.xml",
            "",
            "\\x",
        )
    )
    related = parts["xl/_rels/workbook.xml.rels"].replace("worksheets/sheet1.xml", target)
    mode = rng.choice(("", ' TargetMode="External"'))
    parts["xl/_rels/workbook.xml.rels"] = related.replace("/></", f"{mode}/></", 1)
    parts["xl/externalLinks/externalLink1.xml"] = (
        f'<externalLink {MAIN}><externalBook r:id="r1"/></externalLink>'
    )
    return packed(parts)


def locked(rng: Random) -> bytes:
    """Parts that are said to be encrypted."""
    content = bytearray(packed(book(_sheet(rng))))
    for at in range(len(content) - 4):
        if content[at : at + 4] == b"PK\x01\x02":
            content[at + 8] |= rng.choice((1, 1, 9, 65))
    return bytes(content)


KINDS: Mapping[Callable[[Random], bytes], int] = {
    wild: 25,
    bad_markup: 20,
    damaged: 15,
    declared: 5,
    far: 4,
    wide: 2,
    merged: 3,
    shared: 3,
    bomb: 3,
    nested: 2,
    crowded: 2,
    sheets: 2,
    outside: 2,
    locked: 2,
}

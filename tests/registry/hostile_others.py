"""ODS and XLS as they should never arrive, drawn from a seed."""

import io
import struct
from collections.abc import Callable, Mapping
from functools import cache
from random import Random
from xml.sax.saxutils import escape, quoteattr

import xlwt

from tests.registry import hostile_cells as cells
from tests.registry.hostile_books import packed

NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style")
)
TYPES = ("string", "float", "percentage", "date", "time", "boolean", "zz")
MANIFESTS = ("<m><encryption-data/></m>", "<m/>")
TIMES = ("2", "3", "0", "-1", "x", "16384", "1048576", "99999999999", "200000")


def document(body: str, *, kind: str = "spreadsheet", style: str = "") -> str:
    """The content of an open document."""
    return (
        f"<office:document-content {NAMES}><office:automatic-styles>{style}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )


def ods(content: str | bytes, *, manifest: str = "<m/>") -> bytes:
    """A spreadsheet with this content."""
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": mime, "content.xml": content, "META-INF/manifest.xml": manifest})


def _text(value: str) -> str:
    return escape("".join(filter(str.isprintable, value)))


def _cell(rng: Random, value: str) -> str:
    kind, text = rng.choice(TYPES) if rng.random() < 0.4 else "string", _text(value)
    number = value if value.isascii() and value.isdigit() else rng.choice(("1", "1e308", "nan", "-0", text))
    said = f" office:value={quoteattr(number)} office:date-value={quoteattr(text)}"
    again = f' table:number-columns-repeated="{rng.choice(TIMES)}"' if rng.random() < 0.06 else ""
    span = f' table:number-rows-spanned="{rng.choice(TIMES)}"' if rng.random() < 0.1 else ""
    formula = ' table:formula="of:=1+1"' if rng.random() < 0.1 else ""
    note = rng.choice(
        ("", "", "<office:annotation><text:p>x</text:p></office:annotation>", '<text:s text:c="99999999"/>')
    )
    inside = f"{note}<text:p>{text}</text:p>"
    return f'<table:table-cell office:value-type="{kind}"{said}{again}{span}{formula}>{inside}</table:table-cell>'


def _table(rng: Random, name: str = "底册") -> str:
    made = []
    for row in cells.rows(rng, most=6):
        again = f' table:number-rows-repeated="{rng.choice(TIMES)}"' if rng.random() < 0.05 else ""
        made.append(
            f"<table:table-row{again}>{''.join(_cell(rng, value) for value in row)}</table:table-row>"
        )
    return f'<table:table table:name="{name}">{"".join(made)}</table:table>'


def wild_ods(rng: Random) -> bytes:
    """Any cells of any type, any of them repeated."""
    return ods(document(_table(rng)))


def bad_ods(rng: Random) -> bytes:
    """Markup that was changed at random."""
    content = bytearray(document(_table(rng)).encode("utf-8", "replace"))
    for _ in range(rng.randint(1, 5)):
        at = rng.randrange(len(content))
        content[at : at + rng.randint(0, 3)] = rng.choice(
            (b"<", b">", b'"', b"&x;", b"\0", b"<table:table>", b"<!--", b"")
        )
    return ods(bytes(content))


def repeated_ods(rng: Random) -> bytes:
    """One cell or row that says it stands there a million times; a long text as often as there may be rows."""
    rows, columns = rng.choice(TIMES), rng.choice(TIMES)
    text = "王" * rng.choice((1, 1, 1, 30_000))
    again = f'table:number-columns-repeated="{columns}"'
    cell = f'<table:table-cell office:value-type="string" {again}><text:p>{text}</text:p>'
    head = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{word}</text:p></table:table-cell>'
        for word in ("姓名", "房号")
    )
    body = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-cell></table:table-row>'
    return ods(document(f"<table:table><table:table-row>{head}</table:table-row>{body}</table:table>"))


def odd_ods(rng: Random) -> bytes:
    """Locked, hidden, nested, without tables, another kind of document, thousands of tables, entities."""
    display = '<style:table-properties table:display="false"/>'
    style = f'<style:style style:name="h" style:family="table">{display}</style:style>'
    hidden = _table(rng).replace("<table:table ", '<table:table table:style-name="h" ', 1)
    kind = rng.randrange(9)
    if kind < 2:
        return ods(document(hidden, style=style) if kind else document(_table(rng)), manifest=MANIFESTS[kind])
    plain = document(_table(rng))
    contents = (
        lambda: document("".join(_table(rng, f"页{n}") for n in range(300))),
        lambda: document('<table:table table:name="x"/>' * 12_000),
        lambda: document(_table(rng), kind="text"),
        lambda: document(""),
        lambda: document("<table:table>" * 500),
        lambda: '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + plain,
        lambda: plain.encode("utf-16"),
    )
    return ods(contents[kind - 2]())


@cache
def _xls(seed: int) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("底册", cell_overwrite_ok=True)
    rng = Random(seed)
    for number, row in enumerate([["楼栋", "房号", "姓名", "出生日期"], *cells.rows(rng)]):
        for place, value in enumerate(row):
            sheet.write(
                number, place, float(value) if value.isascii() and value.isdigit() else value[:30_000]
            )
    sheet.merge(1, 4, 0, 0)
    book.add_sheet("旧").visibility = seed % 3
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def damaged_xls(rng: Random) -> bytes:
    """A binary workbook with bytes changed at random, cut off, or with sizes that are far too large."""
    content = bytearray(_xls(rng.randrange(12)))
    for _ in range(rng.choice((0, 1, 4, 40))):
        at = rng.randrange(512, len(content) - 4)
        content[at : at + 4] = rng.choice(
            (rng.randbytes(4), b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", struct.pack("<HH", 0x0FC, 0x2020))
        )
    return bytes(content[: rng.randint(9, len(content))] if rng.random() < 0.15 else content)


def odd_xls(rng: Random) -> bytes:
    """The mark of a binary workbook with noise, or with the stream of a locked one."""
    start = bytes.fromhex("d0cf11e0a1b11ae1")
    return start + rng.choice((rng.randbytes(2000), "EncryptedPackage".encode("utf-16-le"), b"", bytes(9000)))


KINDS: Mapping[Callable[[Random], bytes], int] = {
    wild_ods: 14,
    bad_ods: 12,
    repeated_ods: 4,
    odd_ods: 4,
    damaged_xls: 5,
    odd_xls: 1,
}

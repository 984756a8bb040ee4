"""Keeps the texts people read and their Chinese together: check, update, compile.

    python scripts/texts.py check     a line for each text without Chinese, unused or garbled; exit status 1
    python scripts/texts.py update    add what the sources gained to the catalogue, drop what they lost
    python scripts/texts.py compile   make the binary catalogue that the server reads

English is the text in the source, so only Chinese has a catalogue. GNU gettext is not needed.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import polib  # type: ignore[import-untyped]
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent / "src" / "haitang"
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
HEADER = {
    "Project-Id-Version": "haitang",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}

# What each of gettext's functions takes before the number: context, text, plural.
TAKES = {
    "gettext": ("text",),
    "ngettext": ("text", "plural"),
    "pgettext": ("context", "text"),
    "npgettext": ("context", "text", "plural"),
}
TAKES |= {f"{name}_{when}": parts for name, parts in TAKES.items() for when in ("lazy", "noop")}
CALL_IN_TEMPLATE = re.compile(r"(?<!\w)(_|n?p?gettext)\((?=u?['\"])")
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-#0+]*\d*(?:\.\d+)?[a-zA-Z%]|\{\w*(?=[:!}])")
HAN = re.compile(r"[\u3400-\u9fff]")
WORDS = re.compile(rf"[A-Za-z]{{2,}}|{HAN.pattern}+|[\u3001-\u303f\uff01-\uff5e]")
# The same in both languages; "ok" is for machines that ask whether we are well.
NAMES = {"Haitang", "海棠", "English", "中文", "CSV", "XLSX", "ODS", "Ctrl", "Enter", "Esc", "Tab", "ok"}
# Attributes that people read or hear; phones show data-label before a cell.
SPOKEN = ("alt", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext")
SPOKEN += ("placeholder", "title", "label", "data-label")
UNREAD = ("hidden", "checkbox", "radio")  # inputs whose value nobody sees
MARKUP = re.compile(
    r"{%\s*(comment|blocktrans(?:late)?|verbatim)\b.*?{%\s*end\1\s*%}"
    r"|{%\s*block \w*class\s*%}.*?{%\s*endblock\b.*?%}"  # fills an attribute of the page's frame
    r"|{#.*?#}|{%.*?%}|{{.*?}}",
    re.S,
)
Key = tuple[str | None, str]


@dataclass(frozen=True, order=True)
class Text:
    """One text as a source has it; `where` is the file below the root."""

    where: str
    context: str | None
    text: str
    plural: str = ""

    @property
    def key(self) -> Key:
        return self.context, self.text


class NotLiteral(Exception):
    """A text that is put together at run time, so that nobody can translate it."""


def in_python(source: str, where: str) -> Iterator[Text]:
    """Texts of a module, through whatever names it imports gettext's functions by. Raises NotLiteral."""
    tree = ast.parse(source)
    names = _imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            is_module = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") in names
            function = called if is_module else names.get(called, "")
            if function in TAKES:
                yield _read(node, function, where)


def _imported(tree: ast.Module) -> dict[str, str]:
    """The module's own names for Django's translation functions (and for the module that has them)."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("django.utils.translation", "django.utils"):
            names |= {name.asname or name.name: name.name for name in node.names}
    return names


def _read(call: ast.Call, function: str, where: str) -> Text:
    parts: dict[str, str] = {}
    for name, node in zip(TAKES[function], call.args, strict=False):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            raise NotLiteral(f"{where}:{call.lineno}")
        parts[name] = node.value
    if "text" not in parts:
        raise NotLiteral(f"{where}:{call.lineno}")
    return Text(where, parts.get("context"), parts["text"], parts.get("plural", ""))


def in_template(source: str, where: str) -> Iterator[Text]:
    """Texts of a template: trans, blocktrans and _() in tags, by Django's own reading of them."""
    calls = templatize(source, origin=where)
    for match in CALL_IN_TEMPLATE.finditer(calls):
        end = match.end()
        while True:  # the text may hold brackets: the call ends where Python says that it does
            end = calls.index(")", end) + 1
            try:
                call = ast.parse(calls[match.start() : end], mode="eval").body
                break
            except SyntaxError:
                continue
        assert isinstance(call, ast.Call)
        yield _read(call, "gettext" if match[1] == "_" else match[1], where)


# What a filter puts in place of a value, or between values, is read like the page around it.
STANDS_IN = re.compile(r"""\|(?:default|default_if_none|yesno|join|pluralize):("[^"]*"|'[^']*')""")
PASSED_ON = re.compile(r"""{%\s*(?:include|with|firstof|cycle)\b""")
MARKED = re.compile(
    r"""\b_\(\s*(?:"[^"]*"|'[^']*')\s*\)|\|(?:date|time|stringformat|slice):(?:"[^"]*"|'[^']*')"""
)
LITERAL = re.compile(r"""(?:\b(\w+)=)?("[^"]*"|'[^']*')""")


def _said_by_tag(tag: re.Match[str]) -> str:
    """The literal words of a template tag that end up in the page, in as many lines as the tag has."""
    opening = "" if tag[0].startswith("{#") else MARKED.sub("", tag[0].split("%}")[0])
    said = [literal[1:-1] for literal in STANDS_IN.findall(opening)]
    if PASSED_ON.match(opening):
        opening = STANDS_IN.sub("", opening)
        said += [text[1:-1] for name, text in LITERAL.findall(opening) if _is_text(name, text[1:-1])]
    return " ".join(said).replace("\n", " ") + "\n" * tag[0].count("\n")


def _is_text(name: str, literal: str) -> bool:
    """Whether it is for people: codes, paths and names of fields have neither capitals nor spaces here."""
    is_code = re.fullmatch(r"[^A-Z\s]*", literal) and not HAN.search(literal)
    return name in SPOKEN or not is_code


class Bare(HTMLParser):
    """Collects words that stand in a page without going through gettext."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[tuple[int, str]] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style")
        is_read = tag == "input" and dict(attrs).get("type") not in UNREAD
        for name, value in attrs:
            if name in SPOKEN or (name == "value" and is_read):
                self.look(value or "")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        for below, line in enumerate([] if self.silent else data.splitlines()):
            self.look(line, below)

    def look(self, words: str, below: int = 0) -> None:
        if said := spoken(words):
            self.words.append((self.getpos()[0] + below, said))


def spoken(text: str) -> str:
    """The words of a text that are of one language."""
    return " ".join(word for word in WORDS.findall(text) if word not in NAMES)


def bare_words(source: str, is_html: bool = True) -> list[tuple[int, str]]:
    """Line and words of what a template says in one language only."""
    bare = MARKUP.sub(_said_by_tag, source)
    if not is_html:
        return [(at, said) for at, line in enumerate(bare.splitlines(), 1) if (said := spoken(line))]
    reader = Bare()
    reader.feed(bare)
    return reader.words


def bare_answers(source: str) -> Iterator[tuple[int, str]]:
    """Line and words of what a module tells people in one language only: messages and whole responses."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            said = [spoken(literal) for part in _told(node) for literal in _literals(part)]
            if any(said):
                yield node.lineno, " ".join(filter(None, said))


def _told(call: ast.Call) -> list[ast.expr]:
    """The arguments of a call that people will read."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    by_name = [word.value for word in call.keywords if word.arg in ("message", "content")]
    if name.startswith("HttpResponse") and "Redirect" not in name:
        return call.args[:1] + by_name
    if isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "messages":
        return call.args[1:] + by_name
    return []


def _literals(node: ast.expr) -> Iterator[str]:
    """The text that an expression is made of; what another function makes of its arguments is its own affair."""
    if isinstance(node, ast.Constant):
        yield node.value if isinstance(node.value, str) else ""
    parts: list[ast.expr] = []
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        parts = [node.func.value]  # "…".format(…)
    elif isinstance(node, ast.JoinedStr | ast.BinOp | ast.IfExp | ast.BoolOp | ast.FormattedValue):
        parts = [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
    for part in parts:
        yield from _literals(part)


def sources(root: Path) -> Iterator[tuple[Path, str]]:
    """Modules and templates below `root` with their names there."""
    for path in sorted(root.rglob("*")):
        where = path.relative_to(root).as_posix()
        is_template = "/templates/" in f"/{where}" and path.suffix in (".html", ".txt", ".svg")
        if is_template or (path.suffix == ".py" and "/migrations/" not in where):
            yield path, where


def extract(root: Path) -> tuple[list[Text], list[str]]:
    """Every text below `root`, and a sentence for each source that can't be read."""
    texts: list[Text] = []
    problems: list[str] = []
    for path, where in sources(root):
        source = path.read_text(encoding="utf-8")
        is_module = path.suffix == ".py"
        try:
            texts += in_python(source, where) if is_module else in_template(source, where)
            bare = bare_answers(source) if is_module else bare_words(source, path.suffix != ".txt")
            problems += [f"{where}:{line}: not marked for translation: {said}" for line, said in bare]
        except NotLiteral as problem:
            problems.append(f"{problem}: not a literal, so it can't be translated")
        except SyntaxError as problem:
            problems.append(f"{where}: {problem}")
    return texts, problems


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def _edges(text: str) -> tuple[bool, bool]:
    return text[:1].isspace(), text[-1:].isspace()


def faults(text: Text, entry: polib.POEntry | None) -> Iterator[str]:
    """What is wrong with the Chinese of one text."""
    if entry is None:
        yield "not in the catalogue"
        return
    chinese = entry.msgstr_plural.get(0, "") if text.plural else entry.msgstr
    if entry.fuzzy:
        yield "fuzzy"
    if not chinese.strip():
        yield "without Chinese"
    elif text.plural != entry.msgid_plural:
        yield f"its plural is {text.plural!r}, not {entry.msgid_plural!r}"
    elif placeholders(chinese) != placeholders(text.plural or text.text):
        yield f"placeholders differ in {chinese!r}"
    elif "!" in chinese.replace("!=", "") or "！" in chinese:
        yield f"exclamation mark in {chinese!r}"
    elif WORDS.search(text.text) and _edges(text.text) != _edges(chinese):
        yield f"begins or ends with other space in {chinese!r}"


def opened(root: Path) -> polib.POFile:
    path = root / CATALOGUE
    return polib.pofile(str(path), wrapwidth=100) if path.exists() else polib.POFile(wrapwidth=100)


def check(root: Path) -> list[str]:
    """A sentence for each fault of the sources and the catalogue below `root`."""
    texts, found = extract(root)
    entries = {(entry.msgctxt, entry.msgid): entry for entry in opened(root)}
    for text in {text.key: text for text in reversed(texts)}.values():
        found += [f"{text.where}: {text.text!r}: {fault}" for fault in faults(text, entries.get(text.key))]
    unused = entries.keys() - {text.key for text in texts}
    found += [f"{CATALOGUE}: {key[1]!r}: unused" for key in unused]
    return sorted(found)


def update(root: Path) -> tuple[int, int]:
    """Add and drop texts so that the catalogue has what the sources have; how many of each."""
    texts, _ = extract(root)
    old = {(entry.msgctxt, entry.msgid): entry for entry in opened(root)}
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = HEADER
    for key in sorted({text.key for text in texts}, key=lambda key: (key[1].lower(), key[1], key[0] or "")):
        catalogue.append(_entry([text for text in texts if text.key == key], old.get(key)))
    (root / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(root / CATALOGUE))
    keys = {text.key for text in texts}
    return len(keys - old.keys()), len(old.keys() - keys)


def _entry(uses: list[Text], old: polib.POEntry | None) -> polib.POEntry:
    """The catalogue's entry of one text, its Chinese kept."""
    plural = max(text.plural for text in uses)
    kept = (old.msgstr_plural.get(0, "") or old.msgstr) if old else ""
    words = {"msgid_plural": plural, "msgstr_plural": {0: kept}} if plural else {"msgstr": kept}
    return polib.POEntry(
        msgctxt=uses[0].context,
        msgid=uses[0].text,
        occurrences=[(where, "") for where in sorted({text.where for text in uses})],
        flags=old.flags if old else [],
        **words,
    )


def compile_catalogue(root: Path) -> Path:
    """Write the .mo beside the .po."""
    target = (root / CATALOGUE).with_suffix(".mo")
    opened(root).save_as_mofile(str(target))
    return target


def show(lines: Iterable[str]) -> int:
    lines = list(lines)
    print(*lines, sep="\n", end="\n" if lines else "")
    return len(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Keep texts and their Chinese together.")
    parser.add_argument("act", choices=["check", "update", "compile"])
    act = parser.parse_args(arguments).act
    if act == "compile":
        print(compile_catalogue(ROOT))
    elif act == "update":
        added, dropped = update(ROOT)
        print(f"{added} texts added, {dropped} dropped.")
    else:
        wrong = show(check(ROOT))
        print(f"{wrong} faults in the texts." if wrong else "All texts have their Chinese.")
        return 1 if wrong else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())

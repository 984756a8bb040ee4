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
NAMES = {"Haitang", "海棠", "English", "中文", "CSV", "XLSX", "ODS", "Ctrl", "Enter", "Esc", "Tab"}
SPOKEN = ("alt", "aria-label", "aria-description", "placeholder", "title", "label")
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


class Bare(HTMLParser):
    """Collects words that stand in a page without going through gettext."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[tuple[int, str]] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("script", "style")
        for name, value in attrs:
            if name in SPOKEN:
                self._look(value or "")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self._look(data)

    def _look(self, words: str) -> None:
        said = [word for word in re.findall(r"[A-Za-z\u3400-\u9fff]{2,}", words) if word not in NAMES]
        if said:
            self.words.append((self.getpos()[0], " ".join(said)))


def bare_words(source: str) -> list[tuple[int, str]]:
    """Line and words of what a template says in one language only."""
    reader = Bare()
    reader.feed(MARKUP.sub(lambda tag: "\n" * tag[0].count("\n"), source))
    return reader.words


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
        try:
            texts += in_python(source, where) if path.suffix == ".py" else in_template(source, where)
        except NotLiteral as problem:
            problems.append(f"{problem}: not a literal, so it can't be translated")
        except SyntaxError as problem:
            problems.append(f"{where}: {problem}")
        if path.suffix == ".html":
            problems += [
                f"{where}:{line}: not marked for translation: {said}" for line, said in bare_words(source)
            ]
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
    elif _edges(text.text) != _edges(chinese):
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

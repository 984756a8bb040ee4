"""The house rules that no linter knows: floors, sizes, first lines, no signals, documents that tell the truth."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.db.models.fields.related import RelatedField

from scripts import texts

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "haitang"
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
# What people say, and what therefore must be in the glossary.
SPOKEN = """
area, household, person, ledger, unit, incident, playbook, order, action team, lead, member, steward, report in,
call-out, claim, call-up, pledge, standby, post, shift, assignment, check-in, trip, manifest, muster point, round,
station, lane, slot, visit, need, offer, delivery, voice, contact, item, depot, movement, requisition, channel,
notice, receipt, situation report, story, recognition, sealed, controlled, precaution, in force, lifted, dropped
"""
PLANTED = '''"""A planted module."""

from django.dispatch import receiver
from django.db.models.signals import post_save

def save():
    import os
    return os
'''


def floors() -> list[list[str]]:
    """The rooms of each floor from the top, as docs/ARCHITECTURE.md draws them."""
    page = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    drawing = page.split("```floors\n")[1].split("```")[0]
    return [re.split(r"\s{2,}", line)[0].split(" | ") for line in drawing.splitlines()]


def height() -> dict[str, int]:
    """How high each room lies."""
    return {room: level for level, rooms in enumerate(reversed(floors())) for room in rooms}


def our_models() -> Iterator[tuple[str, type[models.Model]]]:
    for config in apps.get_app_configs():
        if config.name.startswith("haitang."):
            for model in config.get_models(include_auto_created=True):
                yield config.label, model


def keys_that_look_up(room: str, model: type[models.Model], heights: dict[str, int]) -> list[str]:
    """Relations of a model that lead to a higher room or to a neighbour."""
    found = []
    for field in model._meta.get_fields():
        target = field.related_model if isinstance(field, RelatedField) else None
        label = target._meta.app_label if isinstance(target, type) else room
        if label != room and heights.get(label, -1) >= heights[room]:
            found.append(f"{model.__name__}.{field.name} -> {label}")
    return found


def sources() -> list[Path]:
    """Our Python files, without the migrations that Django writes."""
    folders = ("src", "tests", "scripts", "benchmarks")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def pages() -> list[Path]:
    """Our templates, scripts and style sheets."""
    front = [path for path in (ROOT / "web" / "src").rglob("*") if path.suffix in (".ts", ".css")]
    return sorted([*PACKAGE.glob("*/templates/**/*.html"), *front])


def faults(source: str) -> list[str]:
    """What a module does that the house forbids."""
    tree = ast.parse(source)
    found = [] if not source or (tree.body and ast.get_docstring(tree)) else ["first line says nothing"]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = [inside for inside in ast.walk(node) if isinstance(inside, ast.Import | ast.ImportFrom)]
            found += [f"import inside {node.name}"] if inner else []
            length = (node.end_lineno or 0) - node.lineno + 1
            found += [f"{node.name} has {length} lines"] if length > LONGEST_FUNCTION else []
        if isinstance(node, ast.ImportFrom) and re.search(r"\.(signals|dispatch)$", f".{node.module}"):
            found.append(f"signals: {node.module}")
    return found


def glossary() -> dict[str, set[str]]:
    """The Chinese of each English word; what stands in brackets counts as well."""
    words: dict[str, set[str]] = {}
    for line in (ROOT / "docs" / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()[7:]:
        english, chinese, meaning = (cell.strip() for cell in line.strip("|").split("|"))
        assert english and texts.HAN.search(chinese) and meaning, line
        spoken = set(re.split(r"[,/():\s]+", chinese)) - {""}
        parts = english.split(", ")
        singly = chinese.split(", ")
        for place, word in enumerate(parts):
            one = set(re.split(r"[/():\s]+", singly[place])) - {""} if len(parts) == len(singly) else spoken
            words[word] = one
    return words


class TestFloors:
    def test_the_page_names_every_room_and_no_other(self) -> None:
        rooms = {path.name for path in PACKAGE.iterdir() if any(path.glob("*.py"))}
        assert {room for floor in floors() for room in floor} == rooms

    def test_the_import_contract_has_the_floors_of_the_page(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        contracts = {each["id"]: each for each in project["tool"]["importlinter"]["contracts"]}
        assert [layer.split(" | ") for layer in contracts["floors"]["layers"]] == floors()
        assert contracts["floors"]["exhaustive"] is True

    def test_every_room_with_tables_or_acts_keeps_its_inner_order(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        contracts = {each["id"]: each for each in project["tool"]["importlinter"]["contracts"]}
        named = {name.rpartition(".")[2] for name in contracts["inner-layers"]["containers"]}
        rooms = {path.parent.name for path in PACKAGE.glob("*/services*")}
        assert named == rooms

    def test_foreign_keys_look_down(self) -> None:
        heights = height()
        assert [key for room, model in our_models() for key in keys_that_look_up(room, model, heights)] == []

    def test_a_key_that_looks_up_or_sideways_is_found(self) -> None:
        heights = height() | {"registry": 90, "incidents": height()["teams"]}
        found = [key for room, model in our_models() for key in keys_that_look_up(room, model, heights)]
        assert "Grant.area -> registry" in found
        assert "Team.order -> incidents" in found


class TestFiles:
    @pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
    def test_a_module_keeps_the_rules(self, path: Path) -> None:
        source = path.read_text(encoding="utf-8")
        assert faults(source) == []
        assert source.count("\n") <= LONGEST_FILE

    @pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT)))
    def test_a_page_fits_in_one_sitting(self, path: Path) -> None:
        assert path.read_text(encoding="utf-8").count("\n") <= LONGEST_FILE

    def test_a_broken_rule_is_found(self) -> None:
        assert faults(PLANTED) == [
            "signals: django.dispatch",
            "signals: django.db.models.signals",
            "import inside save",
        ]
        assert faults("x = 1\n") == ["first line says nothing"]
        assert faults('"""Long."""\ndef long():\n' + 41 * "    x = 1\n") == ["long has 42 lines"]


class TestGlossary:
    def test_has_every_spoken_word_in_both_languages(self) -> None:
        assert {word.strip() for word in SPOKEN.split(",")} <= glossary().keys()

    def test_is_what_the_screens_say(self) -> None:
        words = glossary()
        for entry in texts.opened(PACKAGE):
            if entry.msgid.lower() in words:
                assert entry.msgstr in words[entry.msgid.lower()], entry.msgid


def test_every_decision_record_fits_on_a_card() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        words = path.read_text(encoding="utf-8")
        assert all(
            part in words for part in ("**Status:**", "**Context.**", "**Decision.**", "**Consequences.**")
        )
        assert words.count("\n") <= 20, path.name


def test_every_planner_is_explained_in_the_docs() -> None:
    planners = {path.parent.name for path in PACKAGE.glob("planning/*/__init__.py")}
    assert planners
    assert planners <= {path.stem for path in (ROOT / "docs" / "planning").glob("*.md")}

"""Plans that hold, and one fault at a time planted into them: what the tests of the checker share."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from haitang.planning.checking import Finding, check

EXAMPLES = Path(__file__).parent / "examples"
Data = dict[str, Any]
Step = Callable[[Data, Data], None]  # (input, answer), changed in place


def example(kind: str) -> tuple[Data, Data]:
    """A small input and a plan for it that was made by hand."""
    texts = [(EXAMPLES / f"{kind}{end}.json").read_text(encoding="utf-8") for end in ("", ".answer")]
    data, answer = (json.loads(text) for text in texts)
    return data, answer


@dataclass(frozen=True)
class Fault:
    """What is planted, and the finding it must give: where, which rule, by how much (None: not told)."""

    plant: Step
    path: str
    rule: str
    by: float | None = None

    def __str__(self) -> str:
        return f"{self.path} {self.rule}"

    def found(self, data: Data, answer: Data) -> list[Finding]:
        data, answer = copy.deepcopy(data), copy.deepcopy(answer)
        self.plant(data, answer)
        return check(data, answer)

    def is_in(self, findings: list[Finding]) -> bool:
        return any(
            (one.path, one.rule) == (self.path, self.rule)
            and (self.by is None or (one.by is not None and abs(one.by - self.by) < 1e-3))
            for one in findings
        )


def setting(path: str, value: Any) -> Step:
    """A value of the answer becomes another."""
    return lambda data, answer: _put(answer, path, value)


def given(path: str, value: Any) -> Step:
    """A value of the input becomes another, and the answer is as if it had not."""
    return lambda data, answer: _put(data, path, value)


def dropping(path: str) -> Step:
    return lambda data, answer: _target(answer, path)[0].pop(_target(answer, path)[1])


def adding(path: str, value: Any) -> Step:
    return lambda data, answer: _target(answer, f"{path}.-")[0].append(value)


def both(*steps: Step) -> Step:
    def change(data: Data, answer: Data) -> None:
        for step in steps:
            step(data, answer)

    return change


def _put(root: Any, path: str, value: Any) -> None:
    target, key = _target(root, path)
    target[key] = value


def _target(root: Any, path: str) -> tuple[Any, Any]:
    keys = [int(key) if key.isdigit() else key for key in path.split(".")]
    for key in keys[:-1]:
        root = root[key]
    return root, keys[-1]

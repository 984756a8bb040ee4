"""The codes that the modules of the checker can note, read from their source."""

from __future__ import annotations

import ast
from pathlib import Path

from haitang.planning import checking

PACKAGE = Path(checking.__file__).parent
AT = {"note": 0, "check_number": 3}  # where the code stands among a call's arguments


def rules_of(module: str) -> set[str]:
    """Of one file of the checker."""
    found = set()
    for node in ast.walk(ast.parse((PACKAGE / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = AT.get(name)
            if place is not None and len(node.args) > place and isinstance(node.args[place], ast.Constant):
                found.add(str(node.args[place].value))
    return found

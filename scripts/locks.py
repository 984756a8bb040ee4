"""Keeps the pinned packages and pyproject.toml together: check, update.

python scripts/locks.py check     a line for each requirement that its lock does not meet; exit status 1
python scripts/locks.py update    resolve anew and write requirements.lock and requirements-dev.lock

The locks hold hashes and no addresses, so that any mirror of the index will do.
"""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "requirements.lock": ["--no-default-groups", "--group", "front"],
    "requirements-dev.lock": ["--all-groups"],
}
PLAIN = ["--no-annotate", "--no-header", "--no-emit-project", "--no-emit-index-url"]


def pins(lock: Path) -> Iterator[Requirement]:
    """The lock's `name==version ; marker` lines."""
    for line in lock.read_text().splitlines():
        if "==" in line and not line.startswith((" ", "#")):
            yield Requirement(line.rstrip("\\ "))


def unmet(wanted: list[str], lock: Path) -> Iterator[str]:
    """Requirements that a pin of the lock contradicts, or that it has no pin for."""
    versions: dict[str, set[str]] = {}
    for pin in pins(lock):
        versions.setdefault(canonicalize_name(pin.name), set()).add(next(iter(pin.specifier)).version)
    for line in wanted:
        requirement = Requirement(line)
        found = versions.get(canonicalize_name(requirement.name), set())
        if not found or not all(requirement.specifier.contains(version) for version in found):
            yield f"{lock.name}: has {', '.join(sorted(found)) or 'nothing'} for {line}: run `make lock`."


def check() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    runtime = project["project"]["dependencies"] + groups["front"]
    lines = [
        *unmet(runtime, ROOT / "requirements.lock"),
        *unmet(runtime + groups["dev"], ROOT / "requirements-dev.lock"),
    ]
    print("\n".join(lines) or "The locks meet pyproject.toml.")
    return 1 if lines else 0


def update() -> int:
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "lock", "--quiet", "--upgrade"], cwd=ROOT, check=True)
    for name, groups in LOCKS.items():
        subprocess.run([uv, "export", "--quiet", *PLAIN, *groups, "-o", name], cwd=ROOT, check=True)
    return check()


if __name__ == "__main__":
    actions = {"check": check, "update": update}
    if len(sys.argv) != 2 or sys.argv[1] not in actions:
        sys.exit(__doc__)
    sys.exit(actions[sys.argv[1]]())

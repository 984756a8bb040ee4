"""Kernels: plain Python functions that numba compiles ahead of need, and that also run uncompiled while it has not.

A question's kernels live in its module or package `kernels`, whose `rehearse()` calls each `@kernel` once with the
types it will be called with. `python -m haitang.planning.compiled` compiles them; a plan never does. While they are
not compiled, calls run as plain Python, a hundred times slower, and `prepare()` has a child process compile
them for the next plan. The only disk this touches is numba's cache.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import platformdirs
from llvmlite import binding
from numba.extending import register_jitable

from . import kinds

Function = TypeVar("Function", bound=Callable[..., Any])
NAME = "haitang.planning.compiled"
READY = "ready"  # the file that says a cache folder is complete

_one_at_a_time = threading.RLock()  # numba's cache folder is a setting of the whole process
_ready: set[str] = set()  # groups whose kernels this process calls compiled
_children: dict[str, subprocess.Popen[bytes]] = {}


def inner(function: Function) -> Function:
    """A function that kernels call: compiled into them, plain Python elsewhere."""
    compiled_too: Function = register_jitable(error_model="numpy")(function)
    return compiled_too


def lean(function: Function) -> Function:
    """Like `inner` for a function that makes no arrays: not counting references to those it is given is much faster."""
    compiled_too: Function = register_jitable(error_model="numpy", _nrt=False)(function)
    return compiled_too


class Kernel:
    """Runs compiled once its group's cache is complete, else as plain Python. Releases the GIL."""

    def __init__(self, plain: Callable[..., Any], **options: Any) -> None:
        self.plain, self.options = plain, options
        self.group = plain.__module__.partition(".kernels")[0] + ".kernels"

    @cached_property
    def jitted(self) -> Callable[..., Any]:
        with _one_at_a_time:
            numba.config.CACHE_DIR = str(folder(self.group))  # type: ignore[attr-defined]
            made: Callable[..., Any] = numba.njit(
                cache=True, nogil=True, error_model="numpy", **self.options
            )(self.plain)
            return made

    def __call__(self, *values: Any) -> Any:
        return (self.jitted if is_ready(self.group) else self.plain)(*values)


def kernel(function: Function) -> Function:
    """What the rest of the planner calls: numbers, arrays and named tuples of them in and out."""
    return cast(Function, Kernel(function))


def lean_kernel(function: Function) -> Function:
    """A kernel that makes no arrays: without counting references, small functions run many times faster."""
    return cast(Function, Kernel(function, _nrt=False))


def is_ready(group: str) -> bool:
    """Whether calls of the group's kernels run compiled: so from the first `prepare` that found it compiled."""
    return group in _ready


def prepare(group: str) -> bool:
    """Whether the group is ready; if not, a child process of low priority compiles it for next time.

    Called once at the start of a plan: kernels then stay as they are, and nothing is loaded when time is short.
    """
    where = folder(group)
    if group in _ready or where is None:
        return group in _ready
    if (where / READY).exists():
        _ready.add(group)
        return True
    if group not in _children or _children[group].poll() is not None:
        command = [sys.executable, "-m", NAME, group]
        quiet = subprocess.DEVNULL
        _children[group] = subprocess.Popen(  # noqa: S603 (our own module)
            command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
    return False


def warm(group: str) -> None:
    """Compile the group's kernels unless they are; takes about 20 seconds. Only one process at a time does."""
    where = folder(group)
    if where is None:
        return
    with (where / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _ready.add(group)
        if not (where / READY).exists():
            import_module(group).rehearse()
            (where / READY).touch()


def groups() -> list[str]:
    """Modules or packages of kernels, by their dotted names."""
    names = [f"haitang.planning.{kind}" for kind in kinds.NAMES]
    found = [f"{name}.kernels" for name in names if find_spec(name)]
    return [name for name in found if find_spec(name)]


@cache
def folder(group: str) -> Path | None:
    """Where the group's machine code is kept, another place for every version of it; None if nowhere."""
    name = _fingerprint(group)
    return next((path for base in _bases() if (path := _own(base / name)) is not None), None)


def _fingerprint(group: str) -> str:
    """Changes with numba, the processor and all sources: numba itself looks only at a function's own file."""
    parts = [group, numba.__version__, sys.version, binding.get_host_cpu_name()]
    parts.append(binding.get_host_cpu_features().flatten())
    for path in _sources(group):
        about = path.stat()
        parts.append(f"{path} {about.st_mtime_ns} {about.st_size}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]


def _sources(group: str) -> list[Path]:
    spec = find_spec(group)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"no module {group}")
    own = sorted(Path(spec.origin).parent.glob("*.py")) if spec.submodule_search_locations else []
    here = Path(__file__)
    return [here, here.with_name("chance.py"), *(own or [Path(spec.origin)])]


def _bases() -> Iterator[Path]:
    """Never the package's own folder, which may be read-only or another user's."""
    if told := os.environ.get("NUMBA_CACHE_DIR"):
        yield Path(told)
    yield platformdirs.user_cache_path("haitang") / "kernels"
    yield Path(tempfile.gettempdir()) / f"haitang-kernels-{os.getuid()}"


def _own(path: Path) -> Path | None:
    """The folder, if it is ours alone to write: whoever writes there decides what this process runs."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        mine = path.stat().st_uid == os.getuid() and not path.stat().st_mode & 0o022
        return path if mine and os.access(path, os.W_OK) else None
    except OSError:
        return None


def main(arguments: list[str]) -> None:
    """Compile the groups that are named, or all; with --background in child processes, to return at once."""
    named = [argument for argument in arguments if argument != "--background"] or groups()
    if "--background" in arguments:
        for group in named:
            prepare(group)
        return
    os.nice(10)
    for group in named:
        warm(group)


if __name__ == "__main__":
    # Not this copy, which is called __main__ and which no kernel asks.
    import_module(NAME).main(sys.argv[1:])

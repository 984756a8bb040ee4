"""Kernels run plain until a child process has compiled them, and give the same either way."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from haitang.planning import compiled
from haitang.planning.chance import below, draw, generator
from tests.planning import kernels

GROUP = "tests.planning.kernels"


@pytest.fixture
def cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder of its own, empty."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    compiled.folder.cache_clear()
    compiled._ready.discard(GROUP)
    yield tmp_path / "cache"
    compiled.folder.cache_clear()
    compiled._ready.discard(GROUP)


def test_a_cold_call_runs_plain_and_once_compiled_gives_the_same(cold: Path) -> None:
    plain = kernels.drawn(kernels.bag(1), 1_000)
    assert "jitted" not in vars(kernels.drawn)
    assert not compiled.prepare(GROUP)
    assert not compiled.prepare(GROUP), "a second plan must not start a second child"
    assert compiled._children[GROUP].wait(timeout=60) == 0
    assert compiled.prepare(GROUP)
    assert kernels.drawn(kernels.bag(1), 1_000) == plain
    # Loaded from the cache, not compiled once more.
    assert list(vars(kernels.drawn)["jitted"].stats.cache_hits.values()) == [1]


def test_a_folder_that_others_may_write_to_is_not_used(cold: Path) -> None:
    where = compiled.folder(GROUP)
    assert where is not None and where.parent == cold
    where.chmod(0o777)
    compiled.folder.cache_clear()
    elsewhere = compiled.folder(GROUP)
    assert elsewhere is None or elsewhere.parent != cold


def test_without_any_folder_kernels_still_run(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_bases", lambda: iter([Path("/proc/nowhere")]))
    assert compiled.folder(GROUP) is None
    assert not compiled.prepare(GROUP)
    compiled.warm(GROUP)
    assert kernels.drawn(kernels.bag(1), 10) > 0


def test_a_changed_source_asks_for_a_new_folder(cold: Path) -> None:
    before, source = compiled.folder(GROUP), Path(kernels.__file__)
    about = source.stat()
    try:
        os.utime(source, ns=(about.st_atime_ns, about.st_mtime_ns + 1))
        compiled.folder.cache_clear()
        assert compiled.folder(GROUP) != before
    finally:
        os.utime(source, ns=(about.st_atime_ns, about.st_mtime_ns))


def test_draws_are_even_and_streams_differ() -> None:
    state = generator(3)
    counts = Counter(below(state, 10) for _ in range(10_000))
    assert set(counts) == set(range(10))
    assert max(counts.values()) - min(counts.values()) < 200
    assert draw(generator(3, 0)) != draw(generator(3, 1))
    assert all(0 < draw(state) < 1 for _ in range(1_000))

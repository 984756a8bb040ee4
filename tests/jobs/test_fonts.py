"""The check of health tells when nothing could be printed."""

from pathlib import Path

import pytest

from haitang.jobs import check_health
from haitang.paper import typesetting


def test_fonts_that_are_missing_are_an_illness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_health.CHECKS["fonts"]() == "The fonts that papers are printed with are here."
    typesetting._fonts.cache_clear()
    monkeypatch.setattr(typesetting, "FONTS", tmp_path)
    with pytest.raises(check_health.Ill, match="run `make build`"):
        check_health.CHECKS["fonts"]()

"""Planners are tested as they run once installed: with their kernels compiled."""

import pytest

from haitang.planning import compiled


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    for group in compiled.groups():
        compiled.warm(group)

"""What all tests share: where the browser is."""

import os
import shutil

import pytest

pytest_plugins = ["tests.neighbourhood", "tests.scratch", "tests.reaching"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def browser_path() -> str | None:
    """HAITANG_CHROMIUM, else the first browser of the Chromium family on the PATH."""
    given = os.environ.get("HAITANG_CHROMIUM")
    return given or next((path for path in map(shutil.which, BROWSERS) if path), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the browser tests where there is no browser, but never on the build machine (CI=true)."""
    if browser_path() or os.environ.get("CI") == "true":
        return
    no_browser = pytest.mark.skip(reason="no Chromium: install it or set HAITANG_CHROMIUM")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(no_browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """How pytest-playwright starts the browser: the machine's own, in a container without a sandbox."""
    path = browser_path()
    if path is None:
        pytest.fail("no Chromium: install it or set HAITANG_CHROMIUM")
    return {"executable_path": path, "args": ["--no-sandbox"] if os.geteuid() == 0 else []}

"""A card's way in a browser: the code as it is printed, typed by hand; every answer is open to everyone."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page

from haitang.registry import services
from tests.browser.conftest import Server
from tests.browser.test_pages import AXE, ENGLISH, SCREENS, WIDTH, Screen, looking, violations
from tests.neighbourhood import OPERATOR, Neighbourhood, build, household

pytestmark = pytest.mark.browser
LEAST_TEXT, LEAST_TARGET = 24, 60  # px: 18 pt, and what a stiff finger hits
SIZES = """() => Array.from(document.querySelectorAll("main :is(p, li, label, textarea, h1, h2)"),
  (e) => parseFloat(getComputedStyle(e).fontSize))"""
HEIGHTS = """() => Array.from(document.querySelectorAll("main :is(.btn, textarea)"),
  (e) => e.getBoundingClientRect().height)"""


@pytest.fixture
def neighbourhood(server: Server) -> Neighbourhood:
    return build()


def give(page: Page, code: str) -> str:
    """The answer to a code, in words."""
    page.goto("/card/")
    page.locator("#f-code").fill(code)
    page.locator("main button").click()
    page.wait_for_load_state()
    return page.locator("main").inner_text()


def faults(page: Page, screen: Screen) -> list[str]:
    """What is wrong with the page as it is shown, for somebody who sees and touches badly."""
    page.evaluate(AXE)
    found = violations(page, colours_only=False)
    found += [f"{size} px" for size in page.evaluate(SIZES) if size < LEAST_TEXT]
    found += [f"{height} px high" for height in page.evaluate(HEIGHTS) if height < LEAST_TARGET]
    found += [f"{width} px wide" for width in [page.evaluate(WIDTH)] if width > screen.width]
    if screen.language != "en":
        found += ENGLISH.findall(page.locator("main").inner_text())
    return found


@pytest.mark.parametrize("screen", SCREENS[:2], ids=["phone", "desk"])
def test_every_answer_is_open_to_everyone(
    browser: Browser, server: Server, neighbourhood: Neighbourhood, screen: Screen
) -> None:
    n, now = neighbourhood, timezone.now()
    home = household(n.buildings[0], "102")
    old = services.reissue_card(home.pk, by=OPERATOR, now=now).code
    new = services.reissue_card(home.pk, by=OPERATOR, now=now).code
    services.read_household(home.pk, by=OPERATOR, now=now)
    context = looking(browser, server, screen)
    page = context.new_page()
    shown = {
        "good": give(page, " ".join(new.groups).lower()),
        "good, looked at": faults(page, screen),
        "ended": give(page, old.payload),
        "ended, looked at": faults(page, screen),
        "wrong": give(page, new.text[:-1] + ("7" if new.text[-1] != "7" else "8")),
        "wrong, looked at": faults(page, screen),
    }
    context.close()
    assert [found for found in shown.values() if isinstance(found, list) and found] == []
    assert "102" in shown["good"] and "set-up" in shown["good"]
    assert "102" not in shown["ended"]
    assert re.search(r"7\D+4", str(shown["wrong"]))

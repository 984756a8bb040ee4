"""Joining a list in a real browser: choose it, look through two rows by keyboard alone, write, add who is missing."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accounts.people import with_password
from tests.browser.conftest import Server
from tests.browser.test_pages import session_of
from tests.neighbourhood import build, resident

pytestmark = pytest.mark.browser

HELPERS = """楼栋,房号,姓名,特长
1,101,陶一宁,做饭
,,沈一鸣,心理疏导
,,许念,驾驶
3,101,顾新来,护理
"""


@pytest.fixture
def desk(browser: Browser, server: Server) -> Page:
    """The community desk's browser, whose errors fail the test."""
    session = session_of(with_password(build().community_desk))
    context = browser.new_context(base_url=server.url, locale="en", reduced_motion="reduce")
    context.add_cookies([{"name": "session", "value": session, "url": server.url}])
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto("/ledger/")
    return page


def press(page: Page, button: str) -> None:
    """Go to a button by key and press it; it must be the next or the one after."""
    for _step in range(2):
        page.keyboard.press("Tab")
        if page.locator(":focus").inner_text().startswith(button):
            page.keyboard.press("Enter")
            return
    pytest.fail(f"{button} is not within two keys of the heading")


def test_a_list_is_joined_by_keyboard_and_nobody_is_missed(desk: Page) -> None:
    desk.get_by_role("link", name="Join a list").click()
    desk.get_by_label("Compound", exact=True).select_option(label="海棠花园 · 11 people")
    desk.get_by_label("Whom it lists").select_option("helpers")
    desk.get_by_label("The list's file").set_input_files(
        {"name": "helpers.csv", "mimeType": "text/csv", "buffer": HELPERS.encode()}
    )
    desk.get_by_role("button", name="Compare with the ledger").click()
    expect(desk.get_by_text("of 4 rows").first).to_be_visible()

    desk.get_by_role("link", name="Look at 2 rows").press("Enter")
    expect(desk.get_by_role("heading", name="Is this the same person?")).to_be_focused()
    first = desk.locator(".pair h2").inner_text()
    press(desk, "Same person")
    expect(desk.get_by_text("2 of 2")).to_be_visible()
    press(desk, "Not the same")

    expect(desk.get_by_text("Every row has been looked at.")).to_be_visible()
    desk.get_by_role("button", name="Write into the ledger").press("Enter")
    expect(desk.get_by_text("2 people changed.")).to_be_visible()
    skills = {"沈一鸣": "心理疏导", "许念": "驾驶"}
    assert skills[first] in resident(first).skills
    (other,) = skills.keys() - {first}
    assert skills[other] not in resident(other).skills

    desk.get_by_role("button", name="Add 1 person to the ledger").click()
    desk.get_by_role("button", name="Import 1 person").click()
    expect(desk.get_by_text("of 12 in the compound now")).to_be_visible()
    assert resident("顾新来").is_helper

"""A ledger's preview by keyboard alone, on a phone's width: codes answered, a column corrected, read again."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server
from tests.neighbourhood import build, sign_in

pytestmark = pytest.mark.browser

LEDGER = "楼栋,房号,姓名,是否户主,联络号\n3,301,何年,0,13900000888\n3,302,何月,1,\n"


def reach(page: Page, name: str) -> None:
    """Go on by Tab until the field or button of this name has the focus."""
    wanted = page.get_by_label(name, exact=True).or_(page.get_by_role("button", name=name, exact=True))
    for _step in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
    pytest.fail(f"Tab never came to {name}")


def test_codes_are_answered_and_a_column_corrected_by_keyboard(browser: Browser, server: Server) -> None:
    neighbours = build()
    context = browser.new_context(
        base_url=server.url, locale="en", reduced_motion="reduce", viewport={"width": 390, "height": 850}
    )
    session = sign_in(neighbours.community_desk).cookies["session"].value
    context.add_cookies([{"name": "session", "value": session, "url": server.url}])
    page = context.new_page()
    page.goto(f"/ledger/?compound={neighbours.garden.pk}")
    page.set_input_files("input[type=file]", {"name": "册.csv", "mimeType": "", "buffer": LEDGER.encode()})
    page.get_by_role("button", name="Check the file").click()
    expect(page.locator("#questions")).to_contain_text("1 column waits for an answer")
    reach(page, "D 是否户主 0")
    page.keyboard.type("yes")
    page.keyboard.press("Tab")
    page.keyboard.type("no")
    reach(page, "Read again with these answers")
    page.keyboard.press("Enter")
    expect(page.locator("#questions")).to_contain_text("all answered")
    reach(page, "E 联络号")
    page.keyboard.type("Phone")
    reach(page, "Read again with these columns")
    page.keyboard.press("Enter")
    row = page.locator("#samples tbody tr").first
    expect(row).to_contain_text("139****0888")
    expect(row).to_contain_text("户主")
    page.get_by_role("button", name=re.compile("^Import 2 people")).press("Enter")
    expect(page.locator("main")).to_contain_text("is up to date")
    context.close()

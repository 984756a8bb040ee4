"""The desk in a browser: it goes on polling, Back shows pages, and nobody loses their place."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from haitang.accounts.models import User
from haitang.operations import services as operations
from haitang.registry import services as registry
from haitang.registry.models import Area, Level
from haitang.registry.services import NewArea
from tests.browser.conftest import Server
from tests.incidents.test_orders import drafted
from tests.neighbourhood import OPERATOR, Neighbourhood, acting, build, sign_in

pytestmark = pytest.mark.browser

# What a screen reader would say by itself: what appears in an alert, or with one.
WATCH_ALERTS = """() => {
  window.told = [];
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      const alerts = new Set([target.closest("[role=alert]")]);
      for (const node of addedNodes) node.querySelectorAll?.("[role=alert]").forEach((alert) => alerts.add(alert));
      for (const alert of alerts) if (alert) window.told.push(alert.textContent);
    }
  }).observe(document.body, { childList: true, subtree: true });
}"""
SETTLED_MS = 100  # htmx gives new elements their own attributes 20 ms after the swap
POLL = "() => htmx.trigger('#live', 'poll')"


@pytest.fixture
def neighbours(server: Server) -> Neighbourhood:
    """The small neighbourhood on the server's database."""
    return build()


def at_the_desk(browser: Browser, server: Server, user: User) -> Page:
    """A browser in which `user` is signed in."""
    context = browser.new_context(base_url=server.url, locale="en", reduced_motion="reduce")
    session = sign_in(user).cookies["session"].value
    context.add_cookies([{"name": "session", "value": session, "url": server.url}])
    return context.new_page()


@pytest.fixture
def desk(browser: Browser, server: Server, neighbours: Neighbourhood) -> Iterator[Page]:
    page = at_the_desk(browser, server, neighbours.community_desk)
    yield page
    page.context.close()


def poll(page: Page) -> None:
    """What otherwise happens every 20 seconds."""
    page.evaluate("() => { document.querySelector('#live').dataset.before = ''; }")
    with page.expect_response(lambda answer: "hx-request" in answer.request.headers):
        page.evaluate(POLL)
    expect(page.locator("#live[data-before]")).to_have_count(0)


def overdue(n: Neighbourhood, area: Area) -> None:
    """An order in force whose review was due an hour ago."""
    now = timezone.now()
    order = drafted(n, area=area, starts_at=now - timedelta(days=1), review_at=now - timedelta(hours=1))
    operations.confirm_order(order.pk, by=acting(n.town_desk), now=now - timedelta(hours=2))


def test_back_to_the_overview_shows_the_page(desk: Page) -> None:
    desk.goto("/overview/")
    poll(desk)
    desk.goto("/orders/")
    desk.go_back()
    expect(desk.get_by_role("navigation", name="Main")).to_be_visible()
    expect(desk.locator("#live")).to_be_visible()


def test_back_to_another_colour_of_the_elevation_shows_the_page(
    desk: Page, neighbours: Neighbourhood
) -> None:
    home = f"/compounds/{neighbours.garden.pk}/"
    desk.goto(home)
    desk.get_by_role("link", name="Heard from", exact=True).click()
    expect(desk.get_by_role("link", name="Heard from", exact=True)).to_have_attribute("aria-current", "true")
    desk.goto("/orders/")
    desk.go_back()
    expect(desk.get_by_role("navigation", name="Main")).to_be_visible()
    expect(desk.get_by_role("link", name="Heard from", exact=True)).to_have_attribute("aria-current", "true")
    desk.go_back()
    expect(desk.get_by_role("link", name="Stewards")).to_have_attribute("aria-current", "true")
    expect(desk.get_by_role("navigation", name="Main")).to_be_visible()


def test_back_after_signing_out_shows_nothing_private(desk: Page, neighbours: Neighbourhood) -> None:
    desk.goto(f"/compounds/{neighbours.garden.pk}/")
    desk.get_by_role("link", name="Heard from", exact=True).click()
    expect(desk.locator("#elevation .legend")).to_contain_text("not heard from yet")
    desk.locator("details.menu").last.locator("summary").click()
    desk.get_by_role("button", name="Sign out").click()
    expect(desk.locator("body")).not_to_contain_text(neighbours.garden.name)
    desk.go_back()
    expect(desk.locator("body")).not_to_contain_text(neighbours.garden.name)
    assert desk.evaluate("() => sessionStorage.getItem('htmx-history-cache')") is None


def test_a_poll_after_the_session_ended_opens_the_sign_in_page(desk: Page) -> None:
    desk.goto("/overview/")
    desk.context.clear_cookies(name="session")
    desk.evaluate(POLL)
    expect(desk).to_have_url(re.compile(r"/sign-in/\?next=/overview/$"))
    expect(desk.locator("#live")).to_have_count(0)


def test_a_poll_leaves_the_focus_where_it_is(desk: Page, neighbours: Neighbourhood) -> None:
    overdue(neighbours, neighbours.garden)
    drafted(neighbours)
    desk.goto("/overview/")
    links = desk.locator("main :is(#live, #in-force, #below, #happened) :is(a, summary)")
    assert links.count() > 8
    for place in range(links.count()):
        links.nth(place).focus()
        poll(desk)
        expect(links.nth(place)).to_be_focused()


def test_a_poll_tells_of_a_new_alarm_once(desk: Page, neighbours: Neighbourhood) -> None:
    overdue(neighbours, neighbours.garden)
    desk.goto("/overview/")
    desk.evaluate(WATCH_ALERTS)
    poll(desk)
    assert desk.evaluate("() => told") == []
    overdue(neighbours, neighbours.sibling)
    poll(desk)
    poll(desk)
    [said] = desk.evaluate("() => told")
    assert neighbours.sibling.name in said and neighbours.garden.name not in said


def test_a_poll_brings_the_legend_the_rows_the_timeline_and_the_map(
    desk: Page, neighbours: Neighbourhood
) -> None:
    desk.goto("/overview/")
    expect(desk.locator(".map.is-ready")).to_be_visible()
    expect(desk.locator(".map-label")).to_have_count(0)
    desk.evaluate("() => { document.querySelector('.map canvas').dataset.same = ''; }")
    overdue(neighbours, neighbours.garden)
    poll(desk)
    expect(desk.locator("#in-force")).to_contain_text(neighbours.garden.name)
    expect(desk.locator("#below")).to_contain_text("3 of 3")
    expect(desk.locator("#happened")).to_contain_text("in force")
    expect(desk.locator(".map-label")).to_contain_text(neighbours.garden.name)
    expect(desk.locator(".map canvas[data-same]")).to_be_visible()


def test_a_poll_leaves_open_what_was_opened(desk: Page, neighbours: Neighbourhood) -> None:
    registry.add_areas(
        [NewArea(neighbours.community.path, Level.COMPOUND, "new", "新苑")], by=OPERATOR, now=timezone.now()
    )
    desk.goto("/overview/")
    empty = desk.locator("details#without-ledger")
    expect(empty).not_to_have_attribute("open", "")
    empty.locator("summary").click()
    poll(desk)
    desk.wait_for_timeout(SETTLED_MS)
    expect(empty).to_have_attribute("open", "")
    expect(empty).to_contain_text("新苑")

"""Every page, on a phone and on a desk, in both languages and all themes: nobody is shut out, nothing sticks out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from haitang.accounts.models import Demonstration, Role, User
from haitang.console.urls import urlpatterns
from haitang.incidents import services as incidents
from haitang.incidents.models import Order
from haitang.operations import services as operations
from haitang.registry import services as registry
from haitang.registry.models import LedgerImport
from haitang.relief import services as relief
from haitang.teams import services as teams
from haitang.teams.models import Team
from tests import joined
from tests.accounts.people import with_password
from tests.browser.conftest import Server
from tests.browser.out_pages import out_pages
from tests.incidents.test_orders import drafted
from tests.neighbourhood import HEADINGS, OPERATOR, Neighbourhood, acting, build, household, resident

pytestmark = pytest.mark.browser

AXE = (Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text()
SERIOUS = {"serious", "critical"}
ENGLISH = re.compile(r"[A-Za-z]{4,} [A-Za-z]{3,}")
FAULTY = f"{HEADINGS},身份证号\n1,301,何年,1390000,200,男,,,x\n3,,何月,,20,女,,,x\n"
# Leads on, is for machines, or is paper.
# Leads on, or is for machines.
NO_PAGE = {"home", "zones", "map_compounds", "outlines", "ledger_errors", "print_buildings"}
SIGNED_OUT = ("/public/", "/card/", "/sign-in/", "/sign-in/invited/", "/sign-in/closed/")
FAULTY = (
    f"{HEADINGS},身份证号\n1,301,何年,1390000,200,男,,,x\n3,,何月,,20,女,,,x\n"
    "1,302,何日,13900000009,30,1,,,\n1,303,何日,13900000009,30,2,,,\n"
)
SIGN_IN = ("mine/", "password/", "mine/passkeys/new/", "mine/app/new/", "out/")

# What no page may do, measured: reach beyond the screen, the fixed navigation included.
WIDTH = """() => Math.max(document.documentElement.scrollWidth, ...Array.from(
  document.querySelectorAll("header :is(a, button, summary)"), (e) => e.getBoundingClientRect().right))"""

# Changes the theme and waits until it is painted, transitions included.
PAINT = """async (theme) => {
  document.documentElement.dataset.theme = theme;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.all(document.getAnimations().map((animation) => animation.finished));
}"""


@dataclass(frozen=True)
class Screen:
    """How a page is looked at; the themes that are checked there besides the light one."""

    width: int
    language: str
    themes: tuple[str, ...]

    @property
    def size(self) -> ViewportSize:
        return {"width": self.width, "height": 850}


# Other words or another width change no colour: each theme and all other rules are tried at two of the four.
SCREENS = (
    Screen(390, "zh-hans", ("haitang", "haitang-dark", "haitang-contrast")),
    Screen(1440, "en", ("haitang", "haitang-dark", "haitang-contrast")),
    Screen(390, "en", ()),
    Screen(1440, "zh-hans", ()),
)


@dataclass(frozen=True)
class Tour:
    """Every page worth looking at, and the session of whoever may see all of them."""

    session: str
    addresses: list[str]


@pytest.fixture
def tour(server: Server) -> Tour:
    """The neighbourhood with everything a page can show: gaps, errors, something late, something waiting."""
    n = build()
    desk = with_password(n.community_desk)
    in_force, waiting = orders(n)
    team = team_with_a_gap(n, in_force)
    door = household(n.buildings[0], "102")
    relief.record_contact(door.pk, source="visit", by=acting(desk), now=timezone.now())
    now = timezone.now()
    registry.issue_cards(n.buildings[0], by=acting(desk), now=now)
    given = registry.preview_ledger(n.garden, FAULTY.encode(), name="a.csv", by=OPERATOR, now=now)
    done = LedgerImport.objects.filter(compound=n.garden, state="applied")[0]
    lists = (
        *("overview", "gaps", "orders", "orders/new", "checklist", "teams", "my", "ledger", "ledger/lists/"),
        *("rights", "journal", "find"),
    )
    return Tour(
        session_of(desk),
        [
            *(f"/{name}" if "/" in name else f"/{name}/" for name in lists),
            f"/areas/{n.community.pk}/",
            f"/compounds/{n.garden.pk}/",
            f"/compounds/{n.garden.pk}/?show=contact",
            f"/compounds/{n.sibling.pk}/?show=reached",
            f"/compounds/{n.garden.pk}/print/",
            f"/buildings/{n.buildings[0].pk}/print/",
            f"/buildings/{n.buildings[0].pk}/?show=contact",
            *(f"/households/{door.pk}/", *out_pages(n)),
            *(f"/orders/{order.pk}/" for order in (in_force, waiting)),
            f"/teams/{team.pk}/",
            *(f"/ledger/{row.pk}/" for row in (given, done)),
            *joined.pages(n.garden, now),
            *(f"/sign-in/{page}" for page in SIGN_IN),
            f"/orders/{team.pk}/",  # nothing here
        ],
    )


def session_of(user: User) -> str:
    """A session as the demonstration's door opens it."""
    Demonstration.objects.create(
        user=user, place=0, role=Role.LEAD, today_zh="今天能做的事", today_en="Today"
    )
    client = Client()
    client.post(f"/sign-in/as/{user.pk}/")
    return client.cookies["session"].value


def orders(n: Neighbourhood) -> tuple[Order, Order]:
    """One in force and one waiting for its second person; a third, for the sibling, is overdue."""
    now = timezone.now()
    in_force = drafted(n, lead=n.lead)
    overdue = drafted(
        n, area=n.sibling, starts_at=now - timedelta(days=1), review_at=now - timedelta(hours=1)
    )
    for order, at in ((in_force, now), (overdue, now - timedelta(hours=2))):
        operations.confirm_order(order.pk, by=acting(n.town_desk), now=at)
    incidents.tick_task(in_force.checklist.all()[0].pk, by=acting(n.lead), now=now)
    return in_force, drafted(n, level="controlled")


def team_with_a_gap(n: Neighbourhood, order: Order) -> Team:
    """A team with a steward away, planned again, another one away since, and somebody who offers to help."""
    by, now = acting(n.lead), timezone.now()
    team = Team.objects.get(order=order)
    first, second = team.members.filter(role="steward").order_by("pk")[:2]
    teams.mark_away(first.pk, by=by, now=now)
    teams.plan_coverage(team.pk, by=by, now=now)
    teams.mark_away(second.pk, by=by, now=now)
    offers = resident("许念", n.garden)
    teams.report_in(offers.id, source="desk", by=by, now=now)
    return team


def looking(browser: Browser, server: Server, screen: Screen, session: str = "") -> BrowserContext:
    """A browser at `screen`. The content policy is lifted for axe alone; the walk runs under it."""
    context = browser.new_context(
        base_url=server.url, viewport=screen.size, bypass_csp=True, reduced_motion="reduce"
    )
    context.add_cookies([{"name": "language", "value": screen.language, "url": server.url}])
    if session:
        context.add_cookies([{"name": "session", "value": session, "url": server.url}])
    return context


def faults(page: Page, screen: Screen) -> Iterator[str]:
    """What is wrong with the page as it is shown."""
    if (language := page.get_attribute("html", "lang")) != screen.language.replace("hans", "Hans"):
        yield f"lang is {language}"
    if (width := page.evaluate(WIDTH)) > screen.width:
        yield f"{width} px wide"
    if screen.language != "en":
        text = page.locator("body").inner_text() + page.title()
        yield from (f"English: {match}" for match in ENGLISH.findall(text))
    for place, theme in enumerate(screen.themes):
        page.evaluate(PAINT, theme)
        yield from (f"{theme}, {violation}" for violation in violations(page, colours_only=place > 0))


def violations(page: Page, *, colours_only: bool) -> list[str]:
    """Each serious or critical finding of axe, with the first element it is about."""
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if colours_only:
        options["runOnly"] = ["color-contrast"]
    found = page.evaluate("(options) => axe.run(options)", options)["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in SERIOUS]


def look(context: BrowserContext, screen: Screen, addresses: list[str]) -> list[str]:
    """What is wrong anywhere at one screen."""
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    page.on("console", lambda line: said.append(f"{page.url}: {line.text}") if line.type == "error" else None)
    for address in addresses:
        page.goto(address)
        if screen.themes:
            page.evaluate(AXE)
        said.extend(f"{screen.width} {screen.language} {address}: {fault}" for fault in faults(page, screen))
    context.close()
    return [line for line in said if "status of 404" not in line]


def test_every_page_is_open_to_everyone(browser: Browser, server: Server, tour: Tour) -> None:
    said = [
        fault
        for screen in SCREENS
        for fault in look(looking(browser, server, screen, tour.session), screen, tour.addresses)
    ]
    assert not said, "\n".join(said)


def test_every_page_before_sign_in_is_open_to_everyone(browser: Browser, server: Server, tour: Tour) -> None:
    said = [
        fault
        for screen in SCREENS
        for fault in look(looking(browser, server, screen), screen, list(SIGNED_OUT))
    ]
    assert not said, "\n".join(said)


def test_no_page_is_left_out(tour: Tour) -> None:
    pages = {route.name for route in urlpatterns if "GET" in route.callback.policy.methods}  # type: ignore[attr-defined]
    seen = {resolve(urlsplit(address).path).url_name for address in tour.addresses}
    assert pages - seen == NO_PAGE

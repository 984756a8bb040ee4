"""The whole walk in a real browser: from a spreadsheet and a signed order to covered buildings, and out again."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
import xlsxwriter
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from haitang.accounts.models import Demonstration, Role
from haitang.registry import queries as registry
from haitang.registry.models import Area
from tests.browser.conftest import Server
from tests.neighbourhood import Neighbourhood, build, employ, household, resident

pytestmark = pytest.mark.browser

LEAD, HELPER, NEWCOMER = "季可", "沈一鸣", "冯雨"
BASIS = "Law of the People's Republic of China on the Prevention and Treatment of Infectious Diseases"
REASON = "Two cases in the compound"
ROWS = [
    ("楼栋", "房号", "姓名", "联系电话", "出生日期", "重点类别", "特长", "身份证号"),
    ("1栋", "101室", "陶一宁", "13900000101", "1985-02-03", "", "护理", "x"),
    ("1栋", "301", "乔三娘", "13900000111", "1941-05-06", "独居老人", "", "x"),
    ("2栋", "301", "万小满", "无", "2015", "", "", "x"),
    ("3栋", "", "没门牌", "13900000112", "1990", "", "", "x"),
]


def spreadsheet() -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("底册")
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
    return file.getvalue()


@pytest.fixture
def neighbours(server: Server) -> Neighbourhood:
    """The small neighbourhood on the server's database, its people offered on the sign-in page.

    Whoever leads has no right of their own, and the resident who helps has an account: what they may do, they
    may through the team alone.
    """
    neighbourhood = build()
    garden = neighbourhood.garden
    home = resident(HELPER, garden).id
    helper = employ("helper", HELPER, Role.VOLUNTEER, garden, unit="", resident=home, now=timezone.now())
    for place, (username, user) in enumerate({**neighbourhood.people, "helper": helper}.items()):
        Demonstration.objects.create(
            user=user, place=place, role=Role.VOLUNTEER, today_zh=username, today_en=username
        )
    return neighbourhood


class People:
    """A browser of their own for each person, signed in by the demonstration's door; none may log an error."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser, self.url = browser, url
        self.pages: dict[str, Page] = {}
        self.errors: list[str] = []

    def __call__(self, who: str) -> Page:
        if who not in self.pages:
            self.pages[who] = self.arrive()
            self.pages[who].goto("/sign-in/")
            self.pages[who].locator(".people button", has_text=re.compile(f"{who}$")).click()
            expect(self.pages[who]).not_to_have_url(re.compile("/sign-in/"))
        return self.pages[who]

    def arrive(self) -> Page:
        """A browser in which nobody signed in."""
        context = self.browser.new_context(base_url=self.url, locale="en", reduced_motion="reduce")
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        return page


@pytest.fixture
def people(browser: Browser, server: Server, neighbours: Neighbourhood) -> Iterator[People]:
    """Who the walk meets."""
    met = People(browser, server.url)
    yield met
    for page in met.pages.values():
        page.context.close()
    assert not [line for line in met.errors if "status of 404" not in line]


def main(page: Page) -> Locator:
    return page.locator("main")


def row_of(page: Page, name: str) -> Locator:
    """The row of a table that `name` heads."""
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))


def import_a_ledger(page: Page, garden: Area) -> None:
    page.goto(f"/ledger/?compound={garden.pk}")
    page.set_input_files("input[type=file]", {"name": "册.xlsx", "mimeType": "", "buffer": spreadsheet()})
    page.get_by_role("button", name="Check the file").click()
    taken_for = row_of(page, "联系电话").locator("select")
    expect(taken_for.locator("option:checked")).to_have_text("Phone")
    expect(row_of(page, "身份证号").locator("select").locator("option:checked")).to_have_text("leave out")
    expect(main(page)).to_contain_text("The room is missing")
    page.get_by_role("button", name=re.compile("^Import ")).click()
    expect(main(page)).to_contain_text("is up to date")


def offer_help(page: Page, home: str) -> None:
    page.goto(home)
    page.get_by_role("listitem").filter(has_text=HELPER).get_by_role("button", name="Offers to help").click()
    expect(main(page)).to_contain_text("offers to help where they live")


def draft_an_order(page: Page, garden: Area) -> str:
    """The address of the draft, which its author can't confirm."""
    page.goto(f"/orders/new?area={garden.pk}")
    page.get_by_label("Emergency").select_option("new:epidemic")
    page.get_by_label("Level").select_option("sealed")
    page.get_by_label("Legal basis").fill(BASIS)
    page.get_by_label("Reason").fill(REASON)
    page.get_by_label("Team lead").select_option(label=LEAD)
    page.get_by_role("button", name="Draft order").click()
    expect(main(page)).to_contain_text("Waits for a second person")
    expect(page.get_by_role("button", name="Confirm order")).to_have_count(0)
    return page.url


def confirm_it(page: Page, order: str) -> None:
    page.goto(order)
    page.get_by_role("button", name="Confirm order").click()
    expect(main(page)).to_contain_text("The order is in force")


def read_it_in_public(page: Page, neighbours: Neighbourhood) -> None:
    page.goto("/public/")
    expect(main(page)).to_contain_text(REASON)
    shown = page.locator("body").inner_text()
    residents = [one.name for one in registry.roll(neighbours.garden)]
    names = [*(user.name for user in neighbours.people.values()), *residents]
    assert not [name for name in names if name in shown]


def see_the_team(page: Page, garden: Area) -> None:
    page.goto(f"/compounds/{garden.pk}/")
    expect(main(page)).to_contain_text(f"lead {LEAD}")
    page.get_by_role("link", name="Team and coverage").click()
    expect(row_of(page, LEAD)).to_contain_text("lead")
    buildings = page.locator("tr[id^=building-]")
    expect(buildings).to_have_count(3)
    for place in range(3):
        expect(buildings.nth(place).get_by_role("cell").nth(1)).not_to_contain_text("no steward")
        expect(buildings.nth(place).get_by_role("cell").nth(2)).not_to_have_text("none")


def take_on(page: Page, name: str) -> None:
    row_of(page, name).get_by_role("button", name="Take on as steward").click()
    expect(row_of(page, name).get_by_role("button", name="Is away")).to_be_visible()


def move_a_building(page: Page, name: str) -> None:
    building = page.locator("#building-1")
    building.locator("select").select_option(label=f"{name} · 0 of 2")
    building.get_by_role("button", name="Move").click()
    expect(building.get_by_role("cell").nth(1)).to_have_text(f"{name} locked")


def leave_a_gap(page: Page, garden: Area, name: str) -> None:
    """The gap stands above the drawing, and not by colour alone."""
    row_of(page, name).get_by_role("button", name="Is away").click()
    page.goto(f"/compounds/{garden.pk}/")
    gap = page.locator(".gaps .gap-row").filter(has_text="building 1")
    expect(gap).to_contain_text("steward away")
    drawing = page.locator("svg.building").first
    expect(page.locator("svg.building.is-gap")).not_to_have_count(0)
    above, below = gap.bounding_box(), drawing.bounding_box()
    assert above and below and above["y"] + above["height"] <= below["y"]


def plan_again(page: Page, garden: Area) -> None:
    page.get_by_role("link", name="Team and coverage").click()
    page.get_by_role("button", name="Plan again").click()
    change = page.locator(".changes li").filter(has_text="building 1, steward")
    expect(change).to_contain_text("the one before is away or has left")
    page.goto(f"/compounds/{garden.pk}/")
    expect(page.locator(".gaps")).to_have_count(0)


def tick_a_task_and_take_it_back(page: Page, order: str) -> None:
    page.goto(order)
    done = page.get_by_role("button", name=re.compile("^Done: "))
    taken_back = page.get_by_role("button", name=re.compile("^Take back: "))
    open_tasks = done.count()
    done.first.click()
    expect(done).to_have_count(open_tasks - 1)
    taken_back.click()
    expect(taken_back).to_have_count(0)
    expect(done).to_have_count(open_tasks)


def hear_from_a_household(page: Page) -> str:
    """The address of the household, reached from the helper's own work."""
    page.goto("/my/")
    page.get_by_role("link", name="Open the door list").first.click()
    expect(page.locator("svg.building .door-yes")).to_have_count(0)
    page.get_by_role("row").nth(1).get_by_role("link").click()
    page.get_by_role("button", name="Seen at the door").click()
    expect(main(page)).to_contain_text("somebody here was heard from")
    home = page.url
    page.get_by_role("link", name="building ").click()
    expect(page.locator("svg.building .door-yes")).to_have_count(1)
    return home


def lift_it(desk: Page, town: Page, order: str) -> None:
    desk.goto(order)
    desk.get_by_label("Reason").fill("Nobody new for seven days")
    desk.get_by_role("button", name="Propose to lift").click()
    expect(main(desk)).to_contain_text("Waits for a second person to lift it.")
    town.goto(order)
    town.get_by_role("button", name="Lift order").click()
    expect(main(town)).to_contain_text("The order is lifted")


def status(page: Page, address: str) -> int:
    answer = page.goto(address)
    assert answer is not None
    return answer.status


def test_from_a_ledger_and_a_signed_order_to_covered_buildings_and_out_again(
    people: People, neighbours: Neighbourhood
) -> None:
    garden, public = neighbours.garden, people.arrive()
    desk, town = people("community_desk"), people("town_desk")
    import_a_ledger(desk, garden)
    offer_help(desk, f"/households/{household(neighbours.buildings[1], '101').pk}/")
    order = draft_an_order(desk, garden)
    confirm_it(town, order)
    read_it_in_public(public, neighbours)

    lead, helper = people("volunteer"), people("helper")
    see_the_team(lead, garden)
    take_on(lead, NEWCOMER)
    move_a_building(lead, NEWCOMER)
    leave_a_gap(lead, garden, NEWCOMER)
    plan_again(lead, garden)
    tick_a_task_and_take_it_back(lead, order)
    home = hear_from_a_household(helper)
    lead.goto(f"/compounds/{garden.pk}/?show=contact")
    expect(lead.locator("svg.building .door-yes")).to_have_count(1)
    assert status(lead, home) == status(helper, home) == 200

    lift_it(desk, town, order)
    public.goto("/public/")
    expect(main(public)).to_contain_text("No order is in force")
    desk.goto("/teams/")
    expect(main(desk)).to_contain_text("No team stands here yet")
    assert status(lead, home) == status(helper, home) == 404
    assert status(lead, f"/compounds/{garden.pk}/") == 404

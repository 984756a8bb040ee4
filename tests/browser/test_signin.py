"""Passkeys, invitations and a demonstration's door, in a real browser with a virtual authenticator."""

import re
from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from haitang.accounts import services
from haitang.accounts.models import Demonstration, Role
from tests.accounts.people import PASSWORD, code_now, with_password
from tests.browser.conftest import Server
from tests.neighbourhood import Neighbourhood, acting, build

pytestmark = pytest.mark.browser

MINE = re.compile(r"/sign-in/mine/$")
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def people(server: Server) -> Neighbourhood:
    """The small neighbourhood in the server's own database."""
    return build()


@pytest.fixture
def authenticator(page: Page) -> None:
    """A phone or computer that keeps passkeys and always recognises its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


@pytest.fixture(autouse=True)
def quiet(page: Page) -> Iterator[None]:
    """No script fails, and nothing breaks the content security policy."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    yield
    assert not [line for line in said if "status of 4" not in line]


def give_password(page: Page, username: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Sign-in name").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.goto("/sign-in/out/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def add_passkey(page: Page, name: str) -> None:
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of this passkey").fill(name)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def test_a_town_desk_adds_a_passkey_and_next_time_signs_in_with_nothing_else(
    page: Page, people: Neighbourhood, authenticator: None
) -> None:
    with_password(people.town_desk)
    give_password(page, "town_desk")
    expect(page).to_have_url(MINE)
    add_passkey(page, "work phone")
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    expect(page).not_to_have_url(re.compile("/sign-in/"))
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).not_to_have_url(re.compile("/sign-in/"))


def test_a_passkey_is_the_second_step_after_the_password(
    page: Page, people: Neighbourhood, authenticator: None
) -> None:
    with_password(people.town_desk)
    give_password(page, "town_desk")
    add_passkey(page, "work phone")
    sign_out(page)
    give_password(page, "town_desk")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).not_to_have_url(re.compile("/sign-in/"))


def test_a_passkey_can_be_renamed_and_the_last_one_stays(
    page: Page, people: Neighbourhood, authenticator: None
) -> None:
    with_password(people.town_desk)
    give_password(page, "town_desk")
    add_passkey(page, "work phone")
    page.goto("/sign-in/mine/")
    page.get_by_role("link", name="Rename").click()
    page.get_by_label("Name of this passkey").fill("new phone")
    page.get_by_role("button", name="Save the name").click()
    expect(page).to_have_url(MINE)
    page.get_by_role("link", name="Remove new phone").click()
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Add another one before you remove this one.")
    page.goto("/sign-in/mine/")
    expect(page.get_by_text("new phone").first).to_be_visible()


def test_without_a_passkey_on_the_device_the_page_says_so(page: Page, people: Neighbourhood) -> None:
    page.goto("/sign-in/")
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    empty = DEVICE | {"isUserVerified": False}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": empty})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("No passkey came back.")).to_be_visible()


def test_a_code_app_is_set_up_from_the_page(page: Page, people: Neighbourhood) -> None:
    with_password(people.town_desk)
    give_password(page, "town_desk")
    page.get_by_role("link", name="Set up a code app").click()
    picture = page.get_by_role("img", name="A QR code")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    page.get_by_text("It can't be scanned").click()
    page.get_by_label("The code that the app shows now").fill(code_now(page.locator(".secret").inner_text()))
    page.get_by_role("button", name="Set up the app").click()
    page.get_by_role("link", name="I have kept them").click()
    expect(page).not_to_have_url(re.compile("/sign-in/"))


def test_an_invitations_code_moves_from_the_link_into_the_form(page: Page, people: Neighbourhood) -> None:
    _, token = services.invite_user(
        "newcomer",
        name="魏青",
        unit="",
        role=Role.LEAD,
        area=people.garden,
        by=acting(people.community_desk),
        now=timezone.now(),
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/sign-in/invited/#{token}")
    expect(page.get_by_label("Code from the link")).to_have_value(token)
    expect(page).to_have_url(re.compile(r"/sign-in/invited/$"))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    expect(page).not_to_have_url(re.compile("/sign-in/"))
    assert not [url for url in asked if token in url.partition("#")[0]]


def test_a_demonstration_opens_with_one_click(page: Page, people: Neighbourhood) -> None:
    Demonstration.objects.create(
        user=people.town_desk,
        place=0,
        role=Role.TOWN_DESK,
        today_zh="今天能确认别人起草的指令",
        today_en="Can put an order in force today",
    )
    page.goto("/sign-in/")
    page.get_by_role("button", name="王建国").click()
    expect(page).not_to_have_url(re.compile("/sign-in/"))


def test_language_and_theme_change_on_the_sign_in_page(page: Page, people: Neighbourhood) -> None:
    page.goto("/sign-in/")
    page.get_by_text("Display").click()
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "haitang-dark"
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_label("登录名")).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.theme") == "haitang-dark"

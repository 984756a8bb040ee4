"""Every route, with every role, on its own, a sibling's and a foreign object: what may be seen, works;
what may not be seen does not exist, shows nothing and changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from haitang.accounts.models import User
from haitang.console.policy import Policy
from haitang.core import reach
from haitang.core.actor import Act
from haitang.core.models import JournalEntry
from tests.console import out_routes
from tests.console.places import ARGUMENTS, BODIES, NAMING_A_PLACE, NO_ARGUMENTS, Place, places_in
from tests.neighbourhood import build, sign_in

pytestmark = pytest.mark.django_db

DESKS = {"city_desk", "town_desk", "community_desk", "colleague", "stranger"}
COMMUNITY = {"community_desk", "colleague", "stranger"}
LEADING = COMMUNITY | {"lead"}

# The same table as in `accounts.rules`, written down once more by hand: who may do what at all.
MAY: dict[Act | None, set[str]] = {
    None: DESKS | {"lead", "steward", "volunteer", "auditor"},
    Act.VIEW_AREA: DESKS | {"lead", "auditor"},
    Act.VIEW_ORDER: DESKS | {"lead", "auditor"},
    Act.VIEW_COMPOUND: DESKS | {"lead", "steward"},
    Act.VIEW_TEAM: DESKS | {"lead"},
    Act.READ_HOUSEHOLD: LEADING | {"steward"},
    Act.RECORD_CONTACT: LEADING | {"steward"},
    Act.LEAD_TEAM: LEADING,
    Act.IMPORT_LEDGER: COMMUNITY,
    Act.DRAFT_ORDER: DESKS,
    Act.DECIDE_ORDER: DESKS,
    Act.VIEW_JOURNAL: DESKS | {"auditor"},
    Act.EXPORT_PEOPLE: COMMUNITY,
    Act.DECIDE_EXPORT: DESKS,
    Act.MANAGE_PEOPLE: DESKS,
}
REACH: dict[str, set[str]] = {
    "city_desk": {"own", "sibling", "foreign"},
    "town_desk": {"own", "sibling"},
    "community_desk": {"own", "sibling"},
    "colleague": {"own", "sibling"},
    "auditor": {"own", "sibling"},
    "lead": {"own"},
    "steward": {"own"},
    "volunteer": {"own"},
    "stranger": {"foreign"},
}
# All that a steward's own building gives them.
OF_A_BUILDING = {"building", "household", "heard_from", "take_back", "household_note"}
OF_A_BUILDING |= {"print_building", "print_cards", "print_doors", "print_card"} | out_routes.OF_A_BUILDING
OWN_ONLY = {"take_back", "take_export"}  # a right is not enough: only whoever noted it
NARROWED = ("gaps", "orders", "checklist", "zones", "map_compounds", "rights", "journal")
OFFERS_OTHERS = {"rights", "journal"}  # their form names other areas of the reader's own
FINDS = {"find"}  # nobody, where the reader has no right
GIVES_A_FILE = {"print_cards", "print_doors", "print_card"}
PUBLIC = {"healthz", "set_language", "card", "porch:orders", "porch:heads"}


@dataclass(frozen=True)
class World:
    """The neighbourhood, its three places and a signed-in browser for everyone, made once for all routes."""

    people: dict[str, User]
    places: dict[str, Place]
    clients: dict[str, Client]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with (
        django_db_blocker.unblock(),
        reach.within(reach.EVERYWHERE),
        transaction.atomic(),
        transaction.atomic("keys"),
    ):
        neighbourhood = build()
        places = places_in(neighbourhood)
        clients = {who: sign_in(user) for who, user in neighbourhood.people.items()}
        yield World(neighbourhood.people, places, clients)
        transaction.set_rollback(True)


SHOWS_A_LINK = {"invite", "invite_again"}  # once, so they answer with a page
NAMES_NOBODY = {"invite_again"}  # says the same of whoever is out of reach, on the reader's own page


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every route by its full name, with its view."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            namespace = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from routes(pattern, namespace)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}", pattern.callback


CONSOLE = {name.removeprefix("console:"): view for name, view in routes() if name.startswith("console:")}


def test_every_route_declares_its_policy() -> None:
    for name, view in routes():
        is_sign_in = name.startswith(("account_", "mfa_", "signin:")) or name in {"invited", "sign_in_as"}
        assert name in PUBLIC or is_sign_in or isinstance(getattr(view, "policy", None), Policy), name


def test_every_act_stands_in_the_table() -> None:
    assert set(MAY) == {None, *Act}


def test_every_form_without_an_id_has_a_body() -> None:
    sent = {name for name, view in CONSOLE.items() if "POST" in view.policy.methods and not view.policy.of}
    assert sent == NAMING_A_PLACE.keys()


def expected(name: str, method: str, policy: Policy, who: str, place: str) -> bool:
    """Whether the tables above allow `who` the route on an object of `place`."""
    if who not in MAY[policy.act]:
        return False
    if policy.of is None:
        return method == "GET" or place in REACH[who]
    if who == "steward" and name not in OF_A_BUILDING:
        return False
    return place in REACH[who]


def ask(client: Client, method: str, name: str, place: Place) -> HttpResponse:
    arguments = ARGUMENTS.get(name, NO_ARGUMENTS)(place)
    url = reverse(f"console:{name}", kwargs=arguments)
    if method == "POST":
        return client.post(url, (BODIES | NAMING_A_PLACE).get(name, NO_ARGUMENTS)(place))
    return client.get(url)


def check_forbidden(response: HttpResponse, place: Place, before: int, own_name: str) -> None:
    shown = response.content.decode()
    assert not [canary for canary in place.canaries if canary in shown and canary != own_name]
    assert JournalEntry.objects.count() == before


def check_allowed(response: HttpResponse, name: str, method: str, before: int) -> None:
    if method == "GET":
        assert response.status_code in {200, 302}
    elif name in OWN_ONLY:
        assert response.status_code == 409
    else:
        assert name not in GIVES_A_FILE or response["Content-Type"] == "application/pdf"
        works = 200 if name in SHOWS_A_LINK | GIVES_A_FILE | FINDS else 302
        assert response.status_code == works, response.content[:2000].decode()
        assert name not in SHOWS_A_LINK or "invited/#" in response.content.decode()
        # Nothing to take back yet, or no journal row.
        changes_nothing = {"untick_task", "mark_back", "ledger_columns", "ledger_answers"}
        assert JournalEntry.objects.count() > before or name in changes_nothing


@pytest.mark.parametrize("name", sorted(CONSOLE))
def test_route_is_open_to_whom_the_table_says_and_to_nobody_else(name: str, world: World) -> None:
    policy: Policy = CONSOLE[name].policy
    assert policy.of is None or name in ARGUMENTS, f"say in ARGUMENTS what {name} is tried on"
    for who, client in world.clients.items():
        is_about_a_place = policy.of or name in NAMING_A_PLACE
        for place in world.places.values() if is_about_a_place else [world.places["own"]]:
            for method in policy.methods:
                with transaction.atomic():
                    before = JournalEntry.objects.count()
                    response = ask(client, method, name, place)
                    label = f"{who} {method} {name} {place.name}: {response.status_code}"
                    if expected(name, method, policy, who, place.name):
                        assert response.status_code != 404, label
                        check_allowed(response, name, method, before)
                    else:
                        finds = name in FINDS and who in MAY[policy.act]
                        says_so = (
                            200 if finds else 422 if name in NAMES_NOBODY and who in MAY[policy.act] else 404
                        )
                        assert response.status_code == says_so, label
                        check_forbidden(response, place, before, world.people[who].name)
                    transaction.set_rollback(True)


@pytest.mark.parametrize("name", sorted(name for name, view in CONSOLE.items() if not view.policy.of))
def test_list_names_nothing_out_of_reach(name: str, world: World) -> None:
    for who, client in world.clients.items():
        if who not in MAY[CONSOLE[name].policy.act] or "GET" not in CONSOLE[name].policy.methods:
            continue
        shown = client.get(reverse(f"console:{name}"), follow=True).content.decode()
        for place in world.places.values():
            if place.name not in REACH[who]:
                assert not [word for word in place.own_words if word in shown], f"{who} {name} {place.name}"


@pytest.mark.parametrize("name", NARROWED)
def test_list_is_narrowed_to_an_area_within_reach_and_to_no_other(name: str, world: World) -> None:
    policy: Policy = CONSOLE[name].policy
    for who, client in world.clients.items():
        for place in world.places.values():
            answer = client.get(reverse(f"console:{name}"), {"area": place.compound.pk})
            may = who in MAY[policy.act] and place.name in REACH[who] and who != "steward"
            assert answer.status_code == (200 if may else 404), f"{who} {name} {place.name}"
            shown = answer.content.decode()
            others = [word for other in world.places.values() if other != place for word in other.own_words]
            about = [word for word in others if word in shown]
            assert not about or name in OFFERS_OTHERS, f"{who} {name} {place.name}: {about}"


@pytest.mark.parametrize("name", sorted(CONSOLE))
def test_route_sends_a_stranger_from_the_street_to_sign_in(name: str, world: World) -> None:
    policy: Policy = CONSOLE[name].policy
    before = JournalEntry.objects.count()
    for method in policy.methods:
        response = ask(Client(), method, name, world.places["own"])
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))
    assert JournalEntry.objects.count() == before


@pytest.mark.parametrize("name", sorted(CONSOLE))
def test_route_knows_only_its_methods(name: str, world: World) -> None:
    policy: Policy = CONSOLE[name].policy
    for method in {"GET", "POST"} - set(policy.methods):
        assert ask(world.clients["community_desk"], method, name, world.places["own"]).status_code == 405

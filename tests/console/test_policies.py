"""Every route, with every role, on its own, a sibling's and a foreign object: what may be seen, works;
what may not be seen does not exist, shows nothing and changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from haitang.accounts.models import Grant, Role, User
from haitang.console.policy import Policy
from haitang.core import reach
from haitang.core.actor import Act
from haitang.core.models import JournalEntry
from haitang.incidents import services as incidents
from haitang.incidents.models import Order, OrderState
from haitang.operations import services as operations
from haitang.registry import queries
from haitang.registry import services as registry
from haitang.registry.models import Area, Household, LedgerImport, Level
from haitang.relief import services as relief
from haitang.relief.models import Contact
from haitang.teams import services as teams_services
from haitang.teams.models import Team
from tests.console import out_routes
from tests.joined import LIST_ACTS, ROW_ACTS, join
from tests.neighbourhood import FEW_PEOPLE, HEADINGS, OPERATOR, Neighbourhood, acting, build, employ, sign_in

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
    Act.MANAGE_PEOPLE: DESKS,
    Act.EXPORT_PEOPLE: COMMUNITY,
    Act.DECIDE_EXPORT: DESKS,
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
OF_A_BUILDING = {
    "building",
    "household",
    "heard_from",
    "household_note",
    "take_back",
    "print_building",
    "print_cards",
    "print_doors",
    "print_card",
    *out_routes.OF_A_BUILDING,
}  # all that a steward's own building gives them
# All that a steward's own building gives them.
OF_A_BUILDING = {"building", "household", "heard_from", "take_back"}
OF_A_BUILDING |= {"print_building", "print_cards", "print_doors", "print_card"}
OWN_ONLY = {"take_back"}  # a right is not enough: only whoever noted it
OWN_ONLY = {"take_back", "take_export"}  # a right is not enough: only whoever noted it
NARROWED = ("gaps", "orders", "checklist", "zones", "map_compounds", "rights", "journal")
OFFERS_OTHERS = {"rights", "journal"}  # their form names other areas of the reader's own
GIVES_A_FILE = {"print_cards", "print_doors", "print_card"}
PUBLIC = {"healthz", "set_language", "card", "porch:orders", "porch:heads"}


@dataclass(frozen=True)
class Place:
    """One compound with something of each kind in it."""

    name: str
    compound: Area
    building: Area
    household: Household
    drafted: Order
    doomed: Order
    in_force: Order
    team: Team
    given: LedgerImport
    joined: dict[str, Any]
    applied: LedgerImport
    grant: Grant
    contact: Contact

    @property
    def canaries(self) -> list[str]:
        """Words that only this place's pages may show."""
        return [*self.own_words, queries.residents(self.household, this_year=2026)[-1].name]

    @property
    def own_words(self) -> list[str]:
        """Those of them that nothing of another place happens to share."""
        return [self.compound.name, self.drafted.reason, self.doomed.reason, self.in_force.reason]


def draft(compound: Area, drafter: User, now: datetime, slug: str, level: str, reason: str) -> Order:
    return incidents.draft_order(
        None,
        opens=slug,
        area=compound,
        level=level,
        legal_basis="《中华人民共和国突发事件应对法》",
        reason=reason,
        starts_at=now,
        review_at=now + timedelta(days=1),
        lead=None,
        by=acting(drafter),
        now=now,
    )


def furnish(name: str, compound: Area, drafter: User, grant: Grant) -> Place:
    """A drafted order, one to be dropped, one in force with its team, a previewed file and a joined list."""
    now = timezone.now()
    drafted = partial(draft, compound, drafter, now)
    doomed = drafted("epidemic", "precaution", f"canary-doomed-{name}")
    incidents.propose_change(doomed.pk, OrderState.DROPPED, reason="查明", by=acting(drafter), now=now)
    in_force = drafted("flood", "watch", f"canary-in-force-{name}")
    second = employ(f"second-{name}", "金", Role.CITY_DESK, Area.objects.get(level="city"), unit="B", now=now)
    operations.confirm_order(in_force.pk, by=acting(second), now=now)
    incidents.propose_change(in_force.pk, OrderState.LIFTED, reason="查明", by=acting(drafter), now=now)
    building = Area.objects.filter(parent=compound, level=Level.BUILDING).order_by("place", "code")[0]
    household = Household.objects.filter(building=building).order_by("room")[0]
    team = Team.objects.get(compound=compound)
    if not team.members.filter(role="steward").exists():
        teams_services.enlist(team.pk, household.people.last().pk, role="steward", by=OPERATOR, now=now)
        teams_services.plan_coverage(team.pk, by=OPERATOR, now=now)
    out_routes.furnish(building, now)
    return Place(
        name=name,
        compound=compound,
        building=building,
        household=household,
        drafted=drafted("epidemic", "sealed", f"canary-drafted-{name}"),
        doomed=doomed,
        in_force=in_force,
        team=team,
        contact=relief.record_contact(household.pk, source="call", by=OPERATOR, now=now),
        applied=registry.apply_ledger(
            registry.preview_ledger(compound, ONE_MORE.encode(), name="b.csv", by=OPERATOR, now=now).pk,
            by=OPERATOR,
            now=now,
        ),
        given=registry.preview_ledger(compound, FEW_PEOPLE.encode(), name="a.csv", by=OPERATOR, now=now),
        joined=join(compound, household, now),
        grant=grant,
    )


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


def places_in(n: Neighbourhood) -> dict[str, Place]:
    now = timezone.now()
    drafter = employ("drafter", "石", Role.CITY_DESK, n.city, unit="A", now=now)
    grants = {}
    for name, compound in {"own": n.garden, "sibling": n.sibling, "foreign": n.elsewhere}.items():
        helper = employ(f"helper-{name}", "木", Role.VOLUNTEER, compound, unit="", now=now)
        grants[name] = furnish(name, compound, drafter, helper.grants.get())
    return grants


Arguments = Callable[[Place], dict[str, Any]]
NO_ARGUMENTS: Arguments = lambda place: {}  # noqa: E731


def steward_of(place: Place) -> Any:
    return place.team.members.filter(role="steward").first()


ONE_MORE = f"{HEADINGS}\n1,109,申屠晴,,30,女,,\n"
ARGUMENTS: dict[str, Arguments] = {
    "area": lambda p: {"area_id": p.compound.pk},
    "compound": lambda p: {"compound_id": p.compound.pk},
    "building": lambda p: {"building_id": p.building.pk},
    "household": lambda p: {"household_id": p.household.pk},
    "heard_from": lambda p: {"household_id": p.household.pk},
    "household_note": lambda p: {"household_id": p.household.pk},
    "forget_household": lambda p: {"household_id": p.household.pk},
    "undo_ledger": lambda p: {"import_id": p.applied.pk},
    "print_compound": lambda p: {"compound_id": p.compound.pk},
    "print_buildings": lambda p: {"compound_id": p.compound.pk},
    "print_building": lambda p: {"building_id": p.building.pk},
    "print_cards": lambda p: {"area_id": p.building.pk},
    "print_doors": lambda p: {"area_id": p.building.pk},
    "print_card": lambda p: {"household_id": p.household.pk},
    **dict.fromkeys(
        ("compound", "print_compound", "print_buildings"), lambda p: {"compound_id": p.compound.pk}
    ),
    **dict.fromkeys(("building", "print_building"), lambda p: {"building_id": p.building.pk}),
    **dict.fromkeys(("print_cards", "print_doors"), lambda p: {"area_id": p.building.pk}),
    **dict.fromkeys(("household", "heard_from", "print_card"), lambda p: {"household_id": p.household.pk}),
    "report_in": lambda p: {"person_id": p.household.people.first().pk},
    "order": lambda p: {"order_id": p.drafted.pk},
    "confirm_order": lambda p: {"order_id": p.drafted.pk},
    "lift_order": lambda p: {"order_id": p.in_force.pk},
    "drop_order": lambda p: {"order_id": p.doomed.pk},
    "propose_change": lambda p: {"order_id": p.drafted.pk, "to_state": "dropped"},
    "decline_change": lambda p: {"order_id": p.drafted.pk, "to_state": "in_force"},
    "tick_task": lambda p: {"item_id": p.in_force.checklist.first().pk},
    "untick_task": lambda p: {"item_id": p.in_force.checklist.last().pk},
    **dict.fromkeys(
        (
            *("team", "plan_coverage", "move_building", "lock_building", "unlock_building", "enlist"),
            "appoint_lead",
        ),
        lambda p: {"team_id": p.team.pk},
    ),
    **dict.fromkeys(("mark_away", "mark_back", "leave"), lambda p: {"member_id": steward_of(p).pk}),
    **dict.fromkeys(
        (
            *("ledger_import", "ledger_columns", "ledger_answers", "ledger_errors"),
            *("apply_ledger", "drop_ledger"),
        ),
        lambda p: {"import_id": p.given.pk},
    ),
    **dict.fromkeys(LIST_ACTS, lambda p: {"list_id": p.joined["list_id"]}),
    **dict.fromkeys(ROW_ACTS, lambda p: p.joined),
    "take_back": lambda p: {"contact_id": p.contact.pk},
    "end_right": lambda p: {"grant_id": p.grant.pk},
    **out_routes.ARGUMENTS,
}
BODIES: dict[str, Arguments] = {
    "heard_from": lambda p: {"source": "visit"},
    "household_note": lambda p: {"note": "knock loudly"},
    "forget_household": lambda p: {"reason": "moved away"},
    "propose_change": lambda p: {"reason": "enough"},
    "move_building": lambda p: {"building": p.building.pk, "steward": steward_of(p).pk},
    "lock_building": lambda p: {"building": p.building.pk},
    "unlock_building": lambda p: {"building": p.building.pk},
    "enlist": lambda p: {"person": outsider(p).pk},
    "appoint_lead": lambda p: {"lead": p.grant.user_id},
    "ledger_columns": lambda p: {},
    "decide_row": lambda p: {"nobody": "1"},
    "print_cards": lambda p: {"which": "all"},
    "ledger_answers": lambda p: {},
    **out_routes.BODIES,
}
# Routes without an id: what a person may send depends on the place that the body names.
NAMING_A_PLACE: dict[str, Arguments] = {
    "draft_order": lambda p: {
        "area": p.compound.pk,
        "incident": "new:epidemic",
        "level": "sealed",
        "legal_basis": "《中华人民共和国传染病防治法》",
        "reason": "两人阳性",
        "starts_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "review_at": (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
    },
    "invite": lambda p: {"username": "newcomer", "name": "魏青", "role": Role.LEAD, "area": p.compound.pk},
    "give_right": lambda p: {"username": p.grant.user.username, "role": Role.LEAD, "area": p.compound.pk},
    "invite_again": lambda p: {"username": p.grant.user.username},
    "new_ledger": lambda p: upload(p),
    "new_list": lambda p: {**upload(p), "kind": "unit"},
}
SHOWS_A_LINK = {"invite", "invite_again"}  # once, so they answer with a page
NAMES_NOBODY = {"invite_again"}  # says the same of whoever is out of reach, on the reader's own page


def upload(place: Place) -> dict[str, Any]:
    return {"compound": place.compound.pk, "file": SimpleUploadedFile("b.csv", FEW_PEOPLE.encode())}


def outsider(place: Place) -> Any:
    on_team = place.team.members.values("person_id")
    return (
        place.household.people.model.objects.filter(compound=place.compound, birth_year__lt=2000)
        .exclude(pk__in=on_team)
        .first()
    )


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
        works = 200 if name in SHOWS_A_LINK | GIVES_A_FILE else 302
        assert response.status_code == works, response.content[:2000].decode()
        assert name not in SHOWS_A_LINK or "invited/#" in response.content.decode()
        # Nothing to take back yet, or no journal row.
        changes_nothing = {"untick_task", "mark_back", "ledger_columns"}
        changes_nothing = {
            "untick_task",
            "mark_back",
            "ledger_columns",
            "ledger_answers",
        }  # nothing to take back yet, or no journal row
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
                        says_so = 422 if name in NAMES_NOBODY and who in MAY[policy.act] else 404
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

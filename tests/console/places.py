"""Places with something of each kind in them, and what each route is tried with on one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from haitang.accounts.models import Grant, Role, User
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
from tests.neighbourhood import FEW_PEOPLE, HEADINGS, OPERATOR, Neighbourhood, acting, employ

ONE_MORE = {
    "own": "申屠晴",
    "sibling": "申屠雨",
    "foreign": "申屠雪",
}  # at each place one whom nobody else is called like


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
            registry.preview_ledger(compound, one_more(name), name="b.csv", by=OPERATOR, now=now).pk,
            by=OPERATOR,
            now=now,
        ),
        given=registry.preview_ledger(compound, FEW_PEOPLE.encode(), name="a.csv", by=OPERATOR, now=now),
        joined=join(compound, household, now),
        grant=grant,
    )


def places_in(n: Neighbourhood) -> dict[str, Place]:
    now = timezone.now()
    drafter = employ("drafter", "石", Role.CITY_DESK, n.city, unit="A", now=now)
    grants = {}
    for name, compound in {"own": n.garden, "sibling": n.sibling, "foreign": n.elsewhere}.items():
        helper = employ(f"helper-{name}", "木", Role.VOLUNTEER, compound, unit="", now=now)
        grants[name] = furnish(name, compound, drafter, helper.grants.get())
    return grants


def upload(place: Place) -> dict[str, Any]:
    return {"compound": place.compound.pk, "file": SimpleUploadedFile("b.csv", FEW_PEOPLE.encode())}


def outsider(place: Place) -> Any:
    on_team = place.team.members.values("person_id")
    return (
        place.household.people.model.objects.filter(compound=place.compound, birth_year__lt=2000)
        .exclude(pk__in=on_team)
        .first()
    )


def steward_of(place: Place) -> Any:
    return place.team.members.filter(role="steward").first()


def one_more(name: str) -> bytes:
    return f"{HEADINGS}\n1,109,{ONE_MORE[name]},,30,女,,\n".encode()


Arguments = Callable[[Place], dict[str, Any]]
NO_ARGUMENTS: Arguments = lambda place: {}  # noqa: E731
ARGUMENTS: dict[str, Arguments] = {
    **out_routes.ARGUMENTS,
    "area": lambda p: {"area_id": p.compound.pk},
    "household_note": lambda p: {"household_id": p.household.pk},
    "forget_household": lambda p: {"household_id": p.household.pk},
    "undo_ledger": lambda p: {"import_id": p.applied.pk},
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
}
BODIES: dict[str, Arguments] = {
    **out_routes.BODIES,
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
}
# Routes without an id: what a person may send depends on the place that the body names.
NAMING_A_PLACE: dict[str, Arguments] = {
    "find": lambda p: {"q": ONE_MORE[p.name]},
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

"""The database holds what must always be true: each constraint is tried once and refuses by its name."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from haitang.accounts.models import Grant, Identity, User
from haitang.core.models import JournalEntry
from haitang.incidents.models import ChecklistItem, Incident, Order, Proposal
from haitang.operations.models import ExportRequest
from haitang.registry.models import (
    Area,
    FormerPerson,
    Household,
    HouseholdCard,
    JoinedList,
    LedgerImport,
    Person,
)
from haitang.teams.models import Care, Member, ReportIn, Team
from tests.neighbourhood import Neighbourhood

ROOMS = ("core", "registry", "accounts", "incidents", "teams", "relief", "operations")


class Scene:
    """What the tries below need, made straight in the tables: constraints must hold whoever writes."""

    def __init__(self, neighbourhood: Neighbourhood) -> None:
        self.n, self.now = neighbourhood, timezone.now()
        self.garden, self.building = neighbourhood.garden, neighbourhood.buildings[0]
        self.household = Household.objects.filter(building=self.building)[0]
        self.person = self.household.people.all()[0]
        self.incident = Incident.objects.create(playbook="flood", area=self.garden, opened_at=self.now)
        self.order = self.make_order()
        self.team = Team.objects.create(order=self.order, compound=self.garden, formed_at=self.now)
        self.member = self.make_member()

    def make_order(self, **changed: Any) -> Order:
        given = {
            "incident": self.incident,
            "area": self.garden,
            "level": "watch",
            "legal_basis": "law",
            "reason": "rain",
            "starts_at": self.now,
            "review_at": self.now + timedelta(days=1),
            "issuer": "desk",
            "drafted_at": self.now,
        }
        return Order.objects.create(**given | changed)

    def make_member(self, **changed: Any) -> Member:
        given = {"team": self.team, "name": "甲", "role": "steward", "joined_at": self.now}
        return Member.objects.create(**given | changed)

    def make_area(self, **changed: Any) -> Area:
        given = {
            "parent": self.garden,
            "level": "building",
            "code": "x",
            "name": "x",
            "path": f"{self.garden.path}x/",
        }
        return Area.objects.create(**given | changed)

    def make_row(self) -> JournalEntry:
        empty = dict.fromkeys(("act", "kind", "subject", "path", "actor", "actor_label", "actor_unit"), "")
        return JournalEntry.objects.create(chain="c", seq=1, at=self.now, previous="", hash="", **empty)

    def make_proposal(self, **changed: Any) -> Proposal:
        given = {
            "order": self.order,
            "to_state": "lifted",
            "made_by_label": "",
            "made_by_path": "",
            "made_at": self.now,
        }
        return Proposal.objects.create(**given | changed)

    def make_task(self, **changed: Any) -> ChecklistItem:
        given = {"order": self.order, "key": "gate", "place": 0, "due_at": self.now}
        return ChecklistItem.objects.create(**given | changed)

    def make_export(self, **changed: Any) -> ExportRequest:
        given = {
            "number": "EX-1",
            "area": self.garden,
            "what": "people",
            "reason": "送药",
            "rows": 60,
            "named": 60,
            "needs_second": True,
            "made_by_label": "",
            "made_at": self.now,
        }
        return ExportRequest.objects.create(**given | changed)

    def make_grant(self, **changed: Any) -> Grant:
        given = {
            "user": self.n.lead,
            "role": "auditor",
            "area": self.garden,
            "given_by": "",
            "given_at": self.now,
        }
        return Grant.objects.create(**given | changed)

    def make_list(self, **changed: Any) -> JoinedList:
        kept = dict.fromkeys(("content", "matches", "decisions"), b"x")
        given = {
            "compound": self.garden,
            "kind": "helpers",
            "file_name": "a",
            "made_by": "",
            "made_at": self.now,
        }
        return JoinedList.objects.create(**{**given, **kept} | changed)

    def make_care(self, **changed: Any) -> Care:
        return Care.objects.create(**{"team": self.team, "building": self.building} | changed)

    def make_card(self, **changed: Any) -> HouseholdCard:
        given = {
            "compound": self.garden,
            "household": self.household,
            "digest": secrets.token_bytes(32),
            "issued_at": self.now,
        }
        return HouseholdCard.objects.create(**given | changed)


def twice(make: Callable[[], object]) -> None:
    make()
    make()


def repeat(row: models.Model) -> None:
    row.pk = None
    row._state.adding = True
    row.id = row._meta.pk.get_default()  # type: ignore[attr-defined]
    row.save(force_insert=True)


TRIES: dict[str, Callable[[Scene], object]] = {
    "journal_chain_has_one_row_per_seq": lambda s: twice(s.make_row),
    "area_code_is_unique_among_siblings": lambda s: (s.make_area(), s.make_area(path=f"{s.garden.path}y/x/")),
    "area_path_ends_in_its_code": lambda s: s.make_area(path=f"{s.garden.path}xy/"),
    "area_has_a_parent_unless_it_is_a_city": lambda s: s.make_area(parent=None),
    "area_counts_are_not_negative": lambda s: s.make_area(households=-1),
    "household_has_its_door_to_itself": lambda s: repeat(s.household),
    "household_has_a_room_number": lambda s: Household.objects.filter(pk=s.household.pk).update(room=""),
    "household_said_people_could_live_there": lambda s: Household.objects.filter(pk=s.household.pk).update(
        said_people=501
    ),
    "household_that_is_provisional_says_who_said_so": lambda s: Household.objects.filter(
        pk=s.household.pk
    ).update(is_provisional=True, said_people=2, said_at=s.now),
    "person_is_once_in_a_household": lambda s: repeat(s.person),
    "former_person_is_kept_once_an_import": lambda s: FormerPerson.objects.bulk_create(
        FormerPerson(given=LedgerImport.objects.all()[0], person=s.person, sealed=b"", path=s.person.path)
        for _ in range(2)
    ),
    "person_birth_year_is_real": lambda s: Person.objects.filter(pk=s.person.pk).update(birth_year=30),
    "card_is_told_by_its_digest": lambda s: twice(lambda: s.make_card(digest=b"1", ended_at=s.now)),
    "household_has_one_living_card": lambda s: (s.make_card(ended_at=s.now), twice(s.make_card)),
    "card_ends_after_it_is_issued": lambda s: s.make_card(ended_at=s.now - timedelta(seconds=1)),
    "import_keeps_its_file_only_until_it_ends": lambda s: LedgerImport.objects.create(
        compound=s.garden, file_name="a", sha256="", content=None, made_by="", made_at=s.now
    ),
    "list_is_kept_only_until_it_is_forgotten": lambda s: s.make_list(state="forgotten", ended_at=s.now),
    "list_that_is_finished_says_when": lambda s: s.make_list(state="finished"),
    "list_marks_everyone_only_for_special_care": lambda s: s.make_list(mark="disabled"),
    "user_has_a_sign_in_name": lambda s: User.objects.create(
        username="", identity=Identity.objects.create(name="a")
    ),
    "sign_in_name_is_one_whatever_its_case": lambda s: User.objects.create(
        username=s.n.lead.username.upper(), identity=Identity.objects.create(name="a")
    ),
    "grant_is_given_once": lambda s: twice(s.make_grant),
    "grant_ends_after_it_begins": lambda s: s.make_grant(until=s.now - timedelta(hours=1)),
    "order_in_force_is_alone_on_its_area": lambda s: twice(
        lambda: s.make_order(state="in_force", in_force_at=s.now)
    ),
    "order_is_reviewed_after_it_starts": lambda s: s.make_order(review_at=s.now),
    "order_in_force_says_since_when": lambda s: s.make_order(state="in_force"),
    "order_that_ended_says_when": lambda s: s.make_order(state="dropped"),
    "order_has_a_reason_and_a_legal_basis": lambda s: s.make_order(reason=""),
    "proposal_is_open_once": lambda s: twice(s.make_proposal),
    "proposal_takes_two_people": lambda s: s.make_proposal(
        made_by=s.n.lead.identity, decided_by=s.n.lead.identity, decided_at=s.now
    ),
    "checklist_names_each_task_once": lambda s: twice(s.make_task),
    "checklist_task_done_says_by_whom": lambda s: s.make_task(done_at=s.now),
    "export_has_a_reason": lambda s: s.make_export(reason=""),
    "export_takes_two_people": lambda s: s.make_export(
        made_by=s.n.lead.identity, decided_by=s.n.lead.identity, decided_at=s.now, accepted=True
    ),
    "export_decision_says_when": lambda s: s.make_export(accepted=True),
    "export_is_taken_once_a_second_person_agreed": lambda s: s.make_export(taken=1),
    "report_in_is_once_a_person": lambda s: twice(
        lambda: ReportIn.objects.create(person=s.person, compound=s.garden, source="desk", at=s.now)
    ),
    "team_is_formed_once_a_compound": lambda s: repeat(s.team),
    "member_is_on_a_team_once": lambda s: twice(lambda: s.make_member(person=s.person)),
    "member_cares_for_at_most_six_buildings": lambda s: s.make_member(most_buildings=7),
    "member_has_a_name": lambda s: s.make_member(name=""),
    "care_names_each_building_once": lambda s: twice(s.make_care),
    "care_backup_is_someone_else": lambda s: s.make_care(steward=s.member, backup=s.member),
    "care_lock_has_a_steward": lambda s: s.make_care(is_locked=True),
}


def declared() -> set[str]:
    """The names of all constraints that our tables declare."""
    rooms = [apps.get_app_config(room) for room in ROOMS]
    return {c.name for room in rooms for model in room.get_models() for c in model._meta.constraints}


def test_every_constraint_is_tried() -> None:
    assert set(TRIES) == declared()


@pytest.mark.parametrize("name", sorted(TRIES))
def test_constraint_refuses(name: str, neighbourhood: Neighbourhood) -> None:
    scene = Scene(neighbourhood)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        TRIES[name](scene)


@pytest.mark.parametrize(
    ("level", "path"),
    [
        ("building", "{above}x"),
        ("building", "{above}ax/"),
        ("building", "{above}x/y/"),
        ("building", "x/"),
        ("city", "y/x/"),
        ("city", "xy/"),
        ("city", "x"),
    ],
)
def test_a_path_ends_in_the_whole_code(level: str, path: str, neighbourhood: Neighbourhood) -> None:
    scene = Scene(neighbourhood)
    parent = None if level == "city" else scene.garden
    with pytest.raises(IntegrityError, match="area_path_ends_in_its_code"), transaction.atomic():
        scene.make_area(level=level, parent=parent, path=path.format(above=scene.garden.path))
    kept = scene.make_area(level=level, parent=parent, path=f"{scene.garden.path if parent else ''}x/")
    assert kept.code == "x"

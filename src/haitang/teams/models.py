"""Who does the work of an area: teams, members, report-ins, building coverage."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from haitang.accounts.models import User
from haitang.incidents.models import Order
from haitang.registry.models import Area, Household, Person


class ReportIn(models.Model):
    """A resident offers to help where they live."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    compound = models.ForeignKey(Area, models.PROTECT, related_name="+")
    source = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person"], name="report_in_is_once_a_person")]


class Team(models.Model):
    """The action team of one compound, formed by an order."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="teams")
    compound = models.ForeignKey(Area, models.PROTECT, related_name="+")
    formed_at = models.DateTimeField()
    stood_down_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "order"],
                condition=Q(stood_down_at=None),
                name="team_is_formed_once_a_compound",
            ),
        ]


class Member(models.Model):
    """Someone on a team. `role` is one of the playbook's; only stewards care for buildings."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    name = models.TextField()
    unit = models.TextField(blank=True)
    role = models.TextField()
    home = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(Household, models.SET_NULL, null=True, related_name="+")
    most_buildings = models.IntegerField(default=2)
    joined_at = models.DateTimeField()
    away_since = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "person"],
                condition=Q(left_at=None, person__isnull=False),
                name="member_is_on_a_team_once",
            ),
            models.CheckConstraint(
                condition=Q(most_buildings__range=(0, 6)), name="member_cares_for_at_most_six_buildings"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="member_has_a_name"),
        ]


class Care(models.Model):
    """Who looks after a building of a team's compound, and who steps in. `is_locked`: a person decided it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="cares")
    building = models.ForeignKey(Area, models.PROTECT, related_name="+")
    steward = models.ForeignKey(Member, models.PROTECT, null=True, related_name="cares")
    backup = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    is_locked = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "building"], name="care_names_each_building_once"),
            models.CheckConstraint(
                condition=Q(steward=None) | Q(backup=None) | ~Q(steward=F("backup")),
                name="care_backup_is_someone_else",
            ),
            models.CheckConstraint(
                condition=Q(is_locked=False) | Q(steward__isnull=False), name="care_lock_has_a_steward"
            ),
        ]


class PlanKind(models.TextChoices):
    FORMED = "formed", _("with the team")
    REPLANNED = "replanned", _("planned again")


class CoveragePlan(models.Model):
    """An answer of the coverage planner as it was put in place: the proof, what it left out, what changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="plans")
    kind = models.TextField(choices=PlanKind.choices)
    answer = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["team", "-made_at"], name="plan_by_team")]

"""Lists that somebody asked for: of what, why, and who agreed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from haitang.accounts.models import Identity
from haitang.registry.models import Area


class ExportRequest(models.Model):
    """A list of people, households or buildings that somebody asked for, chosen by area and criteria only.

    `named`: how many people, or households by what they need, it gives away. Where that is many, a second person
    decides. The list itself is never kept: it is made when it is taken."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.TextField(unique=True)  # as every file that comes of it says
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    what = models.TextField()
    columns = ArrayField(models.TextField(), default=list)
    criteria = models.JSONField(default=dict)
    with_tags = models.BooleanField(default=False)
    reason = models.TextField()
    rows = models.IntegerField()
    named = models.IntegerField()
    needs_second = models.BooleanField()
    made_by = models.ForeignKey(Identity, models.PROTECT, null=True, related_name="+")
    made_by_label = models.TextField()
    made_by_unit = models.TextField(blank=True)
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey(Identity, models.PROTECT, null=True, related_name="+")
    decided_by_label = models.TextField(blank=True)
    decided_by_unit = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    taken = models.IntegerField(default=0)  # how often

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="export_has_a_reason"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("made_by")), name="export_takes_two_people"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, accepted=None)
                | Q(decided_at__isnull=False, accepted__isnull=False),
                name="export_decision_says_when",
            ),
            models.CheckConstraint(
                condition=Q(taken=0) | Q(needs_second=False) | Q(accepted=True, accepted__isnull=False),
                name="export_is_taken_once_a_second_person_agreed",
            ),
        ]
        indexes = [models.Index(fields=["-made_at"], name="export_by_time")]

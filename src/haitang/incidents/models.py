"""Emergencies and what was ordered: incidents, orders, proposals, checklist items."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from haitang.accounts.models import Identity, User
from haitang.registry.models import Area


class Incident(models.Model):
    """One emergency in one city, run by one playbook."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    playbook = models.TextField()
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)


class OrderState(models.TextChoices):
    DRAFTED = "drafted", _("drafted")
    IN_FORCE = "in_force", _("in force")
    LIFTED = "lifted", _("lifted")
    DROPPED = "dropped", _("dropped")


class Order(models.Model):
    """Sets an area's level. Two people make it, and it names when it will be looked at again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="orders")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    level = models.TextField()
    legal_basis = models.TextField()
    reason = models.TextField()
    starts_at = models.DateTimeField()
    review_at = models.DateTimeField()
    lead = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    state = models.TextField(choices=OrderState.choices, default=OrderState.DRAFTED)
    succeeds = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")  # whose place it took
    issuer = models.TextField()  # the unit that drafted it, as the public page names it
    drafted_at = models.DateTimeField()
    in_force_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "area"],
                condition=Q(state=OrderState.IN_FORCE),
                name="order_in_force_is_alone_on_its_area",
            ),
            models.CheckConstraint(
                condition=Q(review_at__gt=F("starts_at")), name="order_is_reviewed_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[OrderState.DRAFTED, OrderState.DROPPED])
                | Q(in_force_at__isnull=False),
                name="order_in_force_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[OrderState.DRAFTED, OrderState.IN_FORCE]) | Q(ended_at__isnull=False),
                name="order_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(legal_basis=""), name="order_has_a_reason_and_a_legal_basis"
            ),
        ]
        indexes = [models.Index(fields=["state", "area"], name="order_by_state")]


class Proposal(models.Model):
    """The first person's word that an order should change its state; a second person decides it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.ForeignKey(Order, models.CASCADE, related_name="proposals")
    to_state = models.TextField(choices=OrderState.choices)
    reason = models.TextField(blank=True)
    made_by = models.ForeignKey(Identity, models.PROTECT, null=True, related_name="+")
    made_by_label = models.TextField()
    made_by_unit = models.TextField(blank=True)
    made_by_path = models.TextField()  # the area whose right was used
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey(Identity, models.PROTECT, null=True, related_name="+")
    decided_by_label = models.TextField(blank=True)
    decided_by_unit = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "to_state"], condition=Q(decided_at=None), name="proposal_is_open_once"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("made_by")), name="proposal_takes_two_people"
            ),
        ]


class ChecklistItem(models.Model):
    """Something the playbook says must be done once an order is in force."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.ForeignKey(Order, models.CASCADE, related_name="checklist")
    key = models.TextField()
    place = models.IntegerField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "key"], name="checklist_names_each_task_once"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by="") | (Q(done_at__isnull=False) & ~Q(done_by="")),
                name="checklist_task_done_says_by_whom",
            ),
        ]

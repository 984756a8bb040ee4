"""That a household was heard from."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from haitang.registry.models import Area, Household


class ContactSource(models.TextChoices):
    VISIT = "visit", _("at the door")
    CALL = "call", _("by phone")
    MESSAGE = "message", _("by message")


class Contact(models.Model):
    """Somebody of the household answered, at that moment, in that way."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    compound = models.ForeignKey(Area, models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.CASCADE, related_name="contacts")
    source = models.TextField(choices=ContactSource.choices)
    at = models.DateTimeField()
    recorded_by = models.TextField()
    recorder = models.UUIDField(null=True)  # their account

    class Meta:
        indexes = [models.Index(fields=["compound", "household", "-at"], name="contact_by_household")]

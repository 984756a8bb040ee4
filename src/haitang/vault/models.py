"""What opens and what finds the sealed names of households; in a database of its own, and never in a copy of theirs."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class CompoundKey(models.Model):
    """A compound's two keys: one that wraps its households' keys, one under which names are looked up.

    Both are wrapped by the installation's master key whose id is `master`.
    """

    compound = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField()
    finder = models.BinaryField()
    master = models.CharField(max_length=16)
    made_at = models.DateTimeField(db_default=Now())


class HouseholdKey(models.Model):
    """A household's key, wrapped by its compound's. Without this row nothing that it sealed can be read again."""

    household = models.UUIDField(primary_key=True)
    compound = models.UUIDField()
    wrapped = models.BinaryField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["compound"], name="household_key_by_compound")]


class Findable(models.Model):
    """By what a household's people are found: each token is a keyed hash, of no worth without the compound's key."""

    household = models.UUIDField(primary_key=True)
    compound = models.UUIDField()
    tokens = ArrayField(models.BigIntegerField())

    class Meta:
        indexes = [models.Index(fields=["compound"], name="findable_by_compound")]

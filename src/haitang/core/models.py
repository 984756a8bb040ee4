"""The journal's two tables: its rows and the head of each chain."""

from django.db import models
from django.db.models import Q

MANY = ("household.read", "contact.record")  # by far the most rows, and none that a timeline tells


class JournalEntry(models.Model):
    """One act or one sensitive read. Rows are only ever added: a trigger refuses anything else."""

    id = models.BigAutoField(primary_key=True)
    chain = models.TextField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    act = models.TextField()
    kind = models.TextField()
    subject = models.TextField()
    path = models.TextField()
    actor = models.TextField()
    actor_label = models.TextField()
    actor_unit = models.TextField()
    facts = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="journal_chain_has_one_row_per_seq"),
        ]
        indexes = [
            models.Index(
                fields=["path", "-id"], name="journal_by_path", opclasses=["text_pattern_ops", "int8_ops"]
            ),
            models.Index(fields=["kind", "subject"], name="journal_by_subject"),
            models.Index(fields=["-id"], name="journal_without_the_many", condition=~Q(act__in=MANY)),
        ]


class JournalHead(models.Model):
    """Where a chain ends: what the public page shows, and what the next row is hashed onto."""

    chain = models.TextField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

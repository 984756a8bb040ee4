"""An index of the rows that timelines tell, so that a busy city's many reads need not be passed over one by one."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("core", "0002_journal_is_append_only")]
    operations = [
        migrations.AddIndex(
            "journalentry",
            models.Index(
                fields=["-id"],
                name="journal_without_the_many",
                condition=~Q(act__in=("household.read", "contact.record")),
            ),
        )
    ]

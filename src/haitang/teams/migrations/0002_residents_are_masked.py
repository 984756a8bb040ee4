"""The ledger seals residents' names, so a team keeps the name of a resident masked."""

from django.db import migrations

MASK = """
UPDATE teams_member SET name = left(name, 1) || repeat('*', greatest(1, least(length(name) - 1, 3)))
WHERE person_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("teams", "0001_initial")]
    operations = [migrations.RunSQL(MASK, migrations.RunSQL.noop)]

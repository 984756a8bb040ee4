"""The ledger seals residents' names, so an account of a resident keeps the name masked."""

from django.db import migrations

MASK = """
UPDATE accounts_identity SET name = left(name, 1) || repeat('*', greatest(1, least(length(name) - 1, 3)))
WHERE id IN (SELECT identity_id FROM accounts_user WHERE resident_id IS NOT NULL)
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_invitation_maker")]
    operations = [migrations.RunSQL(MASK, migrations.RunSQL.noop)]

"""The table in which all servers count sign-in tries and remember used codes; one sign-in name, whatever its case."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE accounts_cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamptz NOT NULL
            );
            CREATE INDEX accounts_cache_expires ON accounts_cache (expires);
            """,
            "DROP TABLE accounts_cache",
        ),
        migrations.AddConstraint(
            "user",
            models.UniqueConstraint(Lower("username"), name="sign_in_name_is_one_whatever_its_case"),
        ),
    ]

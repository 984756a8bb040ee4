"""A contact is taken back by the account that noted it: two people may be called the same."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("relief", "0001_initial")]
    operations = [migrations.AddField("contact", "recorder", models.UUIDField(null=True))]

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]

    operations = [migrations.RemoveIndex(model_name="findable", name="findable_by_token")]

"""The columns in which names stood are gone, and the second wall stands."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from haitang.core.reach import NO_WALL, WALL

BEHIND = ("registry_household", "registry_person", "registry_formerperson")


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_names_are_sealed")]
    operations = [
        migrations.RemoveField("person", "name"),
        migrations.RemoveField("person", "phones"),
        migrations.AddConstraint(
            "person",
            models.UniqueConstraint(fields=["household", "mark"], name="person_is_once_in_a_household"),
        ),
        migrations.CreateModel(
            "FormerPerson",
            [
                ("sealed", models.BinaryField()),
                ("birth_year", models.IntegerField(null=True)),
                (
                    "sex",
                    models.TextField(blank=True, choices=[("", "not given"), ("f", "female"), ("m", "male")]),
                ),
                ("relation", models.TextField(blank=True)),
                ("flags", django.contrib.postgres.fields.ArrayField(models.TextField(), default=list, size=None)),
                ("skills", django.contrib.postgres.fields.ArrayField(models.TextField(), default=list, size=None)),
                ("is_helper", models.BooleanField(default=False)),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("path", models.TextField()),
                (
                    "given",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changed",
                        to="registry.ledgerimport",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.person"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "formerperson",
            models.UniqueConstraint(fields=["given", "person"], name="former_person_is_kept_once_an_import"),
        ),
        *(migrations.RunSQL(WALL.format(table=table), NO_WALL.format(table=table)) for table in BEHIND),
    ]

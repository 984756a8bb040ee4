"""Names and phones are sealed with a key per household."""

import django.contrib.postgres.fields
from django.db import migrations, models

from haitang.registry import sealed
from haitang.vault import services as vault

PATHS = """
UPDATE registry_household h SET path = a.path FROM registry_area a WHERE a.id = h.building_id;
UPDATE registry_person p SET path = h.path FROM registry_household h WHERE h.id = p.household_id;
"""


def seal(apps, _editor):
    """Seal what stands in the clear, compound by compound."""
    Person = apps.get_model("registry", "Person")
    for compound in Person.objects.order_by().values_list("compound", flat=True).distinct():
        people = list(Person.objects.filter(compound=compound))
        keys = vault.keys_for({person.household_id for person in people}, compound=compound)
        for person in people:
            key = keys[person.household_id]
            person.sealed = sealed.seal_person(key, person.pk, person.name, person.phones)
            person.mark = sealed.mark_of(key, person.name)
        Person.objects.bulk_update(people, ["sealed", "mark"], batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_area_path_ends_in_the_whole_code")]
    operations = [
        migrations.AddField("household", "path", models.TextField(default=""), preserve_default=False),
        migrations.AddField("household", "note", models.BinaryField(null=True)),
        migrations.AddField("household", "came_with", models.UUIDField(null=True)),
        migrations.AddField("person", "path", models.TextField(default=""), preserve_default=False),
        migrations.AddField("person", "came_with", models.UUIDField(null=True)),
        migrations.AddField("person", "sealed", models.BinaryField(default=b""), preserve_default=False),
        migrations.AddField("person", "mark", models.BigIntegerField(default=0), preserve_default=False),
        migrations.AddField(
            "ledgerimport",
            "placed",
            django.contrib.postgres.fields.ArrayField(models.UUIDField(), default=list, size=None),
        ),
        migrations.AlterField(
            "ledgerimport",
            "state",
            models.TextField(
                choices=[
                    ("previewed", "previewed"),
                    ("applied", "imported"),
                    ("dropped", "dropped"),
                    ("undone", "undone"),
                ],
                default="previewed",
            ),
        ),
        migrations.RunSQL(PATHS, migrations.RunSQL.noop),
        migrations.RemoveConstraint("person", "person_is_once_in_a_household"),
        migrations.RemoveConstraint("person", "person_has_a_name"),
        migrations.RunPython(seal),
    ]

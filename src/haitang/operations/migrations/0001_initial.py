"""Lists that somebody asked for, and who agreed."""

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0003_invitation_maker'),
        ('registry', '0007_household_kind'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExportRequest',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.TextField(unique=True)),
                ('what', models.TextField()),
                ('columns', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('criteria', models.JSONField(default=dict)),
                ('with_tags', models.BooleanField(default=False)),
                ('reason', models.TextField()),
                ('rows', models.IntegerField()),
                ('named', models.IntegerField()),
                ('needs_second', models.BooleanField()),
                ('made_by_label', models.TextField()),
                ('made_by_unit', models.TextField(blank=True)),
                ('made_at', models.DateTimeField()),
                ('decided_by_label', models.TextField(blank=True)),
                ('decided_by_unit', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('accepted', models.BooleanField(null=True)),
                ('taken', models.IntegerField(default=0)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.area')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.identity')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.identity')),
            ],
            options={
                'indexes': [models.Index(fields=['-made_at'], name='export_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='export_has_a_reason'), models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('made_by')), _negated=True), _connector='OR'), name='export_takes_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('accepted', None), ('decided_at', None)), models.Q(('accepted__isnull', False), ('decided_at__isnull', False)), _connector='OR'), name='export_decision_says_when'), models.CheckConstraint(condition=models.Q(('taken', 0), ('needs_second', False), models.Q(('accepted', True), ('accepted__isnull', False)), _connector='OR'), name='export_is_taken_once_a_second_person_agreed')],
            },
        ),
    ]

"""Households that somebody says are there: what kind, how many people, who said so."""


import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0006_household_card'),
    ]

    operations = [
        migrations.AddField(
            'ledgerimport', 'confirmed', django.contrib.postgres.fields.ArrayField(models.UUIDField(), default=list, size=None)
        ),
        migrations.AddField(
            model_name='household',
            name='is_provisional',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='household',
            name='kind',
            field=models.TextField(choices=[('flat', 'flat'), ('shop', 'shop'), ('tenant', 'rented room'), ('serviced_flat', 'serviced flat'), ('site', "workers' hut")], db_default='flat', default='flat'),
        ),
        migrations.AddField(
            model_name='household',
            name='said_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='household',
            name='said_by',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='household',
            name='said_people',
            field=models.IntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name='household',
            constraint=models.CheckConstraint(condition=models.Q(('said_people', None), ('said_people__range', (0, 500)), _connector='OR'), name='household_said_people_could_live_there'),
        ),
        migrations.AddConstraint(
            model_name='household',
            constraint=models.CheckConstraint(condition=models.Q(('is_provisional', False), models.Q(('said_at__isnull', False), ('said_people__isnull', False), models.Q(('said_by', ''), _negated=True)), _connector='OR'), name='household_that_is_provisional_says_who_said_so'),
        ),
    ]

"""法院核验岗 beside the bureaus: an officer is of one desk, and the trail names the desk."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0002_method_of_the_live_check'),
    ]

    operations = [
        migrations.CreateModel(
            name='CourtWindow',
            fields=[
                ('code', models.CharField(max_length=8, primary_key=True, serialize=False, verbose_name='法院代字')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='法院名称')),
                ('bureau', models.CharField(max_length=2, verbose_name='所在省')),
            ],
        ),
        migrations.RemoveIndex(
            model_name='trailevent',
            name='trail_by_bureau',
        ),
        migrations.RenameField(
            model_name='trailevent',
            old_name='bureau',
            new_name='desk',
        ),
        migrations.AlterField(
            model_name='trailevent',
            name='desk',
            field=models.CharField(max_length=8),
        ),
        migrations.AddIndex(
            model_name='trailevent',
            index=models.Index(fields=['desk', '-id'], name='trail_by_desk'),
        ),
        migrations.AlterField(
            model_name='officer',
            name='bureau',
            field=models.CharField(blank=True, max_length=2, verbose_name='机关'),
        ),
        migrations.AddField(
            model_name='officer',
            name='court',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='officers', to='registry.courtwindow'),
        ),
        migrations.AddConstraint(
            model_name='officer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('bureau__gt', ''), ('court__isnull', True)), models.Q(('bureau', ''), ('court__isnull', False)), _connector='OR'), name='officer_of_one_desk'),
        ),
    ]

"""A check is looked at by the bureau or by a court's window; each step of an officer names his desk."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('livecheck', '0002_visit_of_a_check'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='check',
            name='check_to_do',
        ),
        migrations.AddField(
            model_name='check',
            name='court',
            field=models.CharField(blank=True, max_length=8, verbose_name='审核法院代字'),
        ),
        migrations.AddField(
            model_name='check',
            name='court_name',
            field=models.CharField(blank=True, max_length=60, verbose_name='审核法院'),
        ),
        migrations.AddField(
            model_name='checkevent',
            name='desk_name',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddIndex(
            model_name='check',
            index=models.Index(condition=models.Q(('film_key__isnull', False)), fields=['court', 'bureau', 'submitted_at'], name='check_to_do'),
        ),
    ]

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0004_tracked_links'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='action',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('title', 'detail', config='english'), name='action_words'),
        ),
        migrations.AddIndex(
            model_name='commitment',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('title', 'evidence', config='english'), name='commitment_words'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('code', 'name', config='english'), name='organisation_words'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('name', 'job_title', config='english'), name='person_words'),
        ),
        migrations.AddIndex(
            model_name='progressupdate',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('progress', 'help_needed', 'changed_for_families', config='english'), name='update_words'),
        ),
        migrations.AddIndex(
            model_name='risk',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('text', 'mitigation', 'help_needed', config='english'), name='risk_words'),
        ),
        migrations.AddIndex(
            model_name='theme',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('title', 'i_statement', config='english'), name='theme_words'),
        ),
    ]

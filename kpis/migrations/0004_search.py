import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('kpis', '0003_tracked_links'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='kpi',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('code', 'title', 'definition', config='english'), name='kpi_words'),
        ),
    ]

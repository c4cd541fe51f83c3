from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_know_addresses_as_verified'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='sessions_key',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=32),
        ),
    ]

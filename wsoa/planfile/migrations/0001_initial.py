import actions.models.base
import django.db.models.deletion
import pgtrigger.compiler
import wsoa.triggers
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('actions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlanImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(db_default=actions.models.base.ClockTimestamp(), editable=False)),
                ('effective_at', models.DateTimeField(db_default=models.Value(None))),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.CharField(blank=True, max_length=300)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='actions.plan')),
                ('reason', models.TextField(blank=True)),
                ('content', models.TextField()),
            ],
            options={
                'ordering': ['id'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('effective_at__lte', models.F('recorded_at'))), name='planfile_planimport_effective_not_later'), models.CheckConstraint(condition=models.Q(('by__isnull', False), models.Q(('source', ''), _negated=True), _connector='OR'), name='planfile_planimport_has_author_or_source')],
            },
        ),
        wsoa.triggers.InstallTriggers(
            triggers=[
                ('planimport', pgtrigger.compiler.Trigger(name='protect_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='ab5aaf117aef96bec9c822162501cb3aa1c09c5c', operation='UPDATE', pgid='pgtrigger_protect_update_adc07', table='planfile_planimport', when='BEFORE'))),
                ('planimport', pgtrigger.compiler.Trigger(name='protect_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='ba115bff8301b242a83fb2762588f1889547fc68', operation='DELETE', pgid='pgtrigger_protect_delete_7fc1d', table='planfile_planimport', when='BEFORE'))),
                ('planimport', pgtrigger.compiler.Trigger(name='protect_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME;", hash='669d672b1171a906618ef81386e0f82f2dda3892', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_protect_truncate_bd7c4', table='planfile_planimport', when='BEFORE'))),
                ('planimport', pgtrigger.compiler.Trigger(name='clocks', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n                PERFORM 1 FROM actions_plan WHERE id = NEW.plan_id FOR NO KEY UPDATE;\n                NEW.recorded_at := clock_timestamp();\n                NEW.effective_at := COALESCE(NEW.effective_at, NEW.recorded_at);\n                RETURN NEW;\n            ', hash='36fb035eda008090883f25fbd8b7d9495bad5eb8', operation='INSERT', pgid='pgtrigger_clocks_133bc', table='planfile_planimport', when='BEFORE'))),
            ],
        ),
    ]

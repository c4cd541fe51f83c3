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
                ('planimport', pgtrigger.compiler.Trigger(name='protect_update', sql=wsoa.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='5d7c83c3832725c1fb4b11ebc87526fc2f64c89d', operation='UPDATE', pgid='pgtrigger_protect_update_adc07', table='planfile_planimport', when='BEFORE'))),
                ('planimport', pgtrigger.compiler.Trigger(name='protect_delete', sql=wsoa.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='80fa47523a1d6ed174a340677214f2695e7e0033', operation='DELETE', pgid='pgtrigger_protect_delete_7fc1d', table='planfile_planimport', when='BEFORE'))),
                ('planimport', pgtrigger.compiler.Trigger(name='protect_truncate', sql=wsoa.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME;", hash='f59e3c38840fa2121215d54018549cbcf27ebb50', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_protect_truncate_bd7c4', table='planfile_planimport', when='BEFORE'))),
                ('planimport', pgtrigger.compiler.Trigger(name='clocks', sql=wsoa.triggers.FirmTriggerSql(func='\n                PERFORM 1 FROM actions_plan WHERE id = NEW.plan_id FOR NO KEY UPDATE;\n                NEW.recorded_at := clock_timestamp();\n                NEW.effective_at := COALESCE(NEW.effective_at, NEW.recorded_at);\n                RETURN NEW;\n            ', hash='c72c8afd74ce887cbdf1075e26e533dd729af2c7', operation='INSERT', pgid='pgtrigger_clocks_133bc', table='planfile_planimport', when='BEFORE'))),
                ('planimport', pgtrigger.compiler.Trigger(name='raise_version', sql=wsoa.triggers.OwnersTriggerSql(constraint='CONSTRAINT', declare='DECLARE changed RECORD;', func="\n            IF TG_OP = 'DELETE' THEN changed := OLD; ELSE changed := NEW; END IF;\n            INSERT INTO actions_planversion AS version (of, number, raised_at)\n            SELECT of, 1, clock_timestamp() FROM (SELECT COALESCE(changed.plan_id, 0)) AS plans(of)\n            ORDER BY of DESC\n            ON CONFLICT (of) DO UPDATE\n            SET number = version.number + 1, raised_at = clock_timestamp()\n            WHERE version.xmin <> pg_current_xact_id()::xid;\n            RETURN NULL;\n        ", hash='096f6eaf7647a2c93a0e27c9788672387b24aab8', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_raise_version_615ac', table='planfile_planimport', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER'))),
            ],
        ),
    ]

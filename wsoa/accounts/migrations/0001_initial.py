import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
import wsoa.triggers
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail address')),
                ('name', models.CharField(max_length=200)),
                ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                ('is_superuser', models.BooleanField(default=False, verbose_name='manages users')),
                ('date_joined', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'ordering': ['name', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_is_lower_case', violation_error_message='Write the e-mail address in lower case.')],
            },
        ),
        migrations.CreateModel(
            name='UserEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('name', models.CharField(max_length=200)),
                ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                ('is_superuser', models.BooleanField(default=False, verbose_name='manages users')),
                ('date_joined', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SignInTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.CharField(max_length=64)),
                ('address', models.CharField(blank=True, max_length=43)),
                ('at', models.DateTimeField()),
                ('succeeded', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(models.F('account'), models.F('address'), name='sign_in_try_by_account'), models.Index(models.F('address'), models.F('at'), name='sign_in_try_by_address'), models.Index(models.F('succeeded'), models.F('at'), name='sign_in_try_by_age')],
            },
        ),
        wsoa.triggers.InstallTriggers(
            triggers=[
                ('user', pgtrigger.compiler.Trigger(name='insert_insert', sql=wsoa.triggers.OwnersTriggerSql(func='INSERT INTO "accounts_userevent" ("date_joined", "email", "id", "is_active", "is_superuser", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."date_joined", NEW."email", NEW."id", NEW."is_active", NEW."is_superuser", NEW."name", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'insert\', NEW."id"); RETURN NULL;', hash='48b0a5d9ab5fd6058a6b8b080c0826d76951971d', operation='INSERT', pgid='pgtrigger_insert_insert_3867c', table='accounts_user', when='AFTER'))),
                ('user', pgtrigger.compiler.Trigger(name='update_update', sql=wsoa.triggers.OwnersTriggerSql(condition='WHEN (OLD."date_joined" IS DISTINCT FROM (NEW."date_joined") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."name" IS DISTINCT FROM (NEW."name"))', func='INSERT INTO "accounts_userevent" ("date_joined", "email", "id", "is_active", "is_superuser", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."date_joined", NEW."email", NEW."id", NEW."is_active", NEW."is_superuser", NEW."name", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'update\', NEW."id"); RETURN NULL;', hash='6590d14d80705fc4a3f04861d78dad7859fc2c18', operation='UPDATE', pgid='pgtrigger_update_update_0e890', table='accounts_user', when='AFTER'))),
                ('user', pgtrigger.compiler.Trigger(name='delete_delete', sql=wsoa.triggers.OwnersTriggerSql(func='INSERT INTO "accounts_userevent" ("date_joined", "email", "id", "is_active", "is_superuser", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."date_joined", OLD."email", OLD."id", OLD."is_active", OLD."is_superuser", OLD."name", _pgh_attach_context(), CLOCK_TIMESTAMP(), \'delete\', OLD."id"); RETURN NULL;', hash='d94ba3dd2e361de397fa8bc22c18547b2c78c900', operation='DELETE', pgid='pgtrigger_delete_delete_19f14', table='accounts_user', when='AFTER'))),
                ('user', pgtrigger.compiler.Trigger(name='raise_version', sql=wsoa.triggers.OwnersTriggerSql(constraint='CONSTRAINT', declare='DECLARE changed RECORD;', func="\n            IF TG_OP = 'DELETE' THEN changed := OLD; ELSE changed := NEW; END IF;\n            INSERT INTO actions_planversion AS version (of, number, raised_at)\n            SELECT of, 1, clock_timestamp() FROM (VALUES (0)) AS plans(of)\n            ORDER BY of DESC\n            ON CONFLICT (of) DO UPDATE\n            SET number = version.number + 1, raised_at = clock_timestamp()\n            WHERE version.xmin <> pg_current_xact_id()::xid;\n            RETURN NULL;\n        ", hash='e79bb386e9a7c8884166cda87377b985b7b1370e', operation='INSERT OR DELETE', pgid='pgtrigger_raise_version_29fa6', table='accounts_user', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER'))),
                ('user', pgtrigger.compiler.Trigger(name='raise_version_on_update', sql=wsoa.triggers.OwnersTriggerSql(condition='WHEN (OLD."date_joined" IS DISTINCT FROM (NEW."date_joined") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."name" IS DISTINCT FROM (NEW."name"))', constraint='CONSTRAINT', declare='DECLARE changed RECORD;', func="\n            IF TG_OP = 'DELETE' THEN changed := OLD; ELSE changed := NEW; END IF;\n            INSERT INTO actions_planversion AS version (of, number, raised_at)\n            SELECT of, 1, clock_timestamp() FROM (VALUES (0)) AS plans(of)\n            ORDER BY of DESC\n            ON CONFLICT (of) DO UPDATE\n            SET number = version.number + 1, raised_at = clock_timestamp()\n            WHERE version.xmin <> pg_current_xact_id()::xid;\n            RETURN NULL;\n        ", hash='7d5c7a9b35ae55c074898936e9fcf94e9db0fb8b', operation='UPDATE', pgid='pgtrigger_raise_version_on_update_47b54', table='accounts_user', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER'))),
                ('userevent', pgtrigger.compiler.Trigger(name='append_only', sql=wsoa.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dc7316f93d1c4034b8950953464afb3a0f8f9de1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_45b21', table='accounts_userevent', when='BEFORE'))),
            ],
        ),
    ]

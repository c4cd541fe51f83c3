"""Decide, in the order in which they were recorded, which figures on record are open.

Until now a rate, a survey and a judgement were judged whatever they counted. They count children or
families from here on unless somebody says otherwise: an upgrade shows nothing that was hidden.
"""

from collections import defaultdict

from django.db import migrations
from django.db.models import Q

from kpis.rules.disclosure import Counted, CutOffs, Judged, decide
from kpis.rules.facts import YEAR_STARTS

SOURCE = "rule on small numbers"


def decide_figures(apps, schema_editor):
    Kpi = apps.get_model("kpis", "Kpi")
    Measurement = apps.get_model("kpis", "Measurement")
    FigureDecision = apps.get_model("kpis", "FigureDecision")
    judged = Q(kind__in=("rate", "survey", "qualitative")) | ~Q(numerator="")
    Kpi.objects.filter(judged, counts_people=False).update(counts_people=True)
    rows = defaultdict(list)
    for row in Measurement.objects.filter(kpi__counts_people=True).order_by("recorded_at", "pk"):
        rows[row.kpi_id].append(row)
    for kpi in Kpi.objects.filter(pk__in=rows).select_related("plan").order_by("pk"):
        counted = Counted(
            kind=kpi.kind,
            is_percentage=kpi.unit == "%",
            year_starts=YEAR_STARTS.get(kpi.year),
            denominator_about=kpi.denominator_about,
            cut_offs=CutOffs(
                kpi.plan.smallest_count, kpi.plan.smallest_denominator, kpi.plan.smallest_survey
            ),
        )
        judged = []
        for row in rows[kpi.pk]:
            judged.append(Judged(row, decide(counted, row, judged)))
        FigureDecision.objects.bulk_create(
            FigureDecision(
                measurement_id=one.row.pk,
                is_open=one.decision.is_open,
                shown=one.decision.shown,
                could_be=list(one.decision.could_be),
                source=SOURCE,
            )
            for one in judged
        )


class Migration(migrations.Migration):
    dependencies = [("kpis", "0004_set_small_numbers_for_each_kpi"), ("actions", "0004_round_small_numbers_of_a_plan")]

    operations = [migrations.RunPython(decide_figures, migrations.RunPython.noop)]

"""What a draft takes over of the KPIs of the plans that it continues: those its rows are moved by.

A KPI comes once, whatever of its rows came and when, and says which it goes on from. Its baseline
stays where things started; of its targets those come that are still to be reached. Its figures stay
where they are, and are read through (`kpis/pages/lineage.py`).
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max

from actions.models.base import Record
from actions.plan.succession.carrying import WITH_ROWS, Carried
from actions.rules.dates import PlanDate
from kpis.models import (
    ComparatorSeries,
    HeadlineKpi,
    Kpi,
    KpiCommitment,
    TargetPoint,
)
from wsoa.accounts.models import User


def carry_kpis(carried: Carried, by: User) -> None:
    """Bring the KPIs of these rows, and tie them to the rows as they were tied before."""
    links = list(
        KpiCommitment.objects.filter(
            commitment__in=carried.commitments, kpi__withdrawn_at=None
        ).select_related("kpi")
    )
    here: dict[int, Kpi] = {
        row.continues_id: row
        for row in Kpi.objects.filter(plan=carried.plan, continues__isnull=False, withdrawn_at=None)
        if row.continues_id
    }
    new: dict[int, Kpi] = {}
    for old in {link.kpi_id: link.kpi for link in links}.values():
        if old.pk not in here:
            here[old.pk] = new[old.pk] = _kpi(carried, old, by)
    for old_key, kpi in new.items():
        whole = Kpi.objects.get(pk=old_key).part_of_id
        if whole in here:
            kpi.part_of = here[whole]
            kpi.save(update_fields=["part_of"])
    for link in links:
        KpiCommitment.objects.get_or_create(
            kpi=here[link.kpi_id],
            commitment=carried.commitments[link.commitment_id],
            defaults={"position": link.position},
        )
    _headlines(carried, here)


def _kpi(carried: Carried, old: Kpi, by: User) -> Kpi:
    plan = carried.plan
    skipped = {"id", "plan", "code", "position", "part_of", "continues", "lineage", "first_due_on"}
    same = {
        field.attname: getattr(old, field.attname)
        for field in Kpi._meta.concrete_fields
        if field.name not in skipped
    }
    last = Kpi.objects.filter(plan=plan).aggregate(last=Max("position"))["last"]
    kpi = Kpi.objects.create(
        **same,
        plan=plan,
        code=_free_code(old.code, Kpi.objects.filter(plan=plan).values_list("code", flat=True)),
        position=0 if last is None else last + 1,
        continues=old,
        lineage=old.lineage or old.pk,
    )
    _targets(kpi, old, by)
    for series in ComparatorSeries.objects.filter(kpi=old, withdrawn_at=None):
        ComparatorSeries.objects.create(
            kpi=kpi,
            position=series.position,
            name=series.name,
            published_in=series.published_in,
        )
    return kpi


def _targets(kpi: Kpi, old: Kpi, by: User) -> None:
    """Those in force that are of a day after the plan begins, or of none."""
    starts = kpi.plan.starts_on
    record = {field.name for field in Record._meta.fields} | {"id", "kpi", "replaces", "reason"}
    for target in TargetPoint.objects.filter(kpi=old, replaced_by=None, is_withdrawn=False):
        when: PlanDate | None = target.when
        if target.months_after_agreement is not None or (when and when.last_day < starts):
            continue
        same: dict[str, Any] = {
            field.name: getattr(target, field.name)
            for field in TargetPoint._meta.concrete_fields
            if field.name not in record
        }
        TargetPoint.objects.create(kpi=kpi, by=by, **same)


def _headlines(carried: Carried, here: dict[int, Kpi]) -> None:
    """An area keeps the KPI that is shown first, where it came too."""
    for headline in HeadlineKpi.objects.filter(area__in=carried.areas, kpi__in=here):
        HeadlineKpi.objects.get_or_create(
            area=carried.areas[headline.area_id], defaults={"kpi": here[headline.kpi_id]}
        )


def _free_code(code: str, taken: Iterable[str]) -> str:
    """`K1`, or `K1-2` where that is taken."""
    codes, number, free = set(taken), 1, code
    while free in codes:
        number += 1
        free = f"{code}-{number}"
    return free


WITH_ROWS.append(carry_kpis)

"""What the plan's KPIs are set beside: the published figures of others."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from actions.records.text_versions import worded
from actions.rules.dates import end_of_day
from kpis.models import ComparatorFigure, ComparatorSeries
from kpis.recording.comparators import Comparator, comparators_of
from reports.models import Report


def comparator_rows(report: Report) -> QuerySet[Any]:
    """Each of the others by name of the plan at hand, with their values: a part of its query."""
    told = (
        ComparatorFigure.objects.filter(
            series=OuterRef("key"),
            effective_at__lt=end_of_day(report.as_at),
            recorded_at__lte=report.known_at,
        )
        .order_by("recorded_at", "pk")
        .values(one=JSONObject(starts_on="starts_on", ends_on="ends_on", value="value"))
    )
    of_plan = {"kpi__plan": OuterRef("plan")}
    rows = worded(ComparatorSeries, report.as_at, known_at=report.known_at, **of_plan)
    told_rows: QuerySet[Any] = rows.annotate(told=ArraySubquery(told)).values(
        one=JSONObject(
            kpi="kpi",
            place="position",
            key="key",
            name="name",
            published_in="published_in",
            withdrawn_at="withdrawn_at",
            values="told",
        )
    )
    return told_rows


def comparators(rows: Iterable[dict[str, Any]]) -> dict[int, tuple[Comparator, ...]]:
    """By KPI, in print order, those of which a value was on record."""
    by_kpi: dict[int, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: (row["place"], row["key"])):
        if row["withdrawn_at"] is None and row["values"]:
            by_kpi.setdefault(row["kpi"], []).append(row)
    return {kpi: comparators_of(several) for kpi, several in by_kpi.items()}

"""What others came to, period by period. Never masked: it is theirs, and published."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.models.base import at
from kpis.models import ComparatorFigure, ComparatorSeries
from kpis.recording.measurements import locked_kpi
from kpis.rules import validation
from wsoa.accounts.models import User


@dataclass(frozen=True, slots=True)
class ComparatorValue:
    """The newest value of a period."""

    starts_on: date
    ends_on: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Comparator:
    """A series with its values in time order, as far as they were recorded by a day."""

    name: str
    published_in: str
    values: tuple[ComparatorValue, ...]


@transaction.atomic
def record_comparator_figure(
    *,
    series: ComparatorSeries,
    starts_on: date,
    ends_on: date,
    value: Decimal,
    by: User | None,
    today: date,
    reason: str = "",
    source: str = "",
    effective_at: Any = None,
) -> ComparatorFigure:
    """Record a value of a period, or another in the place of the one on record, with why."""
    kpi = locked_kpi(series.kpi_id)
    if ComparatorSeries.objects.filter(pk=series.pk, withdrawn_at=None).first() is None:
        raise ValidationError("This comparison is no longer part of the KPI.")
    problems = dict(validation.value_problems(kpi, "value", value))
    if ends_on > today:
        problems["period"] = "This period has not ended yet"
    newest = ComparatorFigure.objects.filter(
        series=series, ends_on=ends_on, replaced_by=None
    ).first()
    if newest and newest.value == value and newest.starts_on == starts_on:
        problems["value"] = "This is the figure on record"
    elif newest and not reason:
        problems["reason"] = f"{newest.value.normalize():f} is on record: say why it changes"
    if problems:
        raise ValidationError(problems)
    return ComparatorFigure.objects.create(
        series=series,
        starts_on=starts_on,
        ends_on=ends_on,
        value=value,
        replaces=newest,
        reason=reason if newest else "",
        by=by,
        source=source,
        **at(effective_at),
    )


def comparators_of(rows: list[dict[str, Any]]) -> tuple[Comparator, ...]:
    """Of rows read as JSON, oldest record first: each series with its newest values."""
    return tuple(
        Comparator(
            row["name"],
            row["published_in"],
            tuple(
                sorted(
                    {
                        value["ends_on"]: ComparatorValue(
                            date.fromisoformat(value["starts_on"]),
                            date.fromisoformat(value["ends_on"]),
                            Decimal(str(value["value"])),
                        )
                        for value in row["values"]
                    }.values(),
                    key=lambda value: value.ends_on,
                )
            ),
        )
        for row in rows
    )
